import type { Clock } from './clock';

/** A timer that can be set again. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #pending: { dispose(): void } | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** @param at epoch milliseconds; `Infinity` = never */
  set(at: number): void {
    this.#pending?.dispose();
    this.#pending = this.#clock.at(at, this.#ring);
  }

  dispose(): void {
    this.#pending?.dispose();
  }
}
