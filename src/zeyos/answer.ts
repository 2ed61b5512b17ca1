import { OAuthError } from './errors';
import { failure, type HttpClient, type HttpRequest, type HttpResponse } from './http';
import { parseErrorResponse } from './messages';
import type { PlatformUrl } from './platform';

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

export function answer<T>(response: HttpResponse, value: T): Answer<T> {
  const { sentAt, receivedAt, headers, body } = response;
  const date = Date.parse(headers.get('date') ?? '');
  // `Date` has whole seconds; on average it is half a second behind.
  const skew = Number.isNaN(date) ? 0 : date + 500 - (sentAt + receivedAt) / 2;
  return { value, body, sentAt, receivedAt, clockSkewMs: Math.abs(skew) < 2_000 ? 0 : Math.round(skew) };
}

export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status <= 299;
}

/**
 * An answer that said no: by the RFC's error body, by ZeyOS's realm, or unexplained.
 * @param basicError what it means that the credentials in the header are not accepted
 */
export function refusal(response: HttpResponse, platform: PlatformUrl, basicError: 'invalid_grant' | 'invalid_client' = 'invalid_grant'): Error {
  if (response.status >= 500 || response.status === 429 || response.status < 400) return failure(response);
  const body = parseErrorResponse(response);
  if (body) return new OAuthError({ status: response.status, error: body.error, errorDescription: body.error_description });
  const challenge = /^\s*(basic|bearer)\s+realm="?([^",]*)/i.exec(response.headers.get('www-authenticate') ?? '');
  if (response.status !== 401 || challenge?.[2]?.toLowerCase() !== platform.instance.toLowerCase()) return failure(response);
  const isText = /^text\/plain/i.test(response.headers.get('content-type') ?? '');
  return new OAuthError({
    status: 401,
    error: challenge[1]?.toLowerCase() === 'bearer' ? 'invalid_token' : basicError,
    errorDescription: isText ? response.conceal(response.body.trim()) : undefined,
  });
}

/**
 * Sends a request whose 401 would end a session. One that is not recognisably ZeyOS's may be a proxy's: it counts only when
 * a second call gets it again.
 */
export async function sendTrusting401(http: HttpClient, platform: PlatformUrl, request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
  const response = await http.send(request, signal);
  return response.status === 401 && !(refusal(response, platform) instanceof OAuthError) ? http.send(request, signal) : response;
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`.normalize('NFC'), 'utf8').toString('base64')}`;
}
