import { setTimeout as delay } from 'node:timers/promises';

export const MINUTE_MS = 60_000;

/** Time as the code sees it: all waiting goes through it, so that a test can turn it by hand. */
export interface Clock {
  /** The current time in epoch milliseconds. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds, at most 24 days.
   * @throws the signal's reason if the signal aborts first
   */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls `ring` once at the moment, unless it is disposed of before.
   * @param moment epoch milliseconds; `Infinity` = never
   */
  at(moment: number, ring: () => void): { dispose(): void };
}

/**
 * The longest single timer, in milliseconds. Node's timers stop while the machine sleeps, so an alarm may be this late
 * after it wakes.
 */
const LONGEST_TIMER_MS = 3 * 60_000;

/** Node's timers hold 31 bits of milliseconds, and fire at once if they are set to more. */
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
    // Each timer covers a part of the wait and reads the clock again, so that a clock that is set back does not make
    // the alarm late.
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
