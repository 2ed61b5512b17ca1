import { TimeoutError } from '../timeoutError';

/**
 * Runs work under a deadline, and rejects on time even if the work ignores its signal.
 * @param ms milliseconds
 * @throws {TimeoutError} it took longer
 * @throws the signal's reason, when the caller gave up
 */
export async function within<T>(
  ms: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => PromiseLike<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const cancel = (): void => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(new TimeoutError(ms)), ms);
  signal?.addEventListener('abort', cancel, { once: true });
  // Before the work gets the signal, so that the reason comes before what the work makes of it.
  const givenUp = new Promise<never>((_, reject) =>
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), { once: true }),
  );
  try {
    return await Promise.race([givenUp, work(controller.signal)]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}
