import { SettingsError } from './errors';
import { isLoopback } from './platform';

/** What the user says about proxies, as the editor's settings `http.…` have it. */
export interface ProxySettings {
  /** `http.proxy`; empty: what the environment says. */
  readonly url: string;
  /** `http.noProxy`: hosts, with or without a port; with any, the environment's are not looked at. */
  readonly noProxy: readonly string[];
  /** `http.proxyAuthorization`: the value of `Proxy-Authorization`. */
  readonly authorization?: string;
  /** `http.proxySupport` is `off`. */
  readonly isOff: boolean;
}

/** A proxy to go through. Its URL may hold a password. */
export interface Proxy {
  readonly url: string;
  readonly authorization?: string;
}

/**
 * The proxy on the way to a URL, decided as the editor does: never for this machine, `http.noProxy` before `NO_PROXY`, and
 * `http.proxy` before `HTTPS_PROXY`. A script that decides (PAC) is beyond this.
 * @throws {SettingsError} `proxyUnsupported`
 */
export function proxyFor(url: URL, settings: ProxySettings, environment: Readonly<Record<string, string | undefined>>): Proxy | undefined {
  if (settings.isOff || isLoopback(url.hostname)) return undefined;
  const exceptions = settings.noProxy.length > 0 ? settings.noProxy : (environment['no_proxy'] ?? environment['NO_PROXY'] ?? '').split(',');
  if (isExcepted(url, exceptions)) return undefined;
  const proxy = settings.url.trim() || ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].map((name) => environment[name]?.trim()).find(Boolean);
  if (!proxy) return undefined;
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol)) throw new SettingsError('proxyUnsupported');
  return { url: proxy, ...(settings.authorization && { authorization: settings.authorization }) };
}

/** A name stands for itself and all below it; `*` for everything. */
function isExcepted(url: URL, exceptions: readonly string[]): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return exceptions.some((exception) => {
    const [name = '', itsPort] = exception.trim().toLowerCase().split(':', 2);
    if (name === '*') return true;
    return name !== '' && `.${url.hostname}`.endsWith(name.startsWith('.') ? name : `.${name}`) && (!itsPort || itsPort === port);
  });
}
