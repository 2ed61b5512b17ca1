import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileLease } from '../../src/session/lease';
import { MemoryLog } from './memoryLog';

/** Another process that wants a lease; `node leaseHolder.js count|hold <folder> [times]`. */
async function main([what, folder = '', times = '0']: readonly string[]): Promise<void> {
  if (what === 'count') await count(folder, Number(times));
  else await new FileLease(folder, 'test', new MemoryLog()).hold(holdForEver);
}

/** Adds to a number in a file, which loses counts unless one process at a time does. */
async function count(folder: string, times: number): Promise<void> {
  const lease = new FileLease(folder, 'test', new MemoryLog(), { waitMs: 60_000, staleMs: 30_000 });
  const file = join(folder, 'counter');
  for (let i = 0; i < times; i++) {
    await lease.hold(async () => {
      const number = Number(await readFile(file, 'utf8'));
      await writeFile(file, String(number + 1));
    });
  }
  process.disconnect();
}

async function holdForEver(): Promise<never> {
  process.send?.('held');
  return new Promise<never>(() => undefined);
}

void main(process.argv.slice(2));
