import { parseChallenges } from './challenges';
import { OAuthError } from './errors';
import { failure, type HttpClient, type HttpRequest, type HttpResponse } from './transport/http';
import { isWebPage, issuedTokens, parseErrorResponse, type IntrospectionResponse, type IssuedTokens } from './messages';
import type { PlatformUrl } from './address/platform';

/** `Date` has whole seconds, and the answer was on its way: less is no skew. Milliseconds. */
const SMALLEST_SKEW_MS = 2_000;
/** A clock that was never set says 1970; what is further off says nothing about anyone's clock. Milliseconds. */
const LARGEST_SKEW_MS = 100 * 365 * 86_400_000;

/** A parsed answer, with the times (local clock, epoch milliseconds) that its own times are relative to. */
export interface Answer<T> {
  readonly value: T;
  /** As it came, without what the request held in confidence: untrusted, and perhaps with other secrets in it. */
  readonly body: string;
  readonly sentAt: number;
  readonly receivedAt: number;
  /** How far the server's clock is ahead, in milliseconds; 0 where its answer has no `Date`. */
  readonly clockSkewMs: number;
}

/** A parsed value, with the times and the clock of the answer that it was read from. */
export function answer<T>(response: HttpResponse, value: T): Answer<T> {
  const { sentAt, receivedAt, headers, body, conceal } = response;
  const date = Date.parse(headers.get('date') ?? '');
  // On average, whole seconds are half a second behind.
  const skew = date + 500 - (sentAt + receivedAt) / 2;
  const isSkewed = Math.abs(skew) >= SMALLEST_SKEW_MS && Math.abs(skew) <= LARGEST_SKEW_MS;
  return { value, body: conceal(body), sentAt, receivedAt, clockSkewMs: isSkewed ? Math.round(skew) : 0 };
}

/**
 * What an answer to a bearer says about that bearer itself. A refused one is an inactive token.
 * @param parse what a server says of a token that it accepts
 * @throws {HttpError | OAuthError}
 */
export function introspected(
  response: HttpResponse,
  platform: PlatformUrl,
  parse: (response: HttpResponse) => IntrospectionResponse,
): Answer<IntrospectionResponse> {
  if (isBearerRefused(response)) return answer(response, { active: false });
  requireSuccess(response, platform);
  return answer(response, parse(response));
}

/**
 * Whether the refusal of a bearer proves that its token has ended, as far as it can be known without asking again.
 * @throws {HttpError} a gateway refuses it, which says nothing about ZeyOS's token
 */
export function isRevoked(response: HttpResponse, { instanceName }: PlatformUrl): boolean {
  if (response.status !== 401) return false;
  const isOwn = parseChallenges(response.headers.get('www-authenticate')).some(
    ({ parameters }) => parameters.get('realm')?.toLowerCase() === instanceName.toLowerCase(),
  );
  if (!isOwn && isAnothers(response)) throw failure(response);
  return true;
}

/** Whether the server refuses the bearer itself: by the status, or by `invalid_token` (RFC 6750 section 3.1) in any answer but a passing failure. */
export function isBearerRefused(response: HttpResponse): boolean {
  return response.status === 401 || (mayRefuse(response) && parseErrorResponse(response)?.error === 'invalid_token');
}

/**
 * A success is a 2xx whose body does not object: some servers send the error body of RFC 6749 section 5.2 with status 200.
 * @param basicError what it means that the credentials in the header are not accepted
 * @throws {HttpError | OAuthError}
 */
export function requireSuccess(
  response: HttpResponse,
  platform: PlatformUrl,
  basicError?: 'invalid_grant' | 'invalid_client',
): void {
  const isSuccess = response.status >= 200 && response.status <= 299;
  if (!isSuccess || parseErrorResponse(response)) throw refusalError(response, platform, basicError);
}

/**
 * Whether an error body in this answer is a refusal. A server in trouble or under load says nothing about the request, and a path
 * that does not exist cannot refuse, whatever its error page looks like.
 */
function mayRefuse({ status }: HttpResponse): boolean {
  return status < 500 && status !== 429 && status !== 404 && status !== 405 && (status < 300 || status >= 400);
}

/**
 * An answer that said no: by the RFC's error body, by ZeyOS's realm, or unexplained.
 * @param basicError what it means that the credentials in the header are not accepted
 */
export function refusalError(
  response: HttpResponse,
  platform: PlatformUrl,
  basicError: 'invalid_grant' | 'invalid_client' = 'invalid_grant',
): Error {
  const { status } = response;
  if (!mayRefuse(response)) return failure(response);
  const body = parseErrorResponse(response);
  if (body) return new OAuthError({ status, error: body.error, errorDescription: body.error_description });
  if (status !== 401) return failure(response);
  const error = challengeError(response, platform, basicError);
  return error ? new OAuthError({ status, error, errorDescription: wordsOf(response) }) : failure(response);
}

/** The error that ZeyOS's challenge stands for: its own names the instance as the realm, or says `invalid_token` to a bearer. */
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
 * An answer to a user name and a password that said no. ZeyOS also says it in words only, without a challenge.
 * @param withChallenge whether the words count beside a challenge as well
 */
export function passwordRefusal(response: HttpResponse, platform: PlatformUrl, withChallenge = false): Error {
  const isInWords =
    response.status === 401 &&
    isPlainText(response) &&
    /^\s*Unauthorized: /i.test(response.body) &&
    !parseErrorResponse(response);
  return isInWords && (withChallenge || response.headers.get('www-authenticate') === null)
    ? new OAuthError({ status: 401, error: 'invalid_grant', errorDescription: wordsOf(response) })
    : refusalError(response, platform);
}

/** Whether a 401 to Basic credentials only wants a bearer (RFC 6750): the server guards a path that it does not have. */
export function wantsBearerOnly({ status, headers }: HttpResponse): boolean {
  const challenges = parseChallenges(headers.get('www-authenticate'));
  return status === 401 && challenges.length > 0 && challenges.every(({ scheme }) => scheme === 'bearer');
}

function wordsOf(response: HttpResponse): string | undefined {
  return isPlainText(response) ? response.conceal(response.body.trim()) : undefined;
}

/** Whether an answer is declared as plain text, in which ZeyOS words its refusals. */
export function isPlainText({ headers }: HttpResponse): boolean {
  return /^text\/plain/i.test(headers.get('content-type') ?? '');
}

/**
 * Sends a request whose 401 would end a session. One that says nothing about who sent it counts only when a second call gets
 * it again; one that is recognisably another's (a gateway, a proxy, the login of a network) never does.
 * @throws {HttpError} somebody else than ZeyOS answers 401
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
    if (response.status !== 401 || refusalError(response, platform) instanceof OAuthError) return response;
    if (isAnothers(response)) throw failure(response);
    if (isSecond) return response;
  }
}

/** A web page, or a challenge that ZeyOS would not make: its own names the instance as the realm. */
function isAnothers({ body, headers }: HttpResponse): boolean {
  const header = headers.get('www-authenticate');
  const challenges = parseChallenges(header);
  return (
    isWebPage(body) ||
    (challenges.length === 0 && (header ?? '').trim() !== '') ||
    challenges.some(({ scheme, parameters }) => parameters.has('realm') || (scheme !== 'basic' && scheme !== 'bearer'))
  );
}

/**
 * Reads an answer that issued tokens. They cannot be asked for again: if the answer is refused although it holds tokens, those
 * are handed to `discard`, and then the error is thrown.
 * @throws {HttpError | MalformedResponseError | OAuthError}
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

/** Ends tokens that were issued and cannot be used. Never rejects. */
export type Discard = (issued: IssuedTokens) => Promise<void>;

/** The value of an `Authorization` header (RFC 7617), in UTF-8 and NFC: that a letter may be typed in two ways must not matter. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`.normalize('NFC'), 'utf8').toString('base64')}`;
}
