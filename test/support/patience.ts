import type { Wait } from '../../src/session/storage/boundedSecrets';

interface Waiting {
  readonly ms: number;
  readonly resolve: () => void;
}

/** A `wait` whose waits end only when a test ends them. */
export class Patience {
  readonly #waiting = new Set<Waiting>();

  readonly wait: Wait = (ms, signal) =>
    new Promise((resolve, reject) => {
      const waiting = { ms, resolve };
      this.#waiting.add(waiting);
      signal.addEventListener('abort', () => this.#waiting.delete(waiting) && reject(new Error('no longer awaited')), {
        once: true,
      });
    });

  /** The pending waits in milliseconds. */
  get waits(): readonly number[] {
    return [...this.#waiting].map(({ ms }) => ms);
  }

  /** Ends the waits of at most `ms` milliseconds. */
  runOut(ms = Infinity): void {
    for (const waiting of [...this.#waiting]) {
      if (waiting.ms > ms) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
  }
}
