import { createSecureContext } from 'node:tls';
import './nodeFetch';
import { Agent, Pool, ProxyAgent, type Dispatcher } from 'undici';
import { trusted } from './caFile';
import type { Fetch } from './http';
import { requestThrough } from './dispatcherRequest';
import type { Proxy } from './proxy';

/** Always verifies certificates. Loaded only for instances with a `caFile`. */
export interface PrivateCaFetch {
  readonly fetch: Fetch;
  /** Running requests finish first. */
  close(): Promise<void>;
}

/** @param certificates in PEM */
export function openPrivateCaFetch(certificates: readonly string[], proxy: Proxy | undefined): PrivateCaFetch {
  const ca = trusted(certificates);
  // Created once, because it is slow. If `ca` is given too, the editor's patched `tls` adds no certificates of its own.
  const tls = { ca, secureContext: createSecureContext({ ca }), rejectUnauthorized: true };
  const dispatcher = proxy
    ? new ProxyAgent({
        uri: proxy.url,
        ...(proxy.authorization && { token: proxy.authorization }),
        requestTls: tls,
        proxyTls: { rejectUnauthorized: true },
        clientFactory: openPool,
      })
    : new Agent({ connect: tls });
  return {
    fetch: (url, init) => requestThrough(dispatcher, url, init),
    close: () => dispatcher.close(),
  };
}

/** Like the editor's `fetch`, adds the response's headers to the error of a rejected connection. */
function openPool(origin: URL, options: object): Dispatcher {
  const pool = new Pool(origin, options);
  const open: (request: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData> = pool.connect.bind(pool);
  const connect = async (request: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
    const data = await open(request);
    if (data.statusCode === 200) return data;
    data.socket.on('error', () => undefined).destroy();
    throw Object.assign(new Error(`Proxy response (${data.statusCode}) !== 200 when HTTP Tunneling`), {
      connectResponseHeaders: data.headers,
    });
  };
  return Object.assign(pool, { connect });
}
