import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Lets something be done every so often, by whichever window of this machine comes first. */
export interface Turn {
  /** Resolves to whether it is this window's turn: nobody had one within `everyMs` milliseconds. */
  take(name: string, everyMs: number): Promise<boolean>;
}

/**
 * A {@link Turn} by an empty file's time of modification. Two windows at the very same moment may both get it: harmless here.
 * Where the file cannot be written, each window takes turns of its own.
 */
export class FileTurn implements Turn {
  readonly #folder: string;
  readonly #taken = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async take(name: string, everyMs: number): Promise<boolean> {
    const file = join(this.#folder, `turn.${name}`);
    const last = await stat(file).then(({ mtimeMs }) => mtimeMs, () => 0);
    const now = Date.now();
    // A turn in the future was taken before the clock was set back.
    if ([last, this.#taken.get(name) ?? 0].some((at) => Math.abs(now - at) < everyMs)) return false;
    this.#taken.set(name, now);
    await mkdir(this.#folder, { recursive: true })
      .then(() => writeFile(file, ''))
      .catch(() => undefined);
    return true;
  }
}
