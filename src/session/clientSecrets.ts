import { createHash } from 'node:crypto';
import type { ClientCredentials } from '../zeyos/oauth2';
import type { Secrets } from './accountSecrets';
import { clientIdsOf, isSignedIn, type StoredAccount } from './session';

const CLIENT = 'zeyos.client.';
const APPLICATION = 'zeyos.application.';

/**
 * The secrets of applications: of those that sign in through the browser, one for each instance and client ID; and of the one that the
 * legacy login acts for, one for each instance.
 */
export class ClientSecrets {
  readonly #secrets: Secrets;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** @param instance a canonical platform URL */
  async get(instance: string, clientId: string): Promise<ClientCredentials | undefined> {
    const clientSecret = await this.#secrets.get(key(instance, clientId));
    return clientSecret === undefined ? undefined : { clientId, clientSecret };
  }

  async store(instance: string, { clientId, clientSecret }: ClientCredentials): Promise<void> {
    await this.#secrets.store(key(instance, clientId), clientSecret);
  }

  async delete(instance: string, clientId: string): Promise<void> {
    await this.#secrets.delete(key(instance, clientId));
  }

  /** Deletes a secret that the server refused, unless it has been replaced meanwhile. */
  async deleteRefused(instance: string, { clientId, clientSecret }: ClientCredentials): Promise<void> {
    const kept = await this.get(instance, clientId);
    if (kept?.clientSecret === clientSecret) await this.delete(instance, clientId);
  }

  /** The secret that the legacy login of an instance sends (`appsecret`). */
  async getApplicationSecret(instance: string): Promise<string | undefined> {
    return this.#secrets.get(applicationKey(instance));
  }

  async storeApplicationSecret(instance: string, secret: string): Promise<void> {
    await this.#secrets.store(applicationKey(instance), secret);
  }

  async deleteApplicationSecret(instance: string): Promise<void> {
    await this.#secrets.delete(applicationKey(instance));
  }

  /** Deletes those that no session and no pending revocation of the instance needs. Never rejects. */
  async deleteUnused(instance: string, clientIds: readonly string[], accounts: readonly StoredAccount[]): Promise<void> {
    const here = accounts.filter((stored) => stored.instance === instance);
    // One whose secret could not be read may need any of them.
    if (here.some((stored) => stored.signedIn && !isSignedIn(stored))) return;
    const needed = here.flatMap(clientIdsOf);
    for (const clientId of new Set(clientIds)) {
      if (!needed.includes(clientId)) await this.delete(instance, clientId).catch(() => undefined);
    }
  }
}

function key(instance: string, clientId: string): string {
  return CLIENT + hash(`${instance}\n${clientId}`);
}

function applicationKey(instance: string): string {
  return APPLICATION + hash(instance);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
