import { createHash, randomBytes } from 'node:crypto';
import {
  acceptTokens,
  answer,
  basic,
  isBearerRejected,
  requireSuccess,
  sendConfirming401,
  type Answer,
  type Discard,
} from './answer';
import type { HttpClient, HttpRequest } from './transport/http';
import {
  parseIntrospectionResponse,
  parseTokenResponse,
  parseUserInfoResponse,
  refuseWebPage,
  type IntrospectionResponse,
  type TokenResponse,
  type UserInfoResponse,
} from './messages';
import type { PlatformUrl } from './address/platform';

/** ZeyOS's OAuth 2.0 API v1: `{platform}/oauth2/v1`. For the errors, see `authV1.ts`. */

/** Registered on one platform (RFC 6749 section 2.3.1). */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** RFC 6749 section 4.1.1, with PKCE (RFC 7636). The response must have the same `state`. */
export interface AuthorizationRequest {
  readonly platform: PlatformUrl;
  /** The browser must open it without re-encoding. */
  readonly url: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly codeVerifier: string;
}

/** Uses a new `state` and a new code verifier (S256). */
export function authorizationRequest(
  platform: PlatformUrl,
  clientId: string,
  redirectUri: string,
): AuthorizationRequest {
  const [state, codeVerifier] = [randomBytes(32), randomBytes(32)].map((bytes) => bytes.toString('base64url')) as [
    string,
    string,
  ];
  const url = platform.endpoint('oauth2/v1/authorize');
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    state,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  return { platform, url: url.href, redirectUri, state, codeVerifier };
}

/**
 * RFC 6749 section 4.1.3. Never repeated: a code can be used only once.
 * @throws {OAuthError} `rejectsClient`, or the server rejects the code
 */
export function authorizationCodeGrant(
  http: HttpClient,
  platform: PlatformUrl,
  client: ClientCredentials,
  request: AuthorizationRequest,
  code: string,
  discard?: Discard,
): Promise<Answer<TokenResponse>> {
  const grant = {
    grant_type: 'authorization_code',
    code,
    code_verifier: request.codeVerifier,
    redirect_uri: request.redirectUri,
  };
  return tokenRequest(http, platform, client, grant, discard);
}

/**
 * RFC 6749 section 6. Never repeated: a refresh token can be used only once, and its use ends the access token too.
 * @throws {OAuthError} `rejectsClient`, or `endsSession`
 */
export function refreshTokenGrant(
  http: HttpClient,
  platform: PlatformUrl,
  client: ClientCredentials,
  refreshToken: string,
  discard?: Discard,
): Promise<Answer<TokenResponse>> {
  return tokenRequest(http, platform, client, { grant_type: 'refresh_token', refresh_token: refreshToken }, discard);
}

/** `POST /introspect` (RFC 7662). */
export async function introspectToken(
  http: HttpClient,
  platform: PlatformUrl,
  client: ClientCredentials,
  token: string,
  signal?: AbortSignal,
): Promise<Answer<IntrospectionResponse>> {
  const response = await http.send(asClient(platform, 'oauth2/v1/introspect', client, { token }, true), signal);
  requireSuccess(response, platform, 'invalid_client');
  return answer(response, parseIntrospectionResponse(response));
}

/** `POST /revoke` (RFC 7009). Revoking a refresh token also revokes its access token. */
export async function revokeToken(
  http: HttpClient,
  platform: PlatformUrl,
  client: ClientCredentials,
  token: string,
  signal?: AbortSignal,
): Promise<void> {
  const response = await http.send(asClient(platform, 'oauth2/v1/revoke', client, { token }, true), signal);
  requireSuccess(response, platform, 'invalid_client');
  refuseWebPage(response);
}

/** `GET /userinfo` (OpenID Connect Core section 5.3). Returns `undefined` if the server rejects the access token. */
export async function userInfo(
  http: HttpClient,
  platform: PlatformUrl,
  accessToken: string,
  signal?: AbortSignal,
): Promise<Answer<UserInfoResponse | undefined>> {
  const request: HttpRequest = {
    method: 'GET',
    url: platform.endpoint('oauth2/v1/userinfo'),
    headers: { Authorization: `Bearer ${accessToken}` },
    idempotent: true,
  };
  const response = await sendConfirming401(http, platform, request, signal);
  if (isBearerRejected(response)) return answer(response, undefined);
  requireSuccess(response, platform);
  return answer(response, parseUserInfoResponse(response));
}

async function tokenRequest(
  http: HttpClient,
  platform: PlatformUrl,
  client: ClientCredentials,
  grant: Readonly<Record<string, string>>,
  discard?: Discard,
): Promise<Answer<TokenResponse>> {
  const response = await http.send(asClient(platform, 'oauth2/v1/token', client, grant, false));
  return acceptTokens(
    response,
    () => (requireSuccess(response, platform, 'invalid_client'), parseTokenResponse(response)),
    discard,
  );
}

/** ZeyOS's API description requires the client credentials in the header and in the body. */
function asClient(
  platform: PlatformUrl,
  path: string,
  { clientId, clientSecret }: ClientCredentials,
  form: Readonly<Record<string, string>>,
  idempotent: boolean,
): HttpRequest {
  return {
    method: 'POST',
    url: platform.endpoint(path),
    headers: { Authorization: basic(clientId, clientSecret) },
    form: { ...form, client_id: clientId, client_secret: clientSecret },
    idempotent,
  };
}
