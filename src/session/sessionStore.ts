import { EventEmitter } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../zeyos/log';
import type { PlatformUrl } from '../zeyos/platform';
import type { AccountSecrets } from './accountSecrets';
import { identify, type Identity } from './accounts';
import type { Lease } from './lease';
import type { AccountSecret } from './serialization';
import type { AccessToken, KnownAccount, PendingRevocation, StoredAccount } from './session';

const NOTHING: AccountSecret = { pendingRevocations: [] };

/**
 * The accounts and their tokens. Storage is the truth, `accounts` is what was read last, and a change is what differs
 * between the two. Every write re-reads first and holds a lease, so that two windows that write at once lose nothing.
 * Everything rejects when the storage fails; then `accounts` is as before.
 */
export class SessionStore {
  readonly #secrets: AccountSecrets;
  readonly #lease: Lease;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #changes = new EventEmitter();
  #accounts: readonly StoredAccount[] = [];
  #queue: Promise<unknown> = Promise.resolve();
  #pendingRefresh: Promise<void> | undefined;

  constructor(seams: { secrets: AccountSecrets; lease: Lease; now: () => number; log: Log }) {
    this.#secrets = seams.secrets;
    this.#lease = seams.lease;
    this.#now = seams.now;
    this.#log = seams.log;
  }

  /** What is known, signed in or not, from memory. */
  get accounts(): readonly StoredAccount[] {
    return this.#accounts;
  }

  find(id: string): StoredAccount | undefined {
    return this.#accounts.find((account) => account.id === id);
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.#changes.on('change', listener);
    return { dispose: () => this.#changes.off('change', listener) };
  }

  /** Reads everything again; calls share a read that has not begun yet. */
  refresh(): Promise<void> {
    this.#pendingRefresh ??= this.#enqueue(async () => {
      this.#pendingRefresh = undefined;
      this.#apply(await this.#secrets.readAll((id) => this.find(id)?.lost === true));
    });
    return this.#pendingRefresh;
  }

  /**
   * Keeps a new token for whoever it belongs to. A token that it replaces becomes a pending revocation. When this rejects
   * the new token was not kept, and is the caller's to revoke.
   */
  signIn(platform: PlatformUrl, identity: Identity, accessToken: AccessToken): Promise<StoredAccount> {
    return this.#put(platform, identity, (secret) => ({
      session: { surface: 'authV1', accessToken, signedInAt: this.#now() },
      // A server that issues the same token again must not be told to revoke it.
      pendingRevocations: revokeSession(secret).filter(({ token }) => token !== accessToken.value),
    }));
  }

  /** Remembers to revoke a token that was issued but is not wanted. */
  abandon(platform: PlatformUrl, identity: Identity, accessToken: AccessToken): Promise<StoredAccount> {
    return this.#put(platform, identity, (secret) => ({ ...secret, pendingRevocations: [...secret.pendingRevocations, toPending(accessToken)] }));
  }

  /** Turns the session into a pending revocation, in one write. Resolves to whether there was one. */
  signOut(id: string): Promise<boolean> {
    return this.#change(id, (secret) => ({ pendingRevocations: revokeSession(secret) }));
  }

  /** The server ended this very token: the session stays as one to sign in to again. */
  markRevoked(id: string, token: string): Promise<boolean> {
    return this.#change(id, (secret) => {
      if (secret.session?.accessToken?.value !== token) return secret;
      const { accessToken: _ended, ...session } = secret.session;
      return { ...secret, session };
    });
  }

  /** Keeps an expiry that the server told later than the token. Epoch milliseconds. */
  learnExpiry(id: string, token: string, expiresAt: number): Promise<boolean> {
    return this.#change(id, (secret) => {
      const { session } = secret;
      if (session?.accessToken?.value !== token || session.accessToken.expiresAt !== undefined) return secret;
      return { ...secret, session: { ...session, accessToken: { ...session.accessToken, expiresAt } } };
    });
  }

  /** The server knows now, or the token has expired: nothing is pending any more. */
  settle(id: string, token: string): Promise<boolean> {
    return this.#change(id, (secret) => ({ ...secret, pendingRevocations: secret.pendingRevocations.filter((pending) => pending.token !== token) }));
  }

  /** Changes the secret of an account that may be new. */
  #put(platform: PlatformUrl, identity: Identity, change: (secret: AccountSecret) => AccountSecret): Promise<StoredAccount> {
    return this.#write(async (index) => {
      const known = identify(index, platform, identity);
      const all = [...index.filter(({ id }) => id !== known.id), known];
      // Known before its secret exists, so that a crash in between leaves no token that nobody can find.
      if (!index.some((other) => isDeepStrictEqual(other, known))) await this.#secrets.storeIndex(all);
      const secret = change((await this.#secrets.get(known.id)) ?? NOTHING);
      return this.#store(known, secret, all);
    });
  }

  /** Changes the secret of a known account. Resolves to whether anything changed. */
  #change(id: string, change: (secret: AccountSecret) => AccountSecret): Promise<boolean> {
    return this.#write(async (index) => {
      const known = index.find((account) => account.id === id);
      if (!known) return false;
      const before = (await this.#secrets.get(id)) ?? NOTHING;
      const after = change(before);
      if (isDeepStrictEqual(after, before) && known.signedIn === (after.session !== undefined)) return false;
      await this.#store(known, after, index);
      return true;
    });
  }

  /** Writes one account's secret, or deletes it when nothing is left in it, and has the index agree. */
  async #store(known: KnownAccount, secret: AccountSecret, index: readonly KnownAccount[]): Promise<StoredAccount> {
    const signedIn = secret.session !== undefined;
    const isEmpty = !signedIn && secret.pendingRevocations.length === 0;
    if (!isEmpty) await this.#secrets.store(known.id, secret);
    if (signedIn !== known.signedIn) {
      const agreed = this.#secrets.storeIndex(index.map((other) => (other.id === known.id ? { ...known, signedIn } : other)));
      // What was just stored is what counts, and cannot be taken back; the next change has the index catch up.
      await (isEmpty ? agreed : agreed.catch((error: Error) => this.#log.warn(`the index of accounts is behind: ${error.message}`)));
    }
    // Last, since a secret that is gone while the index promises it counts as lost.
    if (isEmpty) await this.#secrets.delete(known.id);
    const stored: StoredAccount = { ...known, signedIn, ...secret, lost: false };
    this.#apply([...this.#accounts.filter(({ id }) => id !== stored.id), stored]);
    return stored;
  }

  #write<T>(work: (index: readonly KnownAccount[]) => Promise<T>): Promise<T> {
    return this.#enqueue(() => this.#lease.hold(async () => work(await this.#secrets.index())));
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch((error: unknown) => this.#log.error(`secret storage: ${error instanceof Error ? error.message : 'failed'}`));
    return result;
  }

  #apply(accounts: readonly StoredAccount[]): void {
    const sorted = [...accounts].sort((a, b) => a.account.label.localeCompare(b.account.label));
    if (isDeepStrictEqual(sorted, this.#accounts)) return;
    this.#accounts = sorted;
    this.#changes.emit('change');
  }
}

function toPending({ value, expiresAt }: AccessToken): PendingRevocation {
  return { surface: 'authV1', token: value, ...(expiresAt !== undefined && { expiresAt }) };
}

/** What is to be revoked once the session is gone. */
function revokeSession({ session, pendingRevocations }: AccountSecret): readonly PendingRevocation[] {
  return session?.accessToken ? [...pendingRevocations, toPending(session.accessToken)] : pendingRevocations;
}
