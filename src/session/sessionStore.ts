import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../zeyos/log';
import type { PlatformUrl } from '../zeyos/platform';
import type { AccountSecrets } from './accountSecrets';
import { identify, type Identity } from './accounts';
import { Changes } from './changes';
import { holdUntilDone, type Hold, type Lease } from './lease';
import type { AccountSecret } from './serialization';
import type { KnownAccount, StoredAccount, TokenSet } from './session';
import { setAside, signedIn, signedOut, type Transition } from './transitions';

const NOTHING: AccountSecret = { pendingRevocations: [] };

/**
 * The accounts and their tokens. Storage is the truth, `accounts` is what was read last, and a change is what differs
 * between the two. Every write re-reads first and holds a lease, so that two windows that write at once lose nothing,
 * and none that slept in between writes what it had read before.
 * Everything rejects when the storage fails; then `accounts` is as before.
 */
export class SessionStore {
  readonly #secrets: AccountSecrets;
  readonly #lease: Lease;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #changes = new Changes();
  #accounts: readonly StoredAccount[] = [];
  #queue: Promise<unknown> = Promise.resolve();
  #pendingRefresh: Promise<void> | undefined;

  constructor(services: { secrets: AccountSecrets; lease: Lease; now: () => number; log: Log }) {
    this.#secrets = services.secrets;
    this.#lease = services.lease;
    this.#now = services.now;
    this.#log = services.log;
  }

  /** What is known, signed in or not, from memory. */
  get accounts(): readonly StoredAccount[] {
    return this.#accounts;
  }

  find(id: string): StoredAccount | undefined {
    return this.#accounts.find((account) => account.id === id);
  }

  get onDidChange(): Changes['onDidChange'] {
    return this.#changes.onDidChange;
  }

  /** Reads everything again; calls share a read that has not begun yet. */
  refresh(): Promise<void> {
    this.#pendingRefresh ??= this.#enqueue(async () => {
      this.#pendingRefresh = undefined;
      this.#apply(await this.#secrets.readAll((id) => this.find(id)));
    });
    return this.#pendingRefresh;
  }

  /**
   * Keeps new tokens for whoever they belong to. What they replace becomes a pending revocation. When this rejects the new
   * tokens were not kept, and are the caller's to revoke.
   */
  signIn(platform: PlatformUrl, identity: Identity, tokens: TokenSet): Promise<StoredAccount> {
    return this.#put(platform, identity, signedIn(tokens, this.#now()));
  }

  /** Remembers to revoke tokens that were issued but are not wanted. */
  abandon(platform: PlatformUrl, identity: Identity, tokens: TokenSet): Promise<StoredAccount> {
    return this.#put(platform, identity, setAside(tokens));
  }

  /** Turns the session, even one that was lost, into a pending revocation, in one write. Resolves to whether there was one. */
  signOut(id: string): Promise<boolean> {
    return this.#write(async (index, hold) => {
      const known = index.find((account) => account.id === id);
      const secret = (await this.#secrets.get(id)) ?? NOTHING;
      if (!known || !(known.signedIn || secret.session)) return false;
      await this.#store(known, signedOut(secret), index, hold);
      return true;
    });
  }

  /** Changes the secret of an account that has one. Resolves to whether anything changed. */
  update(id: string, change: Transition): Promise<boolean> {
    return this.#write(async (index, hold) => {
      const known = index.find((account) => account.id === id);
      const before = await this.#secrets.get(id);
      const after = before && change(before);
      if (!known || !after || isDeepStrictEqual(after, before)) return false;
      await this.#store(known, after, index, hold);
      return true;
    });
  }

  /** Changes the secret of an account that may be new. */
  #put(platform: PlatformUrl, identity: Identity, change: Transition): Promise<StoredAccount> {
    return this.#write(async (index, hold) => {
      const known = identify(index, platform, identity);
      const all = [...index.filter(({ id }) => id !== known.id), known];
      // Known before its secret exists, so that a crash in between leaves no token that nobody can find.
      if (!index.some((other) => isDeepStrictEqual(other, known))) {
        await hold.confirm();
        await this.#secrets.storeIndex(all);
      }
      const secret = change((await this.#secrets.get(known.id)) ?? NOTHING);
      return this.#store(known, secret, all, hold);
    });
  }

  /** Writes one account's secret, or deletes it when nothing is left in it, and has the index agree. */
  async #store(known: KnownAccount, secret: AccountSecret, index: readonly KnownAccount[], hold: Hold): Promise<StoredAccount> {
    const signedIn = secret.session !== undefined;
    const isEmpty = !signedIn && secret.pendingRevocations.length === 0;
    if (!isEmpty) {
      await hold.confirm();
      await this.#secrets.store(known.id, secret);
    }
    if (signedIn !== known.signedIn) {
      const agreed = hold
        .confirm()
        .then(() => this.#secrets.storeIndex(index.map((other) => (other.id === known.id ? { ...known, signedIn } : other))));
      // What was just stored is what counts, and cannot be taken back; the next change has the index catch up.
      await (isEmpty ? agreed : agreed.catch((error: Error) => this.#log.warn(`the index of accounts is behind: ${error.message}`)));
    }
    // Last, since a secret that is gone while the index promises it counts as lost.
    if (isEmpty) {
      await hold.confirm();
      await this.#secrets.delete(known.id);
    }
    const stored: StoredAccount = { ...known, signedIn, ...secret, lost: false };
    this.#apply([...this.#accounts.filter(({ id }) => id !== stored.id), stored]);
    return stored;
  }

  #write<T>(work: (index: readonly KnownAccount[], hold: Hold) => Promise<T>): Promise<T> {
    return this.#enqueue(() => holdUntilDone(this.#lease, async (hold) => work(await this.#secrets.index(), hold)));
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
    this.#changes.fire();
  }
}
