import { LeaseLostError, type Hold, type Lease } from '../../src/base/lease';

/** One holder at a time, in the order of asking; share one between stores as windows share the machine's. */
export class MemoryLease implements Lease {
  #last: Promise<unknown> = Promise.resolve();
  #generation = 0;

  hold<T>(work: (hold: Hold) => Promise<T>): Promise<T> {
    const result = this.#last.then(() => {
      const mine = ++this.#generation;
      return work({
        confirm: () =>
          mine === this.#generation ? Promise.resolve() : Promise.reject(new LeaseLostError('taken over')),
      });
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Its holder sleeps for so long that it counts as dead: whoever asks next has the lease. */
  takeOver(): void {
    this.#last = Promise.resolve();
  }
}
