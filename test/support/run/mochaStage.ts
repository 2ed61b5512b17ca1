import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMocha } from '../mocha';
import { out } from '../paths';
import { testFiles } from '../testFiles';
import { tallyLine } from './tally';

/** Must be loaded before any test loads undici, so that calls use Node's own dispatcher, as they do in the editor. */
const nodeFetch = join(out, 'src/zeyos/transport/nodeFetch.js');

/**
 * Runs all tests in a folder outside of the editor. `--jobs 1` runs them in this process, which suits a debugger.
 * `--slowest 20` lists the 20 slowest tests.
 */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    options: { grep: { type: 'string' }, jobs: { type: 'string' }, slowest: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  });
  const grep = typeof values.grep === 'string' ? values.grep : undefined;
  // One more than there are cores, because some tests mostly wait for a server.
  const jobs = typeof values.jobs === 'string' ? Number(values.jobs) : 1 + availableParallelism();
  const files = testFiles(join(out, positionals[0] ?? 'test/unit'));
  const { passes, failures, pending, durations } = await runMocha(files, {
    grep,
    jobs,
    timeout: 10_000,
    preload: nodeFetch,
  });
  const slowest = typeof values.slowest === 'string' ? Number(values.slowest) : 0;
  for (const { title, ms } of durations.slice(0, slowest)) console.log(`${String(ms).padStart(6)} ms  ${title}`);
  console.log(tallyLine({ passed: passes, failed: failures, skipped: pending }));
  // Do not wait for handles that a test left open.
  process.exit(failures > 0 ? 1 : 0);
}

void main();
