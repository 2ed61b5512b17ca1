import { SettingsError } from './errors';
import { tryParseUrl } from './url';

/** What the editor's settings and the system say about the network. */
export interface NetworkSettings {
  /** `http.proxy`. */
  readonly proxy: string;
  /** `http.proxySupport`. */
  readonly support: string;
  /** `http.noProxy`. */
  readonly noProxy: readonly string[];
  /** `http.proxyAuthorization`: the value of `Proxy-Authorization`; empty: none. */
  readonly authorization: string;
  /** `http.proxyStrictSSL`: whether the editor verifies certificates. */
  readonly verifies: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export type ProxySource = 'http.proxy' | 'HTTPS_PROXY' | 'HTTP_PROXY';

/** How a request leaves this machine, as far as settings and environment tell. */
export type Route =
  | { readonly kind: 'direct'; readonly reason: 'loopback' | 'none' | 'system' }
  /** A proxy is set, and the editor is told not to use it. */
  | { readonly kind: 'direct'; readonly reason: 'off'; readonly source: ProxySource }
  | { readonly kind: 'direct'; readonly reason: 'bypassed'; readonly source: 'http.noProxy' | 'NO_PROXY'; readonly entry: string }
  | { readonly kind: 'proxy'; readonly source: ProxySource; readonly url: URL }
  | { readonly kind: 'invalid'; readonly source: ProxySource };

/** The rules of the editor's own network stack, which asks the system (and its PAC file) only after all of these. */
export function routeOf(url: URL, settings: NetworkSettings): Route {
  const { support, noProxy, environment } = settings;
  const hostname = url.hostname.toLowerCase();
  if (['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return { kind: 'direct', reason: 'loopback' };
  const proxy = configuredProxy(settings);
  if (support === 'off') return proxy ? { kind: 'direct', reason: 'off', source: proxy.source } : { kind: 'direct', reason: 'none' };
  // If the setting has entries, those of the environment are ignored.
  const ofEnvironment = (): readonly string[] => (environment['no_proxy'] || environment['NO_PROXY'] || '').trim().split(',');
  const [entries, source] =
    noProxy.length > 0 ? ([noProxy.map((entry) => entry.trim()), 'http.noProxy'] as const) : ([ofEnvironment(), 'NO_PROXY'] as const);
  const entry = bypassedBy(hostname, url.port || (url.protocol === 'https:' ? '443' : '80'), entries);
  if (entry !== undefined) return { kind: 'direct', reason: 'bypassed', source, entry };
  if (!proxy) return { kind: 'direct', reason: 'system' };
  const parsed = parseProxy(proxy.text);
  return parsed ? { kind: 'proxy', source: proxy.source, url: parsed } : { kind: 'invalid', source: proxy.source };
}

/**
 * Whether a proxy could read a request. http is allowed to this machine only, but the editor exempts just `localhost`,
 * `127.0.0.1` and `::1` from the proxy that is configured. A proxy of the system is not used for any loopback address
 * (Chromium's implicit bypass rules).
 */
export function isReadableByProxy(url: URL, settings: NetworkSettings): boolean {
  return url.protocol === 'http:' && routeOf(url, settings).kind !== 'direct';
}

/** A proxy to go through. Its URL may hold a password. */
export interface Proxy {
  readonly url: string;
  /** The value of `Proxy-Authorization`. */
  readonly authorization?: string;
}

/**
 * The proxy for a URL, for a `fetch` that does not find it by itself. PAC scripts are not evaluated.
 * @throws {SettingsError} `proxyUnsupported`
 */
export function proxyFor(url: URL, settings: NetworkSettings): Proxy | undefined {
  const route = routeOf(url, settings);
  if (route.kind === 'direct') return undefined;
  if (route.kind === 'invalid' || !/^https?:$/.test(route.url.protocol)) throw new SettingsError('proxyUnsupported');
  return { url: route.url.href, ...(settings.authorization && { authorization: settings.authorization }) };
}

/** The address of a proxy, without the credentials that may be in it. */
export function shownProxy(url: URL): string {
  return `${url.protocol}//${url.host}`;
}

/** Where a proxy listens. */
export function proxyAddress({ hostname, port, protocol }: URL): { readonly hostname: string; readonly port: number } {
  return { hostname: withoutBrackets(hostname), port: Number(port) || ({ 'http:': 80, 'https:': 443 }[protocol] ?? 1080) };
}

export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function configuredProxy({ proxy, environment }: NetworkSettings): { readonly source: ProxySource; readonly text: string } | undefined {
  const candidates: readonly (readonly [ProxySource, string | undefined])[] = [
    ['http.proxy', proxy.trim()],
    ['HTTPS_PROXY', environment['https_proxy'] || environment['HTTPS_PROXY']],
    ['HTTP_PROXY', environment['http_proxy'] || environment['HTTP_PROXY']],
  ];
  for (const [source, text] of candidates) if (text) return { source, text };
  return undefined;
}

function parseProxy(text: string): URL | undefined {
  // A password that holds one of these characters ends there, and is taken for a part of the host.
  if (/^[^:]*:[/\\]*(?![/\\])[^/\\?#]*[/\\?#].*@/s.test(text)) return undefined;
  const url = tryParseUrl(text);
  return url?.hostname && /^(https?|socks[45]?[ah]?):$/.test(url.protocol) ? url : undefined;
}

/** @param entries the editor looks for `*` among them as they are here, and trims only the others */
function bypassedBy(hostname: string, port: string, entries: readonly string[]): string | undefined {
  if (entries.includes('*')) return '*';
  const trimmed = entries.map((entry) => entry.trim().toLowerCase()).filter(Boolean);
  return trimmed.find((entry) => {
    const [name = '', entryPort] = entry.split(':', 2);
    const domain = name.startsWith('.') ? name : `.${name}`;
    return name !== '' && `.${hostname}`.endsWith(domain) && (!entryPort || entryPort === port);
  });
}
