import { Changes } from '../../base/changes';
import type { StoredAccount } from '../model/session';

/** The accounts with a pending revocation whose client secret is missing or rejected. */
export class MissingClientSecrets {
  readonly #changes = new Changes();
  /** Client IDs by account id. */
  readonly #clientIds = new Map<string, string>();

  get onDidChange(): Changes['onDidChange'] {
    return this.#changes.onDidChange;
  }

  clientIdFor({ id, pendingRevocations }: StoredAccount): string | undefined {
    const clientId = this.#clientIds.get(id);
    return clientId !== undefined && pendingRevocations.some((pending) => pending.clientId === clientId)
      ? clientId
      : undefined;
  }

  note(id: string, clientId: string | undefined): void {
    if (this.#clientIds.get(id) === clientId) return;
    if (clientId === undefined) this.#clientIds.delete(id);
    else this.#clientIds.set(id, clientId);
    this.#changes.fire();
  }
}
