import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ProxiedRequest {
  /** `CONNECT`, or the method of a request in absolute form (RFC 9112, section 3.2.2). */
  readonly method: string;
  /** `host:port`, or the URL. */
  readonly target: string;
  readonly authorization: string | undefined;
  readonly status: number | undefined;
}

export type ProxyBehaviour =
  | { readonly kind: 'willing' }
  /** Requires HTTP Basic by `Proxy-Authenticate`. */
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'refusing'; readonly status: number }
  | { readonly kind: 'hanging' };

/** A forward proxy on loopback that tunnels and forwards. It resolves host names to local ports. */
export class ForwardProxy {
  readonly requests: ProxiedRequest[] = [];
  readonly #server: Server;
  readonly #hosts: Map<string, number>;
  readonly #sockets = new Set<Duplex>();
  #behaviour: ProxyBehaviour = { kind: 'willing' };

  private constructor(server: Server, hosts: Map<string, number>) {
    this.#server = server;
    this.#hosts = hosts;
    server.on('connection', (socket: Socket) => this.#keep(socket));
    server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#tunnel(request, socket, head),
    );
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#forward(request, response));
  }

  /** @param hosts maps `host:port` to a port on 127.0.0.1. Other hosts are refused with 502. */
  static async start(hosts: Readonly<Record<string, number>> = {}): Promise<ForwardProxy> {
    const proxy = new ForwardProxy(createServer(), new Map(Object.entries(hosts)));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** Closes existing tunnels, so that the next request reaches the proxy again. */
  set behaviour(behaviour: ProxyBehaviour) {
    this.#behaviour = behaviour;
    this.#sockets.forEach((socket) => socket.destroy());
  }

  addHost(target: string, port: number): void {
    this.#hosts.set(target, port);
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  url(credentials = ''): string {
    return `http://${credentials && `${credentials}@`}${this.host}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#sockets.forEach((socket) => socket.destroy());
    await closed;
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  }

  /** Returns the status that refuses the request, `hang` for no answer, or `undefined` to accept it. */
  #judge({ method = '', url = '', headers }: IncomingMessage): number | 'hang' | undefined {
    const behaviour = this.#behaviour;
    const authorization = headers['proxy-authorization'];
    const note = (status: number | undefined): void =>
      void this.requests.push({ method, target: url, authorization, status });
    if (behaviour.kind === 'hanging') return (note(undefined), 'hang');
    const isWelcome =
      behaviour.kind !== 'basic' ||
      authorization === `Basic ${Buffer.from(`${behaviour.user}:${behaviour.password}`).toString('base64')}`;
    const target = method === 'CONNECT' ? url : new URL(url).host;
    const status =
      behaviour.kind === 'refusing' ? behaviour.status : !isWelcome ? 407 : this.#hosts.has(target) ? 200 : 502;
    note(status);
    return status === 200 ? undefined : status;
  }

  #tunnel(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#keep(socket);
    const verdict = this.#judge(request);
    if (verdict === 'hang') return;
    if (verdict !== undefined) {
      socket.end(
        `HTTP/1.1 ${verdict} No\r\n${verdict === 407 ? 'Proxy-Authenticate: Basic realm="company"\r\n' : ''}Content-Length: 0\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    const upstream = connect(this.#hosts.get(request.url ?? '') ?? 0, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    this.#keep(upstream);
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    const verdict = this.#judge(request);
    if (verdict === 'hang') return;
    if (verdict !== undefined) {
      response.writeHead(verdict, verdict === 407 ? { 'Proxy-Authenticate': 'Basic realm="company"' } : {}).end();
      return;
    }
    const { host, pathname, search } = new URL(request.url ?? '');
    const { 'proxy-authorization': _authorization, ...headers } = request.headers;
    const onward = send(
      { host: '127.0.0.1', port: this.#hosts.get(host), method: request.method, path: pathname + search, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }
}
