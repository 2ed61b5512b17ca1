import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Lets something be done every so often, by whichever window of this machine comes first. */
export interface Turn {
  /** Resolves to whether it is this window's turn: nobody had one within `everyMs` milliseconds. */
  take(name: string, everyMs: number): Promise<boolean>;
}

/** A {@link Turn} by an empty file's time of modification. Two windows at the very same moment may both get it: harmless here. */
export class FileTurn implements Turn {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async take(name: string, everyMs: number): Promise<boolean> {
    const file = join(this.#folder, `turn.${name}`);
    const last = await stat(file).then(({ mtimeMs }) => mtimeMs, () => 0);
    if (Date.now() - last < everyMs) return false;
    await mkdir(this.#folder, { recursive: true });
    await writeFile(file, '');
    return true;
  }
}
