import { createHash, timingSafeEqual } from 'node:crypto';
import { concealSecrets } from '../hiding/concealment';
import { OAuthError } from './errors';
import { withoutInvisible } from '../base/invisible';
import type { PlatformUrl } from './address/platform';
import { tryParseUrl } from '../base/url';

/**
 * Why a URL is not the redirect that was expected. `issuer`: the redirect has the right `state` and names another issuer (RFC 9207)
 * than the instance that was asked. All instances share one redirect URI, so a code of one instance must not be sent to another.
 */
export type RedirectProblem = 'notUrl' | 'otherAddress' | 'state' | 'noCode' | 'duplicate' | 'issuer';

/** Thrown by {@link parseRedirect}. Its message is for logs; `problem` is what a user's sentence is made from. */
export class RedirectMismatchError extends Error {
  override readonly name = 'RedirectMismatchError';
  constructor(
    readonly problem: RedirectProblem,
    /** The `iss` of the redirect if that is the problem, without the secrets of the redirect: untrusted text. */
    readonly issuer = '',
  ) {
    super(`not the expected redirect: ${problem}`);
  }
}

/** The redirect that is expected: which instance was asked, where it should redirect to, and the `state` it was given. */
interface ExpectedRedirect {
  readonly platform: PlatformUrl;
  readonly redirectUri: string;
  readonly state: string;
}

/**
 * Reads the answer of an authorization endpoint (RFC 6749 sections 4.1.2 and 4.1.2.1) from the URL it redirected to, be it
 * requested or pasted: the redirect URI by scheme, host, port and path, with the right `state` in its query. A parameter
 * without a value counts as omitted, none may come twice (section 3.1), unknown ones are ignored. No message names code or state.
 * @throws {OAuthError} status 400: the server said no, and in the right `state`
 * @throws {RedirectMismatchError} `issuer`: the `state` is right, but another server answered (RFC 9207 section 2.4); or another problem
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
 * Whether an issuer identifier (RFC 8414 section 2: no query, no fragment) means the platform, its origin, or a URL below the
 * platform. A path with escapes or dot segments means none of them, because servers read such a path in different ways.
 */
function isIssuerOf(platform: PlatformUrl, issuer: string): boolean {
  const [, authority, path = ''] = /^(https?:\/\/[^\s/?#@\\]+)((?:\/[\w.~-]+)*\/?)$/i.exec(issuer) ?? [];
  const url = authority === undefined ? undefined : tryParseUrl(issuer);
  if (!url || url.origin !== new URL(platform.href).origin || url.pathname !== (path || '/')) return false;
  return path === '' || path === '/' || `${path}/`.startsWith(`${platform.path}/`);
}

/** The fragment does not count: a browser carries over the one of the page that redirected. */
function isSameAddress(actual: URL, expected: URL | undefined): boolean {
  return (
    actual.protocol === expected?.protocol &&
    actual.host === expected.host &&
    actual.pathname === expected.pathname &&
    actual.username === expected.username &&
    actual.password === expected.password
  );
}

/** In constant time; hashing hides the lengths as well. */
function isSameSecret(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

/** The error code goes into messages, so one that is malformed or repeats a secret is replaced by one of the RFC's own. */
function errorCode(error: string, conceal: (text: string) => string): string {
  const isFit = /^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,64}$/.test(error) && conceal(error) === error;
  return isFit ? error : 'server_error';
}
