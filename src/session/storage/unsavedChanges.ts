import { isDeepStrictEqual } from 'node:util';
import {
  EMPTY_RECORD,
  recordOf,
  type AccountRecord,
  type KnownAccount,
  type StoredAccount,
  type UnsavedReason,
} from '../model/session';
import type { Transition } from '../model/transitions';

interface Entry {
  known: KnownAccount;
  reason: UnsavedReason;
  /** What was stored when the first change could not be written. */
  readonly before: AccountRecord;
  readonly changes: Transition[];
  /** When its changes need no longer be watched, in epoch milliseconds; absent while they are not stored. */
  watchedUntil?: number;
  readonly saved: Promise<void>;
  readonly resolveSaved: () => void;
}

/** How long another window may take to put back what a late write of this one has replaced, in milliseconds. */
const WATCH_MS = 60_000;

/**
 * Changes of accounts that exist in the memory of this window only, because the secret storage did not take them. They are kept as
 * transitions and not as secrets, so that they apply to whatever is stored at the moment when they can be written. Each may be applied again
 * to a secret that has it already, or had it before: a write that was late may have been done.
 *
 * Stored changes are watched for a while: if a late write has replaced something newer, another window puts that back without them.
 */
export class UnsavedChanges {
  readonly #entries = new Map<string, Entry>();

  /** The accounts that have such changes. */
  get accounts(): readonly KnownAccount[] {
    return [...this.#entries.values()]
      .filter(({ watchedUntil }) => watchedUntil === undefined)
      .map(({ known }) => known);
  }

  has(id: string): boolean {
    const entry = this.#entries.get(id);
    return entry !== undefined && entry.watchedUntil === undefined;
  }

  /** @param before what is stored for the account, as far as it is known */
  add(known: KnownAccount, before: AccountRecord, change: Transition, reason: UnsavedReason): void {
    const entry = (this.has(known.id) && this.#entries.get(known.id)) || newEntry(known, before, reason);
    this.#entries.set(known.id, Object.assign(entry, { known, reason }));
    entry.changes.push(change);
  }

  /**
   * What is to be stored for an account.
   * @param record what is stored
   * @param isSignedIn whether the index says that there is a session: a secret that is missing all the same has been lost
   */
  apply(id: string, record: AccountRecord | undefined, isSignedIn: boolean): AccountRecord {
    const { changes = [], before = EMPTY_RECORD } = this.#entries.get(id) ?? {};
    return changes.reduce((result, change) => change(result), record ?? (isSignedIn ? before : EMPTY_RECORD));
  }

  /**
   * The changes of an account are stored.
   * @param watchedFrom now, if a late write stored them; epoch milliseconds
   */
  resolve(id: string, watchedFrom?: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (watchedFrom === undefined) this.#entries.delete(id);
    else entry.watchedUntil = watchedFrom + WATCH_MS;
    entry.resolveSaved();
  }

  /** What is stored for an account was written after its changes. */
  stopWatching(id: string): void {
    if (!this.has(id)) this.#entries.delete(id);
  }

  /** Takes note of what is stored: changes that were there, and are not any more, are unsaved again. */
  update(stored: readonly StoredAccount[], now: number): void {
    for (const [id, entry] of this.#entries) {
      if (entry.watchedUntil === undefined) continue;
      const account = stored.find((one) => one.id === id);
      if (now >= entry.watchedUntil) this.#entries.delete(id);
      else if (account && !isDeepStrictEqual(this.#recordOf(account), recordOf(account))) {
        this.#entries.delete(id);
        for (const change of entry.changes) this.add(entry.known, entry.before, change, 'late');
      }
    }
  }

  /** Resolves when an account has no unsaved changes. */
  async saved(id: string): Promise<void> {
    await this.#entries.get(id)?.saved;
  }

  /** The accounts as they will be once everything is written. */
  applyTo(read: readonly StoredAccount[]): readonly StoredAccount[] {
    const isRead = ({ id }: KnownAccount): boolean => read.some((stored) => stored.id === id);
    const added = this.accounts
      .filter((known) => !isRead(known))
      .map((known) => ({ ...known, ...EMPTY_RECORD, lost: false }));
    return [...read, ...added].map((stored) => this.#applyTo(stored));
  }

  #applyTo(stored: StoredAccount): StoredAccount {
    const entry = this.#entries.get(stored.id);
    if (!entry || !this.has(stored.id)) return stored;
    const record = this.#recordOf(stored);
    return { ...entry.known, signedIn: record.session !== undefined, ...record, lost: false, unsaved: entry.reason };
  }

  #recordOf(stored: StoredAccount): AccountRecord {
    const isRead = stored.session !== undefined || stored.pendingRevocations.length > 0;
    return this.apply(stored.id, isRead ? recordOf(stored) : undefined, stored.signedIn);
  }
}

function newEntry(known: KnownAccount, before: AccountRecord, reason: UnsavedReason): Entry {
  let resolveSaved = (): void => undefined;
  const saved = new Promise<void>((resolve) => (resolveSaved = resolve));
  return { known, reason, before, changes: [], saved, resolveSaved };
}
