import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock';

/** Gives a periodic task to one window of the machine at a time. */
export interface Turn {
  /** Resolves to 0 if this window may do the task, or else to the milliseconds until the next turn. */
  take(name: string, everyMs: number): Promise<number>;
}

/**
 * A {@link Turn} by an empty file's time of modification. Two windows with the same turn do no harm. If the file cannot
 * be written, each window takes its own turns.
 */
export class FileTurn implements Turn {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #taken = new Map<string, number>();

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  async take(name: string, everyMs: number): Promise<number> {
    const file = join(this.#folder, `turn.${name}`);
    const last = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    const now = this.#clock.now();
    // A time in the far future dates from before the clock was set back.
    const taken = [last, this.#taken.get(name) ?? 0].filter((at) => Math.abs(now - at) < everyMs);
    if (taken.length > 0) return Math.max(...taken) + everyMs - now;
    this.#taken.set(name, now);
    await mkdir(this.#folder, { recursive: true })
      .then(() => writeFile(file, ''))
      .then(() => utimes(file, new Date(now), new Date(now)))
      .catch(() => undefined);
    return 0;
  }
}
