/** A clock that moves only when told. `now` returns epoch milliseconds. */
export class Clock {
  #time: number;

  constructor(start = Date.parse('2030-01-01T12:00:00Z')) {
    this.#time = start;
  }

  readonly now = (): number => this.#time;

  advance(ms: number): void {
    this.#time += ms;
  }
}
