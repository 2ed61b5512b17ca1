import { createSecureContext } from 'node:tls';
import './nodeFetch';
import { Agent, fetch, Pool, ProxyAgent, type Dispatcher } from 'undici';
import { trusted } from './caFile';
import type { Fetch } from './http';
import type { Proxy } from './proxy';

/**
 * A `fetch` that trusts certificate authorities in addition to those that Node ships with, and always verifies. It is a
 * bundle of its own, loaded only where it is needed.
 */
export interface PrivateCaFetch {
  readonly fetch: Fetch;
  /** Lets the requests under way finish. */
  close(): Promise<void>;
}

/** @param certificates in PEM */
export function openPrivateCaFetch(certificates: readonly string[], proxy: Proxy | undefined): PrivateCaFetch {
  const ca = trusted(certificates);
  // Created once, as that is slow. Given `ca` as well, the editor's patched `tls` adds no certificates of its own.
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
    // The types of undici and of Node differ only in what is not used here.
    fetch: (url, init) =>
      fetch(url, { ...init, dispatcher } as Parameters<typeof fetch>[1]) as Promise<unknown> as Promise<Response>,
    close: () => dispatcher.close(),
  };
}

/** Connections to a proxy. If it refuses, the error has the headers of its answer, as the editor's has. */
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
