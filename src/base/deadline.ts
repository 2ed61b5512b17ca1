import { setMaxListeners } from 'node:events';
import type { Clock } from './clock';

/** How long work may take, and the signal that cancels it. */
export interface Bound {
  readonly clock: Clock;
  readonly ms: number;
  readonly signal?: AbortSignal | undefined;
}

/** The work did not end within its bound. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  constructor(
    /** The bound, in milliseconds. */
    readonly afterMs: number,
  ) {
    super(`no answer within ${afterMs} ms`);
  }
}

/**
 * A controller for the bounds of any number of operations at a time. Node warns of a leak if more than ten operations share a signal;
 * here each operation removes its listener when it ends.
 */
export function sharedController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/**
 * Runs work under a deadline, and rejects on time even if the work ignores its signal.
 * @throws {TimeoutError} the work took longer
 * @throws the reason of the bound's signal, if it is aborted
 */
export async function within<T>(
  { clock, ms, signal }: Bound,
  work: (signal: AbortSignal) => PromiseLike<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const isOver = new AbortController();
  clock.wait(ms, isOver.signal).then(
    () => controller.abort(new TimeoutError(ms)),
    () => undefined,
  );
  signal?.addEventListener('abort', () => controller.abort(signal.reason), { once: true, signal: isOver.signal });
  // The listener is added before the work gets the signal, so that this rejection comes before those that the signal
  // causes in the work.
  const abandoned = new Promise<never>((_, reject) =>
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), { once: true }),
  );
  try {
    return await Promise.race([abandoned, work(controller.signal)]);
  } finally {
    isOver.abort();
  }
}
