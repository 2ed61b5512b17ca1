import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pending = new Set<() => void>();

function runAll(): void {
  for (const undo of pending) undo();
  pending.clear();
}

/** Runs `undo` when this process ends, by a signal as well; returns how to call it off. */
export function atExit(undo: () => void): () => void {
  if (pending.size === 0 && process.listenerCount('exit', runAll) === 0) {
    process.on('exit', runAll);
    // Node skips `exit` listeners when a signal ends it.
    for (const [signal, number] of [
      ['SIGHUP', 1],
      ['SIGINT', 2],
      ['SIGTERM', 15],
    ] as const) {
      // A program that winds down by itself listens already.
      if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(128 + number));
    }
  }
  pending.add(undo);
  return () => void pending.delete(undo);
}

/** A folder that is gone when `remove` is called, or with the process. Its path is short: sockets in it may have 108 characters. */
export function temporaryFolder(name: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `zeyos-${name}-`));
  let callOff = (): void => undefined;
  const remove = () => {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      callOff();
    } catch {
      // A browser or an editor that is ending may still write. It is tried once more at the end of this process.
    }
  };
  callOff = atExit(remove);
  return { path, remove };
}
