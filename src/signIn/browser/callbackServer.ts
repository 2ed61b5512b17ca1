import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../base/clock';
import { within } from '../../base/deadline';
import type { CallbackPage } from './callbackPage';
import { CALLBACK_PATH } from './callbackUri';
import { OAuthError } from '../../zeyos/errors';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { parseRedirect, RedirectMismatchError } from '../../zeyos/redirect';

export interface CallbackPages {
  readonly success: CallbackPage;
  readonly failure: CallbackPage;
}

export interface CallbackBounds {
  /** From the start of a connection to the end of its request. */
  readonly requestMs: number;
  /** Connections that may be open without a whole request. */
  readonly connections: number;
  /** The longest path and query of a request, in characters. */
  readonly urlLength: number;
  /** For request line and headers. The cookies of other servers on 127.0.0.1 have to fit. */
  readonly headerBytes: number;
  /** How long closing waits for the page to be sent. */
  readonly flushMs: number;
}

export interface CallbackOptions {
  /** 0 = any free port. */
  readonly port: number;
  /** The redirect may name it as `iss` (RFC 9207). */
  readonly platform: PlatformUrl;
  /** The redirect has to contain it (RFC 6749 section 10.12). */
  readonly state: string;
  readonly pages: CallbackPages;
  readonly bounds?: Partial<CallbackBounds>;
}

const BOUNDS: CallbackBounds = {
  requestMs: 5_000,
  connections: 100,
  urlLength: 8_192,
  headerBytes: 65_536,
  flushMs: 1_000,
};
/**
 * With this header, another window asks a listener that has its redirect for the port. A web page cannot send it
 * without a preflight request, which is refused.
 */
export const RELEASE_HEADER = 'zeyos-release-port';

const REFUSAL = 'Bad Request\n';
const REFUSAL_HEADERS = plainTextHeaders(REFUSAL);

/**
 * Receives one redirect on the loopback interface (RFC 8252 section 7.3). A browser may repeat it: the identical
 * request gets the same page, and a prefetch gets 503. Any other request gets 400 and changes nothing.
 */
export class CallbackServer {
  readonly port: number;
  /**
   * Rejects with the error of {@link parseRedirect}, or with an `AbortError` if closed before. Without a listener, a
   * rejection is not reported as unhandled.
   */
  readonly result: Promise<{ code: string }>;
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #options: CallbackOptions;
  readonly #bounds: CallbackBounds;
  readonly #host: string;
  /** Connections without a whole request, each with the alarm that ends it. */
  readonly #idle = new Map<Duplex, { dispose(): void }>();
  /** Answers that the browser has not received completely. */
  readonly #unsent = new Set<ServerResponse>();
  #settle!: { resolve(result: { code: string }): void; reject(error: Error): void };
  #redirect: { readonly url: string | undefined; readonly page: CallbackPage } | undefined;
  #closed: Promise<void> | undefined;

  private constructor(server: Server, options: CallbackOptions, bounds: CallbackBounds, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
    this.#options = options;
    this.#bounds = bounds;
    this.port = (server.address() as AddressInfo).port;
    // A browser omits the default port, as `host` does.
    this.#host = new URL(`http://127.0.0.1:${this.port}`).host;
    this.result = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.result.catch(() => undefined);
    const answer = (request: IncomingMessage, response: ServerResponse): void => this.#answer(request, response);
    server.on('request', answer).on('checkContinue', answer).on('checkExpectation', answer);
    server.on('connection', (socket) => this.#admit(socket));
    server.on('connect', (_request, socket) => refuseRaw(socket));
    // A connection that timed out gets no answer: a browser that is about to send on it then tries again.
    server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
      error.code?.startsWith('HPE_') ? refuseRaw(socket) : socket.destroy(),
    );
    // The server keeps listening, for example after running out of file descriptors.
    server.on('error', () => undefined);
  }

  /** @throws Node's error with its `code`: `EADDRINUSE` if another program or window listens there */
  static async listen(options: CallbackOptions, clock: Clock): Promise<CallbackServer> {
    const bounds = { ...BOUNDS, ...options.bounds };
    const server = createServer({
      // The clock ends a request that takes too long.
      requestTimeout: 0,
      headersTimeout: 0,
      maxHeaderSize: bounds.headerBytes,
      // Otherwise Node itself answers a request without one.
      requireHostHeader: false,
    });
    await once(server.listen(options.port, '127.0.0.1'), 'listening');
    return new CallbackServer(server, options, bounds, clock);
  }

  /** The server then only shows the same page to the same request. */
  get hasRedirect(): boolean {
    return this.#redirect !== undefined;
  }

  /** Frees the port before it returns. Resolves when the page has been sent and every connection is closed. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#settle.reject(new DOMException('the redirect is no longer waited for', 'AbortError'));
    // `http.Server.close` would take a connection for idle, and end it, while the last part of an answer is being sent.
    const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(this.#server, () => resolve()));
    // A browser that is about to send on these tries again, and reaches the next listener.
    for (const socket of this.#idle.keys()) socket.destroy();
    const sent = [...this.#unsent].map((response) => once(response, 'close').catch(() => undefined));
    await within({ clock: this.#clock, ms: this.#bounds.flushMs }, () => Promise.all(sent)).catch(() => undefined);
    // This also ends the timer of Node's server.
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Drops the oldest idle connection, because the newest may bring the redirect. */
  #admit(socket: Socket): void {
    const { requestMs, connections } = this.#bounds;
    const deadline = this.#clock.at(this.#clock.now() + requestMs, () => socket.destroy());
    // After a CONNECT, Node no longer handles the socket's errors.
    socket
      .on('error', () => undefined)
      .once('close', () => {
        deadline.dispose();
        this.#idle.delete(socket);
      });
    this.#idle.set(socket, deadline);
    if (this.#idle.size <= connections) return;
    const [oldest] = this.#idle.keys();
    oldest?.destroy();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    // Later requests of this connection could not be answered.
    const deadline = this.#idle.get(request.socket);
    if (!deadline) return;
    deadline.dispose();
    this.#idle.delete(request.socket);
    if (this.#closed) return refuse(response);
    if (this.#isReleaseRequest(request)) return this.#release(response);
    if (!this.#isAddressed(request)) return refuse(response);
    // A prefetch would use up the code before the user's tab asks.
    if (isPrefetch(request)) return sendText(response, 503, 'Service Unavailable\n');
    if (this.#redirect)
      return request.url === this.#redirect.url ? this.#show(response, this.#redirect.page) : refuse(response);
    const { platform, state, pages } = this.#options;
    try {
      const result = parseRedirect(`http://${this.#host}${request.url}`, {
        platform,
        redirectUri: `http://${this.#host}${CALLBACK_PATH}`,
        state,
      });
      this.#redirect = { url: request.url, page: pages.success };
      this.#settle.resolve(result);
    } catch (error) {
      if (!isAnswer(error)) return refuse(response);
      this.#redirect = { url: request.url, page: pages.failure };
      this.#settle.reject(error);
    }
    this.#show(response, this.#redirect.page);
  }

  #isReleaseRequest({ method, url, headers }: IncomingMessage): boolean {
    return (
      this.hasRedirect &&
      method === 'HEAD' &&
      url === CALLBACK_PATH &&
      headers.host === this.#host &&
      RELEASE_HEADER in headers
    );
  }

  #release(response: ServerResponse): void {
    this.#track(response);
    void this.close();
    response.writeHead(204, { 'Cache-Control': 'no-store', Connection: 'close' }).end();
  }

  /** Another `Host` means DNS rebinding; an absolute target is meant for a proxy. */
  #isAddressed({ method, url = '', headersDistinct: { host } }: IncomingMessage): boolean {
    return (
      method === 'GET' &&
      url.startsWith(`${CALLBACK_PATH}?`) &&
      url.length <= this.#bounds.urlLength &&
      host?.length === 1 &&
      host[0] === this.#host
    );
  }

  /** Makes closing wait for this response. */
  #track(response: ServerResponse): void {
    this.#unsent.add(response);
    response.once('close', () => this.#unsent.delete(response));
  }

  #show(response: ServerResponse, { html, csp }: CallbackPage): void {
    this.#track(response);
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

/** Whether an authorization server redirected here with the right `state`, though without a usable code. */
function isAnswer(error: unknown): error is OAuthError | RedirectMismatchError {
  return error instanceof OAuthError || (error instanceof RedirectMismatchError && error.problem === 'issuer');
}

function refuse(response: ServerResponse): void {
  sendText(response, 400, REFUSAL);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, plainTextHeaders(text)).end(text);
}

function plainTextHeaders(text: string): Readonly<Record<string, string | number>> {
  return {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': text.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  };
}

/** Browsers announce in several headers that they only prepare a page. */
function isPrefetch({ headers }: IncomingMessage): boolean {
  const purposes = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map((name) => String(headers[name] ?? ''));
  return purposes.some((purpose) =>
    purpose.split(/[\s,;="]+/).some((part) => /^(prefetch|prerender|preview)$/i.test(part)),
  );
}

/** As {@link refuse}, for bytes that are no HTTP request. */
function refuseRaw(socket: Duplex): void {
  const headers = Object.entries(REFUSAL_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 400 Bad Request\r\n${headers.join('')}\r\n${REFUSAL}`, () => socket.destroy());
}
