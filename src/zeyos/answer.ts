import { OAuthError } from './errors';
import { failure, type HttpClient, type HttpRequest, type HttpResponse } from './http';
import { isWebPage, parseErrorResponse, type IntrospectionResponse } from './messages';
import type { PlatformUrl } from './platform';

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
  if (response.status === 401) return answer(response, { active: false });
  if (!isSuccess(response)) throw refusalError(response, platform);
  return answer(response, parse(response));
}

export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status <= 299;
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
  // What is not there cannot refuse, whatever the error page looks like.
  if (status >= 500 || status === 429 || status === 404 || status === 405 || status < 400) return failure(response);
  const body = parseErrorResponse(response);
  if (body) return new OAuthError({ status, error: body.error, errorDescription: body.error_description });
  const challenge = /^\s*(basic|bearer)\s+realm="?([^",]*)/i.exec(response.headers.get('www-authenticate') ?? '');
  if (status !== 401 || challenge?.[2]?.toLowerCase() !== platform.instance.toLowerCase()) return failure(response);
  const isText = /^text\/plain/i.test(response.headers.get('content-type') ?? '');
  return new OAuthError({
    status: 401,
    error: challenge[1]?.toLowerCase() === 'bearer' ? 'invalid_token' : basicError,
    errorDescription: isText ? response.conceal(response.body.trim()) : undefined,
  });
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

/** A web page, or a challenge (RFC 9110 section 11.6.1) that ZeyOS would not make: its own names the instance as the realm. */
function isAnothers({ body, headers }: HttpResponse): boolean {
  const challenge = headers.get('www-authenticate') ?? '';
  return isWebPage(body) || /\brealm\s*=/i.test(challenge) || !/^\s*((basic|bearer)\b|$)/i.test(challenge);
}

/** The value of an `Authorization` header (RFC 7617), in UTF-8 and NFC: that a letter may be typed in two ways must not matter. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`.normalize('NFC'), 'utf8').toString('base64')}`;
}
