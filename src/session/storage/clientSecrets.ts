import { createHash } from 'node:crypto';
import type { PlatformUrl } from '../../zeyos/address/platform';
import type { ClientCredentials } from '../../zeyos/oauth2';
import type { SecretStorage } from './secretStorage';
import { SecretStorageTimeoutError } from './boundedSecretStorage';
import { clientIdsOf, isSignedIn, type StoredAccount } from '../model/session';
import { accountsOn } from '../model/accounts';

const CLIENT = 'zeyos.client.';
const APPLICATION = 'zeyos.application.';

/**
 * The secrets of applications. A sign-in through the browser has one for each platform and client ID, and the legacy
 * login has one for each platform.
 */
export class ClientSecrets {
  readonly #secrets: SecretStorage;
  /**
   * What was last read, or was to be stored or deleted (`undefined`), by key. While the secret storage does not answer, the tokens that a
   * session lives on must be renewed and revoked all the same.
   */
  readonly #last = new Map<string, string | undefined>();

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  /** Returns the secret, or the one that was last known here if the storage fails. */
  async get(platform: PlatformUrl, clientId: string): Promise<ClientCredentials | undefined> {
    const clientSecret = await this.#read(key(platform, clientId));
    return clientSecret === undefined ? undefined : { clientId, clientSecret };
  }

  async store(platform: PlatformUrl, { clientId, clientSecret }: ClientCredentials): Promise<void> {
    await this.#write(key(platform, clientId), clientSecret);
  }

  async delete(platform: PlatformUrl, clientId: string): Promise<void> {
    await this.#write(key(platform, clientId), undefined);
  }

  /**
   * Deletes a secret that the server rejected, unless it has been replaced meanwhile. Never rejects: if the secret
   * stays, the server rejects it again.
   */
  async deleteRejected(platform: PlatformUrl, { clientId, clientSecret }: ClientCredentials): Promise<void> {
    try {
      const kept = await this.get(platform, clientId);
      if (kept?.clientSecret === clientSecret) await this.delete(platform, clientId);
    } catch {
      // The user has to know that the server rejected the secret, not that it could not be deleted.
    }
  }

  /** The secret that the legacy login of a platform sends (`appsecret`). */
  async getApplicationSecret(platform: PlatformUrl): Promise<string | undefined> {
    return this.#secrets.get(applicationKey(platform));
  }

  async storeApplicationSecret(platform: PlatformUrl, secret: string): Promise<void> {
    await this.#secrets.store(applicationKey(platform), secret);
  }

  async deleteApplicationSecret(platform: PlatformUrl): Promise<void> {
    await this.#secrets.delete(applicationKey(platform));
  }

  /** Deletes the secrets that no session and no pending revocation on the platform needs. Never rejects. */
  async deleteUnused(
    platform: PlatformUrl,
    clientIds: readonly string[],
    accounts: readonly StoredAccount[],
  ): Promise<void> {
    const here = accountsOn(accounts, platform);
    // One whose secret could not be read may need any of them.
    if (here.some((stored) => stored.signedIn && !isSignedIn(stored))) return;
    const needed = here.flatMap(clientIdsOf);
    for (const clientId of new Set(clientIds)) {
      if (!needed.includes(clientId)) await this.delete(platform, clientId).catch(() => undefined);
    }
  }

  async #read(name: string): Promise<string | undefined> {
    try {
      const value = await this.#secrets.get(name);
      this.#last.set(name, value);
      return value;
    } catch (error) {
      const last = this.#last.get(name);
      if (last === undefined) throw error;
      return last;
    }
  }

  async #write(name: string, value: string | undefined): Promise<void> {
    this.#last.set(name, value);
    try {
      await (value === undefined ? this.#secrets.delete(name) : this.#secrets.store(name, value));
    } catch (error) {
      if (error instanceof SecretStorageTimeoutError) void error.settled.then(() => this.#correct(name, value));
      throw error;
    }
  }

  /** An operation that was late has been done: what was written after it counts. */
  async #correct(name: string, late: string | undefined): Promise<void> {
    const last = this.#last.get(name);
    if (last !== late) await this.#write(name, last).catch(() => undefined);
  }
}

function key(platform: PlatformUrl, clientId: string): string {
  return CLIENT + hash(`${platform.href}\n${clientId}`);
}

function applicationKey(platform: PlatformUrl): string {
  return APPLICATION + hash(platform.href);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
