import { mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../zeyos/log';

/** Lets one holder at a time, over all windows of this machine, do something. */
export interface Lease {
  /**
   * Runs `work` while holding the lease.
   * @throws {LeaseTimeoutError} another holder did not let go in time; `work` was not started
   */
  hold<T>(work: () => Promise<T>): Promise<T>;
}

export class LeaseTimeoutError extends Error {
  override readonly name = 'LeaseTimeoutError';
}

export interface LeaseBounds {
  /** How long to wait for another holder, in milliseconds. */
  readonly waitMs: number;
  /** After how long without a sign of life a holder counts as dead, in milliseconds: longer than any work takes to notice. */
  readonly staleMs: number;
}

const RELEASED = new Date(0);

/**
 * A {@link Lease} made of files in a folder: the holder is whoever created `{name}.{n}` with the highest `n`. A crashed
 * holder is succeeded by creating `n + 1`, which the file system grants to exactly one; nobody ever removes a file that may
 * be the highest, so two windows that find the same dead holder cannot both win. The files are empty: their time of
 * modification is the sign of life, and 1970 means released.
 */
export class FileLease implements Lease {
  readonly #folder: string;
  readonly #name: string;
  readonly #log: Log;
  readonly #bounds: LeaseBounds;

  constructor(folder: string, name: string, log: Log, bounds: LeaseBounds = { waitMs: 15_000, staleMs: 30_000 }) {
    this.#folder = folder;
    this.#name = name;
    this.#log = log;
    this.#bounds = bounds;
  }

  async hold<T>(work: () => Promise<T>): Promise<T> {
    const file = await this.#acquire().catch((error: NodeJS.ErrnoException) => {
      if (error instanceof LeaseTimeoutError) throw error;
      // A folder that cannot be written to leaves one window as safe as ever, and several a little less.
      this.#log.warn(`cannot keep other windows out: ${error.code ?? error.message}`);
    });
    if (!file) return work();
    let touched = Promise.resolve();
    const touch = (time: Date): Promise<void> => (touched = touched.then(() => utimes(file, time, time)).catch(() => undefined));
    const heartbeat = setInterval(() => void touch(new Date()), this.#bounds.staleMs / 5);
    try {
      return await work();
    } finally {
      clearInterval(heartbeat);
      await touch(RELEASED);
    }
  }

  async #acquire(): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    const until = Date.now() + this.#bounds.waitMs;
    for (;;) {
      const highest = (await this.#generations()).at(-1) ?? 0;
      if (highest === 0 || (await this.#isFree(highest))) {
        const mine = await this.#create(highest + 1);
        if (mine) return mine;
      }
      if (Date.now() >= until) throw new LeaseTimeoutError(`the lease '${this.#name}' was not free within ${this.#bounds.waitMs} ms`);
      await delay(10 + Math.random() * 40);
    }
  }

  /** The file, or `undefined` where another holder was faster. */
  async #create(generation: number): Promise<string | undefined> {
    const file = this.#file(generation);
    try {
      await (await open(file, 'wx')).close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
      throw error;
    }
    const others = (await this.#generations()).filter((other) => other !== generation);
    // A number that was free may have been one that others are long past, and had cleaned up.
    const isBehind = others.some((other) => other > generation);
    await Promise.all((isBehind ? [generation] : others).map((old) => rm(this.#file(old), { force: true })));
    return isBehind ? undefined : file;
  }

  async #isFree(generation: number): Promise<boolean> {
    try {
      const { mtimeMs } = await stat(this.#file(generation));
      return mtimeMs < Date.now() - this.#bounds.staleMs;
    } catch {
      return false;
    }
  }

  async #generations(): Promise<number[]> {
    const prefix = `${this.#name}.`;
    const numbers = (await readdir(this.#folder)).filter((file) => file.startsWith(prefix)).map((file) => Number(file.slice(prefix.length)));
    return numbers.filter(Number.isSafeInteger).sort((a, b) => a - b);
  }

  #file(generation: number): string {
    return join(this.#folder, `${this.#name}.${generation}`);
  }
}
