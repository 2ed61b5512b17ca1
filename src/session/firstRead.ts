import { within } from '../zeyos/deadline';

/** The first read of the secret storage may wait for a keyring's password; nobody waits for it longer than this. Milliseconds. */
const FIRST_READ_MS = 5_000;

/** The first read of the secret storage: until it has been, nobody can say who is signed in. */
export class FirstRead {
  /** @param read however long it takes */
  constructor(readonly read: Promise<void>) {
    read.catch(() => undefined);
  }

  /**
   * @throws {TimeoutError} it takes too long
   * @throws why the storage cannot be read
   */
  done(): Promise<void> {
    return within(FIRST_READ_MS, undefined, () => this.read);
  }
}
