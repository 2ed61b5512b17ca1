import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pending = new Set<() => void>();

function runAll(): void {
  for (const undo of pending) undo();
  pending.clear();
}

/** Runs `undo` when this process ends, also by a signal. Returns a function that cancels it. */
export function atExit(undo: () => void): () => void {
  if (pending.size === 0 && process.listenerCount('exit', runAll) === 0) {
    process.on('exit', runAll);
    // Node does not call `exit` listeners when a signal ends the process.
    for (const [signal, number] of [
      ['SIGHUP', 1],
      ['SIGINT', 2],
      ['SIGTERM', 15],
    ] as const) {
      // A program with its own signal handler shuts down itself.
      if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(128 + number));
    }
  }
  pending.add(undo);
  return () => void pending.delete(undo);
}

/**
 * Creates a folder that is removed by `remove` or at the end of the process. Its path is short, because a socket’s path
 * is limited to 108 characters.
 */
export function temporaryFolder(name: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `zeyos-${name}-`));
  let cancel = (): void => undefined;
  const remove = () => {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      cancel();
    } catch {
      // A browser or editor that shuts down may still write. `atExit` tries again.
    }
  };
  cancel = atExit(remove);
  return { path, remove };
}
