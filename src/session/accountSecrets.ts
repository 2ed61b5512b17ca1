import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../zeyos/log';
import { NewerVersionError, parseIndex, parseSecret, serializeIndex, serializeSecret, type AccountSecret } from './serialization';
import type { KnownAccount, StoredAccount } from './session';

/** The part of `vscode.SecretStorage` that is used. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** Names of secrets are no secret: the editor may log them. */
const INDEX = 'zeyos.accounts';
const ACCOUNT = 'zeyos.account.';

/** How long a secret that the index promises may be late before it counts as lost, in milliseconds. */
const SECOND_READ_MS = 500;

/** The layout of the secret storage: one secret for each account, and an index of all accounts that holds no token. */
export class AccountSecrets {
  readonly #secrets: Secrets;
  readonly #log: Log;

  constructor(secrets: Secrets, log: Log) {
    this.#secrets = secrets;
    this.#log = log;
  }

  /** Whether a key of the secret storage is one of these. */
  owns(key: string): boolean {
    return key === INDEX || key.startsWith(ACCOUNT);
  }

  /** @throws {NewerVersionError} */
  async index(): Promise<readonly KnownAccount[]> {
    return parseIndex(await this.#secrets.get(INDEX));
  }

  async storeIndex(accounts: readonly KnownAccount[]): Promise<void> {
    await this.#secrets.store(INDEX, serializeIndex(accounts));
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

  /** Every account; one whose secret is missing is read twice before it counts as lost. */
  async readAll(isKnownToBeLost: (id: string) => boolean): Promise<readonly StoredAccount[]> {
    const accounts = await this.#readAll();
    if (!accounts.some(({ id, lost }) => lost && !isKnownToBeLost(id))) return accounts;
    await delay(SECOND_READ_MS);
    return this.#readAll();
  }

  async #readAll(): Promise<readonly StoredAccount[]> {
    return Promise.all((await this.index()).map((known) => this.#readAccount(known)));
  }

  async #readAccount(known: KnownAccount): Promise<StoredAccount> {
    const secret = await this.get(known.id).catch((error: unknown) => {
      if (!(error instanceof NewerVersionError)) throw error;
      this.#log.warn(`cannot read an account: ${error.message}`);
    });
    return secret ? { ...known, ...secret, lost: false } : { ...known, lost: known.signedIn, pendingRevocations: [] };
  }
}
