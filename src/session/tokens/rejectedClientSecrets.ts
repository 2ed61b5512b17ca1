import { Changes } from '../../base/changes';
import type { StoredAccount } from '../model/session';

/** The sessions whose renewal needs another client secret, because the server rejects the saved one. */
export class RejectedClientSecrets {
  readonly #changes = new Changes();
  /** By session ID, the token whose renewal was rejected. Another token clears the entry. */
  readonly #tokens = new Map<string, string>();

  get onDidChange(): Changes['onDidChange'] {
    return this.#changes.onDidChange;
  }

  has({ id, session }: StoredAccount): boolean {
    return session?.accessToken !== undefined && this.#tokens.get(id) === session.accessToken.value;
  }

  note(stored: StoredAccount, isRejected: boolean): void {
    if (this.has(stored) === isRejected) return;
    if (isRejected && stored.session?.accessToken) this.#tokens.set(stored.id, stored.session.accessToken.value);
    else this.#tokens.delete(stored.id);
    this.#changes.fire();
  }
}
