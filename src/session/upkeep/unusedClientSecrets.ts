import type { ClientSecrets } from '../storage/clientSecrets';
import type { Instance } from '../model/instance';
import { clientIdsOf, type StoredAccount } from '../model/session';
import type { SessionStore } from '../storage/sessionStore';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { accountsOn } from '../model/accounts';

type Configured = Pick<Instance, 'platform' | 'clientId'>;

/** Deletes a client secret when no session and no pending revocation needs it. */
export class UnusedClientSecrets {
  readonly #clientSecrets: ClientSecrets;
  readonly #store: SessionStore;
  readonly #instances: () => readonly Configured[];
  readonly #subscription: { dispose(): void };
  #before: readonly StoredAccount[];

  constructor(services: { clientSecrets: ClientSecrets; store: SessionStore; instances: () => readonly Configured[] }) {
    this.#clientSecrets = services.clientSecrets;
    this.#store = services.store;
    this.#instances = services.instances;
    this.#before = services.store.accounts;
    this.#subscription = services.store.onDidChange(() => this.#compare());
  }

  /** Keeps secrets that are needed, also by the configured instance. Never rejects. */
  async delete(platform: PlatformUrl, clientIds: readonly (string | undefined)[]): Promise<void> {
    const configured = this.#instances().find((instance) => instance.platform.equals(platform));
    const candidates = clientIds
      .filter((clientId) => clientId !== undefined)
      .filter((clientId) => clientId !== configured?.clientId);
    if (candidates.length === 0) return;
    try {
      // Another window may have signed in with an application.
      await this.#store.refresh();
    } catch {
      return;
    }
    // A lost account may return.
    if (accountsOn(this.#store.accounts, platform).some(({ lost }) => lost)) return;
    await this.#clientSecrets.deleteUnused(platform, candidates, this.#store.accounts);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #compare(): void {
    const before = this.#before;
    this.#before = this.#store.accounts;
    for (const stored of before) {
      const now = this.#store.find(stored.id);
      const needed = now ? clientIdsOf(now) : [];
      const gone = clientIdsOf(stored).filter((clientId) => !needed.includes(clientId));
      if (gone.length > 0) void this.delete(stored.platform, gone);
    }
  }
}
