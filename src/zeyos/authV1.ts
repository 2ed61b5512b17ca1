import { OAuthError } from './errors';
import { failure, type HttpClient, type HttpRequest, type HttpResponse } from './http';
import { parseErrorResponse, parseIntrospectionResponse, parseTokenResponse, refuseWebPage, type IntrospectionResponse, type TokenResponse } from './messages';
import type { PlatformUrl } from './platform';

/** ZeyOS's Auth API v1: `{platform}/auth/v1`. Every call may also throw what {@link HttpClient.send} throws. */

export interface PasswordCredentials {
  /** Without a colon, which RFC 7617 cannot carry. */
  readonly username: string;
  readonly password: string;
  readonly oneTimeCode?: string;
}

/** A parsed answer, with the times (local clock, epoch milliseconds) that its own times are relative to. */
export interface Answer<T> {
  readonly value: T;
  /** As it came: untrusted, and perhaps with secrets in it. */
  readonly body: string;
  readonly sentAt: number;
  readonly receivedAt: number;
  /** How far the server's clock is ahead, in milliseconds; 0 where its answer has no `Date`. */
  readonly clockSkewMs: number;
}

/**
 * `POST /token` with HTTP Basic (RFC 7617, UTF-8). Never sent twice by itself: an answer that got lost may have issued a token.
 * @throws {OAuthError} `refusesCredentials` or `requiresOneTimeCode`
 * @throws {HttpError | MalformedResponseError}
 */
export async function requestToken(http: HttpClient, platform: PlatformUrl, credentials: PasswordCredentials, signal?: AbortSignal): Promise<Answer<TokenResponse>> {
  const response = await http.send(
    {
      method: 'POST',
      url: platform.endpoint('auth/v1/token'),
      headers: { Authorization: basic(credentials) },
      ...(credentials.oneTimeCode && { form: { otp: credentials.oneTimeCode } }),
      idempotent: false,
    },
    signal,
  );
  if (response.status < 200 || response.status > 299) throw refusal(response, platform);
  return answer(response, parseTokenResponse(response));
}

/**
 * `POST /token/introspect` (RFC 7662), authenticated by the token itself. A refused bearer is an inactive token.
 * @throws {HttpError | MalformedResponseError | OAuthError}
 */
export async function introspectToken(http: HttpClient, platform: PlatformUrl, token: string, signal?: AbortSignal): Promise<Answer<IntrospectionResponse>> {
  const response = await sendAboutToken(http, platform, 'auth/v1/token/introspect', token, signal);
  if (response.status === 401) return answer(response, { active: false });
  if (response.status < 200 || response.status > 299) throw refusal(response, platform);
  return answer(response, parseIntrospectionResponse(response));
}

/**
 * `POST /token/revoke` (RFC 7009). Returning means only that the server did not object: the body proves nothing, unless it
 * is a web page, which proves that ZeyOS was not asked.
 * @throws {HttpError | MalformedResponseError | OAuthError}
 */
export async function revokeToken(http: HttpClient, platform: PlatformUrl, token: string, signal?: AbortSignal): Promise<void> {
  const response = await sendAboutToken(http, platform, 'auth/v1/token/revoke', token, signal);
  if (response.status === 401) return;
  if (response.status < 200 || response.status > 299) throw refusal(response, platform);
  refuseWebPage(response);
}

/**
 * Whether this API is there: asked for a token without credentials, it says no in a way that only ZeyOS does.
 * @throws {HttpError} something else answered, and how
 */
export async function probe(http: HttpClient, platform: PlatformUrl, signal?: AbortSignal): Promise<void> {
  const response = await http.send({ method: 'POST', url: platform.endpoint('auth/v1/token'), idempotent: true }, signal);
  if (!(refusal(response, platform) instanceof OAuthError)) throw failure(response);
}

/** A 401 that is not recognisably ZeyOS's may be a proxy's: it counts only when a second call gets it again. */
async function sendAboutToken(http: HttpClient, platform: PlatformUrl, path: string, token: string, signal?: AbortSignal): Promise<HttpResponse> {
  const request: HttpRequest = { method: 'POST', url: platform.endpoint(path), headers: { Authorization: `Bearer ${token}` }, form: { token }, idempotent: true };
  const response = await http.send(request, signal);
  return response.status === 401 && !(refusal(response, platform) instanceof OAuthError) ? http.send(request, signal) : response;
}

/** An answer that said no: by the RFC's error body, by ZeyOS's realm, or unexplained. */
function refusal(response: HttpResponse, platform: PlatformUrl): Error {
  if (response.status >= 500 || response.status === 429 || response.status < 400) return failure(response);
  const body = parseErrorResponse(response);
  if (body) return new OAuthError({ status: response.status, error: body.error, errorDescription: body.error_description });
  const challenge = /^\s*(basic|bearer)\s+realm="?([^",]*)/i.exec(response.headers.get('www-authenticate') ?? '');
  if (response.status !== 401 || challenge?.[2]?.toLowerCase() !== platform.instance.toLowerCase()) return failure(response);
  const isText = /^text\/plain/i.test(response.headers.get('content-type') ?? '');
  return new OAuthError({
    status: 401,
    error: challenge[1]?.toLowerCase() === 'bearer' ? 'invalid_token' : 'invalid_grant',
    errorDescription: isText ? response.body.trim() : undefined,
  });
}

function answer<T>(response: HttpResponse, value: T): Answer<T> {
  const { sentAt, receivedAt, headers, body } = response;
  const date = Date.parse(headers.get('date') ?? '');
  // `Date` has whole seconds; on average it is half a second behind.
  const skew = Number.isNaN(date) ? 0 : date + 500 - (sentAt + receivedAt) / 2;
  return { value, body, sentAt, receivedAt, clockSkewMs: Math.abs(skew) < 2_000 ? 0 : Math.round(skew) };
}

function basic({ username, password }: PasswordCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`.normalize('NFC'), 'utf8').toString('base64')}`;
}
