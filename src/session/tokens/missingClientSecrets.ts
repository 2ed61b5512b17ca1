import { Changes } from '../../base/changes';
import type { StoredAccount } from '../model/session';

/** The accounts with a pending revocation that needs an application's secret: it is missing, or the server rejects it. */
export class MissingClientSecrets {
  readonly #changes = new Changes();
  /** By account, the client ID of the application. */
  readonly #clientIds = new Map<string, string>();

  get onDidChange(): Changes['onDidChange'] {
    return this.#changes.onDidChange;
  }

  /** The client ID of the application whose secret is needed. */
  clientIdFor({ id, pendingRevocations }: StoredAccount): string | undefined {
    const clientId = this.#clientIds.get(id);
    return clientId !== undefined && pendingRevocations.some((pending) => pending.clientId === clientId)
      ? clientId
      : undefined;
  }

  /** Takes note of what became of an account's revocations. */
  note(id: string, clientId: string | undefined): void {
    if (this.#clientIds.get(id) === clientId) return;
    if (clientId === undefined) this.#clientIds.delete(id);
    else this.#clientIds.set(id, clientId);
    this.#changes.fire();
  }
}
