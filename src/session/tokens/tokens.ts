import { createHash } from 'node:crypto';
import type { Answer, Discard } from '../../zeyos/answer';
import { requestToken, type PasswordCredentials } from '../../zeyos/authV1';
import { OAuthError } from '../../zeyos/errors';
import type { HttpClient } from '../../zeyos/transport/http';
import { login } from '../../zeyos/legacy';
import type { TokenResponse } from '../../zeyos/messages';
import {
  authorizationCodeGrant,
  refreshTokenGrant,
  type AuthorizationRequest,
  type ClientCredentials,
} from '../../zeyos/oauth2';
import { type PlatformUrl } from '../../zeyos/address/platform';
import {
  findApi,
  introspect,
  isNotOffered,
  revoke,
  type IntrospectionOptions,
  type Api,
  type TokenInfo,
  type TokenReference,
} from '../../zeyos/api';
import { foldUserName, identityOf, userClaims, type UserClaims } from '../model/accounts';
import type { ClientSecrets } from '../storage/clientSecrets';
import type { LegacyInstances } from '../storage/legacyInstances';
import type { Reachability } from './reachability';
import type { AccessToken, PendingRevocation, StoredAccount, TokenSet } from '../model/session';
import type { SessionStore } from '../storage/sessionStore';
import { ended, expiryLearnt, pendingRevocation } from '../model/transitions';

/** The server was told to revoke a token, did not object, and still calls it active. */
export class StillActiveError extends Error {
  override readonly name = 'StillActiveError';
}

/** New tokens, with what the same answer says about the user. */
export interface IssuedTokens extends Answer<TokenSet> {
  readonly claims: UserClaims;
}

/** What the server says about an account's token. */
export interface Introspection {
  readonly answer: Answer<TokenInfo>;
  readonly token: AccessToken;
  /** Epoch milliseconds by the local clock; absent: unknown. */
  readonly expiresAt?: number;
}

/** The calls about tokens, on the API that each belongs to. All throw what `zeyos/api` throws. */
export class Tokens {
  readonly #http: HttpClient;
  readonly #store: SessionStore;
  readonly #clientSecrets: ClientSecrets;
  readonly #legacy: LegacyInstances;
  readonly #reachability: Reachability;
  readonly #machineId: string;

  constructor(services: {
    http: HttpClient;
    store: SessionStore;
    clientSecrets: ClientSecrets;
    legacy: LegacyInstances;
    reachability: Reachability;
    machineId: string;
  }) {
    this.#http = services.http;
    this.#store = services.store;
    this.#clientSecrets = services.clientSecrets;
    this.#legacy = services.legacy;
    this.#reachability = services.reachability;
    this.#machineId = services.machineId;
  }

  /** New tokens for a password, which are the caller's to keep or to revoke; from the legacy login where there is nothing else. */
  requestByPassword(platform: PlatformUrl, credentials: PasswordCredentials): Promise<IssuedTokens> {
    return this.#reachability.watch(platform, this.#requestByPassword(platform, credentials));
  }

  /** Whether passwords go to the legacy login of an instance, as far as is known. */
  usesLegacyLogin(platform: PlatformUrl): boolean {
    return this.#legacy.has(platform);
  }

  /** New tokens for a code, which are the caller's to keep or to revoke. */
  async requestByCode(
    platform: PlatformUrl,
    client: ClientCredentials,
    request: AuthorizationRequest,
    code: string,
  ): Promise<IssuedTokens> {
    const answer = await this.#reachability.watch(
      platform,
      authorizationCodeGrant(
        this.#http,
        platform,
        client,
        request,
        code,
        this.#discard(platform, 'oauth2', '', client.clientId),
      ),
    );
    return issued('oauth2', answer, client.clientId);
  }

  /** New tokens for a single-use refresh token. */
  async requestByRefreshToken(platform: PlatformUrl, clientId: string, refreshToken: string): Promise<IssuedTokens> {
    const client = await this.#clientSecrets.get(platform, clientId);
    if (!client) throw new OAuthError({ status: 401, error: 'invalid_client' });
    const answer = await this.#reachability
      .watch(
        platform,
        refreshTokenGrant(this.#http, platform, client, refreshToken, this.#discard(platform, 'oauth2', '', clientId)),
      )
      .catch(async (error: unknown) => {
        // Signing in asks for it again.
        if (error instanceof OAuthError && error.rejectsClient)
          await this.#clientSecrets.deleteRejected(platform, client);
        throw error;
      });
    return issued('oauth2', answer, clientId);
  }

  /** Asks about a token that belongs to no session yet. */
  async introspectNew(platform: PlatformUrl, tokens: TokenSet, signal: AbortSignal): Promise<Answer<TokenInfo>> {
    const reference = await this.#reference(platform, { ...tokens, token: tokens.accessToken.value });
    return this.#reachability.watch(
      platform,
      introspect(this.#http, platform, reference, { withClaims: true, signal }),
    );
  }

  /**
   * Asks about an access or refresh token of an application.
   * @throws {OAuthError} `rejectsClient`: the client secret is missing
   */
  async introspectDetached(platform: PlatformUrl, clientId: string, token: string): Promise<Answer<TokenInfo>> {
    const reference = await this.#reference(platform, { api: 'oauth2', token, clientId });
    if (!reference.client) throw new OAuthError({ status: 401, error: 'invalid_client' });
    return this.#reachability.watch(platform, introspect(this.#http, platform, reference));
  }

  /** Asks about a token that came from elsewhere, on whichever API knows it. */
  async introspectForeign(
    platform: PlatformUrl,
    token: string,
    signal: AbortSignal,
  ): Promise<Answer<TokenInfo> & { readonly api: Api }> {
    const { api, answer } = await this.#reachability.watch(platform, findApi(this.#http, platform, token, signal));
    return { ...answer, api };
  }

  /**
   * Asks the server about an account's access token; `undefined` where it has none. An expiry that was unknown is kept.
   * What a token that is not active means for the session is the caller's to decide.
   */
  async introspect(stored: StoredAccount, options?: IntrospectionOptions): Promise<Introspection | undefined> {
    const { session } = stored;
    const token = session?.accessToken;
    if (!token) return undefined;
    const platform = stored.platform;
    const reference = await this.#reference(platform, { ...session, token: token.value });
    const answer = await this.#reachability.watch(
      stored.platform,
      introspect(this.#http, platform, reference, options),
    );
    const told = answer.value.active ? expiryOf(answer) : undefined;
    if (told !== undefined && token.expiresAt === undefined)
      await this.#store.update(stored.id, expiryLearnt(token.value, told));
    const expiresAt = told ?? token.expiresAt;
    return { answer, token, ...(expiresAt !== undefined && { expiresAt }) };
  }

  /**
   * Revokes an account's tokens, and ends the session once the server says that the access token is not active. Should the
   * session have got new ones meanwhile, those as well.
   * @throws {StillActiveError}
   */
  async revoke(id: string, signal?: AbortSignal): Promise<void> {
    for (;;) {
      const stored = await this.#store.reread(id);
      const token = stored?.session?.accessToken;
      if (!token) return;
      await this.revokeDetached(stored.platform, pendingRevocation({ ...stored.session, accessToken: token }), signal);
      const after = await this.introspect(stored, { signal });
      if (after?.answer.value.active) throw new StillActiveError('the token is still active');
      if (await this.#store.update(id, ended(token.value, 'revoked'))) return;
    }
  }

  /** Revokes a token that belongs to no session any more. */
  async revokeDetached(platform: PlatformUrl, pending: PendingRevocation, signal?: AbortSignal): Promise<void> {
    const reference = await this.#reference(platform, pending);
    // Without the application's secret, a refresh token cannot be revoked, nor be asked about.
    if (pending.clientId !== undefined && !reference.client)
      throw new OAuthError({ status: 401, error: 'invalid_client' });
    await this.#reachability
      .watch(platform, revoke(this.#http, platform, reference, signal))
      .catch(async (error: unknown) => {
        // The user is asked for it again.
        if (error instanceof OAuthError && error.rejectsClient && reference.client)
          await this.#clientSecrets.deleteRejected(platform, reference.client);
        throw error;
      });
  }

  async #requestByPassword(platform: PlatformUrl, credentials: PasswordCredentials): Promise<IssuedTokens> {
    if (this.#legacy.has(platform)) {
      return this.#login(platform, credentials).catch((error: unknown) => {
        // The instance may have been updated.
        if (isNotOffered(error)) this.#legacy.set(platform, false);
        throw error;
      });
    }
    try {
      return issued(
        'authV1',
        await requestToken(
          this.#http,
          platform,
          credentials,
          undefined,
          this.#discard(platform, 'authV1', credentials.username),
        ),
      );
    } catch (error) {
      if (!isNotOffered(error)) throw error;
      return this.#loginInstead(platform, credentials, error);
    }
  }

  /** Finds out whether an instance without the Auth API has the legacy login, and remembers it. */
  async #loginInstead(
    platform: PlatformUrl,
    credentials: PasswordCredentials,
    notOffered: unknown,
  ): Promise<IssuedTokens> {
    try {
      const tokens = await this.#login(platform, credentials);
      this.#legacy.set(platform, true);
      return tokens;
    } catch (error) {
      // Where neither is offered, it is the first that the address was wrong for.
      if (isNotOffered(error)) throw notOffered;
      // A password that it refuses shows that it is there.
      if (error instanceof OAuthError) this.#legacy.set(platform, true);
      throw error;
    }
  }

  async #login(platform: PlatformUrl, credentials: PasswordCredentials): Promise<IssuedTokens> {
    const identifier = createHash('sha256')
      .update(`${this.#machineId}\n${platform.href}\n${foldUserName(credentials.username)}`)
      .digest('hex')
      .slice(0, 32);
    const appSecret = await this.#clientSecrets.getApplicationSecret(platform);
    const discard = this.#discard(platform, 'legacy', credentials.username);
    const answer = await login(this.#http, platform, credentials, `vscode-${identifier}`, appSecret, discard);
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

  /** Revokes tokens of an answer that cannot be used; if that fails now, they become a pending revocation. */
  #discard(platform: PlatformUrl, api: Api, userName: string, clientId?: string): Discard {
    return async ({ access_token, refresh_token }) => {
      const token = refresh_token ?? access_token;
      if (token === undefined) return;
      const pending = { api, token, ...(clientId !== undefined && { clientId }) };
      const tokens: TokenSet = {
        api,
        accessToken: { value: token, issuedAt: 0 },
        ...(clientId !== undefined && { clientId }),
      };
      await this.revokeDetached(platform, pending)
        .catch(() => this.#store.abandon(platform, identityOf({}, userName), tokens))
        .catch(() => undefined);
    };
  }

  async #reference(
    platform: PlatformUrl,
    { api, token, clientId }: { readonly api: Api; readonly token: string; readonly clientId?: string },
  ): Promise<TokenReference> {
    const client = clientId === undefined ? undefined : await this.#clientSecrets.get(platform, clientId);
    return { api, token, ...(client && { client }) };
  }
}

function issued(api: Api, answer: Answer<TokenResponse>, clientId?: string): IssuedTokens {
  return { ...answer, value: tokenSet(api, answer, clientId), claims: userClaims(answer.value) };
}

/** An introspection's `exp`, by the local clock in epoch milliseconds. */
export function expiryOf({ value, clockSkewMs }: Answer<TokenInfo>): number | undefined {
  return value.active && value.exp !== undefined ? value.exp * 1000 - clockSkewMs : undefined;
}

/** Lifetimes count from when the request was sent: the earliest that the server can have meant. */
function tokenSet(api: Api, { value, sentAt }: Answer<TokenResponse>, clientId?: string): TokenSet {
  const lifetime = (seconds: number | undefined): { expiresAt?: number } =>
    seconds === undefined ? {} : { expiresAt: sentAt + seconds * 1000 };
  const refreshToken = api === 'oauth2' ? value.refresh_token : undefined;
  return {
    api,
    accessToken: { value: value.access_token, issuedAt: sentAt, ...lifetime(value.expires_in) },
    ...(refreshToken !== undefined && {
      grant: { kind: 'refreshToken', value: refreshToken, ...lifetime(value.refresh_token_expires_in) },
    }),
    ...(clientId !== undefined && { clientId }),
  };
}
