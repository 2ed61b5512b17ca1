import { setTimeout as delay } from 'node:timers/promises';

export const MINUTE_MS = 60_000;

/** All code takes the time from this interface, so that tests control it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /**
   * @param ms at most 24 days
   * @throws the signal's reason if the signal aborts first
   */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls `ring` unless it is disposed of before.
   * @param moment epoch milliseconds; `Infinity` = never
   */
  at(moment: number, ring: () => void): { dispose(): void };
}

/** Timers stop while the machine sleeps, so an alarm may be this late. */
const LONGEST_TIMER_MS = 3 * 60_000;

/** Node's timers fire at once with more than 31 bits of milliseconds. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),

  async wait(ms, signal) {
    try {
      await delay(Math.min(ms, LONGEST_WAIT_MS), undefined, signal && { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },

  at(moment, ring) {
    if (moment === Infinity) return { dispose: () => undefined };
    let timer: NodeJS.Timeout;
    // `ms` counts the parts, so that setting the clock back delays no alarm; reading the clock makes up for a sleep.
    const waitFor = (ms: number): void => {
      const partMs = Math.min(Math.max(0, ms), LONGEST_TIMER_MS);
      timer = setTimeout(() => {
        const leftMs = Math.min(ms - partMs, moment - Date.now());
        if (leftMs > 0) waitFor(leftMs);
        else ring();
      }, partMs);
      timer.unref();
    };
    waitFor(moment - Date.now());
    return { dispose: () => clearTimeout(timer) };
  },
};
