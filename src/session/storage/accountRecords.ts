import type { Clock } from '../../base/clock';
import type { Log } from '../../base/log';
import { SecretStorageTimeoutError } from './boundedSecretStorage';
import { Changes } from '../../base/changes';
import { Generations, withGeneration } from './generations';
import { isIntact, parseIndex, parseRecord, serializeIndex, serializeRecord } from './serialization';
import type { Memento, SecretStorage } from './secretStorage';
import type { AccountRecord, KnownAccount } from '../model/session';

/** Names of secrets are no secret: the editor may log them. */
const INDEX = 'zeyos.accounts';
const ACCOUNT = 'zeyos.account.';

/**
 * The layout of the secret storage: one secret for each account, and an index of all accounts that holds no token. A copy of the
 * index is kept outside, for when the editor has deleted it because it could not decrypt it: then the accounts are lost, not unknown.
 */
export class AccountRecords {
  readonly #secrets: SecretStorage;
  readonly #log: Log;
  readonly #memento: Memento;
  readonly #generations: Generations;
  readonly #lateAnswers = new Changes();
  /** The index as it was last read or written here. */
  #lastIndex: readonly KnownAccount[] | undefined;

  constructor(services: { secrets: SecretStorage; memento: Memento; clock: Clock; log: Log }) {
    this.#secrets = services.secrets;
    this.#memento = services.memento;
    this.#log = services.log;
    this.#generations = new Generations(services.clock);
  }

  /** What a key of the secret storage is for: the index, the account with an id, or neither. */
  subjectOf(key: string): { readonly id?: string } | undefined {
    if (key === INDEX) return {};
    return key.startsWith(ACCOUNT) ? { id: key.slice(ACCOUNT.length) } : undefined;
  }

  /** The storage has answered, or done, what was no longer waited for. */
  get onDidAnswerLate(): Changes['onDidChange'] {
    return this.#lateAnswers.onDidChange;
  }

  /** The accounts as far as they are known without the secret storage. */
  get knownAccounts(): readonly KnownAccount[] {
    return this.#lastIndex ?? this.#remembered();
  }

  /** @throws {NewerVersionError} */
  async index(): Promise<readonly KnownAccount[]> {
    return (await this.readIndex()).accounts;
  }

  /**
   * The index, and whether it is there and nothing in it is damaged. If it is not intact, the copy of it completes it.
   * @throws {NewerVersionError}
   */
  async readIndex(): Promise<{ readonly accounts: readonly KnownAccount[]; readonly isIntact: boolean }> {
    const text = await this.#get(INDEX);
    const accounts = this.#withMissing(parseIndex(text));
    if (isIntact(text)) {
      this.#remember(accounts);
      return { accounts, isIntact: true };
    }
    const remembered = this.#remembered().filter(({ id }) => !accounts.some((other) => other.id === id));
    if (remembered.length > 0)
      this.#log.warn(
        `the index of accounts is ${text === undefined ? 'gone' : 'damaged'}; ${remembered.length} accounts are remembered`,
      );
    return { accounts: [...accounts, ...remembered], isIntact: false };
  }

  async storeIndex(accounts: readonly KnownAccount[]): Promise<void> {
    const content = serializeIndex(accounts);
    await this.#change(INDEX, content, this.#secrets.store(INDEX, content));
    this.#generations.written(INDEX, content, 0);
    this.#remember(accounts);
  }

  /** @throws {NewerVersionError} */
  async get(id: string): Promise<AccountRecord | undefined> {
    return parseRecord(await this.#get(ACCOUNT + id));
  }

  /**
   * When this rejects, the record stays as it was: should the storage do the write later, it is undone by {@link correct}.
   * @param isKept whether the caller keeps the record and writes it again, so that a write that is done later is welcome
   */
  async store(id: string, record: AccountRecord, isKept = false): Promise<void> {
    const key = ACCOUNT + id;
    const content = serializeRecord(record);
    const generation = this.#generations.next(key);
    try {
      await this.#watch(this.#secrets.store(key, withGeneration(content, generation)));
    } catch (error) {
      if (!isKept) this.#generations.disown(key, content, generation);
      throw error;
    }
    this.#generations.written(key, content, generation);
  }

  async delete(id: string): Promise<void> {
    const key = ACCOUNT + id;
    const generation = this.#generations.next(key);
    await this.#change(key, undefined, this.#secrets.delete(key));
    this.#generations.written(key, undefined, generation);
  }

  /** Whether a write that was done late has replaced something newer, or has been given up: see {@link correct}. */
  get needsCorrection(): boolean {
    return this.#generations.outdated.length > 0;
  }

  /**
   * Stores what should be there in place of what was written late.
   * @param confirm called before each write
   */
  async correct(confirm: () => Promise<void>): Promise<void> {
    for (const key of this.#generations.outdated) {
      await this.#get(key);
      const correction = this.#generations.correction(key);
      if (!correction) continue;
      const { content, generation } = correction;
      await confirm();
      const text = content === undefined || key === INDEX ? content : withGeneration(content, generation);
      await this.#change(key, content, text === undefined ? this.#secrets.delete(key) : this.#secrets.store(key, text));
      this.#generations.written(key, content, generation);
      this.#log.warn('the secret storage did an old write late; what it replaced has been put back');
    }
  }

  async #get(key: string): Promise<string | undefined> {
    return this.#generations.read(key, await this.#watch(this.#secrets.get(key)));
  }

  /** Waits for a write without a number, or a deletion: see {@link Generations.late}. */
  async #change(key: string, content: string | undefined, operation: PromiseLike<void>): Promise<void> {
    try {
      await this.#watch(operation);
    } catch (error) {
      if (error instanceof SecretStorageTimeoutError) void error.settled.then(this.#generations.late(key, content));
      throw error;
    }
  }

  /** Has an operation that is late reported when the storage answers after all. */
  async #watch<T>(operation: PromiseLike<T>): Promise<T> {
    try {
      return await operation;
    } catch (error) {
      if (error instanceof SecretStorageTimeoutError) void error.settled.then(() => this.#lateAnswers.fire());
      throw error;
    }
  }

  /** No account ever leaves the index: an older one that was written late may have replaced it. */
  #withMissing(accounts: readonly KnownAccount[]): readonly KnownAccount[] {
    const missing = (this.#lastIndex ?? []).filter(({ id }) => !accounts.some((other) => other.id === id));
    return missing.length === 0 ? accounts : [...accounts, ...missing];
  }

  #remembered(): readonly KnownAccount[] {
    const text = this.#memento.get(INDEX);
    try {
      return parseIndex(typeof text === 'string' ? text : undefined);
    } catch {
      // A newer version's copy is of no use here.
      return [];
    }
  }

  #remember(accounts: readonly KnownAccount[]): void {
    this.#lastIndex = accounts;
    const text = serializeIndex(accounts);
    if (this.#memento.get(INDEX) !== text)
      void Promise.resolve(this.#memento.update(INDEX, text)).catch(() => undefined);
  }
}
