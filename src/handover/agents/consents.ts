import { randomUUID } from 'node:crypto';
import { Changes } from '../../base/changes';
import { parseJsonObject } from '../../base/json';
import type { Log } from '../../base/log';
import type { Memento, SecretStorage } from '../../session/storage/secretStorage';
import { isSignedIn, type StoredAccount } from '../../session/model/session';
import type { SessionStore } from '../../session/storage/sessionStore';

export type AgentAccess = 'read' | 'write';

/** The stored consents name the workspace by this random value. */
const WORKSPACE = 'zeyos.agents.workspace';
const PREFIX = 'zeyos.agents.';
/** For one account. The oldest is deleted first. */
const MOST_WORKSPACES = 100;

/**
 * All consents for one account are one entry of the secret storage, so signing out deletes them in every workspace at
 * once.
 */
export class AgentConsents {
  readonly #secrets: SecretStorage;
  readonly #workspace: Memento;
  readonly #store: SessionStore;
  readonly #log: Log;
  readonly #changes = new Changes();
  readonly #subscription: { dispose(): void };
  /** By session ID. An account without an entry has not been read. */
  readonly #known = new Map<string, AgentAccess | undefined>();
  #signedIn: ReadonlySet<string> = new Set();

  readonly onDidChange = this.#changes.onDidChange;

  constructor(services: { secrets: SecretStorage; workspace: Memento; store: SessionStore; log: Log }) {
    this.#secrets = services.secrets;
    this.#workspace = services.workspace;
    this.#store = services.store;
    this.#log = services.log;
    this.#subscription = services.store.onDidChange(() => this.#follow());
  }

  known({ id }: Pick<StoredAccount, 'id'>): AgentAccess | undefined {
    return this.#known.get(id);
  }

  /** If the storage fails, the account has no consent. */
  async read({ id }: Pick<StoredAccount, 'id'>): Promise<AgentAccess | undefined> {
    const workspace = this.#workspaceName;
    if (this.#known.has(id) || workspace === undefined) return this.#known.get(id);
    try {
      const access = (await this.#readAll(id))[workspace];
      // During the read, the user may have given or withdrawn the consent.
      if (!this.#known.has(id)) this.#set(id, access);
    } catch (error) {
      this.#log.warn(`agents: the consent cannot be read: ${String(error)}`);
    }
    return this.#known.get(id);
  }

  /** If the storage fails, the consent counts in this window only. */
  async give({ id }: Pick<StoredAccount, 'id'>, access: AgentAccess): Promise<void> {
    this.#set(id, access);
    try {
      let workspace = this.#workspaceName;
      if (workspace === undefined) {
        workspace = randomUUID();
        await this.#workspace.update(WORKSPACE, workspace);
      }
      await this.#writeAll(id, { ...(await this.#readAll(id)), [workspace]: access });
    } catch (error) {
      this.#log.warn(`agents: the consent cannot be kept: ${String(error)}`);
    }
    // During the write, the user may have signed out.
    if (!this.#signedIn.has(id)) await this.#forget(id);
  }

  /**
   * Takes effect in this window even if the promise rejects.
   * @throws the storage's error if it does not save the change
   */
  async withdraw({ id }: Pick<StoredAccount, 'id'>): Promise<void> {
    this.#set(id, undefined);
    const workspace = this.#workspaceName;
    if (workspace === undefined) return;
    const { [workspace]: _withdrawn, ...others } = await this.#readAll(id);
    await this.#writeAll(id, others);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  get #workspaceName(): string | undefined {
    const name = this.#workspace.get(WORKSPACE);
    return typeof name === 'string' && name !== '' ? name : undefined;
  }

  /** Deletes the consents of signed-out accounts, and reads those of the others. */
  #follow(): void {
    const before = this.#signedIn;
    const accounts = this.#store.accounts.filter(isSignedIn);
    this.#signedIn = new Set(accounts.map(({ id }) => id));
    for (const id of before) if (!this.#signedIn.has(id)) void this.#forget(id);
    for (const account of accounts) if (!before.has(account.id)) void this.read(account);
  }

  /** Never rejects. */
  async #forget(id: string): Promise<void> {
    this.#set(id, undefined);
    this.#known.delete(id);
    try {
      await this.#secrets.delete(PREFIX + id);
    } catch (error) {
      this.#log.warn(`agents: the consents for an account that was signed out cannot be deleted: ${String(error)}`);
    }
  }

  #set(id: string, access: AgentAccess | undefined): void {
    const before = this.#known.get(id);
    this.#known.set(id, access);
    if (before !== access) this.#changes.fire();
  }

  async #readAll(id: string): Promise<Readonly<Record<string, AgentAccess>>> {
    const content = parseJsonObject((await this.#secrets.get(PREFIX + id)) ?? '') ?? {};
    return Object.fromEntries(
      Object.entries(content).filter((entry): entry is [string, AgentAccess] => isAccess(entry[1])),
    );
  }

  async #writeAll(id: string, consents: Readonly<Record<string, AgentAccess>>): Promise<void> {
    const entries = Object.entries(consents).slice(-MOST_WORKSPACES);
    if (entries.length === 0) await this.#secrets.delete(PREFIX + id);
    else await this.#secrets.store(PREFIX + id, JSON.stringify(Object.fromEntries(entries)));
  }
}

function isAccess(value: unknown): value is AgentAccess {
  return value === 'read' || value === 'write';
}
