import { NetworkError } from './errors';
import type { Route } from './proxy';

/** How many errors a `fetch` may wrap around the original one. */
const DEEPEST_CAUSE = 5;

/**
 * Turns what a `fetch` threw into an error with Node's code and the proxy's part in it, from wherever in its causes they are.
 * @param route how the request left, where that is known
 */
export function networkError(thrown: unknown, url: URL, route?: Route): NetworkError {
  const chain = causes(thrown);
  const status = chain.map(proxyStatus).find((found) => found !== undefined);
  for (const error of chain) forgetData(error);
  return new NetworkError(errorCode(chain), thrown, {
    status,
    host: chain.map((error) => proxyHost(error, url, route)).find((found) => found !== undefined),
  });
}

/** undici keeps what came that is no HTTP, which may quote what was sent. */
function forgetData(error: Error & { data?: unknown }): void {
  delete error.data;
}

/** An error and its causes; of several at once, the first. */
function causes(thrown: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (
    let at: unknown = thrown;
    at instanceof Error && chain.length < DEEPEST_CAUSE;
    at = at instanceof AggregateError ? at.errors[0] : at.cause
  )
    chain.push(at);
  return chain;
}

function errorCode(chain: readonly Error[]): string | undefined {
  const coded = chain.find((error): error is Error & { readonly code: string } => 'code' in error && typeof error.code === 'string');
  // Electron's network stack, where the editor uses that, tells its code only in the message.
  return coded?.code ?? /\bERR_[A-Z_]+/.exec(chain[0]?.message ?? '')?.[0];
}

/** undici reports the status of a refused `CONNECT` only in its message, which the editor imitates. */
function proxyStatus(error: Error): number | undefined {
  const told = /^Proxy response \((\d{3})\)/.exec(error.message)?.[1];
  return told === undefined ? undefined : Number(told);
}

/** The host that Node could not find or connect to, where that is the proxy: through one, nothing else is ever connected to. */
function proxyHost(error: Error, url: URL, route: Route | undefined): string | undefined {
  const { syscall, hostname, address, port } = error as Error & Readonly<Record<'syscall' | 'hostname' | 'address' | 'port', unknown>>;
  const isThroughProxy = route?.kind === 'proxy';
  if (syscall === 'getaddrinfo' && typeof hostname === 'string') return isThroughProxy || hostname !== url.hostname ? hostname : undefined;
  if (syscall !== 'connect' || typeof address !== 'string' || typeof port !== 'number') return undefined;
  // What the system or a PAC file says is not known: another port than that of the URL must be a proxy's.
  return isThroughProxy || port !== Number(url.port || (url.protocol === 'https:' ? 443 : 80)) ? `${address}:${port}` : undefined;
}
