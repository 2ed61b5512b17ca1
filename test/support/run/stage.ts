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
}

export interface StageReport {
  readonly name: string;
  readonly tally: Tally;
  readonly failed: boolean;
  readonly seconds: number;
}

/** Runs a stage. An exception counts as one failed test. */
export async function runStage({ name, run }: Stage, say: Say = console.log): Promise<StageReport> {
  say(`\n── ${name} ${'─'.repeat(Math.max(0, 60 - name.length))}`);
  const start = Date.now();
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
  return { name, tally, failed: tally.failed > 0, seconds: (Date.now() - start) / 1000 };
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
