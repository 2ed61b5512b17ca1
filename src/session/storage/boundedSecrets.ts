import { setTimeout as delay } from 'node:timers/promises';
import type { Secrets } from './accountSecrets';

/**
 * How long an operation of the secret storage may take, in milliseconds. As long as a call to a server: enough for a slow keyring, and too
 * short for a person to take the wait for a crash. It is below the 15 s that another window waits for the lease, so that a keyring which
 * does not answer here does not keep that window from its turn.
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
    operation: keyof Secrets,
    /** Resolves when the storage answers after all. Never rejects. */
    readonly settled: Promise<void>,
  ) {
    super(`the secret storage did not answer in time (${operation})`);
  }
}

/** Waits for some milliseconds, or until the signal aborts. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** The editor's secret storage with a bound on every wait: the dialog of a locked keyring can stay open for ever. */
export class BoundedSecrets implements Secrets {
  readonly #secrets: Secrets;
  readonly #wait: Wait;
  readonly #onSlow: ((operation: Promise<unknown>) => void) | undefined;
  readonly #ending = new AbortController();

  /** @param options.onSlow gets each operation that takes long enough for the user to wonder */
  constructor(
    secrets: Secrets,
    options: { readonly wait?: Wait; readonly onSlow?: (operation: Promise<unknown>) => void } = {},
  ) {
    this.#secrets = secrets;
    this.#wait = options.wait ?? ((ms, signal) => delay(ms, undefined, { signal, ref: false }));
    this.#onSlow = options.onSlow;
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

  /** From now on the extension is being ended: gives up what is waited for, and waits for the rest only briefly. */
  hurry(): void {
    this.#ending.abort();
  }

  async #bounded<T>(name: keyof Secrets, start: () => PromiseLike<T>): Promise<T> {
    const operation = Promise.resolve(start());
    const settled = operation.then(
      () => undefined,
      () => undefined,
    );
    const isOver = new AbortController();
    const bounded = Promise.race([
      operation,
      this.#bound(isOver.signal).then(() => {
        throw new SecretStorageTimeoutError(name, settled);
      }),
    ]).finally(() => isOver.abort());
    if (this.#onSlow)
      this.#wait(SLOW_MS, isOver.signal).then(() => this.#onSlow?.(bounded.catch(() => undefined)), ignore);
    return bounded;
  }

  /** Resolves when the bound of an operation is reached. */
  #bound(isOver: AbortSignal): Promise<void> {
    const { signal } = this.#ending;
    if (signal.aborted) return this.#wait(LAST_STORAGE_MS, isOver);
    return new Promise((resolve, reject) => {
      this.#wait(STORAGE_MS, isOver).then(resolve, reject);
      signal.addEventListener('abort', () => resolve(), { once: true, signal: isOver });
    });
  }
}

function ignore(): void {
  // A wait that is no longer needed.
}
