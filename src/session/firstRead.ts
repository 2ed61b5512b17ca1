import { within } from '../zeyos/deadline';

/** The bound of every wait for the first read, in milliseconds. The read itself may take longer, for example while the user unlocks a keyring. */
const FIRST_READ_MS = 5_000;

/** The first read of the secret storage. Before it has ended, the extension does not know which accounts are signed in. */
export class FirstRead {
  readonly #begin: () => Promise<void>;
  #read: Promise<void> | undefined;

  /** @param begin called once, at the first use */
  constructor(begin: () => Promise<void>) {
    this.#begin = begin;
  }

  /** The read, however long it takes. */
  get read(): Promise<void> {
    if (!this.#read) {
      this.#read = this.#begin();
      this.#read.catch(() => undefined);
    }
    return this.#read;
  }

  /**
   * @throws {TimeoutError} the read takes longer than the bound
   * @throws why the storage cannot be read
   */
  done(): Promise<void> {
    return within(FIRST_READ_MS, undefined, () => this.read);
  }
}
