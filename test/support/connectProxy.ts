import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/**
 * A forward proxy on loopback that connects everything to one port, whatever name it is asked for, or refuses with a status, or without a
 * word. With 407 it offers authentication by the values of `Proxy-Authenticate` that it is given.
 */
export class ConnectProxy {
  /** What it was asked to connect to, and with which credentials. */
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
    // Whoever is at the other end may just go.
    return socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
  }
}
