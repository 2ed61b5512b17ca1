import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../base/clock';
import type { Log } from '../../base/log';
import type { AccountRecord, KnownAccount, StoredAccount } from '../model/session';
import type { AccountRecords } from './accountRecords';
import type { ReadProgress } from './readProgress';
import { NewerVersionError } from './serialization';

/** How long a record that the index promises may be late before it counts as lost, in milliseconds. */
const SECOND_READ_MS = 500;
/** After how long a window that gets the focus reads everything again, whatever hints it had. Milliseconds. */
const EVERYTHING_MS = 10 * 60_000;

/**
 * Decides what to read of the secret storage, so that an event costs what has changed, whatever the number of accounts.
 *
 * - A hint about a record reads that record. A hint about the index reads the index and the records of the entries that changed.
 * - A hint may be missing. A window that gets the focus reads the index, the active account's record and the record that it has not read for
 *   the longest time. If one of them differs from what the window knew, a hint was lost, and the window reads everything. It also reads
 *   everything if it last did so more than 10 minutes ago, or if a read failed since. So what a window missed is read when it gets the
 *   focus, at the latest after as many focus events as there are accounts.
 * - Whatever acts on an account reads its record first: renewals, checks, revocations, and each write under the lease.
 */
export class AccountReads {
  readonly #records: AccountRecords;
  readonly #clock: Clock;
  readonly #log: Log;
  /** The ids of the accounts that were read, the longest unread first. */
  readonly #order = new Set<string>();
  /** The ids of the accounts whose last read failed. */
  readonly #failed = new Set<string>();
  /** When everything was read last, in epoch milliseconds. */
  #everythingAt = -Infinity;

  constructor(services: { records: AccountRecords; clock: Clock; log: Log }) {
    this.#records = services.records;
    this.#clock = services.clock;
    this.#log = services.log;
  }

  /**
   * Reads the index and every record.
   * @param stored what was read before
   * @param progress receives each account as soon as it is read, unless it is missing or cannot be read
   */
  async everything(stored: readonly StoredAccount[], progress?: ReadProgress): Promise<readonly StoredAccount[]> {
    // What a read that fails was about must not be forgotten: the next focus event reads everything then.
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
   * Reads some records, those of accounts whose entry in the index has changed, and those that were missing or could not be read.
   * @param withIndex whether to read the index; it is read anyway if an account is not known, or if its record contradicts its entry
   * @returns all accounts, read or not
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

  /**
   * Reads what a window needs to read that gets the focus.
   * @param active the id of the account that this workspace uses
   */
  async catchUp(active: string | undefined, stored: readonly StoredAccount[]): Promise<readonly StoredAccount[]> {
    const sinceMs = this.#clock.now() - this.#everythingAt;
    // The time is negative if the clock was set back.
    if (sinceMs < 0 || sinceMs >= EVERYTHING_MS) return this.everything(stored);
    const first = [active, ...this.#order].find((id) => id !== undefined && find(stored, id));
    const oldest = [...this.#order].find((id) => id !== first && find(stored, id));
    const ids = [first, oldest].filter((id) => id !== undefined);
    const after = await this.some(ids, stored, true);
    return isDeepStrictEqual(after, stored) ? after : this.everything(after);
  }

  /**
   * Reads a missing record a second time before its account counts as lost, and then the index: an account is signed out there before its
   * record is deleted.
   * @param hasIndex whether the entries have just been read
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

  /** Reads a record. If that fails, the account is as it was known before, else neither signed in nor lost. */
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
      return before ? { ...before, ...known } : { ...nothing, lost: false };
    }
    return record ? { ...known, ...record, lost: false } : { ...nothing, lost: known.signedIn };
  }
}

function find(stored: readonly StoredAccount[], id: string): StoredAccount | undefined {
  return stored.find((account) => account.id === id);
}

/** The part of an account that is in the index. */
function entryOf({ id, platform, account, signedIn }: KnownAccount): KnownAccount {
  return { id, platform, account, signedIn };
}

function hasChanged(known: KnownAccount, stored: readonly StoredAccount[]): boolean {
  const before = find(stored, known.id);
  return !before || !isDeepStrictEqual(entryOf(before), entryOf(known));
}

/** Accounts with some of them replaced in their place, and new ones at the end. */
export function merge(stored: readonly StoredAccount[], changed: readonly StoredAccount[]): readonly StoredAccount[] {
  const added = changed.filter(({ id }) => !find(stored, id));
  return [...stored.map((account) => find(changed, account.id) ?? account), ...added];
}
