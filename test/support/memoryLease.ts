import { LeaseError, type Hold, type Lease } from '../../src/base/lease';

/**
 * A lease in memory. Holders follow in the order of their calls. Stores that share an object behave like windows of one
 * machine.
 */
export class MemoryLease implements Lease {
  #last: Promise<unknown> = Promise.resolve();
  #generation = 0;

  hold<T>(work: (hold: Hold) => Promise<T>): Promise<T> {
    const result = this.#last.then(() => {
      const mine = ++this.#generation;
      return work({
        confirm: () =>
          mine === this.#generation ? Promise.resolve() : Promise.reject(new LeaseError('lost', 'taken over')),
      });
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Simulates that the holder slept beyond the stale time: the next caller gets the lease. */
  takeOver(): void {
    this.#last = Promise.resolve();
  }
}
