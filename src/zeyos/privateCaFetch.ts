import { createSecureContext } from 'node:tls';
import './nodeFetch';
import { Agent, fetch, ProxyAgent } from 'undici';
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
      })
    : new Agent({ connect: tls });
  return {
    // The types of undici and of Node differ only in what is not used here.
    fetch: (url, init) => fetch(url, { ...init, dispatcher } as Parameters<typeof fetch>[1]) as Promise<unknown> as Promise<Response>,
    close: () => dispatcher.close(),
  };
}
