import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

const maximumBodyBytes = 64 * 1024;

export type Deliver = (status: number, body: string, headers: OutgoingHttpHeaders) => void;

/** One request, read to its end, and the one answer to it. */
export class Exchange {
  /** What the Date header tells; replaced once the instance is known. */
  clock: () => number = Date.now;
  /** Sends a finished answer; replaced by a fault that loses it on the way. */
  deliver: Deliver = (status, body, headers) => {
    this.head(status, headers);
    this.response.end(body);
  };
  /** Aborted when the connection is gone or the answer is complete. */
  readonly closed: AbortSignal;
  /** The status sent, if any. */
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

  /** Rejects when the client goes away before its request is complete. */
  static async receive(request: IncomingMessage, response: ServerResponse): Promise<Exchange> {
    const closed = new AbortController();
    response.once('close', () => closed.abort());
    const chunks: Buffer[] = [];
    let size = 0;
    // A body over the limit is read to its end but not kept: answering early would reset the connection under the answer.
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

  /** Undefined for a malformed percent-encoding. An encoded slash stays encoded: it separates nothing. */
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

  /** The body's fields, or undefined when it is not declared as a form. */
  get form(): URLSearchParams | undefined {
    return this.mediaType === 'application/x-www-form-urlencoded' ? new URLSearchParams(this.body) : undefined;
  }

  /** The same of a form or of a JSON object, whose numbers become text and whose nulls are left out. */
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

  /** RFC 7617 in UTF-8: the name ends at the first colon, the password may contain more. */
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

  /** For a status that has no body. */
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
