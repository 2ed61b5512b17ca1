import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../base/clock';
import type { Log } from '../../base/log';
import type { AccountRecord, KnownAccount, StoredAccount } from '../model/session';
import type { AccountRecords } from './accountRecords';
import type { ReadProgress } from './readProgress';
import { NewerVersionError } from './serialization';

/** The wait before a missing record is read again. If it is still missing, the account is lost. */
const SECOND_READ_MS = 500;
/** The age of the last full read at which the focus causes another. */
const EVERYTHING_MS = 10 * 60_000;

/**
 * Reads only what an event requires, so that the number of accounts does not matter.
 *
 * - A change event reads the changed record, or the index and the records of its changed entries.
 * - Change events can get lost. So the focus reads the index, the active account's record, and the record unread for
 *   longest. It reads everything if one of them has changed, a read has failed, or the last full read is older than 10
 *   minutes. A lost event is noticed after at most as many focus events as there are accounts.
 * - Renewals, checks, revocations, and writes under the lease read the account's record first.
 */
export class AccountReads {
  readonly #records: AccountRecords;
  readonly #clock: Clock;
  readonly #log: Log;
  /** Account ids, the longest unread first. */
  readonly #order = new Set<string>();
  readonly #failed = new Set<string>();
  /** When the last full read ended, in epoch milliseconds. */
  #everythingAt = -Infinity;

  constructor(services: { records: AccountRecords; clock: Clock; log: Log }) {
    this.#records = services.records;
    this.#clock = services.clock;
    this.#log = services.log;
  }

  /** `progress` receives each readable record at once. */
  async everything(stored: readonly StoredAccount[], progress?: ReadProgress): Promise<readonly StoredAccount[]> {
    // A failed read leaves this, so that the next focus event reads everything.
    this.#everythingAt = -Infinity;
    const { accounts: index, isIntact } = await this.#records.readIndex();
    if (isIntact) progress?.begin(index);
    const read = await Promise.all(
      index.map(async (known) => {
        const account = await this.#read(known, stored);
        if (!account.lost && !this.#failed.has(known.id)) progress?.add(account);
        return account;
      }),
    );
    const settled = await this.#settle(read, stored, true);
    this.#everythingAt = this.#clock.now();
    return settled;
  }

  /**
   * Reads the records of `ids`, of changed index entries, and those that were missing or unreadable.
   * @param withIndex whether to read the index, as an unknown account or a contradicting record also requires
   */
  async some(
    ids: Iterable<string>,
    stored: readonly StoredAccount[],
    withIndex: boolean,
  ): Promise<readonly StoredAccount[]> {
    const asked = [...ids];
    const doubtful = stored.filter(({ lost, isNewer }) => lost && !isNewer).map(({ id }) => id);
    const wanted = new Set([...asked, ...doubtful, ...this.#failed]);
    const hasIndex = withIndex || asked.some((id) => !find(stored, id));
    try {
      const index = hasIndex ? await this.#records.index() : stored.map(entryOf);
      const due = index.filter((known) => wanted.has(known.id) || hasChanged(known, stored));
      const read = await Promise.all(due.map((known) => this.#read(known, stored)));
      return merge(stored, await this.#settle(read, stored, hasIndex));
    } catch (error) {
      this.#everythingAt = -Infinity;
      throw error;
    }
  }

  /** For a window that gets the focus. */
  async catchUp(activeId: string | undefined, stored: readonly StoredAccount[]): Promise<readonly StoredAccount[]> {
    const sinceMs = this.#clock.now() - this.#everythingAt;
    // It is negative if the user set the clock back.
    if (sinceMs < 0 || sinceMs >= EVERYTHING_MS) return this.everything(stored);
    const first = [activeId, ...this.#order].find((id) => id !== undefined && find(stored, id));
    const oldest = [...this.#order].find((id) => id !== first && find(stored, id));
    const ids = [first, oldest].filter((id) => id !== undefined);
    const after = await this.some(ids, stored, true);
    return isDeepStrictEqual(after, stored) ? after : this.everything(after);
  }

  /**
   * Reads a newly missing record again, then the index: a sign-out changes the index before it deletes the record.
   * `hasIndex`: it has just been read.
   */
  async #settle(
    read: readonly StoredAccount[],
    stored: readonly StoredAccount[],
    hasIndex: boolean,
  ): Promise<readonly StoredAccount[]> {
    const isNewlyLost = ({ id, lost }: StoredAccount): boolean => lost && !find(stored, id)?.lost;
    let after = read;
    if (read.some(isNewlyLost)) {
      await this.#clock.wait(SECOND_READ_MS);
      after = await Promise.all(
        read.map(async (account) => (isNewlyLost(account) ? this.#read(entryOf(account), stored) : account)),
      );
    }
    const mustReadIndex =
      after.some(isNewlyLost) ||
      (!hasIndex && after.some(({ session, signedIn, lost }) => !lost && signedIn !== (session !== undefined)));
    if (!mustReadIndex) return after;
    const index = await this.#records.index();
    return after.map((account) => {
      const known = index.find(({ id }) => id === account.id) ?? entryOf(account);
      return { ...account, ...known, lost: account.lost && known.signedIn };
    });
  }

  /** Returns the account as known before if its record cannot be read. */
  async #read(known: KnownAccount, stored: readonly StoredAccount[]): Promise<StoredAccount> {
    const nothing = { ...known, pendingRevocations: [] };
    const before = find(stored, known.id);
    let record: AccountRecord | undefined;
    this.#order.delete(known.id);
    this.#order.add(known.id);
    this.#failed.delete(known.id);
    try {
      record = await this.#records.get(known.id);
    } catch (error) {
      this.#log.warn(`cannot read an account: ${error instanceof Error ? error.message : 'failed'}`);
      if (error instanceof NewerVersionError) return { ...nothing, lost: known.signedIn, isNewer: true };
      this.#failed.add(known.id);
      return before ? { ...before, ...known } : { ...nothing, lost: false, isUnread: true };
    }
    return record ? { ...known, ...record, lost: false } : { ...nothing, lost: known.signedIn };
  }
}

function find(stored: readonly StoredAccount[], id: string): StoredAccount | undefined {
  return stored.find((account) => account.id === id);
}

function entryOf({ id, platform, account, signedIn }: KnownAccount): KnownAccount {
  return { id, platform, account, signedIn };
}

function hasChanged(known: KnownAccount, stored: readonly StoredAccount[]): boolean {
  const before = find(stored, known.id);
  return !before || !isDeepStrictEqual(entryOf(before), entryOf(known));
}

/** Keeps the order, and appends new accounts. */
export function merge(stored: readonly StoredAccount[], changed: readonly StoredAccount[]): readonly StoredAccount[] {
  const added = changed.filter(({ id }) => !find(stored, id));
  return [...stored.map((account) => find(changed, account.id) ?? account), ...added];
}
