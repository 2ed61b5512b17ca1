import { setMaxListeners } from 'node:events';
import type { Clock } from './clock';

/** A time limit, and the signal that cancels the work. */
export interface Bound {
  readonly clock: Clock;
  readonly ms: number;
  readonly signal?: AbortSignal | undefined;
}

export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  constructor(
    /** The time limit. */
    readonly afterMs: number,
  ) {
    super(`no answer within ${afterMs} ms`);
  }
}

/** For any number of operations, which would make Node warn of too many listeners. */
export function sharedController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/**
 * Rejects on time even if the work ignores its signal.
 * @throws {TimeoutError}
 * @throws the abort reason of the bound's signal
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
  // The first listener: this rejection must precede those that the signal causes in the work.
  const abandoned = new Promise<never>((_, reject) =>
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), { once: true }),
  );
  try {
    return await Promise.race([abandoned, work(controller.signal)]);
  } finally {
    isOver.abort();
  }
}
