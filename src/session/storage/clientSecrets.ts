import { createHash } from 'node:crypto';
import type { PlatformUrl } from '../../zeyos/address/platform';
import type { ClientCredentials } from '../../zeyos/oauth2';
import type { SecretStorage } from './secretStorage';
import { SecretStorageTimeoutError } from './boundedSecretStorage';
import { clientIdsOf, isSignedIn, type StoredAccount } from '../model/session';
import { accountsOn } from '../model/accounts';

const CLIENT = 'zeyos.client.';
const APPLICATION = 'zeyos.application.';

/** The secrets of OAuth applications by platform and client ID, and of legacy logins by platform. */
export class ClientSecrets {
  readonly #secrets: SecretStorage;
  /** The latest values (`undefined`: deleted). Renewals use them while the secret storage does not answer. */
  readonly #last = new Map<string, string | undefined>();

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  /** If the secret storage fails, returns the latest known secret. */
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

  /** Deletes a rejected secret unless the user replaced it. Never rejects: the server rejects it again. */
  async deleteRejected(platform: PlatformUrl, { clientId, clientSecret }: ClientCredentials): Promise<void> {
    try {
      const kept = await this.get(platform, clientId);
      if (kept?.clientSecret === clientSecret) await this.delete(platform, clientId);
    } catch {
      // The user needs to know of the rejection only.
    }
  }

  /** The `appsecret` that a platform's legacy login sends. */
  async getApplicationSecret(platform: PlatformUrl): Promise<string | undefined> {
    return this.#secrets.get(applicationKey(platform));
  }

  async storeApplicationSecret(platform: PlatformUrl, secret: string): Promise<void> {
    await this.#secrets.store(applicationKey(platform), secret);
  }

  async deleteApplicationSecret(platform: PlatformUrl): Promise<void> {
    await this.#secrets.delete(applicationKey(platform));
  }

  /** Deletes secrets that no session and no pending revocation needs. Never rejects. */
  async deleteUnused(
    platform: PlatformUrl,
    clientIds: readonly string[],
    accounts: readonly StoredAccount[],
  ): Promise<void> {
    const here = accountsOn(accounts, platform);
    // An unreadable account may need any of the secrets.
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

  /** Repeats the latest write if an older one was completed after it. */
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
