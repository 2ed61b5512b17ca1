import type { Lease } from '../../src/session/lease';

/** One holder at a time, in the order of asking; share one between stores as windows share the machine's. */
export class MemoryLease implements Lease {
  #last: Promise<unknown> = Promise.resolve();

  hold<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
