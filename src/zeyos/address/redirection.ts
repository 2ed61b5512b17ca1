import type { HttpResponse } from '../transport/http';
import { PlatformUrl, type Endpoint } from './platform';
import { tryParseUrl } from '../../base/url';

/** Servers may escape a path repeatedly. */
const MOST_DECODINGS = 3;

/** The target of a redirect, without secrets of the request. */
export interface Redirection {
  /** Without user info, query and fragment. */
  readonly address: string;
  readonly from: PlatformUrl;
  /** The platform that the server seems to mean. Credentials may go there only if the user agrees. */
  readonly correction?: PlatformUrl;
  /** `unencrypted`: from https to http. `samePlatform`: below the platform itself. */
  readonly kind: 'elsewhere' | 'samePlatform' | 'unencrypted';
}

/** Reads `Location` (RFC 9110 section 10.2.2). Ignores one that is not the URL of a web server. */
export function redirectionOf({ url, headers, conceal }: HttpResponse): Redirection | undefined {
  const location = headers.get('location')?.trim();
  if (!location) return undefined;
  // Hides secrets before parsing, which changes the case of a host and escapes characters.
  const concealed = conceal(location);
  const target = tryParseUrl(concealed, url);
  if (!target?.host || !/^https?:$/.test(target.protocol)) return undefined;
  // Hides secrets again, because parsing undoes escapes in the host.
  const host = conceal(target.host);
  const path = concealedPath(target.pathname, conceal);
  const isConcealed = concealed !== location || host !== target.host || path !== target.pathname;
  const correction = isConcealed ? undefined : correctedPlatform(url, target);
  return {
    address: `${target.protocol}//${host}${path}`,
    from: url.platform,
    ...(correction && { correction }),
    kind: kindOf(url, target),
  };
}

/** Hides the whole path if it contains a secret, escaped or not. */
function concealedPath(path: string, conceal: (text: string) => string): string {
  let decoded = path;
  for (let count = 0; count <= MOST_DECODINGS; count++) {
    if (conceal(decoded) !== decoded) return '/…';
    decoded = decodedOnce(decoded);
  }
  return path.replaceAll('%E2%80%A6', '…');
}

function decodedOnce(text: string): string {
  return Buffer.from(
    text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  ).toString();
}

function kindOf({ protocol, platform }: Endpoint, target: URL): Redirection['kind'] {
  if (isWeaker(target, protocol)) return 'unencrypted';
  const address = `${target.origin}${target.pathname}`;
  return address === platform.href || address.startsWith(`${platform.href}/`) ? 'samePlatform' : 'elsewhere';
}

/**
 * Removes the endpoint from the target, or accepts the same path in another case or on another host. Ignores a less
 * secure target, and other pages, such as a login page.
 */
function correctedPlatform(url: Endpoint, target: URL): PlatformUrl | undefined {
  const { platform } = url;
  if (isWeaker(target, url.protocol) || target.username || target.password) return undefined;
  const endpoint = withoutSlash(url.pathname.slice(platform.path.length));
  const path = withoutSlash(target.pathname);
  const isSamePath = path.toLowerCase() === platform.path.toLowerCase();
  if (!isSamePath && !path.endsWith(endpoint)) return undefined;
  const corrected = PlatformUrl.tryParse(
    `${target.origin}${isSamePath ? path : path.slice(0, path.length - endpoint.length)}`,
  );
  return corrected?.href === platform.href ? undefined : corrected;
}

function isWeaker(target: URL, protocol: string): boolean {
  return protocol === 'https:' && target.protocol !== 'https:';
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}
