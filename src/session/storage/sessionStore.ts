import type { Changes } from '../../base/changes';
import type { Clock } from '../../base/clock';
import type { Lease } from '../../base/lease';
import type { Log } from '../../base/log';
import { Part } from '../../base/part';
import type { PlatformUrl } from '../../zeyos/address/platform';
import type { Identity } from '../model/accounts';
import { refreshTokenOf, type SavedPassword } from '../model/grant';
import type { StoredAccount, TokenSet } from '../model/session';
import type { Transition } from '../model/transitions';
import { AccountReads } from './accountReads';
import type { AccountRecords } from './accountRecords';
import { AccountSnapshot } from './accountSnapshot';
import type { AccountWrites } from './accountWrites';
import { ReadProgress } from './readProgress';

/**
 * The accounts and their tokens. Each write holds a lease and reads first, so that concurrent windows lose nothing and
 * a window that slept writes nothing outdated.
 *
 * If the secret storage fails or does not answer in time, all methods reject and leave `accounts` as it was. Only new
 * tokens are in `accounts` at once, as unsaved, and their write is repeated until it succeeds.
 */
export class SessionStore {
  readonly #records: AccountRecords;
  readonly #reads: AccountReads;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #snapshot: AccountSnapshot;
  /** Loaded at the first write, which most windows never make. */
  readonly #writes: Part<AccountWrites>;
  readonly #subscription: { dispose(): void };
  #queue: Promise<unknown> = Promise.resolve();
  #pendingRefresh: Promise<void> | undefined;
  /** The keys of change events since the last read began. */
  readonly #hinted = new Set<string>();
  #pendingHints: Promise<void> | undefined;
  #pendingCatchUp: Promise<void> | undefined;

  readonly progress = new ReadProgress();

  constructor(services: { records: AccountRecords; lease: Lease; clock: Clock; log: Log }) {
    this.#records = services.records;
    this.#reads = new AccountReads(services);
    this.#clock = services.clock;
    this.#log = services.log;
    const snapshot = new AccountSnapshot(services.clock);
    this.#snapshot = snapshot;
    this.#writes = new Part(async () => {
      const { AccountWrites } = await import('./accountWrites.js');
      return new AccountWrites({ ...services, snapshot, retry: () => void this.save() });
    });
    // A late write may need undoing, and an unreadable record may be readable.
    this.#subscription = services.records.onDidAnswerLate(() => void this.refresh().catch(() => undefined));
  }

  get accounts(): readonly StoredAccount[] {
    return this.#snapshot.accounts;
  }

  find(id: string): StoredAccount | undefined {
    return this.#snapshot.find(id);
  }

  get onDidChange(): Changes['onDidChange'] {
    return this.#snapshot.onDidChange;
  }

  /** A stored session's tokens must not be revoked before its replacement is stored. */
  isStored(id: string, token: string): boolean {
    const session = this.#snapshot.stored.find((stored) => stored.id === id)?.session;
    return session !== undefined && [session.accessToken?.value, refreshTokenOf(session)?.value].includes(token);
  }

  /** Resolves when the account has no unsaved changes. */
  async saved(id: string): Promise<void> {
    await this.#snapshot.unsaved?.saved(id);
  }

  /** Reads everything, and writes unsaved changes. Calls share a read that has not begun. */
  refresh(): Promise<void> {
    this.#pendingRefresh ??= this.#enqueue(async () => {
      this.#pendingRefresh = undefined;
      this.#hinted.clear();
      await this.#takeOver(await this.#reads.everything(this.#snapshot.stored, this.progress));
    });
    return this.#pendingRefresh;
  }

  /** Also reads the index, and writes unsaved changes. */
  async reread(id: string): Promise<StoredAccount | undefined> {
    await this.#enqueue(async () => {
      await this.#takeOver(await this.#reads.some([id], this.#snapshot.stored, true));
    });
    return this.find(id);
  }

  /** Reads what a change event is about. Events share a read that has not begun, and can be missing or repeated. */
  hint(key: string): Promise<void> {
    if (!this.#records.subjectOf(key)) return Promise.resolve();
    this.#hinted.add(key);
    this.#pendingHints ??= this.#enqueue(async () => {
      this.#pendingHints = undefined;
      const subjects = [...this.#hinted].map((hinted) => this.#records.subjectOf(hinted));
      this.#hinted.clear();
      // A full read has begun since.
      if (subjects.length === 0) return;
      const ids = subjects.flatMap((subject) => subject?.id ?? []);
      const withIndex = subjects.some((subject) => subject && !subject.id);
      await this.#takeOver(await this.#reads.some(ids, this.#snapshot.stored, withIndex), withIndex);
    });
    return this.#pendingHints;
  }

  /** Makes up for missing change events, as {@link AccountReads} describes. */
  catchUp(activeId: string | undefined): Promise<void> {
    this.#pendingCatchUp ??= this.#enqueue(async () => {
      this.#pendingCatchUp = undefined;
      await this.#takeOver(await this.#reads.catchUp(activeId, this.#snapshot.stored));
    });
    return this.#pendingCatchUp;
  }

  /** Writes unsaved changes. Never rejects: it repeats failed writes. */
  save(): Promise<void> {
    return this.#enqueue(() => this.#save());
  }

  /**
   * Replaced tokens become a pending revocation. If this rejects, the caller has to revoke the new tokens. If the
   * account had a session, they are kept at least in memory: the server may have ended its tokens.
   */
  signIn(
    platform: PlatformUrl,
    identity: Identity,
    tokens: TokenSet,
    password?: SavedPassword,
  ): Promise<StoredAccount> {
    const signedInAt = this.#clock.now();
    return this.#enqueueWrite((writes) => writes.signIn(platform, identity, tokens, signedInAt, password));
  }

  /** Makes unwanted tokens a pending revocation. Rejects only if a newer version wrote the record. */
  setAside(platform: PlatformUrl, identity: Identity, tokens: TokenSet): Promise<StoredAccount> {
    return this.#enqueueWrite((writes) => writes.setAside(platform, identity, tokens));
  }

  /** Signs out even of a lost session. Resolves to whether the account was signed in. */
  signOut(id: string): Promise<boolean> {
    return this.#enqueueWrite((writes) => writes.signOut(id));
  }

  /** Changes an existing record. Resolves to whether it changed. */
  update(id: string, change: Transition): Promise<boolean> {
    return this.#enqueueWrite((writes) => writes.update(id, change));
  }

  /**
   * As {@link update}, but keeps a failed change in memory and applies it `later`: these tokens exist nowhere else.
   * @throws if this window does not know the account
   */
  keep(id: string, change: Transition, later = change): Promise<boolean> {
    return this.#enqueueWrite((writes) => writes.keep(id, change, later));
  }

  dispose(): void {
    this.#writes.dispose();
    this.#subscription.dispose();
  }

  /** @param isComplete whether the index was read, so that no account is missing */
  async #takeOver(stored: readonly StoredAccount[], isComplete = true): Promise<void> {
    this.#snapshot.apply(stored);
    if (isComplete) this.progress.end();
    await this.#save();
  }

  /** Loads the writes only if they are needed. Never rejects. */
  async #save(): Promise<void> {
    if (!this.#snapshot.unsaved?.accounts.length && !this.#records.needsCorrection) return;
    await (await this.#writes.get()).save();
  }

  #enqueueWrite<T>(write: (writes: AccountWrites) => Promise<T>): Promise<T> {
    return this.#enqueue(async () => write(await this.#writes.get()));
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch((error: unknown) =>
      this.#log.error(`secret storage: ${error instanceof Error ? error.message : 'failed'}`),
    );
    return result;
  }
}
