import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock, type Clock } from '../../../src/base/clock';
import { AuthorizationCodes } from './authorizationCodes';
import { authV1 } from './authV1';
import type { Certificate } from './certificate';
import { answerControl, isControl } from './controls';
import { Exchange } from './exchange';
import { Faults } from './faults';
import type { ActiveFault, Fault } from './faults';
import { defaultInstances } from './fixtures';
import { createInstance, locate } from './instances';
import type { SandboxInstance, SandboxInstanceOptions, ApiName } from './instances';
import { legacy } from './legacy';
import { oauth2 } from './oauth2';
import type { HandshakeFault } from './handshakeFaults';
import { Listener } from './listener';
import { platform } from './platform';
import { RequestLog } from './requestLog';
import type { RequestRecord } from './requestLog';
import { rest } from './rest/rest';
import { route } from './routes';
import type { Routes } from './routes';
import type { TokenExchange } from './tokenExchanges';
import { TokenStore } from './tokenStore';
import type { IssuedToken } from './tokenStore';

export { describeSandbox } from './description';
export type { ActiveFault, Fault } from './faults';
export type { HandshakeFault } from './handshakeFaults';
export type { SandboxApplication } from './applications';
export type { SandboxInstance, SandboxInstanceOptions, ApiName } from './instances';
export type { SandboxUser } from './users';
export type { RequestRecord } from './requestLog';
export type { TokenExchange } from './tokenExchanges';
export type { IssuedToken } from './tokenStore';

export interface SandboxOptions {
  /** The default is a free port. */
  readonly port?: number;
  /** The default is `127.0.0.1`. A served editor does not rewrite other loopback addresses in URLs. */
  readonly host?: `127.${string}`;
  readonly instances?: readonly SandboxInstanceOptions[];
  /** Uses TLS with a new self-signed certificate, or the given one. */
  readonly tls?: boolean | Certificate;
  readonly handshake?: HandshakeFault;
  /** The server’s clock in epoch milliseconds. */
  readonly now?: () => number;
  /** Lets the time of a fault pass: a delay, or the time between two bytes. The default is the clock of the machine. */
  readonly wait?: Clock['wait'];
  /** Serves all tokens in full at `GET /_sandbox/state`, for tests in other processes. */
  readonly exposesState?: boolean;
  /** File that keeps the tokens, so that they outlive the sandbox. */
  readonly tokensFile?: string;
}

const apis: Readonly<Record<ApiName, Routes>> = { authV1, oauth2, legacy };

/** A ZeyOS on loopback with state, several instances, and faults on demand. */
export class Sandbox {
  private readonly tokenStore: TokenStore;
  private readonly codes: AuthorizationCodes;
  private readonly exchanged: TokenExchange[] = [];
  private readonly faults: Faults;
  private readonly log = new RequestLog();
  private readonly byName = new Map<string, SandboxInstance>();

  private constructor(
    private readonly listener: Listener,
    instances: readonly SandboxInstance[],
    private readonly now: () => number,
    wait: Clock['wait'],
    readonly exposesState: boolean,
    tokensFile: string | undefined,
  ) {
    this.faults = new Faults(wait);
    this.tokenStore = new TokenStore(now, tokensFile);
    this.codes = new AuthorizationCodes(now);
    for (const instance of instances) {
      this.byName.set(instance.name, instance);
    }
    listener.onRequest((request, response) => this.answer(request, response));
  }

  static async start({
    port = 0,
    host = '127.0.0.1',
    instances = defaultInstances,
    tls = false,
    handshake,
    now = () => systemClock.now(),
    wait = (ms, signal) => systemClock.wait(ms, signal),
    exposesState = false,
    tokensFile,
  }: SandboxOptions = {}): Promise<Sandbox> {
    const created = instances.map(createInstance);
    return new Sandbox(await Listener.start(port, tls, host, handshake), created, now, wait, exposesState, tokensFile);
  }

  get origin(): string {
    return this.listener.origin;
  }

  /** The certificate that clients must trust, if TLS is used. */
  get ca(): string | undefined {
    return this.listener.ca;
  }

  get instances(): readonly SandboxInstance[] {
    return [...this.byName.values()];
  }

  get activeFaults(): readonly ActiveFault[] {
    return this.faults.active;
  }

  /** How many open requests a fault keeps from being answered. */
  get unanswered(): number {
    return this.faults.unanswered;
  }

  /** What clients asked; the sandbox's own page and its buttons do not count. */
  get requests(): readonly RequestRecord[] {
    return this.log.all;
  }

  /** The platform URL, without a trailing slash. */
  url(instance: string): string {
    return `${this.origin}/${this.instance(instance).name}`;
  }

  /** @throws if there is no such instance */
  instance(name: string): SandboxInstance {
    const instance = this.byName.get(name);
    if (!instance) {
      throw new Error(`The sandbox has no instance ${name}`);
    }
    return instance;
  }

  /** Sets a fault for requests whose `METHOD /path` matches. Returns a function that removes it. */
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

  /** All grants that OAuth 2.0 exchanged for tokens, oldest first. */
  get exchanges(): readonly TokenExchange[] {
    return this.exchanged;
  }

  /**
   * Revokes one token as an administrator would, without the client’s knowledge.
   * @throws if the token was never issued
   */
  revoke(value: string): void {
    this.tokenStore.revoke(value);
  }

  revokeAll(): void {
    this.tokenStore.revokeAll();
  }

  /**
   * Lets a token expire now.
   * @throws if the token was never issued
   */
  expire(value: string): void {
    this.tokenStore.expire(value);
  }

  /** Closes open connections, and frees the port. */
  stop(): Promise<void> {
    return this.listener.stop();
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
      // A client that closed the connection is not an error of the sandbox.
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
    this.log.add({
      at,
      method,
      path,
      query,
      instance: found?.instance.name,
      headers,
      body,
      get status() {
        return exchange.status;
      },
    });
    if (await this.faults.apply(exchange)) {
      return;
    }
    if (exchange.decodedPath === undefined) {
      exchange.text(400, 'Bad Request');
    } else if (exchange.bodyTooLarge) {
      exchange.text(413, 'Content Too Large');
    } else if (found) {
      const offered = [...found.instance.apis].map((name) => apis[name]);
      route([platform, rest(found.rest), ...offered], found.rest, exchange, {
        instance: found.instance,
        tokens: this.tokenStore,
        codes: this.codes,
        exchanges: this.exchanged,
      });
    } else {
      exchange.text(404, 'Not Found');
    }
  }
}
