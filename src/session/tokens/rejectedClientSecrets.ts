import { Changes } from '../../base/changes';
import type { StoredAccount } from '../model/session';

/** The sessions that could not be renewed because the server rejects the application's secret: only the user can give another. */
export class RejectedClientSecrets {
  readonly #changes = new Changes();
  /** By session ID, the access token whose renewal the server rejected. A different token clears the entry. */
  readonly #tokens = new Map<string, string>();

  get onDidChange(): Changes['onDidChange'] {
    return this.#changes.onDidChange;
  }

  has({ id, session }: StoredAccount): boolean {
    return session?.accessToken !== undefined && this.#tokens.get(id) === session.accessToken.value;
  }

  /** Takes note of what became of a renewal. */
  note(stored: StoredAccount, isRefused: boolean): void {
    if (this.has(stored) === isRefused) return;
    if (isRefused && stored.session?.accessToken) this.#tokens.set(stored.id, stored.session.accessToken.value);
    else this.#tokens.delete(stored.id);
    this.#changes.fire();
  }
}
