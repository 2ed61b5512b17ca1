import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { authV1 } from './authV1';
import { createCertificate } from './certificate';
import { answerControl, isControl } from './controls';
import { Exchange } from './exchange';
import { Faults } from './faults';
import type { ActiveFault, Fault } from './faults';
import { defaultInstances } from './fixtures';
import { createInstance, locate } from './instances';
import type { SandboxInstance, SandboxInstanceOptions, SurfaceName } from './instances';
import { platform } from './platform';
import { RequestLog } from './requestLog';
import type { RequestRecord } from './requestLog';
import { route } from './routes';
import type { Routes } from './routes';
import { TokenStore } from './tokenStore';
import type { IssuedToken } from './tokenStore';

export { describeSandbox } from './description';
export type { ActiveFault, Fault } from './faults';
export type { SandboxApplication } from './applications';
export type { SandboxInstance, SandboxInstanceOptions, SurfaceName } from './instances';
export type { SandboxUser } from './users';
export type { RequestRecord } from './requestLog';
export type { IssuedToken } from './tokenStore';

export interface SandboxOptions {
  /** A free one unless told. */
  readonly port?: number;
  readonly instances?: readonly SandboxInstanceOptions[];
  readonly tls?: boolean;
  /** The server's clock, in epoch milliseconds. */
  readonly now?: () => number;
}

/** What an instance serves of its own choice. A further surface is one more file of routes, and its name here. */
const surfaces: Readonly<Partial<Record<SurfaceName, Routes>>> = { authV1 };

/** A ZeyOS on this machine's loopback, with state, several instances, and faults on demand. */
export class Sandbox {
  private readonly tokenStore: TokenStore;
  private readonly faults = new Faults();
  private readonly log = new RequestLog();
  private readonly byName = new Map<string, SandboxInstance>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly origin: string,
    readonly ca: string | undefined,
    instances: readonly SandboxInstanceOptions[],
    private readonly now: () => number,
  ) {
    this.tokenStore = new TokenStore(now);
    for (const options of instances) {
      this.byName.set(options.name, createInstance(options));
    }
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('request', (request, response) => void this.answer(request, response));
  }

  static async start({ port = 0, instances = defaultInstances, tls = false, now = Date.now }: SandboxOptions = {}): Promise<Sandbox> {
    const certificate = tls ? await createCertificate() : undefined;
    const server = certificate ? createSecureServer(certificate) : createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const { port: actual } = server.address() as AddressInfo;
    const origin = certificate ? `https://localhost:${actual}` : `http://127.0.0.1:${actual}`;
    return new Sandbox(server, origin, certificate?.cert, instances, now);
  }

  get instances(): readonly SandboxInstance[] {
    return [...this.byName.values()];
  }

  get activeFaults(): readonly ActiveFault[] {
    return this.faults.active;
  }

  /** What clients asked; the sandbox's own page and its buttons do not count. */
  get requests(): readonly RequestRecord[] {
    return this.log.all;
  }

  /** The platform URL, without a trailing slash. */
  url(instance: string): string {
    return `${this.origin}/${this.instance(instance).name}`;
  }

  /** Throws for an unknown one. */
  instance(name: string): SandboxInstance {
    const instance = this.byName.get(name);
    if (!instance) {
      throw new Error(`The sandbox has no instance ${name}`);
    }
    return instance;
  }

  /** Sets a fault for requests whose `METHOD /path` matches; the answer lifts it. */
  fault(where: RegExp | string, fault: Fault, times?: number): () => void {
    return this.faults.add(where, fault, times);
  }

  clearFaults(): void {
    this.faults.clear();
  }

  clearRequests(): void {
    this.log.clear();
  }

  tokens(): readonly IssuedToken[] {
    return this.tokenStore.all();
  }

  /** As an administrator would, behind the client's back. Throws for a token that was never issued. */
  revoke(value: string): void {
    this.tokenStore.revoke(value);
  }

  revokeAll(): void {
    this.tokenStore.revokeAll();
  }

  /** Lets a token end now, as if its time were over. Throws for a token that was never issued. */
  expire(value: string): void {
    this.tokenStore.expire(value);
  }

  /** Ends open connections too, and releases the port. */
  async stop(): Promise<void> {
    if (this.server.listening) {
      const closed = once(this.server, 'close');
      this.server.close();
      this.sockets.forEach((socket) => socket.destroy());
      await closed;
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const exchange = await Exchange.receive(request, response);
      if (isControl(exchange)) {
        answerControl(exchange, this);
      } else {
        await this.answerClient(exchange);
      }
    } catch (error) {
      // A client that has gone is no failure of the sandbox.
      if (!response.destroyed && !response.headersSent) {
        response.writeHead(500, { 'Content-Type': 'text/plain' }).end(String(error));
      }
    }
  }

  private async answerClient(exchange: Exchange): Promise<void> {
    const found = locate(this.byName.values(), exchange.path);
    exchange.clock = () => this.now() + (found?.instance.clockSkewSeconds ?? 0) * 1000;
    const { method, path, query, headers, body } = exchange;
    const at = this.now();
    this.log.add({ at, method, path, query, instance: found?.instance.name, headers, body, get status() { return exchange.status; } });
    if (await this.faults.apply(exchange)) {
      return;
    }
    if (exchange.decodedPath === undefined) {
      exchange.text(400, 'Bad Request');
    } else if (exchange.bodyTooLarge) {
      exchange.text(413, 'Content Too Large');
    } else if (found) {
      const offered = [...found.instance.surfaces].map((name) => surfaces[name] ?? {});
      route([platform, ...offered], found.rest, exchange, { instance: found.instance, tokens: this.tokenStore });
    } else {
      exchange.text(404, 'Not Found');
    }
  }
}
