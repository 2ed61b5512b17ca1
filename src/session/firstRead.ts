import { setTimeout as delay } from 'node:timers/promises';
import { within } from '../zeyos/deadline';
import { SecretStorageTimeoutError } from './boundedSecrets';

/** The first read of the secret storage may wait for a keyring's password; nobody waits for it longer than this. Milliseconds. */
const FIRST_READ_MS = 5_000;
/** How long a storage that does not answer is left alone, unless it answers earlier. Milliseconds. */
const RETRY_MS = 60_000;

/** The first read of the secret storage: until it has been, nobody can say who is signed in. */
export class FirstRead {
  /**
   * @param read however long it takes
   * @param ms how long to wait for it, in milliseconds
   */
  constructor(
    readonly read: Promise<void>,
    private readonly ms = FIRST_READ_MS,
  ) {
    read.catch(() => undefined);
  }

  /**
   * @throws {TimeoutError} it takes too long
   * @throws why the storage cannot be read
   */
  done(): Promise<void> {
    return within(this.ms, undefined, () => this.read);
  }
}

/**
 * Reads until the storage answers: the user may unlock the keyring at any time.
 * @param read reads everything once
 * @param onLate called once, if the first try had no answer in time
 * @throws why the storage cannot be read
 */
export async function readUntilAnswered(read: () => Promise<void>, onLate: () => void): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof SecretStorageTimeoutError)) throw error;
      if (isFirst) onLate();
      await Promise.race([error.settled, delay(RETRY_MS, undefined, { ref: false })]);
    }
  }
}
