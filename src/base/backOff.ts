/** A wait that doubles with each attempt, up to a bound. */
export class BackOff {
  readonly #firstMs: number;
  readonly #lastMs: number;
  #ms: number;

  constructor(firstMs: number, lastMs: number) {
    this.#firstMs = firstMs;
    this.#lastMs = lastMs;
    this.#ms = firstMs;
  }

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
