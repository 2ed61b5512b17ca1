import assert from 'node:assert/strict';
import { runStage, type Say, type Stage } from '../../support/run/stage';
import type { Tally } from '../../support/run/tally';

const passed: Tally = { passed: 2, failed: 0, skipped: 0 };
const failed: Tally = { passed: 1, failed: 1, skipped: 0 };

/** A stage with one result for each run. */
function stage(results: readonly (Tally | Error)[], repeats: boolean): Stage & { readonly runs: () => number } {
  let runs = 0;
  return {
    name: 'e2e example',
    repeats,
    runs: () => runs,
    run: (say: Say) => {
      const result = results[runs++] ?? passed;
      if (result instanceof Error) return Promise.reject(result);
      if (result.failed > 0) for (const line of ['  ✔ one', '  1 failing', '  1) two', `run ${runs}`]) say(line);
      return Promise.resolve(result);
    },
  };
}

describe('A test stage', () => {
  const quiet = (): void => undefined;

  it('that passes runs once', async () => {
    const steady = stage([passed], true);
    const report = await runStage(steady, quiet);
    assert.equal(steady.runs(), 1);
    assert.deepEqual([report.failed, report.unsteady, report.failures], [false, false, []]);
  });

  it('that fails is reported as failed at once if it does not repeat', async () => {
    const report = await runStage(stage([failed, passed], false), quiet);
    assert.deepEqual([report.failed, report.unsteady, report.tally], [true, false, failed]);
    assert.deepEqual(report.failures, ['  1) two', 'run 1']);
  });

  it('that passes when it repeats is reported as unsteady, with the failures of its first run', async () => {
    const said: string[] = [];
    const report = await runStage(stage([failed, passed], true), (line) => said.push(line));
    assert.deepEqual([report.failed, report.unsteady, report.tally], [false, true, passed]);
    assert.deepEqual(report.failures, ['  1) two', 'run 1']);
    assert.ok(said.some((line) => line.includes('failed, and runs once more')));
  });

  it('that fails twice is failed, with the failures of both runs', async () => {
    const report = await runStage(stage([failed, failed], true), quiet);
    assert.deepEqual([report.failed, report.unsteady], [true, false]);
    assert.deepEqual(report.failures, ['  1) two', 'run 1', '  1) two', 'run 2']);
  });

  it('that throws or runs no test is failed, with its output', async () => {
    const broken = await runStage(stage([new Error('no browser')], false), quiet);
    assert.deepEqual([broken.failed, broken.failures], [true, ['no browser']]);
    const empty = await runStage(stage([{ passed: 0, failed: 0, skipped: 0 }], false), quiet);
    assert.deepEqual([empty.failed, empty.failures], [true, ['No test ran in the stage e2e example.']]);
  });
});
