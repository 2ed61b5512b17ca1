import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { temporaryFolder } from '../support/cleanUp';
import { spread, type Spread } from './statistics';

const RUNS = 40;

/** How long the small commands of a ZeyOS terminal take, in milliseconds. */
export interface TerminalOverhead {
  readonly emptyScript: Spread;
  readonly zeyosRun: Spread;
  /** `zeyos-run` as a multiple of the empty script that ran just before it. */
  readonly ratio: Spread;
}

/**
 * Measures how long `zeyos-run true` takes beside the same Node with an empty script, in turns. The window answers from
 * a thread of its own, as this one waits for each command.
 * @param node the Node that runs both
 */
export async function terminalOverhead(node = process.execPath): Promise<TerminalOverhead> {
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
  const [alone, whole] = times;
  return {
    emptyScript: spread(alone),
    zeyosRun: spread(whole),
    ratio: spread(whole.map((ms, run) => ms / (alone[run] ?? NaN))),
  };
}

/** Milliseconds. */
function timed(file: string, args: readonly string[], env: NodeJS.ProcessEnv): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(file, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}
