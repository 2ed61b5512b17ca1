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
  /** The record before the first unwritten change. */
  readonly before: AccountRecord;
  readonly changes: Transition[];
  /** Epoch milliseconds; absent: the changes are not stored. */
  watchedUntil?: number;
  readonly saved: Promise<void>;
  readonly resolveSaved: () => void;
}

/** Another window undoes a late write of this window within this time. */
const WATCH_MS = 60_000;

/**
 * Changes that the secret storage did not take. They are transitions, so that they apply to whatever is stored later,
 * perhaps twice if a write is completed late.
 *
 * Changes that a late write has stored are watched for a while: if the write replaced newer contents, another window
 * restores these without the changes.
 */
export class UnsavedChanges {
  readonly #entries = new Map<string, Entry>();

  get accounts(): readonly KnownAccount[] {
    return [...this.#entries.values()]
      .filter(({ watchedUntil }) => watchedUntil === undefined)
      .map(({ known }) => known);
  }

  has(id: string): boolean {
    const entry = this.#entries.get(id);
    return entry !== undefined && entry.watchedUntil === undefined;
  }

  /** @param before the stored record, as far as known */
  add(known: KnownAccount, before: AccountRecord, change: Transition, reason: UnsavedReason): void {
    const entry = (this.has(known.id) && this.#entries.get(known.id)) || newEntry(known, before, reason);
    this.#entries.set(known.id, Object.assign(entry, { known, reason }));
    entry.changes.push(change);
  }

  /** @param isSignedIn whether the index promises a session, whose missing record was lost */
  apply(id: string, record: AccountRecord | undefined, isSignedIn: boolean): AccountRecord {
    const { changes = [], before = EMPTY_RECORD } = this.#entries.get(id) ?? {};
    return changes.reduce((result, change) => change(result), record ?? (isSignedIn ? before : EMPTY_RECORD));
  }

  /** @param watchedFrom now, in epoch milliseconds, if a late write stored the changes */
  resolve(id: string, watchedFrom?: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (watchedFrom === undefined) this.#entries.delete(id);
    else entry.watchedUntil = watchedFrom + WATCH_MS;
    entry.resolveSaved();
  }

  /** A record was written after its watched changes. */
  stopWatching(id: string): void {
    if (!this.has(id)) this.#entries.delete(id);
  }

  /** Watched changes that have disappeared become unsaved again. */
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

  async saved(id: string): Promise<void> {
    await this.#entries.get(id)?.saved;
  }

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
