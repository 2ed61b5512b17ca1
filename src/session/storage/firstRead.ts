import type { Clock } from '../../base/clock';
import { SecretStorageTimeoutError } from './boundedSecretStorage';
import { Changes } from '../../base/changes';
import { within } from '../../base/deadline';

/** The bound of every wait for the first read, in milliseconds. The read itself may take longer, for example while the user unlocks a keyring. */
const FIRST_READ_MS = 5_000;
/** How long a storage that does not answer is left alone, unless it answers earlier. Milliseconds. */
const RETRY_MS = 60_000;

/** The first read of the secret storage. Before it has ended, the extension does not know which accounts are signed in. */
export class FirstRead {
  readonly #readOnce: () => Promise<void>;
  readonly #clock: Clock;
  readonly #late = new Changes();
  #read: Promise<void> | undefined;

  /** The storage did not answer the first try in time. Fires once at most. */
  readonly onLate = this.#late.onDidChange;

  /**
   * @param readOnce reads everything once; called at the first use, and again until the storage answers
   */
  constructor(readOnce: () => Promise<void>, clock: Clock) {
    this.#readOnce = readOnce;
    this.#clock = clock;
  }

  /** The read, however long it takes. */
  get read(): Promise<void> {
    if (!this.#read) {
      this.#read = readUntilAnswered(this.#readOnce, this.#clock, () => this.#late.fire());
      this.#read.catch(() => undefined);
    }
    return this.#read;
  }

  /**
   * @throws {TimeoutError} the read takes longer than the bound
   * @throws why the storage cannot be read
   */
  done(): Promise<void> {
    return within({ clock: this.#clock, ms: FIRST_READ_MS }, () => this.read);
  }
}

/**
 * Reads until the storage answers: the user may unlock the keyring at any time.
 * @param read reads everything once
 * @param onLate called once, if the first try had no answer in time
 * @throws why the storage cannot be read
 */
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
