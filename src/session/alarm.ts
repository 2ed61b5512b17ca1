/** Node fires a longer timer at once. Milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One timer, aimed at the next moment that matters. */
export class Alarm {
  readonly #now: () => number;
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number, ring: () => void) {
    this.#now = now;
    this.#ring = ring;
  }

  /** Replaces the moment it rings at: epoch milliseconds, `Infinity` for never. It may ring early, never for nothing late. */
  set(at: number): void {
    clearTimeout(this.#timer);
    if (at === Infinity) return;
    this.#timer = setTimeout(this.#ring, Math.min(Math.max(0, at - this.#now()), LONGEST_TIMER_MS));
    this.#timer.unref();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
