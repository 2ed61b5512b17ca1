import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../../base/log';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { AccountReads } from './accountReads';
import type { AccountRecords } from './accountRecords';
import { byLabel, identify, type Identity } from '../model/accounts';
import { Alarm } from '../../base/alarm';
import { BackOff } from '../../base/backOff';
import { SecretStorageTimeoutError } from './boundedSecretStorage';
import { ReadProgress } from './readProgress';
import { Changes } from '../../base/changes';
import { signedInLate, signedOutLate } from '../model/lateTransitions';
import { holdUntilDone, LeaseError, type Hold, type Lease } from '../../base/lease';
import { NewerVersionError } from './serialization';
import { refreshTokenOf, type SavedPassword } from '../model/grant';
import {
  EMPTY_RECORD,
  recordOf,
  type AccountRecord,
  type KnownAccount,
  type StoredAccount,
  type TokenSet,
} from '../model/session';
import { setAside, signedIn, signedOut, type Transition } from '../model/transitions';
import { UnsavedChanges } from './unsavedChanges';
import type { Clock } from '../../base/clock';

/** The wait before new tokens are written a second time, in milliseconds. */
const SECOND_TRY_MS = 100;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 5 * 60_000;

interface Addition {
  readonly change: Transition;
  /** The change to apply if it can be written only later, given the account as it was before. */
  readonly later: (before: StoredAccount | undefined) => Transition;
  /** Whether to keep the change in memory if it cannot be written. */
  readonly mayKeep: (known: KnownAccount) => boolean;
}

/**
 * The accounts and their tokens. Each write holds a lease and reads first, so that concurrent windows lose nothing and
 * a window that slept writes nothing outdated.
 *
 * All methods reject if the secret storage fails or does not answer in time, and leave `accounts` as it was. Except new
 * tokens: `accounts` contains them at once, as unsaved, and the store repeats the write until it succeeds.
 */
export class SessionStore {
  readonly #records: AccountRecords;
  readonly #reads: AccountReads;
  readonly #lease: Lease;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #changes = new Changes();
  readonly #unsaved = new UnsavedChanges();
  readonly #backOff = new BackOff(FIRST_RETRY_MS, LAST_RETRY_MS);
  readonly #alarm: Alarm;
  readonly #subscription: { dispose(): void };
  /** The stored accounts, as read last. `accounts` adds the unsaved changes. */
  #stored: readonly StoredAccount[] = [];
  #accounts: readonly StoredAccount[] = [];
  #queue: Promise<unknown> = Promise.resolve();
  #pendingRefresh: Promise<void> | undefined;
  /** The keys of the change events since the last read began. */
  readonly #hinted = new Set<string>();
  #pendingHints: Promise<void> | undefined;
  #pendingCatchUp: Promise<void> | undefined;

  readonly progress = new ReadProgress();

  constructor(services: { records: AccountRecords; lease: Lease; clock: Clock; log: Log }) {
    this.#records = services.records;
    this.#reads = new AccountReads(services);
    this.#lease = services.lease;
    this.#clock = services.clock;
    this.#log = services.log;
    this.#alarm = new Alarm(services.clock, () => void this.save());
    // A late write may have to be undone, and an unreadable record may be readable.
    this.#subscription = services.records.onDidAnswerLate(() => void this.refresh().catch(() => undefined));
  }

  get accounts(): readonly StoredAccount[] {
    return this.#accounts;
  }

  find(id: string): StoredAccount | undefined {
    return this.#accounts.find((account) => account.id === id);
  }

  get onDidChange(): Changes['onDidChange'] {
    return this.#changes.onDidChange;
  }

  /** Tokens of a stored session must not be revoked before the session that replaces it is stored. */
  isStored(id: string, token: string): boolean {
    const session = this.#stored.find((stored) => stored.id === id)?.session;
    return session !== undefined && [session.accessToken?.value, refreshTokenOf(session)?.value].includes(token);
  }

  /** Resolves when the account has no unsaved changes. */
  saved(id: string): Promise<void> {
    return this.#unsaved.saved(id);
  }

  /** Reads everything, and writes unsaved changes. Calls share a read that has not begun. */
  refresh(): Promise<void> {
    this.#pendingRefresh ??= this.#enqueue(async () => {
      this.#pendingRefresh = undefined;
      this.#hinted.clear();
      await this.#takeOver(await this.#reads.everything(this.#stored, this.progress));
    });
    return this.#pendingRefresh;
  }

  /** Reads the index and one account, and writes unsaved changes. */
  async reread(id: string): Promise<StoredAccount | undefined> {
    await this.#enqueue(async () => {
      await this.#takeOver(await this.#reads.some([id], this.#stored, true));
    });
    return this.find(id);
  }

  /** Reads what a change event is about. Events share a read that has not begun; they can be missing or repeated. */
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
      await this.#takeOver(await this.#reads.some(ids, this.#stored, withIndex), withIndex);
    });
    return this.#pendingHints;
  }

  /** Makes up for missing change events when the window gets the focus, as {@link AccountReads} describes. */
  catchUp(activeId: string | undefined): Promise<void> {
    this.#pendingCatchUp ??= this.#enqueue(async () => {
      this.#pendingCatchUp = undefined;
      await this.#takeOver(await this.#reads.catchUp(activeId, this.#stored));
    });
    return this.#pendingCatchUp;
  }

  /** Writes unsaved changes. Never rejects: a failed write is repeated. */
  save(): Promise<void> {
    return this.#enqueue(() => this.#save());
  }

  /**
   * Replaced tokens become a pending revocation. If this rejects, the caller has to revoke the new tokens. If the
   * account had a session, the new tokens are kept at least in memory: the server may have ended the old ones.
   */
  signIn(
    platform: PlatformUrl,
    identity: Identity,
    tokens: TokenSet,
    password?: SavedPassword,
  ): Promise<StoredAccount> {
    const signedInAt = this.#clock.now();
    return this.#put(platform, identity, {
      change: signedIn(tokens, signedInAt, password),
      later: (before) => signedInLate(tokens, signedInAt, before?.session, password),
      mayKeep: (known) => known.signedIn || this.find(known.id)?.session !== undefined,
    });
  }

  /** Makes unwanted new tokens a pending revocation. Rejects only if a newer version wrote the record. */
  abandon(platform: PlatformUrl, identity: Identity, tokens: TokenSet): Promise<StoredAccount> {
    const change = setAside(tokens);
    return this.#put(platform, identity, { change, later: () => change, mayKeep: () => true });
  }

  /** Makes the session a pending revocation, even a lost one. Resolves to whether the account was signed in. */
  signOut(id: string): Promise<boolean> {
    return this.#enqueue(async () => {
      if (this.#unsaved.has(id)) return this.#amend(id, signedOutLate(this.find(id)?.session));
      return this.#write(async (index, hold) => {
        const known = index.find((account) => account.id === id);
        const record = (await this.#records.get(id)) ?? EMPTY_RECORD;
        if (!known || !(known.signedIn || record.session)) return false;
        await this.#store(known, signedOut(record), index, hold);
        return true;
      });
    });
  }

  /** Changes an existing record. Resolves to whether the record changed. */
  update(id: string, change: Transition): Promise<boolean> {
    return this.#enqueue(async () => (this.#unsaved.has(id) ? this.#amend(id, change) : this.#update(id, change)));
  }

  /**
   * As {@link update}, but keeps a failed change in memory and applies it `later`: for tokens that exist nowhere else.
   * @throws if this window does not know the account
   */
  keep(id: string, change: Transition, later = change): Promise<boolean> {
    return this.#enqueue(async () => {
      if (this.#unsaved.has(id)) return this.#amend(id, later);
      try {
        return await this.#twice(() => this.#update(id, change, true));
      } catch (error) {
        const stored = this.#stored.find((one) => one.id === id);
        if (!stored) throw error;
        this.#keepUnsaved(stored, later, error);
        return true;
      }
    });
  }

  dispose(): void {
    this.#alarm.dispose();
    this.#subscription.dispose();
  }

  #update(id: string, change: Transition, isKept = false): Promise<boolean> {
    return this.#write(async (index, hold) => {
      const known = index.find((account) => account.id === id);
      const before = await this.#records.get(id);
      const after = before && change(before);
      if (!known || !after || isDeepStrictEqual(after, before)) return false;
      await this.#store(known, after, index, hold, isKept);
      return true;
    });
  }

  #put(platform: PlatformUrl, identity: Identity, { change, later, mayKeep }: Addition): Promise<StoredAccount> {
    const identified = (): KnownAccount => identify(this.#withUnsaved(this.#records.knownAccounts), platform, identity);
    const keepUnsaved = (known: KnownAccount, error?: unknown): StoredAccount =>
      this.#keepUnsaved(known, later(this.find(known.id)), error);
    return this.#enqueue(async () => {
      const expected = identified();
      if (this.#unsaved.has(expected.id)) return keepUnsaved(expected);
      const write = (): Promise<StoredAccount> =>
        this.#write(async (index, hold) => {
          const known = identify(index, platform, identity);
          const all = await this.#storeKnown(known, index, hold);
          const record = change((await this.#records.get(known.id)) ?? EMPTY_RECORD);
          return this.#store(known, record, all, hold, mayKeep(known));
        });
      try {
        return await this.#twice(write, () => mayKeep(identified()));
      } catch (error) {
        const known = identified();
        if (error instanceof NewerVersionError || !mayKeep(known)) throw error;
        return keepUnsaved(known, error);
      }
    });
  }

  /** Adds an account to the index first, so that a crash leaves no token without an account. */
  async #storeKnown(known: KnownAccount, index: readonly KnownAccount[], hold: Hold): Promise<readonly KnownAccount[]> {
    // The account keeps its place: the order shows which of several accounts is older.
    const isKnown = index.some(({ id }) => id === known.id);
    const all = isKnown ? index.map((other) => (other.id === known.id ? known : other)) : [...index, known];
    if (index.some((other) => isDeepStrictEqual(other, known))) return all;
    await hold.confirm();
    await this.#records.storeIndex(all);
    return all;
  }

  /** Writes a record, or deletes an empty one, and updates the index. */
  async #store(
    known: KnownAccount,
    record: AccountRecord,
    index: readonly KnownAccount[],
    hold: Hold,
    isKept = false,
  ): Promise<StoredAccount> {
    const signedIn = record.session !== undefined;
    const isEmpty = !signedIn && record.pendingRevocations.length === 0;
    if (!isEmpty) {
      await hold.confirm();
      await this.#records.store(known.id, record, isKept);
    }
    if (signedIn !== known.signedIn) {
      const agreed = hold
        .confirm()
        .then(() =>
          this.#records.storeIndex(index.map((other) => (other.id === known.id ? { ...known, signedIn } : other))),
        );
      // The record counts and cannot be taken back; the next change updates the index.
      await (isEmpty
        ? agreed
        : agreed.catch((error: Error) => this.#log.warn(`the index of accounts is behind: ${error.message}`)));
    }
    // The deletion comes last: if the index promised a deleted record, the account would count as lost.
    if (isEmpty) {
      await hold.confirm();
      await this.#records.delete(known.id);
    }
    const stored: StoredAccount = { ...known, signedIn, ...record, lost: false };
    this.#unsaved.stopWatching(stored.id);
    this.#apply([...this.#stored.filter(({ id }) => id !== stored.id), stored]);
    return stored;
  }

  /** Adds an unsaved change. It does not try the secret storage, which did not answer before. */
  #amend(id: string, change: Transition): boolean {
    const before = this.find(id);
    const known = this.#withUnsaved(this.#records.knownAccounts).find((account) => account.id === id);
    if (!before || !known) return false;
    const record = recordOf(before);
    if (isDeepStrictEqual(change(record), record)) return false;
    this.#keepUnsaved(known, change);
    return true;
  }

  /** @param error why the write failed; absent: earlier changes failed, and this one was not tried */
  #keepUnsaved(known: KnownAccount, change: Transition, error?: unknown): StoredAccount {
    const { id, platform, account, signedIn } = known;
    const before = recordOf(this.#stored.find((stored) => stored.id === id) ?? {});
    const reason =
      error === undefined
        ? (this.find(id)?.unsaved ?? 'failed')
        : error instanceof SecretStorageTimeoutError
          ? 'late'
          : 'failed';
    if (error !== undefined)
      this.#log.warn(`tokens for ${platform.href} cannot be stored yet: ${(error as Error).message}`);
    this.#unsaved.add({ id, platform, account, signedIn }, before, change, reason);
    this.#apply(this.#stored);
    this.#alarm.set(this.#clock.now() + this.#backOff.ms);
    const stored = this.find(id);
    if (!stored) throw new Error(`${id} is not known`);
    return stored;
  }

  #withUnsaved(index: readonly KnownAccount[]): readonly KnownAccount[] {
    return [...index, ...this.#unsaved.accounts.filter(({ id }) => !index.some((known) => known.id === id))];
  }

  /** Writes unsaved changes and undoes late writes. Never rejects. */
  async #save(): Promise<void> {
    if (this.#unsaved.accounts.length === 0 && !this.#records.needsCorrection) return;
    try {
      await holdUntilDone(this.#lease, async (hold) => {
        await this.#records.correct(() => hold.confirm());
        for (const { id } of this.#unsaved.accounts) await this.#saveAccount(id, hold);
      });
      this.#backOff.reset();
    } catch (error) {
      this.#log.warn(`the secret storage does not take what is unsaved yet: ${(error as Error).message}`);
      this.#alarm.set(this.#clock.now() + this.#backOff.ms);
      this.#backOff.grow();
    }
  }

  async #saveAccount(id: string, hold: Hold): Promise<void> {
    const index = await this.#records.index();
    const known = this.#withUnsaved(index).find((account) => account.id === id);
    if (!known) return;
    const before = await this.#records.get(id);
    const after = this.#unsaved.apply(id, before, known.signedIn);
    const all = await this.#storeKnown(known, index, hold);
    const signedIn = after.session !== undefined;
    // A late write may already have stored the changes.
    const isStored = isDeepStrictEqual(after, before ?? EMPTY_RECORD) && known.signedIn === signedIn;
    if (!isStored) await this.#store(known, after, all, hold, true);
    this.#unsaved.resolve(id, isStored ? this.#clock.now() : undefined);
    this.#apply([...this.#stored.filter((stored) => stored.id !== id), { ...known, signedIn, ...after, lost: false }]);
  }

  /** Writes new tokens. If the secret storage rejects them, tries once more. */
  async #twice<T>(write: () => Promise<T>, isWorth: () => boolean = () => true): Promise<T> {
    try {
      return await write();
    } catch (error) {
      const isFinal = [SecretStorageTimeoutError, LeaseError, NewerVersionError].some((kind) => error instanceof kind);
      if (isFinal || !isWorth()) throw error;
      this.#log.warn(`new tokens could not be stored yet: ${(error as Error).message}`);
      await this.#clock.wait(SECOND_TRY_MS);
      return write();
    }
  }

  #write<T>(work: (index: readonly KnownAccount[], hold: Hold) => Promise<T>): Promise<T> {
    return holdUntilDone(this.#lease, async (hold) => work(await this.#records.index(), hold));
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch((error: unknown) =>
      this.#log.error(`secret storage: ${error instanceof Error ? error.message : 'failed'}`),
    );
    return result;
  }

  /**
   * Publishes what has been read, and writes what is unsaved.
   * @param isComplete whether the index was read, so that no account is missing
   */
  async #takeOver(stored: readonly StoredAccount[], isComplete = true): Promise<void> {
    this.#apply(stored);
    if (isComplete) this.progress.end();
    await this.#save();
  }

  /** @param stored what is stored */
  #apply(stored: readonly StoredAccount[]): void {
    this.#stored = stored;
    this.#unsaved.update(stored, this.#clock.now());
    const sorted = byLabel(this.#unsaved.applyTo(stored));
    if (isDeepStrictEqual(sorted, this.#accounts)) return;
    this.#accounts = sorted;
    this.#changes.fire();
  }
}
