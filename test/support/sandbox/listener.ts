import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createCertificate, type Certificate } from './certificate';
import { secureServer, type HandshakeFault } from './handshakeFaults';

/** A port on loopback, with or without TLS. */
export class Listener {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly origin: string,
    readonly ca: string | undefined,
  ) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  static async start(
    port: number,
    tls: boolean | Certificate,
    host: string,
    handshake?: HandshakeFault,
  ): Promise<Listener> {
    const certificate = tls === true ? await createCertificate() : tls || undefined;
    const server = certificate ? secureServer(certificate, handshake) : createServer();
    server.listen(port, host);
    await once(server, 'listening');
    const { port: actual } = server.address() as AddressInfo;
    const origin = certificate ? `https://localhost:${actual}` : `http://${host}:${actual}`;
    return new Listener(server, origin, certificate?.cert);
  }

  onRequest(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>): void {
    this.server.on('request', (request, response) => void answer(request, response));
  }

  async stop(): Promise<void> {
    if (this.server.listening) {
      const closed = once(this.server, 'close');
      this.server.close();
      this.sockets.forEach((socket) => socket.destroy());
      await closed;
    }
  }
}
