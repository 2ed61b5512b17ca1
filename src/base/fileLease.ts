import { access, constants, mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Alarm } from './alarm';
import type { Clock } from './clock';
import { LeaseError, type Hold, type Lease } from './lease';
import type { Log } from './log';

export interface LeaseBounds {
  /** The longest wait for another holder. */
  readonly waitMs: number;
  /** A holder without a heartbeat for this time counts as dead. Requests and writes take less. */
  readonly staleMs: number;
}

/** Heartbeats within `staleMs`. */
const HEARTBEATS = 5;
/** Heartbeats to wait for before a takeover: after a sleep of the machine, a living holder first sends the next one. */
const WATCHED_HEARTBEATS = 1.5;

const RELEASED = new Date(0);
/** Epoch milliseconds. Earlier means released: some file systems cannot store years before 1980. */
const FIRST_HEARTBEAT = Date.UTC(2000);

/** Windows reports these while it deletes a file. Some also mean a read-only folder. */
const REFUSALS = new Set(['EPERM', 'EACCES', 'EBUSY']);

interface Watched {
  readonly fileNumber: number;
  readonly mtimeMs: number;
  /** How long the file and its heartbeat have been the same. */
  readonly forMs: number;
}

/**
 * A {@link Lease} of files in a folder. The window that created the file `{name}.{n}` with the highest `n` holds the
 * lease. To take over from a dead holder, a window creates `n + 1`, which the file system permits only once. No window
 * removes a file that may be the highest, so two cannot both take over. The empty files' time of modification is the
 * last heartbeat; 1970 means released.
 */
export class FileLease implements Lease {
  readonly #folder: string;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #bounds: LeaseBounds;

  constructor(folder: string, name: string, seams: { clock: Clock; log: Log; bounds?: LeaseBounds }) {
    this.#folder = folder;
    this.#name = name;
    this.#clock = seams.clock;
    this.#log = seams.log;
    this.#bounds = seams.bounds ?? { waitMs: 15_000, staleMs: 30_000 };
  }

  async hold<T>(work: (hold: Hold) => Promise<T>): Promise<T> {
    const fileNumber = await this.#acquire().catch((error: NodeJS.ErrnoException) => {
      if (error instanceof LeaseError) throw error;
      // No renewal at all would be worse than the danger that two windows send the same refresh token.
      this.#log.warn(`cannot keep other windows out: ${error.code ?? error.message}`);
    });
    if (fileNumber === undefined) return work({ confirm: () => Promise.resolve() });
    const file = this.#file(fileNumber);
    let touched = Promise.resolve();
    const touch = (time: Date): Promise<void> =>
      (touched = touched.then(() => utimes(file, time, time)).catch(() => undefined));
    const everyMs = this.#bounds.staleMs / HEARTBEATS;
    const heartbeat = new Alarm(this.#clock, () => {
      void touch(this.#now());
      heartbeat.set(this.#clock.now() + everyMs);
    });
    heartbeat.set(this.#clock.now() + everyMs);
    const confirm = async (): Promise<void> => {
      // First, so that a watching window sees the heartbeat and does not take over.
      await touch(this.#now());
      const highest = await this.#fileNumbers().then(
        (all) => all.at(-1),
        () => undefined,
      );
      if (highest !== fileNumber) throw new LeaseError('lost', `the lease '${this.#name}' was taken over`);
    };
    try {
      return await work({ confirm });
    } finally {
      heartbeat.dispose();
      await touch(RELEASED);
    }
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }

  async #acquire(): Promise<number> {
    await mkdir(this.#folder, { recursive: true });
    let watched: Watched | undefined;
    // Adds up the pauses: the clock may be set, and runs on while the machine sleeps without heartbeats.
    for (let waitedMs = 0, pauseMs = 0; ; waitedMs += pauseMs) {
      let refusal: Error | undefined;
      const highest = (await this.#fileNumbers()).at(-1) ?? 0;
      watched = highest === 0 ? undefined : await this.#watch(highest, watched, pauseMs);
      if (highest === 0 || (watched && this.#isFree(watched))) {
        const isMine = await this.#create(highest + 1).catch(async (error: NodeJS.ErrnoException) => {
          if (!REFUSALS.has(error.code ?? '')) throw error;
          // In a writable folder, only this file cannot be created yet.
          await access(this.#folder, constants.W_OK);
          refusal = error;
        });
        if (isMine) return highest + 1;
      }
      if (waitedMs >= this.#bounds.waitMs)
        throw (
          refusal ??
          new LeaseError('timeout', `the lease '${this.#name}' was not free within ${this.#bounds.waitMs} ms`)
        );
      pauseMs = 10 + Math.random() * 40;
      await this.#clock.wait(pauseMs);
    }
  }

  /** Resolves to false if another window was faster. */
  async #create(fileNumber: number): Promise<boolean> {
    const file = this.#file(fileNumber);
    try {
      const handle = await open(file, 'wx');
      // If this fails, the file has the system's own time.
      await handle.utimes(this.#now(), this.#now()).catch(() => undefined);
      await handle.close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    const others = await this.#fileNumbers().then(
      (all) => all.filter((other) => other !== fileNumber),
      async (error: Error) => {
        await utimes(file, RELEASED, RELEASED).catch(() => undefined);
        throw error;
      },
    );
    // A number is free if other windows are past it and removed its file.
    const isBehind = others.some((other) => other > fileNumber);
    // A later holder removes what cannot be removed now.
    await Promise.all(
      (isBehind ? [fileNumber] : others).map((old) => rm(this.#file(old), { force: true }).catch(() => undefined)),
    );
    return !isBehind;
  }

  async #watch(fileNumber: number, before: Watched | undefined, pauseMs: number): Promise<Watched | undefined> {
    const found = await stat(this.#file(fileNumber)).catch(() => undefined);
    if (!found) return undefined;
    const { mtimeMs } = found;
    const isSame = before?.fileNumber === fileNumber && before.mtimeMs === mtimeMs;
    return { fileNumber, mtimeMs, forMs: isSame ? before.forMs + pauseMs : 0 };
  }

  /** Released, or dead. The last heartbeat is in the future if the clock was set back. */
  #isFree({ mtimeMs, forMs }: Watched): boolean {
    const { staleMs } = this.#bounds;
    if (mtimeMs < FIRST_HEARTBEAT) return true;
    return Math.abs(this.#clock.now() - mtimeMs) > staleMs && forMs >= (staleMs / HEARTBEATS) * WATCHED_HEARTBEATS;
  }

  async #fileNumbers(): Promise<number[]> {
    const prefix = `${this.#name}.`;
    const numbers = (await readdir(this.#folder))
      .filter((file) => file.startsWith(prefix))
      .map((file) => Number(file.slice(prefix.length)));
    return numbers.filter(Number.isSafeInteger).sort((a, b) => a - b);
  }

  #file(fileNumber: number): string {
    return join(this.#folder, `${this.#name}.${fileNumber}`);
  }
}
