import { parseChallenges } from './challenges';
import { OAuthError } from './errors';
import { failure, type HttpClient, type HttpRequest, type HttpResponse } from './transport/http';
import { isWebPage, issuedTokens, parseErrorResponse, type IntrospectionResponse, type IssuedTokens } from './messages';
import type { PlatformUrl } from './address/platform';

/** `Date` has whole seconds, and the response takes time to arrive. */
const SMALLEST_SKEW_MS = 2_000;
/** A skew of more than 100 years is garbage. A clock that was never set says 1970. */
const LARGEST_SKEW_MS = 100 * 365 * 86_400_000;

/** Times are epoch milliseconds of the local clock. */
export interface Answer<T> {
  readonly value: T;
  /** Untrusted text. It contains no secret of the request, but may contain others. */
  readonly body: string;
  readonly sentAt: number;
  readonly receivedAt: number;
  /** How far the server's clock is ahead; 0 if the response has no usable `Date`. */
  readonly clockSkewMs: number;
}

export function answer<T>(response: HttpResponse, value: T): Answer<T> {
  const { sentAt, receivedAt, headers, body, conceal } = response;
  const date = Date.parse(headers.get('date') ?? '');
  // `Date` drops half a second on average.
  const skew = date + 500 - (sentAt + receivedAt) / 2;
  const isSkewed = Math.abs(skew) >= SMALLEST_SKEW_MS && Math.abs(skew) <= LARGEST_SKEW_MS;
  return { value, body: conceal(body), sentAt, receivedAt, clockSkewMs: isSkewed ? Math.round(skew) : 0 };
}

/** Reads a response about the bearer token of the request. A rejected token is inactive. */
export function introspected(
  response: HttpResponse,
  platform: PlatformUrl,
  parse: (response: HttpResponse) => IntrospectionResponse,
): Answer<IntrospectionResponse> {
  if (isBearerRejected(response)) return answer(response, { active: false });
  requireSuccess(response, platform);
  return answer(response, parse(response));
}

/**
 * Whether the server rejects the bearer token with 401, which proves that it is revoked.
 * @throws {HttpError} the 401 comes from a gateway
 */
export function isRevoked(response: HttpResponse, { instanceName }: PlatformUrl): boolean {
  if (response.status !== 401) return false;
  const isOwn = parseChallenges(response.headers.get('www-authenticate')).some(
    ({ parameters }) => parameters.get('realm')?.toLowerCase() === instanceName.toLowerCase(),
  );
  if (!isOwn && isFromOtherServer(response)) throw failure(response);
  return true;
}

/** `invalid_token`: RFC 6750 section 3.1. */
export function isBearerRejected(response: HttpResponse): boolean {
  return response.status === 401 || (canReject(response) && parseErrorResponse(response)?.error === 'invalid_token');
}

/**
 * Requires a 2xx response without an error body (RFC 6749 section 5.2), which some servers send with status 200.
 * @throws {HttpError | OAuthError} see {@link rejectionError}
 */
export function requireSuccess(
  response: HttpResponse,
  platform: PlatformUrl,
  basicError?: 'invalid_grant' | 'invalid_client',
): void {
  const isSuccess = response.status >= 200 && response.status <= 299;
  if (!isSuccess || parseErrorResponse(response)) throw rejectionError(response, platform, basicError);
}

/** An error body of a failing or overloaded server, or of a missing path, does not reject the request. */
function canReject({ status }: HttpResponse): boolean {
  return status < 500 && status !== 429 && status !== 404 && status !== 405 && (status < 300 || status >= 400);
}

/**
 * Turns a rejection into an `OAuthError` if the RFC's error body or ZeyOS's challenge explains it, else an `HttpError`.
 * @param basicError the meaning of a rejected `Authorization: Basic` header
 */
export function rejectionError(
  response: HttpResponse,
  platform: PlatformUrl,
  basicError: 'invalid_grant' | 'invalid_client' = 'invalid_grant',
): Error {
  const { status } = response;
  if (!canReject(response)) return failure(response);
  const body = parseErrorResponse(response);
  if (body) return new OAuthError({ status, error: body.error, errorDescription: body.error_description });
  if (status !== 401) return failure(response);
  const error = challengeError(response, platform, basicError);
  return error ? new OAuthError({ status, error, errorDescription: plainTextOf(response) }) : failure(response);
}

/** The realm of ZeyOS's challenges is the instance name. */
function challengeError(
  { headers }: HttpResponse,
  { instanceName }: PlatformUrl,
  basicError: string,
): string | undefined {
  for (const { scheme, parameters } of parseChallenges(headers.get('www-authenticate'))) {
    const isOwn = parameters.get('realm')?.toLowerCase() === instanceName.toLowerCase();
    if (scheme === 'bearer' && (isOwn || parameters.get('error') === 'invalid_token')) return 'invalid_token';
    if (scheme === 'basic' && isOwn) return basicError;
  }
  return undefined;
}

/**
 * ZeyOS may explain the rejection of a password in plain text only, without a challenge.
 * @param withChallenge whether the plain text also counts beside a challenge
 */
export function passwordRejection(response: HttpResponse, platform: PlatformUrl, withChallenge = false): Error {
  const isInPlainText =
    response.status === 401 &&
    isPlainText(response) &&
    /^\s*Unauthorized: /i.test(response.body) &&
    !parseErrorResponse(response);
  return isInPlainText && (withChallenge || response.headers.get('www-authenticate') === null)
    ? new OAuthError({ status: 401, error: 'invalid_grant', errorDescription: plainTextOf(response) })
    : rejectionError(response, platform);
}

/** Some servers demand a bearer token (RFC 6750) for every path, even a missing one. */
export function wantsBearerOnly({ status, headers }: HttpResponse): boolean {
  const challenges = parseChallenges(headers.get('www-authenticate'));
  return status === 401 && challenges.length > 0 && challenges.every(({ scheme }) => scheme === 'bearer');
}

function plainTextOf(response: HttpResponse): string | undefined {
  return isPlainText(response) ? response.conceal(response.body.trim()) : undefined;
}

/** ZeyOS explains rejections in plain text. */
export function isPlainText({ headers }: HttpResponse): boolean {
  return /^text\/plain/i.test(headers.get('content-type') ?? '');
}

/**
 * Sends a request whose 401 ends the session. An unexplained 401 counts only if a second request gets it too.
 * @throws {HttpError} the 401 comes from a gateway, a proxy or the login page of a network
 */
export async function sendConfirming401(
  http: HttpClient,
  platform: PlatformUrl,
  request: HttpRequest,
  signal?: AbortSignal,
): Promise<HttpResponse> {
  const until = http.deadline();
  for (let isSecond = false; ; isSecond = true) {
    const response = await http.send(request, signal, until);
    if (response.status !== 401 || rejectionError(response, platform) instanceof OAuthError) return response;
    if (isFromOtherServer(response)) throw failure(response);
    if (isSecond) return response;
  }
}

/** Recognizes a web page, or a challenge with another realm or scheme. */
function isFromOtherServer({ body, headers }: HttpResponse): boolean {
  const header = headers.get('www-authenticate');
  const challenges = parseChallenges(header);
  return (
    isWebPage(body) ||
    (challenges.length === 0 && (header ?? '').trim() !== '') ||
    challenges.some(({ scheme, parameters }) => parameters.has('realm') || (scheme !== 'basic' && scheme !== 'bearer'))
  );
}

/**
 * Parses issued tokens. If this fails, `discard` gets them, because the server keeps them active.
 * @throws the error of `parse`
 */
export async function acceptTokens<T>(
  response: HttpResponse,
  parse: (response: HttpResponse) => T,
  discard?: Discard,
): Promise<Answer<T>> {
  try {
    return answer(response, parse(response));
  } catch (error) {
    const issued = issuedTokens(response);
    if (issued) await discard?.(issued);
    throw error;
  }
}

/** Revokes issued tokens that cannot be used. Never rejects. */
export type Discard = (issued: IssuedTokens) => Promise<void>;

/** Follows RFC 7617, in UTF-8. NFC makes composed and decomposed letters equal. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`.normalize('NFC'), 'utf8').toString('base64')}`;
}
