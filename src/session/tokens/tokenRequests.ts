import type { Answer, Discard } from '../../zeyos/answer';
import { findApi, introspect, revoke, type Api, type IntrospectionOptions, type TokenInfo } from '../../zeyos/api';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { OAuthError } from '../../zeyos/errors';
import {
  authorizationCodeGrant,
  refreshTokenGrant,
  type AuthorizationRequest,
  type ClientCredentials,
} from '../../zeyos/oauth2';
import type { HttpClient } from '../../zeyos/transport/http';
import { identityOf } from '../model/accounts';
import type { TokenSet } from '../model/session';
import type { ClientSecrets } from '../storage/clientSecrets';
import type { SessionStore } from '../storage/sessionStore';
import { newTokens, type NewTokens } from './newTokens';
import type { Reachability } from './reachability';

export interface IssuedToken {
  readonly api: Api;
  readonly token: string;
  readonly clientId?: string;
}

/**
 * Sends each request about a token to its API. Changes no session, but deletes a client secret that the server rejects.
 * Throws what `zeyos/api` throws.
 */
export class TokenRequests {
  readonly #http: HttpClient;
  readonly #clientSecrets: ClientSecrets;
  readonly #reachability: Reachability;
  readonly #setAside: SessionStore['setAside'];

  constructor(services: {
    http: HttpClient;
    clientSecrets: ClientSecrets;
    reachability: Reachability;
    setAside: SessionStore['setAside'];
  }) {
    this.#http = services.http;
    this.#clientSecrets = services.clientSecrets;
    this.#reachability = services.reachability;
    this.#setAside = services.setAside;
  }

  async exchangeCode(
    platform: PlatformUrl,
    client: ClientCredentials,
    request: AuthorizationRequest,
    code: string,
  ): Promise<NewTokens> {
    const { clientId } = client;
    const discard = this.discard(platform, 'oauth2', '', clientId);
    const exchange = authorizationCodeGrant(this.#http, platform, client, request, code, discard);
    return newTokens('oauth2', await this.#reachability.watch(platform, exchange), clientId);
  }

  /** @throws {OAuthError} `rejectsClient`: the client secret is missing, or the server rejects it */
  async exchangeRefreshToken(platform: PlatformUrl, clientId: string, refreshToken: string): Promise<NewTokens> {
    const client = await this.#requireClient(platform, clientId);
    const discard = this.discard(platform, 'oauth2', '', clientId);
    const exchange = refreshTokenGrant(this.#http, platform, client, refreshToken, discard);
    const answer = await this.#watchClient(platform, client, exchange);
    return newTokens('oauth2', answer, clientId);
  }

  async introspect(
    platform: PlatformUrl,
    { api, token, clientId }: IssuedToken,
    options?: IntrospectionOptions,
  ): Promise<Answer<TokenInfo>> {
    const client = clientId === undefined ? undefined : await this.#clientSecrets.get(platform, clientId);
    const reference = { api, token, ...(client && { client }) };
    return this.#reachability.watch(platform, introspect(this.#http, platform, reference, options));
  }

  /**
   * Introspects an access or refresh token for its application.
   * @throws {OAuthError} `rejectsClient`: the client secret is missing
   */
  async introspectAsClient(platform: PlatformUrl, clientId: string, token: string): Promise<Answer<TokenInfo>> {
    const client = await this.#requireClient(platform, clientId);
    return this.#reachability.watch(platform, introspect(this.#http, platform, { api: 'oauth2', token, client }));
  }

  /** For a token that this extension did not request. Asks the first API that the server offers. */
  async introspectForeign(
    platform: PlatformUrl,
    token: string,
    signal: AbortSignal,
  ): Promise<Answer<TokenInfo> & { readonly api: Api }> {
    const { api, answer } = await this.#reachability.watch(platform, findApi(this.#http, platform, token, signal));
    return { ...answer, api };
  }

  /** @throws {OAuthError} `rejectsClient`: the client secret is missing, or the server rejects it */
  async revoke(platform: PlatformUrl, { api, token, clientId }: IssuedToken, signal?: AbortSignal): Promise<void> {
    // Without the client secret, a refresh token can be neither revoked nor introspected.
    const client = clientId === undefined ? undefined : await this.#requireClient(platform, clientId);
    const revocation = revoke(this.#http, platform, { api, token, ...(client && { client }) }, signal);
    await (client ? this.#watchClient(platform, client, revocation) : this.#reachability.watch(platform, revocation));
  }

  /** Returns a function that revokes the tokens of an unusable answer, or else makes them a pending revocation. */
  discard(platform: PlatformUrl, api: Api, userName: string, clientId?: string): Discard {
    return async ({ access_token, refresh_token }) => {
      const token = refresh_token ?? access_token;
      if (token === undefined) return;
      const issuedTo = clientId === undefined ? {} : { clientId };
      const tokens: TokenSet = { api, accessToken: { value: token, issuedAt: 0 }, ...issuedTo };
      await this.revoke(platform, { api, token, ...issuedTo })
        .catch(() => this.#setAside(platform, identityOf({}, userName), tokens))
        .catch(() => undefined);
    };
  }

  /** Deletes a rejected client secret, so that the user is asked for it. */
  #watchClient<T>(platform: PlatformUrl, client: ClientCredentials, request: Promise<T>): Promise<T> {
    return this.#reachability.watch(platform, request).catch(async (error: unknown) => {
      if (error instanceof OAuthError && error.rejectsClient)
        await this.#clientSecrets.deleteRejected(platform, client);
      throw error;
    });
  }

  async #requireClient(platform: PlatformUrl, clientId: string): Promise<ClientCredentials> {
    const client = await this.#clientSecrets.get(platform, clientId);
    if (!client) throw new OAuthError({ status: 401, error: 'invalid_client' });
    return client;
  }
}
