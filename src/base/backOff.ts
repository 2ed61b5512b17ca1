/** A wait that doubles from one try to the next, up to a bound. */
export class BackOff {
  readonly #firstMs: number;
  readonly #lastMs: number;
  #ms: number;

  /** Both in milliseconds. */
  constructor(firstMs: number, lastMs: number) {
    this.#firstMs = firstMs;
    this.#lastMs = lastMs;
    this.#ms = firstMs;
  }

  /** The wait before the next try, in milliseconds. */
  get ms(): number {
    return this.#ms;
  }

  grow(): void {
    this.#ms = Math.min(this.#ms * 2, this.#lastMs);
  }

  reset(): void {
    this.#ms = this.#firstMs;
  }
}
