import { isBlockedPort } from './blockedPorts';
import { tryParseUrl } from '../../base/url';

/** In characters. A consent dialog shows the URL in full. */
const LONGEST_URL = 500;

const CLOUD = 'https://cloud.zeyos.com';

export type PlatformUrlProblem =
  'empty' | 'notUrl' | 'scheme' | 'insecure' | 'userInfo' | 'query' | 'port' | 'noInstance' | 'path';

/** The message is for logs, and `problem` for the user's sentence. */
export class PlatformUrlError extends Error {
  override readonly name = 'PlatformUrlError';
  constructor(readonly problem: PlatformUrlProblem) {
    super(`not a platform URL: ${problem}`);
  }
}

/**
 * A canonical URL: lower-case host, no default port, no trailing slash. Platforms are the same only if their `href` are
 * equal, so a token never reaches another path of the same host.
 */
export class PlatformUrl {
  private constructor(
    readonly href: string,
    readonly host: string,
    readonly path: string,
  ) {}

  /**
   * Accepts a full URL, `host/instance`, or a bare instance name (on `cloud.zeyos.com`).
   * @throws {PlatformUrlError}
   */
  static parse(text: string): PlatformUrl {
    const trimmed = text.trim();
    if (!trimmed) throw new PlatformUrlError('empty');
    if (trimmed.length > LONGEST_URL) throw new PlatformUrlError('notUrl');
    if (trimmed.includes('@')) throw new PlatformUrlError('userInfo');
    if (/[?#]/.test(trimmed)) throw new PlatformUrlError('query');
    const url = toUrl(trimmed);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new PlatformUrlError('scheme');
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw new PlatformUrlError('insecure');
    if (url.port && isBlockedPort(Number(url.port))) throw new PlatformUrlError('port');
    // A host name has no empty label. The user may have meant a path.
    if (/^\.|\.\./.test(url.hostname)) throw new PlatformUrlError('notUrl');
    const path = url.pathname.replace(/\/$/, '');
    if (!path) throw new PlatformUrlError('noInstance');
    // Only unreserved characters (RFC 3986), so that no path has two encodings.
    if (!/^(\/[\w.~-]+)+$/.test(path)) throw new PlatformUrlError('path');
    return new PlatformUrl(`${url.origin}${path}`, url.host, path);
  }

  static tryParse(text: string): PlatformUrl | undefined {
    try {
      return PlatformUrl.parse(text);
    } catch {
      return undefined;
    }
  }

  get instanceName(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1);
  }

  /** As in account labels: `cloud.zeyos.com/demo`. */
  get label(): string {
    return `${this.host}${this.path}`;
  }

  equals(other: PlatformUrl): boolean {
    return this.href === other.href;
  }

  endpoint(path: string): Endpoint {
    return new Endpoint(this, path);
  }

  toString(): string {
    return this.href;
  }
}

/** The platform cannot be derived from the URL: one platform's path may lie below another's. */
export class Endpoint extends URL {
  constructor(
    readonly platform: PlatformUrl,
    path: string,
  ) {
    super(`${platform.href}/${path}`);
  }
}

/** Also true for an invalid URL. */
export function looksLikeUrl(text: string): boolean {
  return /^\s*https?:/i.test(text);
}

/** @param hostname as in `URL.hostname` */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function toUrl(text: string): URL {
  // The URL parser would silently drop or convert these characters, and escapes in a host.
  if (/[\s\\\p{Cc}\p{Cf}]/u.test(text) || /^([^/]*\/\/)?[^/]*%/.test(text)) throw new PlatformUrlError('notUrl');
  // Without slashes, the parser would take the scheme for a host.
  if (looksLikeUrl(text) && !/^https?:\/\//i.test(text)) throw new PlatformUrlError('notUrl');
  if (/^[a-z0-9][\w-]*$/i.test(text)) return new URL(`${CLOUD}/${text}`);
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const startsWithHost = /^(localhost|[^/]*[.:][^/]*)(\/|$)/i.test(text);
  const absolute = !hasScheme && startsWithHost ? `https://${text}` : text;
  const url = tryParseUrl(absolute);
  if (!url) throw new PlatformUrlError('notUrl');
  return url;
}
