/** A clock that stands still until it is moved; hand `now` to whatever wants one. Epoch milliseconds. */
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
