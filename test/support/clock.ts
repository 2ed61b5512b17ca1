import { setImmediate as turn } from 'node:timers/promises';
import type { Clock as ClockSeam } from '../../src/base/clock';

interface Pending {
  readonly at: number;
  readonly ring: () => void;
}

/**
 * A clock that stands still until the test moves it. Epoch milliseconds.
 * A wait without a signal is a pause before another try, and ends by itself, unless the test holds pauses.
 */
export class Clock implements ClockSeam {
  #time: number;
  readonly #alarms = new Set<Pending>();
  readonly #waits = new Set<Pending>();
  #underWay = 0;
  #unanswered = (): number => 0;

  readonly #holdsPauses: boolean;

  constructor(start = Date.parse('2030-01-01T12:00:00Z'), { holdsPauses = false } = {}) {
    this.#time = start;
    this.#holdsPauses = holdsPauses;
  }

  readonly now = (): number => this.#time;

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (!signal && !this.#holdsPauses) return turn();
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const cancel = (): void => {
        this.#waits.delete(waiting);
        reject(signal?.reason as Error);
      };
      const waiting = {
        at: this.#time + ms,
        ring: () => {
          signal?.removeEventListener('abort', cancel);
          resolve();
        },
      };
      if (ms !== Infinity) this.#waits.add(waiting);
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  at(moment: number, ring: () => void): { dispose(): void } {
    const alarm = { at: Math.max(this.#time + 1, moment), ring };
    if (moment !== Infinity) this.#alarms.add(alarm);
    return { dispose: () => void this.#alarms.delete(alarm) };
  }

  /** When alarms will ring, the earliest first. */
  get due(): readonly number[] {
    return momentsOf(this.#alarms);
  }

  /** How long each pending wait lasts, in milliseconds, the shortest first. */
  get waits(): readonly number[] {
    return momentsOf(this.#waits).map((at) => at - this.#time);
  }

  /** Lets time pass without timers, as while the machine sleeps. */
  advance(ms: number): void {
    this.#time += ms;
  }

  /** Moves the clock to a moment. Each alarm rings and each wait ends at its own moment. */
  advanceTo(moment: number): void {
    for (;;) {
      const [first] = [...this.#alarms, ...this.#waits].filter(({ at }) => at <= moment).sort((a, b) => a.at - b.at);
      if (!first) break;
      this.#alarms.delete(first);
      this.#waits.delete(first);
      this.#time = Math.max(this.#time, first.at);
      first.ring();
    }
    this.#time = Math.max(this.#time, moment);
  }

  /** Lets time pass: see {@link advanceTo}. */
  elapse(ms: number): void {
    this.advanceTo(this.#time + ms);
  }

  /**
   * Keeps {@link run} from moving the clock while requests are under way.
   * @param unanswered how many requests the server keeps from being answered: only time ends these
   */
  async standStillDuring<T>(request: Promise<T>, unanswered: () => number): Promise<T> {
    this.#unanswered = unanswered;
    this.#underWay++;
    try {
      return await request;
    } finally {
      this.#underWay--;
    }
  }

  /** Moves the clock from one wait to the next until the work settles. */
  async run<T>(work: PromiseLike<T>): Promise<T> {
    let isSettled = false;
    const settle = (): void => void (isSettled = true);
    work.then(settle, settle);
    for (;;) {
      await turns();
      if (isSettled) return work;
      const [ms] = this.waits;
      if (ms !== undefined && this.#underWay <= this.#unanswered()) this.elapse(Math.max(0, ms));
    }
  }
}

function momentsOf(pending: ReadonlySet<Pending>): readonly number[] {
  return [...pending].map(({ at }) => at).sort((a, b) => a - b);
}

/** Lets everything happen that is under way and does not wait for time. */
export async function turns(count = 100): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

/** Waits, without letting time pass, until a condition holds. */
export async function eventually(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}
