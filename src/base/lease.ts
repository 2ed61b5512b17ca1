import { access, constants, mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock';
import { Alarm } from './alarm';
import type { Log } from './log';

/** A lock that one holder at a time has, among all windows of this machine. */
export interface Lease {
  /**
   * Runs `work` while holding the lease.
   * @throws {LeaseTimeoutError} another holder did not release it in time; `work` was not started
   */
  hold<T>(work: (hold: Hold) => Promise<T>): Promise<T>;
}

/** Proof that the lease is held. */
export interface Hold {
  /**
   * Call it before every write, and before sending a token that can be used only once. If this process was suspended
   * for too long, another process may hold the lease.
   * @throws {LeaseLostError}
   */
  confirm(): Promise<void>;
}

export class LeaseTimeoutError extends Error {
  override readonly name = 'LeaseTimeoutError';
}

/** Another process has taken over the lease. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Runs work that confirms the hold before each write. If the lease is lost, it runs the work again. */
export function holdUntilDone<T>(lease: Lease, work: (hold: Hold) => Promise<T>): Promise<T> {
  return lease.hold(work).catch((error: unknown) => {
    if (error instanceof LeaseLostError) return holdUntilDone(lease, work);
    throw error;
  });
}

export interface LeaseBounds {
  /** How long to wait for another holder, in milliseconds. */
  readonly waitMs: number;
  /**
   * After how long without a heartbeat a holder counts as dead, in milliseconds. It is longer than an exchange and its
   * write take.
   */
  readonly staleMs: number;
}

/** The number of heartbeats in `staleMs`. */
const HEARTBEATS = 5;
/**
 * How long a lease must be watched without a heartbeat before it is taken over, in heartbeats. A holder that wakes from
 * a sleep sends one heartbeat within this time.
 */
const WATCHED_HEARTBEATS = 1.5;

const RELEASED = new Date(0);
/**
 * Epoch milliseconds. An earlier time means that the lease is released. Some file systems cannot store a year before
 * 1980.
 */
const FIRST_HEARTBEAT = Date.UTC(2000);

/** Error codes of Windows for a file that is being deleted, and of any system for a folder that is not writable. */
const REFUSALS = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** The file with the highest generation. */
interface Watched {
  readonly generation: number;
  /** The time of the last heartbeat, in epoch milliseconds. */
  readonly mtimeMs: number;
  /** How long the file has been watched without a change, in milliseconds. */
  readonly forMs: number;
}

/**
 * A {@link Lease} made of files in a folder. The holder is the process that created `{name}.{n}` with the highest `n`.
 * To succeed a crashed holder, a process creates `n + 1`, which the file system grants to exactly one. No process
 * removes a file that may be the highest, so two windows that find the same dead holder cannot both win. The files are
 * empty: the time of modification is the heartbeat, and 1970 means released.
 */
export class FileLease implements Lease {
  readonly #folder: string;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #bounds: LeaseBounds;

  /** @param name part of the name of the files */
  constructor(folder: string, name: string, seams: { clock: Clock; log: Log; bounds?: LeaseBounds }) {
    this.#folder = folder;
    this.#name = name;
    this.#clock = seams.clock;
    this.#log = seams.log;
    this.#bounds = seams.bounds ?? { waitMs: 15_000, staleMs: 30_000 };
  }

  async hold<T>(work: (hold: Hold) => Promise<T>): Promise<T> {
    const generation = await this.#acquire().catch((error: NodeJS.ErrnoException) => {
      if (error instanceof LeaseTimeoutError) throw error;
      // Without a lease, a single window is safe. Several windows may renew the same session at once.
      this.#log.warn(`cannot keep other windows out: ${error.code ?? error.message}`);
    });
    if (generation === undefined) return work({ confirm: () => Promise.resolve() });
    const file = this.#file(generation);
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
      // The heartbeat comes first, so that a window that watches the file does not take over.
      await touch(this.#now());
      const highest = await this.#generations().then(
        (all) => all.at(-1),
        () => undefined,
      );
      if (highest !== generation) throw new LeaseLostError(`the lease '${this.#name}' was taken over`);
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

  /** Resolves to the generation that this process holds. */
  async #acquire(): Promise<number> {
    await mkdir(this.#folder, { recursive: true });
    let watched: Watched | undefined;
    // The loop adds up its pauses instead of reading a clock. A clock may be set, and it runs on while the machine
    // sleeps and no holder can send a heartbeat.
    for (let waitedMs = 0, pauseMs = 0; ; waitedMs += pauseMs) {
      let refusal: Error | undefined;
      const highest = (await this.#generations()).at(-1) ?? 0;
      watched = highest === 0 ? undefined : await this.#watch(highest, watched, pauseMs);
      if (highest === 0 || (watched && this.#isFree(watched))) {
        const isMine = await this.#create(highest + 1).catch(async (error: NodeJS.ErrnoException) => {
          if (!REFUSALS.has(error.code ?? '')) throw error;
          // If the folder is writable, the refusal concerns only this file and is temporary.
          await access(this.#folder, constants.W_OK);
          refusal = error;
        });
        if (isMine) return highest + 1;
      }
      if (waitedMs >= this.#bounds.waitMs)
        throw (
          refusal ?? new LeaseTimeoutError(`the lease '${this.#name}' was not free within ${this.#bounds.waitMs} ms`)
        );
      pauseMs = 10 + Math.random() * 40;
      await this.#clock.wait(pauseMs);
    }
  }

  /** Resolves to `false` if another process was faster. */
  async #create(generation: number): Promise<boolean> {
    const file = this.#file(generation);
    try {
      const handle = await open(file, 'wx');
      // If the system refuses this, the file has the time of the system's own clock, which serves as well.
      await handle.utimes(this.#now(), this.#now()).catch(() => undefined);
      await handle.close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    const others = await this.#generations().then(
      (all) => all.filter((other) => other !== generation),
      async (error: Error) => {
        await utimes(file, RELEASED, RELEASED).catch(() => undefined);
        throw error;
      },
    );
    // A number may be free because other processes are past it and have removed its file.
    const isBehind = others.some((other) => other > generation);
    // A later holder removes the files that cannot be removed now.
    await Promise.all(
      (isBehind ? [generation] : others).map((old) => rm(this.#file(old), { force: true }).catch(() => undefined)),
    );
    return !isBehind;
  }

  /** Resolves to `undefined` if the file has been removed. */
  async #watch(generation: number, before: Watched | undefined, pauseMs: number): Promise<Watched | undefined> {
    const found = await stat(this.#file(generation)).catch(() => undefined);
    if (!found) return undefined;
    const { mtimeMs } = found;
    const isSame = before?.generation === generation && before.mtimeMs === mtimeMs;
    return { generation, mtimeMs, forMs: isSame ? before.forMs + pauseMs : 0 };
  }

  /**
   * Tells whether the lease was released or abandoned. After a clock was set back, the last heartbeat lies in the
   * future.
   */
  #isFree({ mtimeMs, forMs }: Watched): boolean {
    const { staleMs } = this.#bounds;
    if (mtimeMs < FIRST_HEARTBEAT) return true;
    return Math.abs(this.#clock.now() - mtimeMs) > staleMs && forMs >= (staleMs / HEARTBEATS) * WATCHED_HEARTBEATS;
  }

  async #generations(): Promise<number[]> {
    const prefix = `${this.#name}.`;
    const numbers = (await readdir(this.#folder))
      .filter((file) => file.startsWith(prefix))
      .map((file) => Number(file.slice(prefix.length)));
    return numbers.filter(Number.isSafeInteger).sort((a, b) => a - b);
  }

  #file(generation: number): string {
    return join(this.#folder, `${this.#name}.${generation}`);
  }
}
