import { NetworkError } from '../errors';
import { HTTP2_ANSWER, handshakeProblem } from './handshakeProblem';
import { schemesOf } from '../transport/proxyAuthentication';
import type { Route } from '../transport/proxy';
import type { SentBy } from '../transport/sentBy';

/** How many errors a `fetch` may wrap around the original one. */
const DEEPEST_CAUSE = 5;

/** The way that a request took, where that is known. */
export interface RequestWay {
  readonly route: Route;
  readonly sentBy: SentBy;
}

/** Turns what a `fetch` threw into an error with Node's code and the proxy's part in it, from wherever in its causes they are. */
export function networkError(thrown: unknown, url: URL, way?: RequestWay): NetworkError {
  const chain = causes(thrown);
  const code = errorCode(chain);
  const facts = {
    status: first(chain, proxyStatus),
    schemes: first(chain, proxySchemes),
    host: first(chain, (error) => proxyHost(error, url, way?.route)) ?? withoutTls(code, way?.route),
    sentBy: way?.sentBy,
  };
  for (const error of chain) forgetData(error);
  return new NetworkError(code, thrown, facts);
}

/**
 * Whether a `fetch` threw because it could not read the address of its proxy, or the credentials in it, before anything was sent. The
 * error may quote the address.
 */
export function isUnreadableProxy(thrown: unknown): boolean {
  return causes(thrown).some((error) => {
    const { code, name, message } = error as Error & { readonly code?: unknown };
    return (
      name === 'URIError' ||
      code === 'ERR_INVALID_URL' ||
      (code === 'UND_ERR_INVALID_ARG' && /\b(url|protocol)\b/i.test(message))
    );
  });
}

function first<T>(chain: readonly Error[], find: (error: Error) => T | undefined): T | undefined {
  return chain.map(find).find((found) => found !== undefined);
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
  if (chain.some(isHttp2Answer)) return HTTP2_ANSWER;
  const coded = chain.find(
    (error): error is Error & { readonly code: string } => 'code' in error && typeof error.code === 'string',
  );
  // Electron's network stack, where the editor uses that, tells its code only in the message.
  if (!coded) return /\bERR_[A-Z_]+/.exec(chain[0]?.message ?? '')?.[0];
  return coded.code === 'EPROTO' ? (tlsCode(coded.message) ?? coded.code) : coded.code;
}

/** Node's code for the reason in OpenSSL's message, which has no code of its own if the connection failed while writing. */
function tlsCode(message: string): string | undefined {
  const reason = /:error:[0-9A-F]+:SSL routines:[^:]*:([^:]+)/i.exec(message)?.[1];
  return reason && `ERR_SSL_${reason.trim().toUpperCase().replaceAll(' ', '_')}`;
}

/** Whether the server answered with a frame that begins a connection of HTTP/2, or ends one (RFC 9113 sections 4.1, 6.5, 6.8). */
function isHttp2Answer(error: Error & { readonly data?: unknown }): boolean {
  // A length of three bytes, SETTINGS or GOAWAY, no flags but ACK, and stream 0. undici has decoded it as UTF-8.
  return typeof error.data === 'string' && /^\0[\s\S]{1,2}[\x04\x07][\0\x01]\0{4}/.test(error.data);
}

/** undici reports the status of a refused `CONNECT` only in its message, which the editor imitates. */
function proxyStatus(error: Error): number | undefined {
  const told = /^Proxy response \((\d{3})\)/.exec(error.message)?.[1];
  return told === undefined ? undefined : Number(told);
}

/** The authentication schemes in the headers of a refused `CONNECT`, which newer editors keep; `undefined` without the headers. */
function proxySchemes(error: Error & { readonly connectResponseHeaders?: unknown }): readonly string[] | undefined {
  const headers = error.connectResponseHeaders;
  if (typeof headers !== 'object' || headers === null) return undefined;
  const values = Object.entries(headers as Readonly<Record<string, unknown>>)
    .filter(([name]) => name.toLowerCase() === 'proxy-authenticate')
    .flatMap(([, value]) => value)
    .filter((value) => typeof value === 'string');
  return schemesOf(values);
}

/** The host that Node could not find or connect to, where that is the proxy: through one, nothing else is ever connected to. */
function proxyHost(error: Error, url: URL, route: Route | undefined): string | undefined {
  const { syscall, hostname, address, port } = error as Error &
    Readonly<Record<'syscall' | 'hostname' | 'address' | 'port', unknown>>;
  const isThroughProxy = route?.kind === 'proxy';
  if (syscall === 'getaddrinfo' && typeof hostname === 'string')
    return isThroughProxy || hostname !== url.hostname ? hostname : undefined;
  if (syscall !== 'connect' || typeof address !== 'string' || typeof port !== 'number') return undefined;
  // What the system or a PAC file says is not known: another port than that of the URL must be a proxy's.
  return isThroughProxy || port !== Number(url.port || (url.protocol === 'https:' ? 443 : 80))
    ? `${address}:${port}`
    : undefined;
}

/** The proxy, if its URL begins with https:// though it speaks no TLS, as most proxies do not. */
function withoutTls(code: string | undefined, route: Route | undefined): string | undefined {
  const isSecure = route?.kind === 'proxy' && route.url.protocol === 'https:';
  return isSecure && handshakeProblem(code) === 'notTls' ? route.url.host : undefined;
}
