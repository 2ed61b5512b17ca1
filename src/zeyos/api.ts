import type { Answer } from './answer';
import * as authV1 from './authV1';
import { HttpError, OAuthError } from './errors';
import type { HttpClient } from './transport/http';
import * as legacy from './legacy';
import type { IntrospectionResponse, UserInfoResponse } from './messages';
import * as oauth2 from './oauth2';
import type { PlatformUrl } from './address/platform';

/** The ZeyOS API that issued a token. Only this API can introspect and revoke it. */
export type Api = 'authV1' | 'oauth2' | 'legacy';

export interface TokenReference {
  readonly api: Api;
  readonly token: string;
  /** Only `oauth2` uses it. */
  readonly client?: oauth2.ClientCredentials;
}

export type TokenInfo = IntrospectionResponse & { readonly userInfo?: UserInfoResponse };

export interface IntrospectionOptions {
  /** Also requests name, e-mail and groups if this needs another call. */
  readonly withClaims?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Every function of this module may throw what the calls of the three APIs throw. */
export async function introspect(
  http: HttpClient,
  platform: PlatformUrl,
  reference: TokenReference,
  options: IntrospectionOptions = {},
): Promise<Answer<TokenInfo>> {
  switch (reference.api) {
    case 'authV1':
      return authV1.introspectToken(http, platform, reference.token, options.signal);
    case 'legacy':
      return legacy.introspectToken(http, platform, reference.token, options.signal);
    case 'oauth2':
      return introspectOauth2(http, platform, reference, options);
  }
}

async function introspectOauth2(
  http: HttpClient,
  platform: PlatformUrl,
  { token, client }: TokenReference,
  { withClaims = false, signal }: IntrospectionOptions,
): Promise<Answer<TokenInfo>> {
  // If the server rejects the client secret, the user info request still shows whether the token is active.
  const introspection =
    client && (await oauth2.introspectToken(http, platform, client, token, signal).catch(undefinedIfClientRejected));
  if (introspection && !(introspection.value.active && withClaims)) return introspection;
  const claims = await oauth2.userInfo(http, platform, token, signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    // The introspection is enough: the server may not offer user info.
    if (!introspection) throw error;
    return undefined;
  });
  if (!claims) return introspection as Answer<TokenInfo>;
  if (!claims.value) return { ...claims, value: { active: false } };
  const { sub, preferred_username } = claims.value;
  const introspected = introspection?.value.active ? introspection.value : { active: true as const };
  return {
    ...(introspection ?? claims),
    value: {
      sub,
      ...(preferred_username !== undefined && { username: preferred_username }),
      ...introspected,
      userInfo: claims.value,
    },
  };
}

function undefinedIfClientRejected(error: unknown): undefined {
  if (!(error instanceof OAuthError && error.rejectsClient)) throw error;
}

/**
 * A normal return means only that the server did not object.
 * @throws {OAuthError} `rejectsClient` if an `oauth2` token has no `client` and no other API revokes it
 */
export async function revoke(
  http: HttpClient,
  platform: PlatformUrl,
  { api, token, client }: TokenReference,
  signal?: AbortSignal,
): Promise<void> {
  switch (api) {
    case 'authV1':
      return authV1.revokeToken(http, platform, token, signal);
    case 'legacy':
      return legacy.logout(http, platform, token, signal);
    case 'oauth2':
      return client
        ? oauth2.revokeToken(http, platform, client, token, signal)
        : revokeByBearer(http, platform, token, signal);
  }
}

/**
 * The user pasted the `oauth2` token, so its application is unknown. The other APIs revoke it without the application's
 * secret.
 */
async function revokeByBearer(
  http: HttpClient,
  platform: PlatformUrl,
  token: string,
  signal?: AbortSignal,
): Promise<void> {
  const hasEnded = async (): Promise<boolean> =>
    (await oauth2.userInfo(http, platform, token, signal)).value === undefined;
  if (await hasEnded()) return;
  for (const revokeToken of [authV1.revokeToken, legacy.logout]) {
    try {
      await revokeToken(http, platform, token, signal);
      if (await hasEnded()) return;
    } catch (error) {
      if (!isNotOffered(error)) throw error;
    }
  }
  throw new OAuthError({ status: 401, error: 'invalid_client' });
}

/**
 * Finds the API of a pasted token: the first that the server offers.
 * @throws {HttpError} the server offers none
 */
export async function findApi(
  http: HttpClient,
  platform: PlatformUrl,
  token: string,
  signal?: AbortSignal,
): Promise<{ readonly api: Api; readonly answer: Answer<TokenInfo> }> {
  for (const api of ['authV1', 'oauth2'] as const) {
    try {
      return { api, answer: await introspect(http, platform, { api, token }, { signal }) };
    } catch (error) {
      if (!isNotOffered(error)) throw error;
    }
  }
  return { api: 'legacy', answer: await introspect(http, platform, { api: 'legacy', token }, { signal }) };
}

export function isNotOffered(error: unknown): boolean {
  return error instanceof HttpError && error.isNotOffered;
}

/**
 * Checks that ZeyOS answers, through any API.
 * @throws {HttpError | MalformedResponseError} something else answers
 */
export async function probe(http: HttpClient, platform: PlatformUrl): Promise<void> {
  try {
    await authV1.probe(http, platform);
  } catch (error) {
    if (!isNotOffered(error)) throw error;
    // The legacy login rejects a wrong token in a way that only ZeyOS does.
    const { value } = await legacy.introspectToken(http, platform, 'none');
    if (value.active) throw error;
  }
}
