import { Changes } from './changes';
import type { StoredAccount } from './session';

/** The sessions that could not be renewed for want of the application's secret: nobody but the user can give it. */
export class ClientRefusals {
  readonly #changes = new Changes();
  /** By account, the access token that was to be renewed: with another one it is over. */
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
