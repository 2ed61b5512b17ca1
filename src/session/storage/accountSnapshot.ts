import { isDeepStrictEqual } from 'node:util';
import { Changes } from '../../base/changes';
import type { Clock } from '../../base/clock';
import { byLabel } from '../model/accounts';
import type { StoredAccount } from '../model/session';
import type { UnsavedChanges } from './unsavedChanges';

/** The accounts as this window knows them, with the unsaved changes. */
export class AccountSnapshot {
  readonly #clock: Clock;
  readonly #changes = new Changes();
  #stored: readonly StoredAccount[] = [];
  #accounts: readonly StoredAccount[] = [];

  /** Absent until this window's first write. */
  unsaved: UnsavedChanges | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get stored(): readonly StoredAccount[] {
    return this.#stored;
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

  apply(stored: readonly StoredAccount[]): void {
    this.#stored = stored;
    this.unsaved?.update(stored, this.#clock.now());
    const sorted = byLabel(this.unsaved?.applyTo(stored) ?? stored);
    if (isDeepStrictEqual(sorted, this.#accounts)) return;
    this.#accounts = sorted;
    this.#changes.fire();
  }
}
