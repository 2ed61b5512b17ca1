import { request } from 'node:http';
import { Alarm } from '../../base/alarm';
import type { Clock } from '../../base/clock';
import { within } from '../../base/deadline';
import { CallbackServer, RELEASE_HEADER, type CallbackOptions } from './callbackServer';
import { CALLBACK_PATH } from './callbackUri';
import { isPortTaken } from './portProblem';

/** How long a listener stays open after its redirect: browsers fetch a redirect twice. */
const LINGER_MS = 5_000;
/** How long another window has to release a port. */
const RELEASE_MS = 300;

export class CallbackServers {
  readonly #clock: Clock;
  readonly #open = new Map<CallbackServer, Alarm>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * A listener that has its redirect, in this window or another, gives up its port at once.
   * @throws as {@link CallbackServer.listen} does
   */
  async listen(options: CallbackOptions): Promise<CallbackServer> {
    const server = await this.#listen(options);
    this.#open.set(server, new Alarm(this.#clock, () => void this.#close(server)));
    return server;
  }

  /** Closes a listener: at once if no redirect has arrived, otherwise by an alarm. */
  async release(server: CallbackServer): Promise<void> {
    const alarm = this.#open.get(server);
    if (!server.hasRedirect || !alarm) return this.#close(server);
    alarm.set(this.#clock.now() + LINGER_MS);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((server) => this.#close(server)));
  }

  async #listen(options: CallbackOptions): Promise<CallbackServer> {
    const done = [...this.#open.keys()].filter((server) => server.hasRedirect && server.port === options.port);
    const closed = Promise.all(done.map((server) => this.#close(server)));
    try {
      return await CallbackServer.listen(options, this.#clock);
    } catch (error) {
      if (!isPortTaken(error)) throw error;
      await closed;
      if (done.length === 0 && !(await askToRelease(options, this.#clock))) throw error;
      return CallbackServer.listen(options, this.#clock);
    }
  }

  #close(server: CallbackServer): Promise<void> {
    this.#open.get(server)?.dispose();
    this.#open.delete(server);
    return server.close();
  }
}

/**
 * Only a listener of this extension that has its redirect releases the port. HEAD is safe for any other program (RFC
 * 9110 section 9.2.1).
 */
function askToRelease({ port }: CallbackOptions, clock: Clock): Promise<boolean> {
  const ask = (signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      const headers = { [RELEASE_HEADER]: '1' };
      const asked = request({
        host: '127.0.0.1',
        port,
        path: CALLBACK_PATH,
        method: 'HEAD',
        headers,
        agent: false,
        signal,
      });
      asked.on('response', (response) => {
        response.resume();
        resolve(response.statusCode === 204);
      });
      asked.on('error', () => resolve(false));
      asked.end();
    });
  return within({ clock, ms: RELEASE_MS }, ask).catch(() => false);
}
