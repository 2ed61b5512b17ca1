import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileLease, type LeaseBounds } from '../../src/base/fileLease';
import type { Hold, LeaseError } from '../../src/base/lease';
import { MemoryLog } from './memoryLog';
import { systemClock } from '../../src/base/clock';

/** Another process that takes a lease: `node leaseHolder.js count <folder> <times>` or `hold <folder> [bounds]`. */
async function main([what, folder = '', more]: readonly string[]): Promise<void> {
  if (what === 'count') return count(folder, Number(more));
  const bounds = more === undefined ? undefined : (JSON.parse(more) as LeaseBounds);
  await lease(folder, bounds).hold(holdForEver);
}

function lease(folder: string, bounds: LeaseBounds | undefined): FileLease {
  return new FileLease(folder, 'test', { clock: systemClock, log: new MemoryLog(), ...(bounds && { bounds }) });
}

/** Increments a number in a file, which loses updates unless one process writes at a time. */
async function count(folder: string, times: number): Promise<void> {
  const own = lease(folder, { waitMs: 60_000, staleMs: 30_000 });
  const file = join(folder, 'counter');
  for (let i = 0; i < times; i++) {
    await own.hold(async () => {
      const number = Number(await readFile(file, 'utf8'));
      await writeFile(file, String(number + 1));
    });
  }
  process.disconnect();
}

/** Answers each message with whether the lease is still held. */
async function holdForEver(hold: Hold): Promise<never> {
  process.on(
    'message',
    () =>
      void hold
        .confirm()
        .then(
          () => 'still held',
          (error: LeaseError) => error.reason,
        )
        .then((answer) => process.send?.(answer)),
  );
  process.send?.('held');
  return new Promise<never>(() => undefined);
}

void main(process.argv.slice(2));
