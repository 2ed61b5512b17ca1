import { setTimeout as delay } from 'node:timers/promises';

export const MINUTE_MS = 60_000;

/** Time as the code sees it: all waiting goes through it, so that a test can turn it by hand. */
export interface Clock {
  /** The current time in epoch milliseconds. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds, at most 24 days.
   * @throws the signal's reason, if the signal is aborted first
   */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls `ring` once when the moment has come, unless it is disposed of before.
   * @param moment epoch milliseconds; `Infinity` = never
   */
  at(moment: number, ring: () => void): { dispose(): void };
}

/**
 * Longest single timer, in milliseconds. Node's timers stand still while the machine sleeps, so this is how late an alarm may be
 * after it wakes.
 */
const LONGEST_TIMER_MS = 3 * 60_000;

/** Node ends a longer timer at once: it holds 31 bits of milliseconds. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** The clock of the machine. */
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
    // Waits in parts, and each part looks at the clock again. A clock that is set back must not make the alarm ring later.
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
