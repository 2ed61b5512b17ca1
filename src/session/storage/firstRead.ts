import type { Clock } from '../../base/clock';
import { SecretStorageTimeoutError } from './boundedSecretStorage';
import { Changes } from '../../base/changes';
import { within } from '../../base/deadline';

/** The limit of each wait for the read, which itself may take longer. */
const FIRST_READ_MS = 5_000;
/** The wait before the next try, which an answer ends early. */
const RETRY_MS = 60_000;

/** The first read of the secret storage. Until it ends, the signed-in accounts are unknown. */
export class FirstRead {
  readonly #readOnce: () => Promise<void>;
  readonly #clock: Clock;
  readonly #late = new Changes();
  #read: Promise<void> | undefined;

  /** Fires if a read has no answer in time. */
  readonly onLate = this.#late.onDidChange;

  constructor(readOnce: () => Promise<void>, clock: Clock) {
    this.#readOnce = readOnce;
    this.#clock = clock;
  }

  /**
   * Begins the read or joins it. Resolves when it ends, without a time limit. A read that failed is repeated when it is
   * asked for again.
   */
  get read(): Promise<void> {
    if (!this.#read) {
      this.#read = readUntilAnswered(this.#readOnce, this.#clock, () => this.#late.fire());
      this.#read.catch(() => (this.#read = undefined));
    }
    return this.#read;
  }

  /** @throws {TimeoutError} after the time limit; other errors if the read fails */
  done(): Promise<void> {
    return within({ clock: this.#clock, ms: FIRST_READ_MS }, () => this.read);
  }
}

/** Tries until the secret storage answers, as when the user unlocks the keyring. Calls `onLate` after the first try. */
export async function readUntilAnswered(read: () => Promise<void>, clock: Clock, onLate: () => void): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof SecretStorageTimeoutError)) throw error;
      if (isFirst) onLate();
      await within({ clock, ms: RETRY_MS }, () => error.settled).catch(() => undefined);
    }
  }
}
