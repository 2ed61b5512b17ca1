import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { CallbackServer, PortTakenError, RELEASE_HEADER, type CallbackOptions } from './callbackServer';

/** How long a listener outlives the sign-in that its redirect completed, in milliseconds: browsers fetch a redirect twice. */
const LINGER_MS = 5_000;
/** How long another window has to release a port, in milliseconds. */
const RELEASE_MS = 300;

/** Waits, and ends early without an error when the signal aborts. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>;

/** The listeners of all browser sign-ins of this window. */
export class CallbackServers {
  readonly #wait: Wait;
  /** Each open listener, with what ends its lingering. */
  readonly #open = new Map<CallbackServer, AbortController>();

  constructor({ wait = waitByTimer }: { readonly wait?: Wait } = {}) {
    this.#wait = wait;
  }

  /**
   * As {@link CallbackServer.listen}. A listener that has its redirect, in this window or another, gives up its port at once.
   * @throws as {@link CallbackServer.listen} does
   */
  async listen(options: CallbackOptions): Promise<CallbackServer> {
    const server = await this.#listen(options);
    this.#open.set(server, new AbortController());
    return server;
  }

  /** Ends a sign-in's listener: at once if no redirect has arrived, otherwise later, which nobody has to wait for. */
  async release(server: CallbackServer): Promise<void> {
    const lingering = this.#open.get(server)?.signal;
    if (!server.hasRedirect || !lingering) return this.#close(server);
    void this.#wait(LINGER_MS, lingering).then(() => this.#close(server));
  }

  /** Closes every listener. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((server) => this.#close(server)));
  }

  async #listen(options: CallbackOptions): Promise<CallbackServer> {
    const done = [...this.#open.keys()].filter((server) => server.hasRedirect && server.port === options.port);
    const closed = Promise.all(done.map((server) => this.#close(server)));
    try {
      return await CallbackServer.listen(options);
    } catch (error) {
      if (!(error instanceof PortTakenError)) throw error;
      await closed;
      if (done.length === 0 && !(await askToRelease(options))) throw error;
      return CallbackServer.listen(options);
    }
  }

  #close(server: CallbackServer): Promise<void> {
    this.#open.get(server)?.abort();
    this.#open.delete(server);
    return server.close();
  }
}

async function waitByTimer(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/**
 * Asks whoever listens on the port to release it. Only a listener of this extension that has its redirect does. HEAD is safe for any
 * other program (RFC 9110 section 9.2.1).
 */
function askToRelease({ port, path = '/callback' }: CallbackOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { [RELEASE_HEADER]: '1' };
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      method: 'HEAD',
      headers,
      agent: false,
      signal: AbortSignal.timeout(RELEASE_MS),
    });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode === 204);
    });
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
