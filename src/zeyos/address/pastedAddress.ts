import { withoutInvisible } from '../../base/invisible';
import { plainText } from '../../hiding/plainText';
import { redactUserInfo } from '../../hiding/redaction';
import { isLoopback, PlatformUrl } from './platform';
import { tryParseUrl } from '../../base/url';

/** In characters. A deep link may have a long query. */
const LONGEST_TEXT = 10_000;

/** Matches paths such as `/api/v1/…`. Greedy, so that the last endpoint in a path counts. */
const ENDPOINT = /^(.*)\/(?:api|auth|oauth2)\/v\d[^/]*(?:\/.*)?$/i;
const PAGE = /^(.*)\/(?:login|index)(?:\.\w+)?$/i;

/**
 * Guesses the platform URL in a copied text, such as a deep link or an endpoint. The user has to confirm the guess.
 * @returns `undefined` if the text has none, or may contain a user name or a password
 */
export function platformIn(text: string): PlatformUrl | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const address = unwrapped(withoutInvisible(text)).replaceAll('\\', '/');
  if (userInfoIn(text) !== 'none' || userInfoIn(address) !== 'none') return undefined;
  const { scheme, authority, path } = parts(address);
  // Without its path, a host may look like an instance name, and another scheme may look like a host.
  const pathOfPlatform = platformPath(path.replace(/\/{2,}/g, '/'));
  if (!authority || authority.endsWith(':') || (pathOfPlatform === '' && /[^/]/.test(path))) return undefined;
  return PlatformUrl.tryParse(`${secured(scheme, authority)}${authority}${pathOfPlatform}`);
}

export function isEndpointPath(path: string): boolean {
  return (ENDPOINT.exec(path)?.[1] ?? '') !== '';
}

/**
 * Shows an address without user info, query and fragment, in at most `length` characters.
 * @returns `undefined` if nothing is left, or if it is unclear which part is secret
 */
export function shownAddress(text: string, length?: number): string | undefined {
  const address = withoutInvisible(text);
  const beforeQuery = withoutQuery(address);
  switch (userInfoIn(address)) {
    case 'none':
      return plainText(beforeQuery, length) || undefined;
    case 'beforeQuery':
      return plainText(redactUserInfo(beforeQuery), length) || undefined;
    case 'acrossQuery':
      return plainText(withoutQuery(redactUserInfo(address)), length) || undefined;
    case 'unclear':
      return undefined;
  }
}

/**
 * Users write passwords with unescaped `?`, `#`, `/` and `@`. An `@` in the query belongs to the user info only after a
 * colon.
 */
function userInfoIn(address: string): 'none' | 'beforeQuery' | 'acrossQuery' | 'unclear' {
  const beforeQuery = withoutQuery(address);
  const isBefore = beforeQuery.includes('@');
  const isAfter = address.slice(beforeQuery.length).includes('@');
  if (isBefore) return isAfter ? 'unclear' : 'beforeQuery';
  const { authority } = parts(beforeQuery);
  if (!isAfter || !authority.includes(':')) return 'none';
  return /:\d{1,5}$/.test(authority) ? 'unclear' : 'acrossQuery';
}

/** Removes a Markdown link, quotes, brackets and punctuation around an address. */
function unwrapped(text: string): string {
  const link = /^!?\[[^\]]*\]\(\s*([^\s)]*)[^)]*\)$/s.exec(text)?.[1];
  const address = (link ?? text).replace(/^[\s<([{"'`´«»„“”‘’‚‹›]+/u, '').replace(/^url:\s*/i, '');
  const characters = [...withoutQuery(address)];
  const last = characters.findLastIndex((character) => !/[\s>)\]}"'`´«»„“”‘’‚‹›.,;:!]/u.test(character));
  return characters.slice(0, last + 1).join('');
}

function withoutQuery(address: string): string {
  return address.replace(/[?#].*$/s, '');
}

/** Accepts a doubled scheme, and too few or too many slashes. */
function parts(address: string): { readonly scheme: string; readonly authority: string; readonly path: string } {
  const [, scheme, withScheme] = /^(?:https?:[/\\]*)*(https?):[/\\]*(.*)$/is.exec(address) ?? [];
  const rest = withScheme ?? address.replace(/^\/\//, '');
  const [authority = ''] = /^[^/\\]*/.exec(rest) ?? [];
  return {
    scheme: scheme === undefined ? '' : `${scheme.toLowerCase()}://`,
    authority,
    path: rest.slice(authority.length),
  };
}

function platformPath(path: string): string {
  const endpoint = ENDPOINT.exec(path)?.[1];
  if (endpoint !== undefined) return endpoint;
  const trimmed = path.replace(/\/$/, '');
  return PAGE.exec(trimmed)?.[1] ?? trimmed;
}

/** Upgrades http to https, except on this machine. The port for HTTPS is unknown if the address has a port. */
function secured(scheme: string, authority: string): string {
  const isUpgradable =
    scheme === 'http://' && !isLoopback(tryParseUrl(`http://${authority}`)?.hostname ?? '') && !/:\d*$/.test(authority);
  return isUpgradable ? 'https://' : scheme;
}
