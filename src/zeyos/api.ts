import type { Answer } from './answer';
import * as authV1 from './authV1';
import { HttpError, OAuthError } from './errors';
import type { HttpClient } from './transport/http';
import * as legacy from './legacy';
import type { IntrospectionResponse, UserInfoResponse } from './messages';
import * as oauth2 from './oauth2';
import type { PlatformUrl } from './address/platform';

/** The API that issued a token, and so the one that can check and end it. */
export type Api = 'authV1' | 'oauth2' | 'legacy';

/** A token, and what it takes to talk about it. */
export interface TokenReference {
  readonly api: Api;
  readonly token: string;
  /** `oauth2` wants to know which application asks. */
  readonly client?: oauth2.ClientCredentials;
}

/** What is known of a token, with the user's claims where the API tells them. */
export type TokenInfo = IntrospectionResponse & { readonly userInfo?: UserInfoResponse };

export interface IntrospectionOptions {
  /** Whether name, e-mail and groups are wanted too, where another call tells them. */
  readonly withClaims?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Whether a token is active, whose it is and until when, as far as its API tells.
 * @throws {OAuthError | HttpError | MalformedResponseError}
 */
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
  // Without a good client secret, whether the token works is still to be had.
  const introspection =
    client && (await oauth2.introspectToken(http, platform, client, token, signal).catch(ifClientRefused));
  if (introspection && !(introspection.value.active && withClaims)) return introspection;
  const claims = await oauth2.userInfo(http, platform, token, signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    // Whether the token is active has been told; who it belongs to may be more than this server tells.
    if (!introspection) throw error;
    return undefined;
  });
  if (!claims) return introspection as Answer<TokenInfo>;
  if (!claims.value) return { ...claims, value: { active: false } };
  const { sub, preferred_username } = claims.value;
  const told = introspection?.value.active ? introspection.value : { active: true as const };
  return {
    ...(introspection ?? claims),
    value: {
      sub,
      ...(preferred_username !== undefined && { username: preferred_username }),
      ...told,
      userInfo: claims.value,
    },
  };
}

function ifClientRefused(error: unknown): undefined {
  if (!(error instanceof OAuthError && error.rejectsClient)) throw error;
}

/**
 * Ends a token; returning means only that the server did not object.
 * @throws {OAuthError} `rejectsClient` where `oauth2` is not told which application asks, and nothing else ends the token
 * @throws {HttpError | MalformedResponseError}
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

/** Nobody knows the application that an access token from elsewhere was issued to: the other APIs may take it as it is. */
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
 * Which API knows a token that came from elsewhere: the first that answers.
 * @throws {HttpError} none is offered
 * @throws as {@link introspect} does
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

/** Whether an API is not there at all. */
export function isNotOffered(error: unknown): boolean {
  return error instanceof HttpError && error.isNotOffered;
}

/**
 * Whether ZeyOS is there, on whichever API.
 * @throws {HttpError | MalformedResponseError} something else answered, and how
 */
export async function probe(http: HttpClient, platform: PlatformUrl): Promise<void> {
  try {
    await authV1.probe(http, platform);
  } catch (error) {
    if (!isNotOffered(error)) throw error;
    // A bearer that cannot be good: the legacy login refuses it in ZeyOS's own way.
    const { value } = await legacy.introspectToken(http, platform, 'none');
    if (value.active) throw error;
  }
}
