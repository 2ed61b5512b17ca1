import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/**
 * A forward proxy on loopback. It connects every request to one port, or refuses it with a status or without an answer.
 * With 407 it sends the given `Proxy-Authenticate` values.
 */
export class ConnectProxy {
  /** The CONNECT requests. */
  readonly asked: { readonly authority: string; readonly authorization: string | undefined }[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(
    behaviour: { readonly to: number } | { readonly refuses: number | 'hangUp'; readonly offers?: readonly string[] },
  ): Promise<ConnectProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new ConnectProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    server.on('connection', (socket: Socket) => proxy.#keep(socket));
    server.on('connect', ({ url = '', headers }, client: Socket) => {
      proxy.asked.push({ authority: url, authorization: headers['proxy-authorization'] });
      if ('refuses' in behaviour) {
        const offered = (behaviour.offers ?? []).map((offer) => `Proxy-Authenticate: ${offer}\r\n`).join('');
        client.end(
          behaviour.refuses === 'hangUp'
            ? ''
            : `HTTP/1.1 ${behaviour.refuses} No\r\n${offered}Content-Length: 0\r\n\r\n`,
        );
        return;
      }
      const target = proxy.#keep(
        connect(behaviour.to, '127.0.0.1', () => {
          client.write('HTTP/1.1 200 OK\r\n\r\n');
          target.pipe(client).pipe(target);
        }),
      );
    });
    return proxy;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    // The other end may close the connection at any time.
    return socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
  }
}
