import { setImmediate as turn } from 'node:timers/promises';
import type { SecretStorage } from '../../src/session/storage/secretStorage';

/**
 * A secret storage in memory that windows share. Each operation takes a turn of the event loop, so that windows
 * interleave.
 */
export class MemorySecrets implements SecretStorage {
  readonly #values = new Map<string, string>();
  readonly #listeners = new Set<(event: { readonly key: string }) => void>();
  /** Whether windows learn nothing about changes, as if the machine slept. */
  losesHints = false;
  /** All completed operations, as in `store zeyos.accounts`. */
  readonly operations: string[] = [];

  async get(key: string): Promise<string | undefined> {
    await turn();
    this.operations.push(`get ${key}`);
    return this.#values.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    await turn();
    this.operations.push(`store ${key}`);
    this.#values.set(key, value);
    this.#tell(key);
  }

  async delete(key: string): Promise<void> {
    await turn();
    this.operations.push(`delete ${key}`);
    if (this.#values.delete(key)) this.#tell(key);
  }

  /** Fires in the window that wrote, too, as the editor does. */
  onDidChange(listener: (event: { readonly key: string }) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** Everything that is stored, for searches. */
  get text(): string {
    return [...this.#values.values()].join('\n');
  }

  #tell(key: string): void {
    if (this.losesHints) return;
    for (const listener of this.#listeners) listener({ key });
  }
}

/** Access of one window to the shared secrets that fails or crashes at an operation. */
export class UnluckySecrets implements SecretStorage {
  readonly #secrets: SecretStorage;
  #count = 0;
  #bad: (count: number) => Promise<never> | undefined = () => undefined;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  /** Rejects the `n`-th operation from now (the first is 1) without doing it. */
  failAt(n: number): { readonly hasFailed: boolean } {
    const outcome = { hasFailed: false };
    this.#count = 0;
    this.#bad = (count) => {
      if (count !== n) return undefined;
      outcome.hasFailed = true;
      return Promise.reject(new Error('the keyring is locked'));
    };
    return outcome;
  }

  /** Simulates a crash before the `n`-th operation from now: it and all later ones are neither done nor answered. */
  crashAt(n: number): Promise<'crashed'> {
    this.#count = 0;
    return new Promise((resolve) => {
      this.#bad = (count) => {
        if (count < n) return undefined;
        resolve('crashed');
        return new Promise<never>(() => undefined);
      };
    });
  }

  get(key: string): PromiseLike<string | undefined> {
    return this.#bad(++this.#count) ?? this.#secrets.get(key);
  }

  store(key: string, value: string): PromiseLike<void> {
    return this.#bad(++this.#count) ?? this.#secrets.store(key, value);
  }

  delete(key: string): PromiseLike<void> {
    return this.#bad(++this.#count) ?? this.#secrets.delete(key);
  }
}

/** Access of one window to the shared secrets that sleeps after an operation. */
export class SleepySecrets implements SecretStorage {
  readonly #secrets: SecretStorage;
  #moment: { readonly operation: 'get' | 'store'; readonly key: string } | undefined;
  #fallAsleep = (): void => undefined;
  #wake = (): void => undefined;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  /** Stops the window after it has read or stored a key with this prefix. Resolves when the window sleeps. */
  sleepAfter(operation: 'get' | 'store', key: string): Promise<void> {
    this.#moment = { operation, key };
    return new Promise((resolve) => (this.#fallAsleep = resolve));
  }

  wake(): void {
    this.#wake();
  }

  async get(key: string): Promise<string | undefined> {
    const value = await this.#secrets.get(key);
    await this.#done('get', key);
    return value;
  }

  async store(key: string, value: string): Promise<void> {
    await this.#secrets.store(key, value);
    await this.#done('store', key);
  }

  delete(key: string): PromiseLike<void> {
    return this.#secrets.delete(key);
  }

  async #done(operation: 'get' | 'store', key: string): Promise<void> {
    if (operation !== this.#moment?.operation || !key.startsWith(this.#moment.key)) return;
    this.#moment = undefined;
    this.#fallAsleep();
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

/**
 * How a failing keyring treats an operation. `hang`: neither does nor answers it. `late`: the same until {@link
 * TroubledSecrets.answer}. `fail`: rejects it without doing it. `lostAnswer`: does it without an answer.
 */
export type KeyringTrouble = 'hang' | 'late' | 'fail' | 'lostAnswer';

/** Access of one window to the shared secrets through a failing keyring. */
export class TroubledSecrets implements SecretStorage {
  readonly #secrets: SecretStorage;
  readonly #troubles: {
    readonly trouble: KeyringTrouble;
    readonly operation: keyof SecretStorage | 'any';
    readonly key: string;
  }[] = [];
  readonly #late: (() => Promise<void>)[] = [];
  #runningCount = 0;
  /** All operations that began, as in `store zeyos.accounts`. */
  readonly attempts: string[] = [];
  /** The operations without an answer, as in `store zeyos.accounts`. */
  readonly unanswered: string[] = [];

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  /** Whether no operation is running that will be answered. */
  get isIdle(): boolean {
    return this.#runningCount === 0;
  }

  /** Starts a failure for operations on keys with this prefix. */
  begin(trouble: KeyringTrouble, operation: keyof SecretStorage | 'any' = 'any', key = ''): void {
    this.#troubles.unshift({ trouble, operation, key });
  }

  /** Ends the failure for new operations. Late operations stay unanswered. */
  end(): void {
    this.#troubles.length = 0;
  }

  /** Does and answers the late operations, the oldest first. */
  async answer(): Promise<void> {
    for (const run of this.#late.splice(0)) await run();
  }

  get(key: string): Promise<string | undefined> {
    return this.#run('get', key, () => this.#secrets.get(key));
  }

  store(key: string, value: string): Promise<void> {
    return this.#run('store', key, () => this.#secrets.store(key, value));
  }

  delete(key: string): Promise<void> {
    return this.#run('delete', key, () => this.#secrets.delete(key));
  }

  async #run<T>(operation: keyof SecretStorage, key: string, run: () => PromiseLike<T>): Promise<T> {
    this.attempts.push(`${operation} ${key}`);
    const found = this.#troubles.find(
      (each) => (each.operation === 'any' || each.operation === operation) && key.startsWith(each.key),
    );
    if (!found) {
      this.#runningCount++;
      try {
        return await run();
      } finally {
        this.#runningCount--;
      }
    }
    if (found.trouble === 'fail') throw new Error('the keyring is locked');
    this.unanswered.push(`${operation} ${key}`);
    if (found.trouble === 'lostAnswer') await run();
    return new Promise((resolve, reject) => {
      if (found.trouble === 'late') this.#late.push(() => Promise.resolve(run()).then(resolve, reject));
    });
  }
}
