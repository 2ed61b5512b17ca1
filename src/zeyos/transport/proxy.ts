import { SettingsError } from '../errors';
import { tryParseUrl } from '../../base/url';

export interface NetworkSettings {
  /** `http.proxy`. */
  readonly proxy: string;
  /** `http.proxySupport`. */
  readonly support: string;
  /** `http.noProxy`. */
  readonly noProxy: readonly string[];
  /** `http.proxyAuthorization`: the value of `Proxy-Authorization`, or an empty text. */
  readonly authorization: string;
  /** `http.proxyStrictSSL`. {@link verificationSwitches} also reads the environment. */
  readonly verifies: boolean;
  /** `http.systemCertificates`; absent: `true`. */
  readonly systemCertificates?: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The editor looks for a proxy in this order. */
const PROXY_VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;
const EXEMPTION_VARIABLES = ['no_proxy', 'NO_PROXY'] as const;
/** Other programs read these, but the editor does not. */
const UNUSED_VARIABLES = ['all_proxy', 'ALL_PROXY'] as const;

export type ProxySource = 'http.proxy' | (typeof PROXY_VARIABLES)[number];
export type ExemptionSource = 'http.noProxy' | (typeof EXEMPTION_VARIABLES)[number];
export type UnusedVariable = (typeof UNUSED_VARIABLES)[number];

/** `credentials`: characters in them must be percent-encoded. */
type ProxyFault = 'noScheme' | 'noAddress' | 'credentials';

/** How a request leaves this machine. */
export type Route =
  | { readonly kind: 'direct'; readonly reason: 'loopback' | 'none' }
  | { readonly kind: 'direct'; readonly reason: 'system'; readonly unused?: UnusedVariable }
  /** A proxy is configured, but `http.proxySupport` is off. */
  | { readonly kind: 'direct'; readonly reason: 'off'; readonly source: ProxySource }
  | { readonly kind: 'direct'; readonly reason: 'bypassed'; readonly source: ExemptionSource; readonly entry: string }
  | { readonly kind: 'proxy'; readonly source: ProxySource; readonly url: URL }
  | { readonly kind: 'invalid'; readonly source: ProxySource; readonly fault: ProxyFault };

/** Follows the editor's network stack, which asks the system and its PAC file only if none of these rules applies. */
export function routeOf(url: URL, settings: NetworkSettings): Route {
  const { support, environment } = settings;
  const hostname = url.hostname.toLowerCase();
  if (['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return { kind: 'direct', reason: 'loopback' };
  const proxy = configuredProxy(settings);
  if (support === 'off')
    return proxy ? { kind: 'direct', reason: 'off', source: proxy.source } : { kind: 'direct', reason: 'none' };
  const { source, entries } = exemptions(settings);
  const entry = bypassedBy(hostname, url.port || (url.protocol === 'https:' ? '443' : '80'), entries);
  if (entry !== undefined) return { kind: 'direct', reason: 'bypassed', source, entry };
  if (!proxy) {
    const unused = UNUSED_VARIABLES.find((name) => environment[name]?.trim());
    return { kind: 'direct', reason: 'system', ...(unused && { unused }) };
  }
  const parsed = parseProxy(proxy.text);
  return parsed instanceof URL
    ? { kind: 'proxy', source: proxy.source, url: parsed }
    : { kind: 'invalid', source: proxy.source, fault: parsed };
}

/** If `http.noProxy` has entries, the editor ignores the exemptions of the environment. */
export function exemptionSource(settings: NetworkSettings): ExemptionSource {
  const { source, entries } = exemptions(settings);
  return entries.some(Boolean) ? source : 'http.noProxy';
}

export type VerificationSwitch = 'http.proxyStrictSSL' | 'NODE_TLS_REJECT_UNAUTHORIZED';

export function verificationSwitches({ verifies, environment }: NetworkSettings): readonly VerificationSwitch[] {
  return [
    ...(verifies ? [] : (['http.proxyStrictSSL'] as const)),
    ...(environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0' ? (['NODE_TLS_REJECT_UNAUTHORIZED'] as const) : []),
  ];
}

/**
 * The extension allows http to this machine only, but the editor exempts just `localhost`, `127.0.0.1` and `::1` from a
 * configured proxy. The system's proxy serves no loopback address (Chromium's implicit bypass rules).
 */
export function isReadableByProxy(url: URL, settings: NetworkSettings): boolean {
  return url.protocol === 'http:' && routeOf(url, settings).kind !== 'direct';
}

/** The URL may contain a password. */
export interface Proxy {
  readonly url: string;
  readonly authorization?: string;
}

/**
 * Does not evaluate PAC scripts.
 * @throws {SettingsError} `proxyUnsupported`, `proxyCredentials`, `proxyAuthorization`
 */
export function proxyFor(url: URL, settings: NetworkSettings): Proxy | undefined {
  const route = routeOf(url, settings);
  if (route.kind === 'direct') return undefined;
  const { source } = route;
  if (route.kind === 'invalid' && route.fault === 'credentials')
    throw new SettingsError('proxyCredentials', undefined, { settings: [source] });
  if (route.kind === 'invalid' || !/^https?:$/.test(route.url.protocol))
    throw new SettingsError('proxyUnsupported', undefined, { settings: [source] });
  const { authorization } = settings;
  // RFC 9110 section 5.5.
  if (/[^\t\x20-\x7e\x80-\xff]/.test(authorization))
    throw new SettingsError('proxyAuthorization', undefined, { settings: ['http.proxyAuthorization'] });
  return { url: route.url.href, ...(authorization && { authorization }) };
}

export function shownProxy(url: URL): string {
  return `${url.protocol}//${url.host}`;
}

export function proxyAddress({ hostname, port, protocol }: URL): { readonly hostname: string; readonly port: number } {
  return {
    hostname: withoutBrackets(hostname),
    port: Number(port) || ({ 'http:': 80, 'https:': 443 }[protocol] ?? 1080),
  };
}

export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function configuredProxy({
  proxy,
  environment,
}: NetworkSettings): { readonly source: ProxySource; readonly text: string } | undefined {
  const candidates: readonly (readonly [ProxySource, string | undefined])[] = [
    ['http.proxy', proxy.trim()],
    ...PROXY_VARIABLES.map((name) => [name, environment[name]] as const),
  ];
  for (const [source, text] of candidates) if (text) return { source, text };
  return undefined;
}

function exemptions({ noProxy, environment }: NetworkSettings): {
  readonly source: ExemptionSource;
  readonly entries: readonly string[];
} {
  if (noProxy.length > 0) return { source: 'http.noProxy', entries: noProxy.map((entry) => entry.trim()) };
  const source = EXEMPTION_VARIABLES.find((name) => environment[name]) ?? 'NO_PROXY';
  return { source, entries: (environment[source] ?? '').trim().split(',') };
}

function parseProxy(text: string): URL | ProxyFault {
  // The URL parser ends a password at one of these characters, and takes the rest for the host.
  if (/^[^:]*:[/\\]*(?![/\\])[^/\\?#]*[/\\?#].*@/s.test(text)) return 'credentials';
  if (!text.includes('://')) return 'noScheme';
  const url = tryParseUrl(text);
  if (!url?.hostname || !/^(https?|socks[45]?[ah]?):$/.test(url.protocol)) return 'noAddress';
  return isPercentEncoded(url.username) && isPercentEncoded(url.password) ? url : 'credentials';
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Like the editor, compares `*` with the untrimmed entries, and trims only the others. */
function bypassedBy(hostname: string, port: string, entries: readonly string[]): string | undefined {
  if (entries.includes('*')) return '*';
  const trimmed = entries.map((entry) => entry.trim().toLowerCase()).filter(Boolean);
  return trimmed.find((entry) => {
    const [name = '', entryPort] = entry.split(':', 2);
    const domain = name.startsWith('.') ? name : `.${name}`;
    return name !== '' && `.${hostname}`.endsWith(domain) && (!entryPort || entryPort === port);
  });
}
