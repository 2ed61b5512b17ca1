import { isDeepStrictEqual } from 'node:util';
import { Alarm } from '../../base/alarm';
import { BackOff } from '../../base/backOff';
import type { Clock } from '../../base/clock';
import { holdUntilDone, LeaseError, type Hold, type Lease } from '../../base/lease';
import type { Log } from '../../base/log';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { identify, type Identity } from '../model/accounts';
import type { SavedPassword } from '../model/grant';
import { signedInLate, signedOutLate } from '../model/lateTransitions';
import {
  EMPTY_RECORD,
  recordOf,
  type AccountRecord,
  type KnownAccount,
  type StoredAccount,
  type TokenSet,
} from '../model/session';
import { setAside, signedIn, signedOut, type Transition } from '../model/transitions';
import type { AccountRecords } from './accountRecords';
import type { AccountSnapshot } from './accountSnapshot';
import { SecretStorageTimeoutError } from './boundedSecretStorage';
import { NewerVersionError } from './serialization';
import { UnsavedChanges } from './unsavedChanges';

const SECOND_TRY_MS = 100;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 5 * 60_000;

interface Addition {
  readonly change: Transition;
  /** The change for a later write, given the earlier state of the account. */
  readonly later: (before: StoredAccount | undefined) => Transition;
  /** Whether to keep the change in memory if the write fails. */
  readonly mayKeep: (known: KnownAccount) => boolean;
}

/** Writes for the `SessionStore`, which describes these methods and never runs two at once. */
export class AccountWrites {
  readonly #records: AccountRecords;
  readonly #snapshot: AccountSnapshot;
  readonly #lease: Lease;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #unsaved = new UnsavedChanges();
  readonly #backOff = new BackOff(FIRST_RETRY_MS, LAST_RETRY_MS);
  readonly #alarm: Alarm;

  constructor(services: {
    records: AccountRecords;
    snapshot: AccountSnapshot;
    lease: Lease;
    clock: Clock;
    log: Log;
    retry: () => void;
  }) {
    this.#records = services.records;
    this.#snapshot = services.snapshot;
    this.#lease = services.lease;
    this.#clock = services.clock;
    this.#log = services.log;
    this.#alarm = new Alarm(services.clock, services.retry);
    services.snapshot.unsaved = this.#unsaved;
  }

  signIn(
    platform: PlatformUrl,
    identity: Identity,
    tokens: TokenSet,
    signedInAt: number,
    password?: SavedPassword,
  ): Promise<StoredAccount> {
    return this.#put(platform, identity, {
      change: signedIn(tokens, signedInAt, password),
      later: (before) => signedInLate(tokens, signedInAt, before?.session, password),
      mayKeep: (known) => known.signedIn || this.#snapshot.find(known.id)?.session !== undefined,
    });
  }

  setAside(platform: PlatformUrl, identity: Identity, tokens: TokenSet): Promise<StoredAccount> {
    const change = setAside(tokens);
    return this.#put(platform, identity, { change, later: () => change, mayKeep: () => true });
  }

  async signOut(id: string): Promise<boolean> {
    if (this.#unsaved.has(id)) return this.#amend(id, signedOutLate(this.#snapshot.find(id)?.session));
    return this.#write(async (index, hold) => {
      const known = index.find((account) => account.id === id);
      const record = (await this.#records.get(id)) ?? EMPTY_RECORD;
      if (!known || !(known.signedIn || record.session)) return false;
      await this.#store(known, signedOut(record), index, hold);
      return true;
    });
  }

  async update(id: string, change: Transition): Promise<boolean> {
    return this.#unsaved.has(id) ? this.#amend(id, change) : this.#update(id, change);
  }

  async keep(id: string, change: Transition, later: Transition): Promise<boolean> {
    if (this.#unsaved.has(id)) return this.#amend(id, later);
    try {
      return await this.#twice(() => this.#update(id, change, true));
    } catch (error) {
      const stored = this.#snapshot.stored.find((one) => one.id === id);
      if (!stored) throw error;
      this.#keepUnsaved(stored, later, error);
      return true;
    }
  }

  /** Also undoes late writes. Never rejects. */
  async save(): Promise<void> {
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

  dispose(): void {
    this.#alarm.dispose();
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

  async #put(platform: PlatformUrl, identity: Identity, { change, later, mayKeep }: Addition): Promise<StoredAccount> {
    const identified = (): KnownAccount => identify(this.#withUnsaved(this.#records.knownAccounts), platform, identity);
    const keepUnsaved = (known: KnownAccount, error?: unknown): StoredAccount =>
      this.#keepUnsaved(known, later(this.#snapshot.find(known.id)), error);
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
  }

  /** Updates the index first, so that a crash leaves no token without an account. */
  async #storeKnown(known: KnownAccount, index: readonly KnownAccount[], hold: Hold): Promise<readonly KnownAccount[]> {
    // The order shows which account is older.
    const isKnown = index.some(({ id }) => id === known.id);
    const all = isKnown ? index.map((other) => (other.id === known.id ? known : other)) : [...index, known];
    if (index.some((other) => isDeepStrictEqual(other, known))) return all;
    await hold.confirm();
    await this.#records.storeIndex(all);
    return all;
  }

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
      // The record counts; the next change updates the index.
      await (isEmpty
        ? agreed
        : agreed.catch((error: Error) => this.#log.warn(`the index of accounts is behind: ${error.message}`)));
    }
    // Last, because an account counts as lost if the index promises a deleted record.
    if (isEmpty) {
      await hold.confirm();
      await this.#records.delete(known.id);
    }
    const stored: StoredAccount = { ...known, signedIn, ...record, lost: false };
    this.#unsaved.stopWatching(stored.id);
    this.#snapshot.apply([...this.#snapshot.stored.filter(({ id }) => id !== stored.id), stored]);
    return stored;
  }

  /** The secret storage is not tried, because it did not answer before. */
  #amend(id: string, change: Transition): boolean {
    const before = this.#snapshot.find(id);
    const known = this.#withUnsaved(this.#records.knownAccounts).find((account) => account.id === id);
    if (!before || !known) return false;
    const record = recordOf(before);
    if (isDeepStrictEqual(change(record), record)) return false;
    this.#keepUnsaved(known, change);
    return true;
  }

  /** @param error why the write failed; absent: not tried, because earlier changes failed */
  #keepUnsaved(known: KnownAccount, change: Transition, error?: unknown): StoredAccount {
    const { id, platform, account, signedIn } = known;
    const before = recordOf(this.#snapshot.stored.find((stored) => stored.id === id) ?? {});
    const reason =
      error === undefined
        ? (this.#snapshot.find(id)?.unsaved ?? 'failed')
        : error instanceof SecretStorageTimeoutError
          ? 'late'
          : 'failed';
    if (error !== undefined)
      this.#log.warn(`tokens for ${platform.href} cannot be stored yet: ${(error as Error).message}`);
    this.#unsaved.add({ id, platform, account, signedIn }, before, change, reason);
    this.#snapshot.apply(this.#snapshot.stored);
    this.#alarm.set(this.#clock.now() + this.#backOff.ms);
    const stored = this.#snapshot.find(id);
    if (!stored) throw new Error(`${id} is not known`);
    return stored;
  }

  #withUnsaved(index: readonly KnownAccount[]): readonly KnownAccount[] {
    return [...index, ...this.#unsaved.accounts.filter(({ id }) => !index.some((known) => known.id === id))];
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
    this.#snapshot.apply([
      ...this.#snapshot.stored.filter((stored) => stored.id !== id),
      { ...known, signedIn, ...after, lost: false },
    ]);
  }

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
}
