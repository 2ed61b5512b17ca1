import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from './clock';

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/** Binds alarms to a test clock until `restore`. Other timers, such as those of connections, are not changed. */
export class AlarmTimers {
  readonly #clock: Clock;
  readonly #timers = new Map<object, Timer>();
  readonly #real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };

  constructor(clock: Clock) {
    this.#clock = clock;
    const { setTimeout, clearTimeout } = this.#real;
    const start = (ring: (moment: number) => void, ms: number, moment: number, ...args: []): object => {
      if (!/\bbase[\\/]alarm\./.test(new Error().stack ?? '')) return setTimeout(ring, ms, moment, ...args);
      const handle = { unref: () => handle };
      // The time of the alarm, not of the next part of the wait.
      this.#timers.set(handle, { at: Math.max(clock.now() + 1, moment), ring: () => ring(moment) });
      return handle;
    };
    globalThis.setTimeout = start as unknown as typeof globalThis.setTimeout;
    globalThis.clearTimeout = (handle) => {
      if (!this.#timers.delete(handle as object)) clearTimeout(handle);
    };
  }

  /** Times of all alarms in epoch milliseconds, the earliest first. */
  get due(): readonly number[] {
    return [...this.#timers.values()].map(({ at }) => at).sort((a, b) => a - b);
  }

  /** Moves the clock to a time, and rings every alarm that is due by then. */
  advanceTo(moment: number): void {
    for (;;) {
      const [first] = [...this.#timers].filter(([, { at }]) => at <= moment).sort(([, a], [, b]) => a.at - b.at);
      if (!first) break;
      const [handle, { at, ring }] = first;
      this.#timers.delete(handle);
      this.#clock.advance(Math.max(0, at - this.#clock.now()));
      ring();
    }
    this.#clock.advance(Math.max(0, moment - this.#clock.now()));
  }

  restore(): void {
    Object.assign(globalThis, this.#real);
  }
}

/** Waits until a condition holds, without waiting for time to pass. */
export async function eventually(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}
