import { withoutInvisible } from '../../base/invisible';
import { plainText } from '../../hiding/plainText';
import { redactUserInfo } from '../../hiding/redaction';
import { isLoopback, PlatformUrl } from './platform';
import { tryParseUrl } from '../../base/url';

/** Longest text that is searched for a platform URL, in characters. A deep link may have a long query. */
const LONGEST_TEXT = 10_000;

/** The endpoints of an instance: `/api/v1/…`, `/auth/v1/…` and `/oauth2/v1/…`. Greedy, so that the last of several counts. */
const ENDPOINT = /^(.*)\/(?:api|auth|oauth2)\/v\d[^/]*(?:\/.*)?$/i;
/** The pages of an instance that have a name of their own. */
const PAGE = /^(.*)\/(?:login|index)(?:\.\w+)?$/i;

/**
 * The platform URL in an address as people copy it: a deep link, the login page, an endpoint of an API, a Markdown link, or
 * an address in quotes or brackets. Drops query and fragment. What it returns is a guess, which the user has to confirm.
 * @returns `undefined` if there is none, or if the address may contain a user name or a password
 */
export function platformIn(text: string): PlatformUrl | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const address = unwrapped(withoutInvisible(text)).replaceAll('\\', '/');
  if (userInfoIn(text) !== 'none' || userInfoIn(address) !== 'none') return undefined;
  const { scheme, authority, path } = parts(address);
  // What is left of a host after its path was cut off must not be taken for the name of an instance, nor another scheme for a host.
  const pathOfInstance = instancePath(path.replace(/\/{2,}/g, '/'));
  if (!authority || authority.endsWith(':') || (pathOfInstance === '' && /[^/]/.test(path))) return undefined;
  return PlatformUrl.tryParse(`${secured(scheme, authority)}${authority}${pathOfInstance}`);
}

/** Whether a path leads to an endpoint of an instance rather than to the instance itself. */
export function isEndpointPath(path: string): boolean {
  return (ENDPOINT.exec(path)?.[1] ?? '') !== '';
}

/**
 * An address as it may be shown: without user name, password, query and fragment, and at most `length` characters.
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
 * Where the user info of an address ends. People put passwords into addresses as they are, with `?`, `#`, `/` and `@` in them. An `@`
 * in the query is none of a user info only if no colon, and so no password, precedes it.
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

/** Takes an address out of a Markdown link, of quotes and brackets, and of the punctuation of a sentence. */
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

/** The scheme may have been pasted twice, or lack slashes, or have too many. */
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

function instancePath(path: string): string {
  const endpoint = ENDPOINT.exec(path)?.[1];
  if (endpoint !== undefined) return endpoint;
  const trimmed = path.replace(/\/$/, '');
  return PAGE.exec(trimmed)?.[1] ?? trimmed;
}

/** ZeyOS is reached over HTTPS everywhere but on this machine; where HTTP has a port of its own, that of HTTPS is unknown. */
function secured(scheme: string, authority: string): string {
  const isUpgradable =
    scheme === 'http://' && !isLoopback(tryParseUrl(`http://${authority}`)?.hostname ?? '') && !/:\d*$/.test(authority);
  return isUpgradable ? 'https://' : scheme;
}
