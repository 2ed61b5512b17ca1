import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { atExit } from '../cleanUp';
import { environment } from '../environment';
import { root } from '../paths';
import { parseTally } from './tally';
import type { Tally } from './tally';

export type Say = (line: string) => void;

export interface Stage {
  readonly name: string;
  readonly run: (say: Say) => Promise<Tally>;
  /**
   * Whether it runs once more after it failed, which is printed and counted. For stages that drive an editor by its
   * user interface.
   */
  readonly repeats?: boolean;
}

export interface StageReport {
  readonly name: string;
  readonly tally: Tally;
  readonly failed: boolean;
  /** It failed, and passed when it ran once more. */
  readonly unsteady: boolean;
  /** What it printed about the tests that failed, in each run. */
  readonly failures: readonly string[];
  readonly seconds: number;
}

export async function runStage(stage: Stage, say: Say = console.log): Promise<StageReport> {
  say(`\n── ${stage.name} ${'─'.repeat(Math.max(0, 60 - stage.name.length))}`);
  const start = Date.now();
  const first = await runOnce(stage, say);
  const failed = first.tally.failed > 0;
  if (failed && stage.repeats) say(`\n${stage.name} failed, and runs once more.\n`);
  const last = failed && stage.repeats ? await runOnce(stage, say) : first;
  return {
    name: stage.name,
    tally: last.tally,
    failed: last.tally.failed > 0,
    unsteady: failed && last.tally.failed === 0,
    failures: last === first ? first.failures : [...first.failures, ...last.failures],
    seconds: (Date.now() - start) / 1000,
  };
}

/** Runs a stage. An exception counts as one failed test. */
async function runOnce({ name, run }: Stage, output: Say): Promise<Pick<StageReport, 'tally' | 'failures'>> {
  const lines: string[] = [];
  const say = (line: string): void => {
    lines.push(line);
    output(line);
  };
  let tally: Tally;
  try {
    tally = await run(say);
    if (tally.passed + tally.failed === 0) {
      say(`No test ran in the stage ${name}.`);
      tally = { ...tally, failed: 1 };
    }
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    tally = { passed: 0, failed: 1, skipped: 0 };
  }
  return { tally, failures: tally.failed > 0 ? failuresIn(lines) : [] };
}

/** The part of a test report that follows mocha's count of failures; without such a part, the end of the output. */
function failuresIn(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex((line) => /^\s*\d+ failing$/.test(line));
  return start < 0 ? lines.slice(-20) : lines.slice(start + 1);
}

/** Runs stages, several at a time. The output of each is printed when it has ended, unless it runs alone. */
export async function runSideBySide(stages: readonly Stage[], atATime: number): Promise<StageReport[]> {
  const reports: StageReport[] = [];
  if (stages.length === 1 || atATime === 1) {
    for (const stage of stages) reports.push(await runStage(stage));
    return reports;
  }
  const waiting = [...stages.entries()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, stage] = next;
      const lines: string[] = [];
      console.log(`${stage.name} …`);
      reports[index] = await runStage(stage, (line) => lines.push(line));
      console.log(lines.join('\n'));
    }
  };
  await Promise.all(Array.from({ length: Math.min(stages.length, atATime) }, lane));
  return reports;
}

/** Runs a command, which counts as one test. */
export async function command(say: Say, program: string, ...args: string[]): Promise<Tally> {
  const { code } = await spawned(say, program, args);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** Runs a compiled test program. Its last line, the tally, is not printed, because only the total is. */
export async function testProgram(say: Say, file: string, ...args: string[]): Promise<Tally> {
  const { code, tally } = await spawned(say, process.execPath, ['--enable-source-maps', file, ...args]);
  if (!tally) throw new Error(`${file} ended with ${code} without a tally.`);
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

async function spawned(
  say: Say,
  program: string,
  args: string[],
): Promise<{ code: number | null; tally: Tally | undefined }> {
  const colours: Record<string, string> = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn(program, args, {
    cwd: root,
    env: environment(colours),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const callOff = atExit(() => void child.kill());
  let tally: Tally | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const found = parseTally(line);
    if (found) tally = found;
    else say(line);
  });
  createInterface({ input: child.stderr }).on('line', say);
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('close', resolve).once('error', reject),
  );
  callOff();
  return { code, tally };
}
