import type { ClientSecrets } from './clientSecrets';
import type { Instance } from './instance';
import type { SessionStore } from './sessionStore';

/** The application of a configured instance, if the setting names one. */
type Configured = Pick<Instance, 'platform' | 'clientId'>;

/** Deletes the secrets of applications that are of no use any more. */
export class UnusedClientSecrets {
  readonly #clientSecrets: ClientSecrets;
  readonly #store: SessionStore;
  readonly #instances: () => readonly Configured[];

  /** @param services `instances`: those that are configured */
  constructor(services: { clientSecrets: ClientSecrets; store: SessionStore; instances: () => readonly Configured[] }) {
    this.#clientSecrets = services.clientSecrets;
    this.#store = services.store;
    this.#instances = services.instances;
  }

  /**
   * Deletes the secrets of these applications, except those that a session, a pending revocation or the configured instance still needs.
   * Never rejects.
   * @param instance a canonical platform URL
   */
  async delete(instance: string, clientIds: readonly (string | undefined)[]): Promise<void> {
    const configured = this.#instances().find(({ platform }) => platform.href === instance);
    const unused = clientIds.filter((clientId) => clientId !== undefined && clientId !== configured?.clientId);
    await this.#clientSecrets.deleteUnused(instance, unused as readonly string[], this.#store.accounts);
  }
}
