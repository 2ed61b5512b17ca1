import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CallbackPage } from './callbackPage';
import { OAuthError } from './errors';
import { parseRedirect } from './redirect';

/** The port is in use by another program or window, or reserved by the system. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  constructor(
    readonly port: number,
    cause?: unknown,
  ) {
    super(`port ${port} is taken`, { cause });
  }
}

/** What the browser shows once the redirect has arrived, with a code or with an error. */
export interface CallbackPages {
  readonly success: CallbackPage;
  readonly failure: CallbackPage;
}

export interface CallbackBounds {
  /** From a connection's first moment to the end of its request, in milliseconds. */
  readonly requestMs: number;
  /** Connections that have sent no whole request yet. */
  readonly connections: number;
  /** The request's path and query, in characters. */
  readonly urlLength: number;
  /** The request's line and headers, in bytes: room for the cookies of whatever else was served from 127.0.0.1. */
  readonly headerBytes: number;
  /** How long closing waits for the page to be sent, in milliseconds. */
  readonly flushMs: number;
}

export interface CallbackOptions {
  /** 0 = any free one. */
  readonly port: number;
  /** With its leading slash and as it goes over the wire. Default `/callback`. */
  readonly path?: string;
  /** The `state` (RFC 6749 section 10.12) that the redirect has to bring back. */
  readonly state: string;
  readonly pages: CallbackPages;
  readonly bounds?: Partial<CallbackBounds>;
}

const BOUNDS: CallbackBounds = { requestMs: 5_000, connections: 100, urlLength: 8_192, headerBytes: 65_536, flushMs: 1_000 };
const REFUSAL = 'Bad Request\n';
const REFUSAL_HEADERS = {
  'Content-Type': 'text/plain; charset=utf-8',
  'Content-Length': REFUSAL.length,
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  Connection: 'close',
};

/**
 * Receives the one redirect of a sign-in on the loopback interface (RFC 8252 section 7.3). Anything else, from
 * anywhere, is answered with 400 and changes nothing.
 */
export class CallbackServer {
  /** Where the authorization server is to redirect to. */
  readonly redirectUri: string;
  /** Settles once. Rejects with `OAuthError` where the server said no, with an `AbortError` when closed before. Needs no listener. */
  readonly result: Promise<{ code: string }>;
  readonly #server: Server;
  readonly #options: CallbackOptions;
  readonly #bounds: CallbackBounds;
  readonly #host: string;
  readonly #path: string;
  readonly #idle = new Set<Duplex>();
  #settle!: { resolve(result: { code: string }): void; reject(error: Error): void };
  #page: ServerResponse | undefined;
  #closed: Promise<void> | undefined;

  private constructor(server: Server, options: CallbackOptions, bounds: CallbackBounds) {
    this.#server = server;
    this.#options = options;
    this.#bounds = bounds;
    // As a browser writes it: without the default port.
    this.#host = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).host;
    this.#path = options.path ?? '/callback';
    this.redirectUri = `http://${this.#host}${this.#path}`;
    this.result = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.result.catch(() => undefined);
    const answer = (request: IncomingMessage, response: ServerResponse): void => this.#answer(request, response);
    server.on('request', answer).on('checkContinue', answer).on('checkExpectation', answer);
    server.on('connection', (socket) => this.#admit(socket));
    server.on('connect', (_request, socket) => refuseRaw(socket));
    // A connection that timed out is closed without an answer: a browser may be about to send on it, and will then try again.
    server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
      error.code?.startsWith('HPE_') ? refuseRaw(socket) : socket.destroy(),
    );
    // Such as running out of file descriptors: it keeps waiting.
    server.on('error', () => undefined);
  }

  /**
   * @throws {PortTakenError}
   * @throws Node's own error, where listening is impossible for another reason
   */
  static async listen(options: CallbackOptions): Promise<CallbackServer> {
    const bounds = { ...BOUNDS, ...options.bounds };
    const { requestMs, headerBytes } = bounds;
    const server = createServer({
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.ceil(requestMs / 5),
      maxHeaderSize: headerBytes,
      // Otherwise Node itself answers a request without one.
      requireHostHeader: false,
    });
    try {
      await once(server.listen(options.port, '127.0.0.1'), 'listening');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw code === 'EADDRINUSE' || code === 'EACCES' ? new PortTakenError(options.port, error) : error;
    }
    return new CallbackServer(server, options, bounds);
  }

  /** Frees the port, once the page has been sent. May be called again. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#settle.reject(new DOMException('the redirect is no longer waited for', 'AbortError'));
    // First, because Node's `close` considers a connection idle, and ends it, while the last of an answer is still being sent.
    if (this.#page && !this.#page.closed)
      await once(this.#page, 'close', { signal: AbortSignal.timeout(this.#bounds.flushMs) }).catch(() => undefined);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Drops the oldest idle connection rather than refusing the newest, which may be the redirect's. */
  #admit(socket: Socket): void {
    // After a CONNECT, Node no longer handles the socket's errors.
    socket.on('error', () => undefined).once('close', () => this.#idle.delete(socket));
    this.#idle.add(socket);
    if (this.#idle.size <= this.#bounds.connections) return;
    const [oldest] = this.#idle;
    oldest?.destroy();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    // One request per connection: what is sent after it could no longer be answered.
    if (!this.#idle.delete(request.socket)) return;
    if (this.#page || this.#closed || !this.#isAddressed(request)) return refuse(response);
    try {
      const result = parseRedirect(`http://${this.#host}${request.url}`, { redirectUri: this.redirectUri, state: this.#options.state });
      this.#show(response, this.#options.pages.success);
      this.#settle.resolve(result);
    } catch (error) {
      if (!(error instanceof OAuthError)) return refuse(response);
      this.#show(response, this.#options.pages.failure);
      this.#settle.reject(error);
    }
  }

  /** Whether it is addressed to this server by its own name. Another `Host` means DNS rebinding; an absolute target is meant for a proxy. */
  #isAddressed({ method, url = '', headersDistinct: { host } }: IncomingMessage): boolean {
    return (
      method === 'GET' &&
      url.startsWith(`${this.#path}?`) &&
      url.length <= this.#bounds.urlLength &&
      host?.length === 1 &&
      host[0] === this.#host
    );
  }

  #show(response: ServerResponse, { html, csp }: CallbackPage): void {
    this.#page = response;
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': Buffer.byteLength(html),
      'Content-Security-Policy': csp,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
      Connection: 'close',
    });
    response.end(html);
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(400, REFUSAL_HEADERS).end(REFUSAL);
}

/** {@link refuse}, for what never became a request. */
function refuseRaw(socket: Duplex): void {
  const headers = Object.entries(REFUSAL_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 400 Bad Request\r\n${headers.join('')}\r\n${REFUSAL}`, () => socket.destroy());
}
