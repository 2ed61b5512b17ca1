import type { HttpResponse } from '../transport/http';
import { PlatformUrl, type Endpoint } from './platform';
import { tryParseUrl } from '../../base/url';

/** How often a path is decoded in search of a secret: servers escape what is escaped already. */
const MOST_DECODINGS = 3;

/** Where an instance redirects to instead of answering. Contains no secret of the request. */
export interface Redirection {
  /** The whole target, without user info, query and fragment. */
  readonly address: string;
  /** `host[:port]` of the target. */
  readonly host: string;
  /** The instance that redirects. */
  readonly from: PlatformUrl;
  /** The platform URL that the server seems to want; it is another instance, to which credentials may only go if the user agrees. */
  readonly correction?: PlatformUrl;
  /** `elsewhere`, below the instance itself, or to where nothing is encrypted though the request was. */
  readonly kind: 'elsewhere' | 'sameInstance' | 'unencrypted';
}

/**
 * Resolves `Location` against the request.
 * @returns `undefined` if there is none, or none that leads to a web server
 * @see RFC 9110 section 10.2.2
 */
export function redirectionOf({ url, headers, conceal }: HttpResponse): Redirection | undefined {
  const location = headers.get('location')?.trim();
  if (!location) return undefined;
  // Before the URL is parsed, which spells a host's letters and what needs an escape in another way.
  const concealed = conceal(location);
  const target = tryParseUrl(concealed, url);
  if (!target?.host || !/^https?:$/.test(target.protocol)) return undefined;
  // And afterwards, as parsing undoes escapes in the host.
  const host = conceal(target.host);
  const path = concealedPath(target.pathname, conceal);
  const isConcealed = concealed !== location || host !== target.host || path !== target.pathname;
  const correction = isConcealed ? undefined : correctedPlatform(url, target);
  return {
    address: `${target.protocol}//${host}${path}`,
    host,
    from: url.platform,
    ...(correction && { correction }),
    kind: kindOf(url, target),
  };
}

/** A path may contain a secret with any of its characters escaped; such a path is not shown at all. */
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
  return address === platform.href || address.startsWith(`${platform.href}/`) ? 'sameInstance' : 'elsewhere';
}

/**
 * The platform URL that a redirect means: the target without the endpoint that was requested, or the same path in another case or on
 * another host. A target that is less secure, or any other page, such as a login page, means none.
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
