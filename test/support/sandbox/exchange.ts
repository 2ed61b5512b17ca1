import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { systemClock } from '../../../src/base/clock';

const maximumBodyBytes = 64 * 1024;

export type Deliver = (status: number, body: string, headers: OutgoingHttpHeaders) => void;

export class Exchange {
  /** Clock of the Date header. Replaced when the instance is known. */
  clock: () => number = () => systemClock.now();
  /** Sends an answer. A fault may replace it. */
  deliver: Deliver = (status, body, headers) => {
    this.head(status, headers);
    this.response.end(body);
  };
  /** Aborted when the connection is closed or the answer is complete. */
  readonly closed: AbortSignal;
  status: number | undefined;

  private constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly body: string,
    readonly bodyTooLarge: boolean,
    closed: AbortController,
  ) {
    this.closed = closed.signal;
  }

  /** Rejects if the client closes the connection before the request is complete. */
  static async receive(request: IncomingMessage, response: ServerResponse): Promise<Exchange> {
    const closed = new AbortController();
    response.once('close', () => closed.abort());
    const chunks: Buffer[] = [];
    let size = 0;
    // A body over the limit is read to its end but not kept, because an early answer would reset the connection.
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= maximumBodyBytes) {
        chunks.push(chunk);
      }
    }
    return new Exchange(request, response, Buffer.concat(chunks).toString('utf8'), size > maximumBodyBytes, closed);
  }

  get method(): string {
    return this.request.method ?? 'GET';
  }

  get headers(): IncomingHttpHeaders {
    return this.request.headers;
  }

  /** Undefined for invalid percent-encoding. An encoded slash stays encoded, because it is not a separator. */
  get decodedPath(): string | undefined {
    try {
      return this.rawPath.split(/%2f/i).map(decodeURIComponent).join('%2F');
    } catch {
      return undefined;
    }
  }

  get path(): string {
    return this.decodedPath ?? this.rawPath;
  }

  get query(): string {
    const url = this.request.url ?? '';
    return url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  }

  /** The fields of a form, or undefined for another media type. */
  get form(): URLSearchParams | undefined {
    return this.mediaType === 'application/x-www-form-urlencoded' ? new URLSearchParams(this.body) : undefined;
  }

  /** The fields of a form or a JSON object. Numbers become text, and null is left out. */
  get fields(): ReadonlyMap<string, string> | undefined {
    return this.mediaType === 'application/json' ? jsonFields(this.document) : this.form && new Map(this.form);
  }

  /** The value of a body that is declared as JSON; undefined if it is none. */
  get document(): unknown {
    if (this.mediaType !== 'application/json') {
      return undefined;
    }
    try {
      return JSON.parse(this.body) as unknown;
    } catch {
      return undefined;
    }
  }

  /** RFC 7617 in UTF-8. The name ends at the first colon; the password may contain colons. */
  get basic(): { name: string; password: string } | undefined {
    const pair = Buffer.from(this.credentials('Basic') ?? '', 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    return colon < 0 ? undefined : { name: pair.slice(0, colon), password: pair.slice(colon + 1) };
  }

  get bearer(): string | undefined {
    return this.credentials('Bearer');
  }

  head(status: number, headers: OutgoingHttpHeaders = {}): void {
    this.status = status;
    this.response.writeHead(status, {
      Date: new Date(this.clock()).toUTCString(),
      'Cache-Control': 'no-store',
      ...headers,
    });
  }

  json(status: number, body: unknown, headers: OutgoingHttpHeaders = {}): void {
    this.send(status, JSON.stringify(body), { 'Content-Type': 'application/json; charset=utf-8', ...headers });
  }

  text(status: number, body: string, headers: OutgoingHttpHeaders = {}): void {
    this.send(status, body, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  }

  html(status: number, body: string, headers: OutgoingHttpHeaders = {}): void {
    this.send(status, body, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
  }

  empty(status: 204 | 304, headers: OutgoingHttpHeaders = {}): void {
    this.deliver(status, '', headers);
  }

  private send(status: number, body: string, headers: OutgoingHttpHeaders): void {
    this.deliver(status, body, { 'Content-Length': Buffer.byteLength(body), ...headers });
  }

  private get mediaType(): string {
    const [type = ''] = (this.headers['content-type'] ?? '').split(';');
    return type.trim().toLowerCase();
  }

  private get rawPath(): string {
    return (this.request.url ?? '/').split('?')[0] ?? '/';
  }

  private credentials(scheme: 'Basic' | 'Bearer'): string | undefined {
    const [, given = '', value] = /^(\S+) +(\S+) *$/.exec(this.headers.authorization ?? '') ?? [];
    return given.toLowerCase() === scheme.toLowerCase() ? value : undefined;
  }
}

function jsonFields(value: unknown): ReadonlyMap<string, string> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return undefined;
  }
  return new Map(
    Object.entries(value).flatMap(([name, field]: [string, unknown]) =>
      typeof field === 'string' || typeof field === 'number' ? [[name, String(field)] as const] : [],
    ),
  );
}
