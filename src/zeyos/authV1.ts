import {
  acceptTokens,
  basic,
  introspected,
  isBearerRejected,
  isRevoked,
  passwordRejection,
  rejectionError,
  requireSuccess,
  sendConfirming401,
  wantsBearerOnly,
  type Answer,
  type Discard,
} from './answer';
import { HttpError, OAuthError } from './errors';
import { failure, type HttpClient, type HttpRequest } from './transport/http';
import {
  parseIntrospectionResponse,
  parseTokenResponse,
  refuseWebPage,
  type IntrospectionResponse,
  type TokenResponse,
} from './messages';
import { oneTimeCodeDemand } from './oneTimeCodeDemand';
import type { PlatformUrl } from './address/platform';

/**
 * ZeyOS's Auth API v1: `{platform}/auth/v1`. Each call may throw `OAuthError`, `HttpError`, `MalformedResponseError`,
 * and the errors of {@link HttpClient.send}.
 */

export interface PasswordCredentials {
  /** Has no colon, because RFC 7617 cannot transmit one. */
  readonly username: string;
  readonly password: string;
  readonly oneTimeCode?: string;
}

/**
 * `POST /token` (RFC 7617). Never repeated: if the response was lost, the server may have issued a token.
 * @throws {OAuthError} `rejectsCredentials` or `requiresOneTimeCode`
 * @throws {HttpError} `isNotOffered` also if {@link wantsBearerOnly}
 */
export async function requestToken(
  http: HttpClient,
  platform: PlatformUrl,
  credentials: PasswordCredentials,
  signal?: AbortSignal,
  discard?: Discard,
): Promise<Answer<TokenResponse>> {
  const response = await http.send(
    {
      method: 'POST',
      url: platform.endpoint('auth/v1/token'),
      headers: { Authorization: basic(credentials.username, credentials.password) },
      ...(credentials.oneTimeCode && { form: { otp: credentials.oneTimeCode } }),
      idempotent: false,
    },
    signal,
  );
  if (wantsBearerOnly(response)) throw new HttpError(401, undefined, undefined, true);
  const demand = oneTimeCodeDemand(response);
  if (demand) throw demand;
  if (response.status === 401) throw passwordRejection(response, platform);
  return acceptTokens(response, () => (requireSuccess(response, platform), parseTokenResponse(response)), discard);
}

/** `POST /token/introspect` (RFC 7662). */
export async function introspectToken(
  http: HttpClient,
  platform: PlatformUrl,
  token: string,
  signal?: AbortSignal,
): Promise<Answer<IntrospectionResponse>> {
  const response = await sendConfirming401(
    http,
    platform,
    aboutToken(platform, 'auth/v1/token/introspect', token),
    signal,
  );
  return introspected(response, platform, parseIntrospectionResponse);
}

/** `POST /token/revoke` (RFC 7009). */
export async function revokeToken(
  http: HttpClient,
  platform: PlatformUrl,
  token: string,
  signal?: AbortSignal,
): Promise<void> {
  const response = await sendConfirming401(http, platform, aboutToken(platform, 'auth/v1/token/revoke', token), signal);
  if (isRevoked(response, platform)) return;
  // Only an introspection proves that a rejected token has ended.
  if (isBearerRejected(response) && !(await introspectToken(http, platform, token, signal)).value.active) return;
  requireSuccess(response, platform);
  refuseWebPage(response);
}

/**
 * Requires the rejection that only ZeyOS sends for a token request without credentials.
 * @throws {HttpError} something else answers, or ZeyOS without this API
 */
export async function probe(http: HttpClient, platform: PlatformUrl): Promise<void> {
  const response = await http.send({ method: 'POST', url: platform.endpoint('auth/v1/token'), idempotent: false });
  if (wantsBearerOnly(response)) throw new HttpError(401, undefined, undefined, true);
  if (!(rejectionError(response, platform) instanceof OAuthError)) throw failure(response);
}

function aboutToken(platform: PlatformUrl, path: string, token: string): HttpRequest {
  return {
    method: 'POST',
    url: platform.endpoint(path),
    headers: { Authorization: `Bearer ${token}` },
    form: { token },
    idempotent: true,
  };
}
