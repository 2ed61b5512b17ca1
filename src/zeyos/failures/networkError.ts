import { NetworkError } from '../errors';
import { HTTP2_ANSWER, handshakeProblem } from './handshakeProblem';
import { schemesOf } from '../transport/proxyAuthentication';
import type { Route } from '../transport/proxy';
import type { SentBy } from '../transport/sentBy';

const MOST_CAUSES = 5;

export interface RequestWay {
  readonly route: Route;
  readonly sentBy: SentBy;
}

/** The code and the proxy's part may be anywhere in the causes. */
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

/** `fetch` could not parse its proxy's URL or the credentials in it, so it sent nothing. The error may quote them. */
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

/** undici keeps a response that is not HTTP. It may quote the request. */
function forgetData(error: Error & { data?: unknown }): void {
  delete error.data;
}

/** Follows the first of several errors. */
function causes(thrown: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (
    let at: unknown = thrown;
    at instanceof Error && chain.length < MOST_CAUSES;
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
  // Electron names its code only in the message.
  if (!coded) return /\bERR_[A-Z_]+/.exec(chain[0]?.message ?? '')?.[0];
  return coded.code === 'EPROTO' ? (tlsCode(coded.message) ?? coded.code) : coded.code;
}

/** Node sets only `EPROTO` if the connection fails while writing. */
function tlsCode(message: string): string | undefined {
  const reason = /:error:[0-9A-F]+:SSL routines:[^:]*:([^:]+)/i.exec(message)?.[1];
  return reason && `ERR_SSL_${reason.trim().toUpperCase().replaceAll(' ', '_')}`;
}

/** Recognizes a frame that begins or ends an HTTP/2 connection (RFC 9113 sections 4.1, 6.5, 6.8). */
function isHttp2Answer(error: Error & { readonly data?: unknown }): boolean {
  // Three bytes of length, SETTINGS or GOAWAY, no flags except ACK, and stream 0. undici has decoded them as UTF-8.
  return typeof error.data === 'string' && /^\0[\s\S]{1,2}[\x04\x07][\0\x01]\0{4}/.test(error.data);
}

/** undici and the editor report the status of a rejected `CONNECT` only in the message. */
function proxyStatus(error: Error): number | undefined {
  const status = /^Proxy response \((\d{3})\)/.exec(error.message)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Older editors do not keep the headers of a rejected `CONNECT`. */
function proxySchemes(error: Error & { readonly connectResponseHeaders?: unknown }): readonly string[] | undefined {
  const headers = error.connectResponseHeaders;
  if (typeof headers !== 'object' || headers === null) return undefined;
  const values = Object.entries(headers as Readonly<Record<string, unknown>>)
    .filter(([name]) => name.toLowerCase() === 'proxy-authenticate')
    .flatMap(([, value]) => value)
    .filter((value) => typeof value === 'string');
  return schemesOf(values);
}

/** The proxy that Node could not find or connect to. A request through a proxy connects to nothing else. */
function proxyHost(error: Error, url: URL, route: Route | undefined): string | undefined {
  const { syscall, hostname, address, port } = error as Error &
    Readonly<Record<'syscall' | 'hostname' | 'address' | 'port', unknown>>;
  const isThroughProxy = route?.kind === 'proxy';
  if (syscall === 'getaddrinfo' && typeof hostname === 'string')
    return isThroughProxy || hostname !== url.hostname ? hostname : undefined;
  if (syscall !== 'connect' || typeof address !== 'string' || typeof port !== 'number') return undefined;
  // The system or a PAC file may set a proxy unknown to the extension. A port other than the URL's must belong to it.
  return isThroughProxy || port !== Number(url.port || (url.protocol === 'https:' ? 443 : 80))
    ? `${address}:${port}`
    : undefined;
}

/** The proxy, if its URL begins with https:// although it supports no TLS, as most proxies do not. */
function withoutTls(code: string | undefined, route: Route | undefined): string | undefined {
  const isSecure = route?.kind === 'proxy' && route.url.protocol === 'https:';
  return isSecure && handshakeProblem(code) === 'notTls' ? route.url.host : undefined;
}
