import { concealRequestSecrets } from '../../hiding/concealment';
import { HttpError, MalformedResponseError, NetworkError, SettingsError } from '../errors';
import type { Log } from '../../base/log';
import { networkError } from '../failures/networkError';
import type { Endpoint, PlatformUrl } from '../address/platform';
import { redirectionOf } from '../address/redirection';
import type { Clock } from '../../base/clock';
import { TimeoutError, within } from '../../base/deadline';

/** The only access to the network. {@link HttpClient} passes on its errors if they are classes of `errors.ts`. */
export type Fetch = (url: string, init: RequestInit, platform: PlatformUrl) => Promise<Response>;

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: Endpoint;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>;
  /** Whether the client may repeat the request; never if it issues a token. */
  readonly idempotent: boolean;
}

/** Times are epoch milliseconds of the local clock. */
export interface HttpResponse {
  readonly url: Endpoint;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly sentAt: number;
  readonly receivedAt: number;
  /** Removes the request's secrets from a text. */
  readonly conceal: (text: string) => string;
}

export interface HttpBounds {
  /** From connecting to the last byte. */
  readonly exchangeMs: number;
  /** For all tries of one idempotent call and their waits. */
  readonly totalMs: number;
  /** The waits between these tries. */
  readonly backOffMs: readonly number[];
  /** The longest `Retry-After` that the client waits for. */
  readonly retryAfterMs: number;
  /** After decompression. */
  readonly bodyBytes: number;
}

const BOUNDS: HttpBounds = {
  exchangeMs: 10_000,
  totalMs: 25_000,
  backOffMs: [300, 1_000],
  retryAfterMs: 5_000,
  bodyBytes: 1024 * 1024,
};

/** Follows no redirect, keeps no cookies, and judges no status. */
export class HttpClient {
  readonly #fetch: Fetch;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #bounds: HttpBounds;

  constructor(seams: { fetch: Fetch; clock: Clock; log: Log; bounds?: Partial<HttpBounds> }) {
    this.#fetch = seams.fetch;
    this.#clock = seams.clock;
    this.#log = seams.log;
    this.#bounds = { ...BOUNDS, ...seams.bounds };
  }

  /** The end of an idempotent call that begins now, in epoch milliseconds. */
  deadline(): number {
    return this.#clock.now() + this.#bounds.totalMs;
  }

  /**
   * @param until a deadline that several calls share, in epoch milliseconds
   * @throws {NetworkError}
   * @throws {SettingsError}
   * @throws {TimeoutError} the response was not complete in time
   * @throws {MalformedResponseError} the response is too large
   * @throws the signal's reason
   */
  async send(
    request: HttpRequest,
    signal?: AbortSignal,
    until = request.idempotent ? this.deadline() : Infinity,
  ): Promise<HttpResponse> {
    const left = (): number => Math.max(1, until - this.#clock.now());
    for (const backOffMs of request.idempotent ? this.#bounds.backOffMs : []) {
      const outcome = await this.#exchange(request, signal, left()).catch((error: unknown) => {
        // The reason may be no `Error`.
        signal?.throwIfAborted();
        return error as Error;
      });
      const waitMs = this.#waitBeforeRetry(outcome, backOffMs);
      if (waitMs === undefined || this.#clock.now() + waitMs >= until) {
        if (outcome instanceof Error) throw outcome;
        return outcome;
      }
      await this.#clock.wait(waitMs, signal);
    }
    return this.#exchange(request, signal, left());
  }

  #waitBeforeRetry(outcome: HttpResponse | Error, backOffMs: number): number | undefined {
    if (outcome instanceof NetworkError) return outcome.mayPass ? backOffMs : undefined;
    if (outcome instanceof TimeoutError) return backOffMs;
    if (outcome instanceof Error || (outcome.status !== 429 && outcome.status < 500)) return undefined;
    const waitMs = retryAfterMs(outcome) ?? backOffMs;
    return waitMs <= this.#bounds.retryAfterMs ? waitMs : undefined;
  }

  async #exchange(request: HttpRequest, signal: AbortSignal | undefined, atMostMs: number): Promise<HttpResponse> {
    signal?.throwIfAborted();
    // If this threw after sending, the response would be lost.
    const conceal = concealRequestSecrets(request);
    const sentAt = this.#clock.now();
    const line = `${request.method} ${request.url.href}`;
    try {
      // A `fetch` may run a proxy script or read a file before it watches its signal.
      const { status, headers, body } = await within(
        { clock: this.#clock, ms: Math.min(this.#bounds.exchangeMs, atMostMs), signal },
        (inTime) => this.#fetchWhole(request, inTime),
      );
      const receivedAt = this.#clock.now();
      this.#log.info(`${line} → ${status}, ${receivedAt - sentAt} ms`);
      return { url: request.url, status, headers, body, sentAt, receivedAt, conceal };
    } catch (cause) {
      const error = signal?.aborted ? (signal.reason as Error) : toError(cause, request.url);
      this.#log.warn(`${line} → ${signal?.aborted ? 'cancelled' : error.message}, ${this.#clock.now() - sentAt} ms`);
      throw error;
    }
  }

  async #fetchWhole(
    { method, url, headers, form }: HttpRequest,
    signal: AbortSignal,
  ): Promise<Pick<HttpResponse, 'status' | 'headers' | 'body'>> {
    const response = await this.#fetch(
      url.href,
      {
        method,
        headers: { Accept: 'application/json', ...headers },
        ...(form && { body: new URLSearchParams(form) }),
        redirect: 'manual',
        credentials: 'omit',
        signal,
      },
      url.platform,
    );
    return {
      status: response.status,
      headers: response.headers,
      body: await readBody(response, this.#bounds.bodyBytes),
    };
  }
}

/** Reports a status that neither an error body nor a challenge explains. */
export function failure(response: HttpResponse): HttpError {
  return new HttpError(response.status, retryAfterMs(response), redirectionOf(response));
}

/** RFC 9110 section 10.2.3: seconds or a date. */
function retryAfterMs(response: HttpResponse): number | undefined {
  const value = response.headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - response.receivedAt);
}

async function readBody(response: Response, limit: number): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limit) throw new MalformedResponseError('tooLarge', response.status);
    chunks.push(chunk);
  }
  return decoderFor(response.headers).decode(await decompressed(Buffer.concat(chunks), response, limit));
}

/** By the declared charset (RFC 9110 section 8.3.2). */
function decoderFor(headers: Headers): { decode(bytes: Uint8Array): string } {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(headers.get('content-type') ?? '') ?? [];
  try {
    return new TextDecoder(charset);
  } catch {
    // The Encoding standard does not know the name.
    return new TextDecoder();
  }
}

/** The first bytes of gzip data (RFC 1952). No text begins with them. */
const GZIP = Buffer.from([0x1f, 0x8b]);

/** `fetch` does not know the coding `identity` (RFC 9110 section 12.5.3), so it decodes nothing beside it. */
async function decompressed(body: Buffer, { headers, status }: Response, limit: number): Promise<Buffer> {
  if (!/\bidentity\b/i.test(headers.get('content-encoding') ?? '') || !body.subarray(0, 2).equals(GZIP)) return body;
  const { gunzip } = await import('node:zlib');
  return new Promise((resolve, reject) =>
    gunzip(body, { maxOutputLength: limit }, (error, result) =>
      error
        ? reject(
            new MalformedResponseError(
              (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'tooLarge' : 'notJson',
              status,
            ),
          )
        : resolve(result),
    ),
  );
}

function toError(cause: unknown, url: URL): Error {
  return cause instanceof NetworkError ||
    cause instanceof MalformedResponseError ||
    cause instanceof SettingsError ||
    cause instanceof TimeoutError
    ? cause
    : networkError(cause, url);
}
