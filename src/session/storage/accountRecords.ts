import type { Clock } from '../../base/clock';
import type { Log } from '../../base/log';
import { SecretStorageTimeoutError } from './boundedSecretStorage';
import { Changes } from '../../base/changes';
import { Generations, withGeneration } from './generations';
import { isIntact, parseIndex, parseRecord, serializeIndex, serializeRecord } from './serialization';
import type { Memento, SecretStorage } from './secretStorage';
import type { AccountRecord, KnownAccount } from '../model/session';

/** The editor may log the keys of secrets, so none contains a name or a URL. */
const INDEX = 'zeyos.accounts';
const ACCOUNT = 'zeyos.account.';

/**
 * Stores a secret for each account, and an index without tokens. If the editor deletes the index because it cannot
 * decrypt it, the accounts count as lost, not as unknown, thanks to a copy in the memento.
 */
export class AccountRecords {
  readonly #secrets: SecretStorage;
  readonly #log: Log;
  readonly #memento: Memento;
  readonly #generations: Generations;
  readonly #lateAnswers = new Changes();
  #lastIndex: readonly KnownAccount[] | undefined;

  constructor(services: { secrets: SecretStorage; memento: Memento; clock: Clock; log: Log }) {
    this.#secrets = services.secrets;
    this.#memento = services.memento;
    this.#log = services.log;
    this.#generations = new Generations(services.clock);
  }

  /** Returns `{}` for the index, and `undefined` for another part's key. */
  subjectOf(key: string): { readonly id?: string } | undefined {
    if (key === INDEX) return {};
    return key.startsWith(ACCOUNT) ? { id: key.slice(ACCOUNT.length) } : undefined;
  }

  get onDidAnswerLate(): Changes['onDidChange'] {
    return this.#lateAnswers.onDidChange;
  }

  /** Known without reading the secret storage. */
  get knownAccounts(): readonly KnownAccount[] {
    return this.#lastIndex ?? this.#remembered();
  }

  /** @throws {NewerVersionError} */
  async index(): Promise<readonly KnownAccount[]> {
    return (await this.readIndex()).accounts;
  }

  /**
   * Completes a missing or damaged index from its copy.
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
        `the index of accounts is ${text === undefined ? 'gone' : 'damaged'}; ` +
          `${remembered.length} accounts are remembered`,
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
   * If this rejects, {@link correct} undoes a late completion.
   * @param isKept the caller repeats the write, so a late completion is welcome
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

  get needsCorrection(): boolean {
    return this.#generations.outdated.length > 0;
  }

  /** Undoes late writes. Calls `confirm` before each write. */
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

  /** For writes of the index, and deletions: see {@link Generations.late}. */
  async #change(key: string, content: string | undefined, operation: PromiseLike<void>): Promise<void> {
    try {
      await this.#watch(operation);
    } catch (error) {
      if (error instanceof SecretStorageTimeoutError) void error.settled.then(this.#generations.late(key, content));
      throw error;
    }
  }

  async #watch<T>(operation: PromiseLike<T>): Promise<T> {
    try {
      return await operation;
    } catch (error) {
      if (error instanceof SecretStorageTimeoutError) void error.settled.then(() => this.#lateAnswers.fire());
      throw error;
    }
  }

  /** Accounts never leave the index: if one is missing, an older write was completed late. */
  #withMissing(accounts: readonly KnownAccount[]): readonly KnownAccount[] {
    const missing = (this.#lastIndex ?? []).filter(({ id }) => !accounts.some((other) => other.id === id));
    return missing.length === 0 ? accounts : [...accounts, ...missing];
  }

  #remembered(): readonly KnownAccount[] {
    const text = this.#memento.get(INDEX);
    try {
      return parseIndex(typeof text === 'string' ? text : undefined);
    } catch {
      // A newer version wrote the copy.
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
