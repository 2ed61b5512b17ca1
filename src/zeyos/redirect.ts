import { createHash, timingSafeEqual } from 'node:crypto';
import { concealSecrets } from '../hiding/concealment';
import { OAuthError } from './errors';
import { withoutInvisible } from '../base/invisible';
import type { PlatformUrl } from './address/platform';
import { tryParseUrl } from '../base/url';

/**
 * `issuer`: the `state` is right, but `iss` names another platform (RFC 9207). All platforms share one redirect URI, so
 * the code of one must not be sent to another.
 */
export type RedirectProblem = 'notUrl' | 'otherAddress' | 'state' | 'noCode' | 'duplicate' | 'issuer';

/** The message is for logs, and `problem` for the user's sentence. */
export class RedirectMismatchError extends Error {
  override readonly name = 'RedirectMismatchError';
  constructor(
    readonly problem: RedirectProblem,
    /** The unexpected `iss`: untrusted text, without the secrets of the redirect. */
    readonly issuer = '',
  ) {
    super(`not the expected redirect: ${problem}`);
  }
}

interface ExpectedRedirect {
  readonly platform: PlatformUrl;
  readonly redirectUri: string;
  readonly state: string;
}

/**
 * Parses a redirected or pasted URL (RFC 6749 sections 4.1.2 and 4.1.2.1). An empty parameter counts as absent, and a
 * repeated one is an error (section 3.1). Error messages contain neither code nor state.
 * @throws {OAuthError} status 400: the server rejected the request, in a redirect with the right `state`
 * @throws {RedirectMismatchError}
 */
export function parseRedirect(url: string | URL, expected: ExpectedRedirect): { code: string } {
  const actual = typeof url === 'string' ? tryParseUrl(withoutInvisible(url)) : url;
  if (!actual) throw new RedirectMismatchError('notUrl');
  if (!isSameAddress(actual, tryParseUrl(expected.redirectUri))) throw new RedirectMismatchError('otherAddress');
  const names = [...actual.searchParams.keys()];
  if (new Set(names).size < names.length) throw new RedirectMismatchError('duplicate');
  const parameter = (name: string): string | undefined => actual.searchParams.get(name) || undefined;
  const state = parameter('state');
  if (state === undefined || !isSameSecret(state, expected.state)) throw new RedirectMismatchError('state');
  const code = parameter('code');
  const error = parameter('error');
  const issuer = parameter('iss');
  const conceal = concealSecrets([state, code ?? '']);
  if (issuer !== undefined && !isIssuerOf(expected.platform, issuer))
    throw new RedirectMismatchError('issuer', conceal(issuer));
  if (error !== undefined) {
    const description = parameter('error_description');
    throw new OAuthError({
      status: 400,
      error: errorCode(error, conceal),
      errorDescription: description === undefined ? undefined : conceal(description),
    });
  }
  if (code === undefined) throw new RedirectMismatchError('noCode');
  return { code };
}

/**
 * Accepts the platform's URL, its origin, and URLs below it (RFC 8414 section 2). Refuses escapes and dot segments,
 * which servers read differently.
 */
function isIssuerOf(platform: PlatformUrl, issuer: string): boolean {
  const [, authority, path = ''] = /^(https?:\/\/[^\s/?#@\\]+)((?:\/[\w.~-]+)*\/?)$/i.exec(issuer) ?? [];
  const url = authority === undefined ? undefined : tryParseUrl(issuer);
  if (!url || url.origin !== new URL(platform.href).origin || url.pathname !== (path || '/')) return false;
  return path === '' || path === '/' || `${path}/`.startsWith(`${platform.path}/`);
}

/** A browser may keep the fragment of the page that redirected. */
function isSameAddress(actual: URL, expected: URL | undefined): boolean {
  return (
    actual.protocol === expected?.protocol &&
    actual.host === expected.host &&
    actual.pathname === expected.pathname &&
    actual.username === expected.username &&
    actual.password === expected.password
  );
}

/** Takes constant time. Hashing also hides the lengths. */
function isSameSecret(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

/** Replaces a malformed code, or one that contains a secret, because messages contain it. */
function errorCode(error: string, conceal: (text: string) => string): string {
  const isFit = /^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,64}$/.test(error) && conceal(error) === error;
  return isFit ? error : 'server_error';
}
