import { isBlockedPort } from './blockedPorts';
import { tryParseUrl } from '../../base/url';

/** Longest URL accepted, in characters: it is shown in full where the user has to agree to it. */
const LONGEST_URL = 500;

/** The host of a bare instance name. */
const CLOUD = 'https://cloud.zeyos.com';

/** Why a text names no platform; each has its own sentence in the user's language. */
export type PlatformUrlProblem =
  'empty' | 'notUrl' | 'scheme' | 'insecure' | 'userInfo' | 'query' | 'port' | 'noInstance' | 'path';

/** Thrown by {@link PlatformUrl.parse}. Its message is for logs; `problem` is what a user's sentence is made from. */
export class PlatformUrlError extends Error {
  override readonly name = 'PlatformUrlError';
  constructor(readonly problem: PlatformUrlProblem) {
    super(`not a platform URL: ${problem}`);
  }
}

/**
 * The address of one ZeyOS instance, as in `https://cloud.zeyos.com/demo`, in canonical form: lower-case host, port only
 * where it is not the default, no trailing slash. Two are the same instance exactly when their `href` are equal, so a
 * token never reaches another path of the same host.
 */
export class PlatformUrl {
  private constructor(
    /** The canonical URL, without trailing slash. */
    readonly href: string,
    /** `host[:port]`. */
    readonly host: string,
    /** The path with its leading slash. */
    readonly path: string,
  ) {}

  /**
   * Accepts a full URL, `host/instance` without a scheme, or a bare instance name (on `cloud.zeyos.com`).
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
    // Anything between dots is a label of a host's name: "..", as in a path, is none.
    if (/^\.|\.\./.test(url.hostname)) throw new PlatformUrlError('notUrl');
    const path = url.pathname.replace(/\/$/, '');
    if (!path) throw new PlatformUrlError('noInstance');
    // RFC 3986 unreserved characters only: what needs no encoding cannot be encoded in two ways.
    if (!/^(\/[\w.~-]+)+$/.test(path)) throw new PlatformUrlError('path');
    return new PlatformUrl(`${url.origin}${path}`, url.host, path);
  }

  /** {@link parse}, with `undefined` instead of an exception. */
  static tryParse(text: string): PlatformUrl | undefined {
    try {
      return PlatformUrl.parse(text);
    } catch {
      return undefined;
    }
  }

  /** The bare instance name: the last path segment. */
  get instanceName(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1);
  }

  /** `host[:port]/path`, as in account labels: `cloud.zeyos.com/demo`. */
  get label(): string {
    return `${this.host}${this.path}`;
  }

  equals(other: PlatformUrl): boolean {
    return this.href === other.href;
  }

  /** An endpoint below this instance, as in `endpoint('auth/v1/token')`. */
  endpoint(path: string): Endpoint {
    return new Endpoint(this, path);
  }

  toString(): string {
    return this.href;
  }
}

/** A URL that knows its instance, which the URL alone does not tell: instances may lie below one another. */
export class Endpoint extends URL {
  constructor(
    readonly platform: PlatformUrl,
    path: string,
  ) {
    super(`${platform.href}/${path}`);
  }
}

/** Whether a scope or an argument means a platform URL (even a wrong one) rather than a name or a label. */
export function looksLikeUrl(text: string): boolean {
  return /^\s*https?:/i.test(text);
}

/** Whether a host name, as `URL.hostname` has it, never leaves this machine: `127.0.0.0/8`, `::1`, `localhost`. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function toUrl(text: string): URL {
  // The URL parser would silently drop or convert these, and escapes in a host.
  if (/[\s\\\p{Cc}\p{Cf}]/u.test(text) || /^([^/]*\/\/)?[^/]*%/.test(text)) throw new PlatformUrlError('notUrl');
  // Without its slashes, a scheme would be taken for a host.
  if (looksLikeUrl(text) && !/^https?:\/\//i.test(text)) throw new PlatformUrlError('notUrl');
  if (/^[a-z0-9][\w-]*$/i.test(text)) return new URL(`${CLOUD}/${text}`);
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const startsWithHost = /^(localhost|[^/]*[.:][^/]*)(\/|$)/i.test(text);
  const absolute = !hasScheme && startsWithHost ? `https://${text}` : text;
  const url = tryParseUrl(absolute);
  if (!url) throw new PlatformUrlError('notUrl');
  return url;
}
