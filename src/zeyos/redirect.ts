import { createHash, timingSafeEqual } from 'node:crypto';
import { concealing } from './conceal';
import { OAuthError } from './errors';
import { withoutInvisible } from './invisible';
import { tryParseUrl } from './url';

/** Why a URL is not the redirect that was expected. */
export type RedirectProblem = 'notUrl' | 'otherAddress' | 'state' | 'noCode' | 'duplicate';

/** Thrown by {@link parseRedirect}. Its message is for logs; `problem` is what a user's sentence is made from. */
export class RedirectMismatchError extends Error {
  override readonly name = 'RedirectMismatchError';
  constructor(readonly problem: RedirectProblem) {
    super(`not the expected redirect: ${problem}`);
  }
}

/** The redirect that is expected: where the server was asked to send it, and the `state` it was given. */
export interface ExpectedRedirect {
  readonly redirectUri: string;
  readonly state: string;
}

/**
 * Reads the answer of an authorization endpoint (RFC 6749 sections 4.1.2 and 4.1.2.1) from the URL it redirected to, be it
 * requested or pasted: the redirect URI by scheme, host, port and path, with the right `state` in its query. A parameter
 * without a value counts as omitted, none may come twice (section 3.1), unknown ones are ignored. No message names code or state.
 * @throws {OAuthError} status 400: the server said no, and in the right `state`
 * @throws {RedirectMismatchError} anything else
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
  if (error !== undefined) {
    const conceal = concealing([state, code ?? '']);
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
