import { TimeoutError } from '../zeyos/errors';

/**
 * Waits for work at most so long; the signal that the work gets says when nobody waits any more.
 * @param ms milliseconds
 * @throws {TimeoutError} it took longer
 * @throws the signal's reason, when the caller gave up
 */
export function within<T>(ms: number, signal: AbortSignal | undefined, work: (signal: AbortSignal) => PromiseLike<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    signal?.throwIfAborted();
    const controller = new AbortController();
    const giveUp = (reason: Error): void => {
      reject(reason);
      controller.abort(reason);
    };
    const cancel = (): void => giveUp(signal?.reason as Error);
    const timer = setTimeout(() => giveUp(new TimeoutError(ms)), ms);
    signal?.addEventListener('abort', cancel, { once: true });
    void Promise.resolve(work(controller.signal))
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
      });
  });
}
