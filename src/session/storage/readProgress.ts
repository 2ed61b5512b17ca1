import { Changes } from '../../base/changes';
import type { KnownAccount, StoredAccount } from '../model/session';

/** The progress of a read of everything, so that a request during the first one waits only for its own accounts. */
export class ReadProgress {
  readonly #changes = new Changes();
  readonly #read = new Map<string, StoredAccount>();
  #index: readonly KnownAccount[] | undefined;
  #hasEnded = false;

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The index has been read and is intact. */
  begin(index: readonly KnownAccount[]): void {
    this.#index = index;
    this.#read.clear();
    this.#changes.fire();
  }

  add(account: StoredAccount): void {
    this.#read.set(account.id, account);
    this.#changes.fire();
  }

  end(): void {
    this.#hasEnded = true;
    this.#index = undefined;
    this.#read.clear();
    this.#changes.fire();
  }

  /** @returns the matching accounts; `undefined` until the index and their records have been read, and after the end */
  of(condition: (known: KnownAccount) => boolean): readonly StoredAccount[] | undefined {
    const wanted = this.#index?.filter(condition).map(({ id }) => this.#read.get(id));
    return wanted?.every((account) => account !== undefined) ? wanted : undefined;
  }

  changed(): Promise<void> {
    return new Promise((resolve) => {
      const subscription = this.#changes.onDidChange(() => {
        subscription.dispose();
        resolve();
      });
    });
  }
}
