import { Changes } from '../../base/changes';
import type { KnownAccount, StoredAccount } from '../model/session';

/** The progress of the first read of the secret storage. A request for some accounts does not wait for the others. */
export class ReadProgress {
  readonly #changes = new Changes();
  readonly #read = new Map<string, StoredAccount>();
  #index: readonly KnownAccount[] | undefined;
  #hasEnded = false;

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

  /** Resolves when the matching accounts have been read; to `undefined` when all have been read. */
  async of(condition: (known: KnownAccount) => boolean): Promise<readonly StoredAccount[] | undefined> {
    for (;;) {
      if (this.#hasEnded) return undefined;
      const wanted = this.#index?.filter(condition).map(({ id }) => this.#read.get(id));
      if (wanted?.every((account) => account !== undefined)) return wanted;
      await this.#changed();
    }
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      const subscription = this.#changes.onDidChange(() => {
        subscription.dispose();
        resolve();
      });
    });
  }
}
