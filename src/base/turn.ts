import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock';

/** Lets one window of this machine at a time do a periodic task. */
export interface Turn {
  /**
   * Resolves to 0 if it is this window's turn, and otherwise to the milliseconds until the next turn of any window. A
   * turn comes `everyMs` milliseconds after the last one.
   */
  take(name: string, everyMs: number): Promise<number>;
}

/**
 * A {@link Turn} that uses an empty file's time of modification. Two windows at the same moment may both get the turn,
 * which is harmless. If the file cannot be written, each window takes turns of its own.
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
    // A turn in the far future was taken before the clock was set back.
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
