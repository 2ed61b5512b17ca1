import type { AuthorizationCodes } from './authorizationCodes';
import type { Exchange } from './exchange';
import type { SandboxInstance } from './instances';
import type { TokenExchange } from './tokenExchanges';
import type { TokenStore } from './tokenStore';

export interface Context {
  readonly instance: SandboxInstance;
  readonly tokens: TokenStore;
  readonly codes: AuthorizationCodes;
  /** The exchanges of OAuth 2.0, to which a handler adds. */
  readonly exchanges: TokenExchange[];
}

export type Handler = (exchange: Exchange, context: Context) => void;

/** The routes of an API: the path below the instance, then the method. GET also serves HEAD. */
export type Routes = Readonly<Record<string, Readonly<Record<string, Handler>>>>;

/** Passes the exchange to the API that serves its path. Several APIs may share a path. */
export function route(apis: readonly Routes[], path: string, exchange: Exchange, context: Context): void {
  const methods = new Map(apis.flatMap((routes) => Object.entries(routes[path] ?? {})));
  const get = methods.get('GET');
  if (get && !methods.has('HEAD')) {
    methods.set('HEAD', get);
  }
  const handler = methods.get(exchange.method);
  if (handler) {
    handler(exchange, context);
  } else if (methods.size > 0) {
    exchange.text(405, 'Method Not Allowed', { Allow: [...methods.keys()].join(', ') });
  } else {
    exchange.text(404, 'Not Found');
  }
}
