import type { Clock } from '../../base/clock';
import { sharedController, TimeoutError, within, type Bound } from '../../base/deadline';
import type { SecretStorage } from './secretStorage';

/**
 * The limit of one operation: too short to look like a crash, and below the 15 s that other windows wait for this
 * window's lease.
 */
export const STORAGE_MS = 10_000;
/** The limit while the editor ends the extension, for which it allows 5 s. */
const LAST_STORAGE_MS = 1_000;
/** The user is told of a longer wait for the keyring. */
const SLOW_MS = 1_000;

/** The secret storage may complete the operation later. */
export class SecretStorageTimeoutError extends Error {
  override readonly name = 'SecretStorageTimeoutError';

  constructor(
    operation: keyof SecretStorage,
    /** Resolves when the secret storage answers. Never rejects. */
    readonly settled: Promise<void>,
  ) {
    super(`the secret storage did not answer in time (${operation})`);
  }
}

/** Limits each wait, because the dialog of a locked keyring can stay open forever. */
export class BoundedSecretStorage implements SecretStorage {
  readonly #secrets: SecretStorage;
  readonly #clock: Clock;
  readonly #onSlow: ((operation: Promise<unknown>) => void) | undefined;
  readonly #ending = sharedController();

  /** @param onSlow receives each slow operation, to tell the user */
  constructor(secrets: SecretStorage, clock: Clock, onSlow?: (operation: Promise<unknown>) => void) {
    this.#secrets = secrets;
    this.#clock = clock;
    this.#onSlow = onSlow;
  }

  /** @throws {SecretStorageTimeoutError} */
  get(key: string): Promise<string | undefined> {
    return this.#bounded('get', () => this.#secrets.get(key));
  }

  /** @throws {SecretStorageTimeoutError} */
  store(key: string, value: string): Promise<void> {
    return this.#bounded('store', () => this.#secrets.store(key, value));
  }

  /** @throws {SecretStorageTimeoutError} */
  delete(key: string): Promise<void> {
    return this.#bounded('delete', () => this.#secrets.delete(key));
  }

  /** Rejects pending operations and shortens later limits, because the editor ends the extension. */
  hurry(): void {
    this.#ending.abort(new TimeoutError(0));
  }

  async #bounded<T>(name: keyof SecretStorage, start: () => PromiseLike<T>): Promise<T> {
    const operation = Promise.resolve(start());
    const bounded = within(this.#bound(), () => operation).catch((error: unknown) => {
      if (error instanceof TimeoutError) throw new SecretStorageTimeoutError(name, operation.then(ignore, ignore));
      throw error;
    });
    const isOver = new AbortController();
    this.#clock.wait(SLOW_MS, isOver.signal).then(() => this.#onSlow?.(bounded.catch(ignore)), ignore);
    return bounded.finally(() => isOver.abort());
  }

  #bound(): Bound {
    const { signal } = this.#ending;
    const clock = this.#clock;
    return signal.aborted ? { clock, ms: LAST_STORAGE_MS } : { clock, ms: STORAGE_MS, signal };
  }
}

const ignore = (): undefined => undefined;
