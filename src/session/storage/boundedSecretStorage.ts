import type { Clock } from '../../base/clock';
import { sharedController, TimeoutError, within, type Bound } from '../../base/deadline';
import type { SecretStorage } from './secretStorage';

/**
 * How long an operation of the secret storage may take, in milliseconds. As long as a call to a server: enough for a slow keyring, and too
 * short for a person to take the wait for a crash. It is below the 15 s that another window waits for the lease, so that one
 * operation which is not answered does not keep that window from its turn.
 */
export const STORAGE_MS = 10_000;
/** The same while the extension is ended: the editor gives it 5 s in all. Milliseconds. */
const LAST_STORAGE_MS = 1_000;
/** After how long the user sees that the keyring is waited for, in milliseconds. */
const SLOW_MS = 1_000;

/** The secret storage did not answer in time. The operation cannot be cancelled: it may be done at any later moment. */
export class SecretStorageTimeoutError extends Error {
  override readonly name = 'SecretStorageTimeoutError';

  constructor(
    operation: keyof SecretStorage,
    /** Resolves when the storage answers after all. Never rejects. */
    readonly settled: Promise<void>,
  ) {
    super(`the secret storage did not answer in time (${operation})`);
  }
}

/** The editor's secret storage with a bound on every wait: the dialog of a locked keyring can stay open for ever. */
export class BoundedSecretStorage implements SecretStorage {
  readonly #secrets: SecretStorage;
  readonly #clock: Clock;
  readonly #onSlow: ((operation: Promise<unknown>) => void) | undefined;
  readonly #ending = sharedController();

  /** @param onSlow receives each operation that takes so long that the user must be told what the extension waits for */
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

  /** The editor ends the extension: pending operations reject at once, later ones are waited for only briefly. */
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

function ignore(): void {
  // The result is handled elsewhere.
}
