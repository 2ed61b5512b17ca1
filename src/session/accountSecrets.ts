import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../zeyos/log';
import { isIntact, NewerVersionError, parseIndex, parseSecret, serializeIndex, serializeSecret, type AccountSecret } from './serialization';
import type { KnownAccount, StoredAccount } from './session';

/** The part of `vscode.SecretStorage` that is used. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** The part of `vscode.Memento` that is used. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** Names of secrets are no secret: the editor may log them. */
const INDEX = 'zeyos.accounts';
const ACCOUNT = 'zeyos.account.';

/** How long a secret that the index promises may be late before it counts as lost, in milliseconds. */
const SECOND_READ_MS = 500;

/**
 * The layout of the secret storage: one secret for each account, and an index of all accounts that holds no token. A copy of the
 * index is kept outside, for when the editor has deleted it because it could not decrypt it: then the accounts are lost, not unknown.
 */
export class AccountSecrets {
  readonly #secrets: Secrets;
  readonly #log: Log;
  readonly #memory: Memory;

  constructor(secrets: Secrets, log: Log, memory: Memory) {
    this.#secrets = secrets;
    this.#log = log;
    this.#memory = memory;
  }

  /** Whether a key of the secret storage is one of these. */
  owns(key: string): boolean {
    return key === INDEX || key.startsWith(ACCOUNT);
  }

  /** @throws {NewerVersionError} */
  async index(): Promise<readonly KnownAccount[]> {
    const text = await this.#secrets.get(INDEX);
    const accounts = parseIndex(text);
    if (isIntact(text)) {
      this.#remember(accounts);
      return accounts;
    }
    const remembered = this.#remembered().filter(({ id }) => !accounts.some((other) => other.id === id));
    if (remembered.length > 0)
      this.#log.warn(`the index of accounts is ${text === undefined ? 'gone' : 'damaged'}; ${remembered.length} accounts are remembered`);
    return [...accounts, ...remembered];
  }

  async storeIndex(accounts: readonly KnownAccount[]): Promise<void> {
    await this.#secrets.store(INDEX, serializeIndex(accounts));
    this.#remember(accounts);
  }

  /** @throws {NewerVersionError} */
  async get(id: string): Promise<AccountSecret | undefined> {
    return parseSecret(await this.#secrets.get(ACCOUNT + id));
  }

  async store(id: string, secret: AccountSecret): Promise<void> {
    await this.#secrets.store(ACCOUNT + id, serializeSecret(secret));
  }

  async delete(id: string): Promise<void> {
    await this.#secrets.delete(ACCOUNT + id);
  }

  /**
   * Every account; one whose secret is missing is read twice before it counts as lost. One whose secret cannot be read costs no
   * other: it is as it was known before, else neither signed in nor lost, until it can be read.
   * @param before what is known of an account from the last time
   */
  async readAll(before: (id: string) => StoredAccount | undefined): Promise<readonly StoredAccount[]> {
    const accounts = await this.#readAll(before);
    if (!accounts.some(({ id, lost }) => lost && !before(id)?.lost)) return accounts;
    await delay(SECOND_READ_MS);
    return this.#readAll(before);
  }

  async #readAll(before: (id: string) => StoredAccount | undefined): Promise<readonly StoredAccount[]> {
    return Promise.all((await this.index()).map((known) => this.#readAccount(known, before(known.id))));
  }

  async #readAccount(known: KnownAccount, before: StoredAccount | undefined): Promise<StoredAccount> {
    const nothing = { ...known, pendingRevocations: [] };
    let secret: AccountSecret | undefined;
    try {
      secret = await this.get(known.id);
    } catch (error) {
      this.#log.warn(`cannot read an account: ${error instanceof Error ? error.message : 'failed'}`);
      if (error instanceof NewerVersionError) return { ...nothing, lost: known.signedIn, isNewer: true };
      return before ? { ...before, ...known } : { ...nothing, lost: false };
    }
    return secret ? { ...known, ...secret, lost: false } : { ...nothing, lost: known.signedIn };
  }

  #remembered(): readonly KnownAccount[] {
    const text = this.#memory.get(INDEX);
    try {
      return parseIndex(typeof text === 'string' ? text : undefined);
    } catch {
      // A newer version's copy is of no use here.
      return [];
    }
  }

  #remember(accounts: readonly KnownAccount[]): void {
    const text = serializeIndex(accounts);
    if (this.#memory.get(INDEX) !== text) void Promise.resolve(this.#memory.update(INDEX, text)).catch(() => undefined);
  }
}
