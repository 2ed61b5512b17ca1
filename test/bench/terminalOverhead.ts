import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { temporaryFolder } from '../support/cleanUp';

const RUNS = 40;

/**
 * Reports how long `zeyos-run true` takes beside the same Node with an empty script, in turns. The window answers from a thread of its
 * own, as this one waits for each command.
 * @param node the Node that runs both
 */
export async function reportTerminalOverhead(node = process.execPath): Promise<void> {
  const folder = temporaryFolder('overhead');
  const empty = join(folder.path, 'empty.js');
  writeFileSync(empty, '');
  const worker = new Worker(join(__dirname, 'terminalWindow.js'), { workerData: { node } });
  const env = await new Promise<NodeJS.ProcessEnv>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const times: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    times[0].push(timed(node, [empty], env));
    times[1].push(timed('zeyos-run', ['true'], env));
  }
  await worker.terminate();
  folder.remove();
  const [alone, whole] = times.map((all) => all.sort((a, b) => a - b)) as [number[], number[]];
  for (const [what, all] of [
    ['an empty script', alone],
    ['zeyos-run true', whole],
  ] as const)
    console.log(
      `${what}: ${text(all[0])} / ${text(all[RUNS >> 1])} / ${text(all.at(-1))} ms (minimum / median / maximum of ${RUNS})`,
    );
  console.log(
    `zeyos-run: ${quotient(whole, alone, 0).toFixed(2)} × by minima, ${quotient(whole, alone, RUNS >> 1).toFixed(2)} × by medians`,
  );
}

function quotient(whole: readonly number[], alone: readonly number[], at: number): number {
  return (whole[at] ?? NaN) / (alone[at] ?? NaN);
}

/** Milliseconds. */
function timed(file: string, args: readonly string[], env: NodeJS.ProcessEnv): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(file, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

const text = (ms: number | undefined): string => (ms ?? NaN).toFixed(1);
