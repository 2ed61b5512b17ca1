import { createHash } from 'node:crypto';
import { requestToken, type PasswordCredentials } from '../../zeyos/authV1';
import { isNotOffered } from '../../zeyos/api';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { OAuthError } from '../../zeyos/errors';
import { login } from '../../zeyos/legacy';
import type { HttpClient } from '../../zeyos/transport/http';
import { foldUserName } from '../model/accounts';
import type { ClientSecrets } from '../storage/clientSecrets';
import type { LegacyPlatforms } from '../storage/legacyPlatforms';
import { newTokens, type NewTokens } from './newTokens';
import type { Reachability } from './reachability';
import type { TokenRequests } from './tokenRequests';

/** Requests tokens for a password: from the Auth API, or else from the legacy login. */
export class PasswordRequests {
  readonly #http: HttpClient;
  readonly #tokenRequests: TokenRequests;
  readonly #clientSecrets: ClientSecrets;
  readonly #legacyPlatforms: LegacyPlatforms;
  readonly #reachability: Reachability;
  readonly #machineId: string;

  constructor(services: {
    http: HttpClient;
    tokenRequests: TokenRequests;
    clientSecrets: ClientSecrets;
    legacyPlatforms: LegacyPlatforms;
    reachability: Reachability;
    machineId: string;
  }) {
    this.#http = services.http;
    this.#tokenRequests = services.tokenRequests;
    this.#clientSecrets = services.clientSecrets;
    this.#legacyPlatforms = services.legacyPlatforms;
    this.#reachability = services.reachability;
    this.#machineId = services.machineId;
  }

  /** @throws what `zeyos/authV1` and `zeyos/legacy` throw */
  request(platform: PlatformUrl, credentials: PasswordCredentials): Promise<NewTokens> {
    return this.#reachability.watch(platform, this.#request(platform, credentials));
  }

  /** Whether the last password for a platform went to its legacy login. */
  usesLegacyLogin(platform: PlatformUrl): boolean {
    return this.#legacyPlatforms.has(platform);
  }

  async #request(platform: PlatformUrl, credentials: PasswordCredentials): Promise<NewTokens> {
    if (this.#legacyPlatforms.has(platform)) {
      return this.#logIn(platform, credentials).catch((error: unknown) => {
        // The server may have got the Auth API since.
        if (isNotOffered(error)) this.#legacyPlatforms.set(platform, false);
        throw error;
      });
    }
    try {
      const discard = this.#tokenRequests.discard(platform, 'authV1', credentials.username);
      return newTokens('authV1', await requestToken(this.#http, platform, credentials, undefined, discard));
    } catch (error) {
      if (!isNotOffered(error)) throw error;
      return this.#logInInstead(platform, credentials, error);
    }
  }

  /**
   * Remembers whether the legacy login exists.
   * @throws `notOffered`, the Auth API's error, if the server has neither
   */
  async #logInInstead(
    platform: PlatformUrl,
    credentials: PasswordCredentials,
    notOffered: unknown,
  ): Promise<NewTokens> {
    try {
      const tokens = await this.#logIn(platform, credentials);
      this.#legacyPlatforms.set(platform, true);
      return tokens;
    } catch (error) {
      if (isNotOffered(error)) throw notOffered;
      // A legacy login that rejects the password exists.
      if (error instanceof OAuthError) this.#legacyPlatforms.set(platform, true);
      throw error;
    }
  }

  async #logIn(platform: PlatformUrl, credentials: PasswordCredentials): Promise<NewTokens> {
    const device = this.#deviceOf(platform, credentials.username);
    const appSecret = await this.#clientSecrets.getApplicationSecret(platform);
    const discard = this.#tokenRequests.discard(platform, 'legacy', credentials.username);
    const answer = await login(this.#http, platform, credentials, device, appSecret, discard);
    const { token, expdate } = answer.value;
    const expiresAt = expdate === undefined ? undefined : expdate * 1000 - answer.clockSkewMs;
    return {
      ...answer,
      claims: {},
      value: {
        api: 'legacy',
        accessToken: { value: token, issuedAt: answer.sentAt, ...(expiresAt !== undefined && { expiresAt }) },
      },
    };
  }

  /** The legacy login keeps one token for each user and device. The hash hides the machine's id from the server. */
  #deviceOf(platform: PlatformUrl, userName: string): string {
    const hash = createHash('sha256')
      .update(`${this.#machineId}\n${platform.href}\n${foldUserName(userName)}`)
      .digest('hex');
    return `vscode-${hash.slice(0, 32)}`;
  }
}
