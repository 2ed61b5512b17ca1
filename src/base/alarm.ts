/** Longest single timer, in milliseconds. Timers stand still while the machine sleeps, so this is how late an alarm may be after waking. */
const LONGEST_TIMER_MS = 3 * 60_000;

/** One timer, aimed at the next moment that matters. */
export class Alarm {
  readonly #now: () => number;
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number, ring: () => void) {
    this.#now = now;
    this.#ring = ring;
  }

  /** Replaces the moment it rings at: epoch milliseconds, `Infinity` for never. It rings early only if the clock is set back meanwhile. */
  set(at: number): void {
    clearTimeout(this.#timer);
    if (at !== Infinity) this.#wait(at, at - this.#now());
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  /** For `ms` milliseconds, or less if the clock reaches the moment earlier, as after a sleep. */
  #wait(at: number, ms: number): void {
    const partMs = Math.min(Math.max(0, ms), LONGEST_TIMER_MS);
    this.#timer = setTimeout(
      (moment: number) => {
        const leftMs = Math.min(ms - partMs, moment - this.#now());
        if (leftMs > 0) this.#wait(moment, leftMs);
        else this.#ring();
      },
      partMs,
      at,
    );
    this.#timer.unref();
  }
}
