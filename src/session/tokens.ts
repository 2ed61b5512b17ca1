import { introspectToken, requestToken, revokeToken, type Answer, type PasswordCredentials } from '../zeyos/authV1';
import type { HttpClient } from '../zeyos/http';
import type { IntrospectionResponse, TokenResponse } from '../zeyos/messages';
import { PlatformUrl } from '../zeyos/platform';
import type { Reachability } from './reachability';
import type { SessionStore } from './sessionStore';
import type { AccessToken, PendingRevocation, StoredAccount } from './session';

/** The server was told to revoke a token, did not object, and still calls it active. */
export class StillActiveError extends Error {
  override readonly name = 'StillActiveError';
}

/** What the server says about an account's token. */
export interface Introspection extends Answer<IntrospectionResponse> {
  readonly token: AccessToken;
  /** Epoch milliseconds by the local clock; absent: unknown. */
  readonly expiresAt?: number;
}

/** The calls about tokens, each with its effect on the session. All throw what `zeyos/authV1` throws. */
export class Tokens {
  readonly #http: HttpClient;
  readonly #store: SessionStore;
  readonly #reachability: Reachability;

  constructor(seams: { http: HttpClient; store: SessionStore; reachability: Reachability }) {
    this.#http = seams.http;
    this.#store = seams.store;
    this.#reachability = seams.reachability;
  }

  /** A new token, which is the caller's to keep or to revoke. */
  request(platform: PlatformUrl, credentials: PasswordCredentials): Promise<Answer<TokenResponse>> {
    return this.#reachability.watch(platform.href, requestToken(this.#http, platform, credentials));
  }

  /** Asks about a token that belongs to no session yet. */
  introspectNew(platform: PlatformUrl, token: string, signal: AbortSignal): Promise<Answer<IntrospectionResponse>> {
    return this.#reachability.watch(platform.href, introspectToken(this.#http, platform, token, signal));
  }

  /**
   * Asks the server about an account's token; `undefined` where it has none. A token that is not active ends the session,
   * an expiry that was unknown is kept.
   */
  async introspect(stored: StoredAccount, signal?: AbortSignal): Promise<Introspection | undefined> {
    const token = stored.session?.accessToken;
    if (!token) return undefined;
    const platform = PlatformUrl.parse(stored.instance);
    const answer = await this.#reachability.watch(stored.instance, introspectToken(this.#http, platform, token.value, signal));
    const hasExpired = token.expiresAt !== undefined && token.expiresAt <= answer.receivedAt;
    if (!answer.value.active && !hasExpired) await this.#store.markRevoked(stored.id, token.value);
    const told = answer.value.active ? expiryOf(answer) : undefined;
    if (told !== undefined && token.expiresAt === undefined) await this.#store.learnExpiry(stored.id, token.value, told);
    const expiresAt = told ?? token.expiresAt;
    return { ...answer, token, ...(expiresAt !== undefined && { expiresAt }) };
  }

  /**
   * Revokes an account's token, and ends the session once the server says that the token is not active.
   * @throws {StillActiveError}
   */
  async revoke(stored: StoredAccount, signal?: AbortSignal): Promise<void> {
    const token = stored.session?.accessToken;
    if (!token) return;
    await this.revokeDetached(PlatformUrl.parse(stored.instance), { surface: 'authV1', token: token.value }, signal);
    // The session is as it was when this began: should it have a new token by now, only the old one is ended.
    const after = await this.introspect(stored, signal);
    if (after?.value.active) throw new StillActiveError('the token is still active');
  }

  /** Revokes a token that belongs to no session any more. */
  async revokeDetached(platform: PlatformUrl, { token }: PendingRevocation, signal?: AbortSignal): Promise<void> {
    await this.#reachability.watch(platform.href, revokeToken(this.#http, platform, token, signal));
  }
}

/** An introspection's `exp`, by the local clock in epoch milliseconds. */
export function expiryOf({ value, clockSkewMs }: Answer<IntrospectionResponse>): number | undefined {
  return value.active && value.exp !== undefined ? value.exp * 1000 - clockSkewMs : undefined;
}
