import * as l10n from '@vscode/l10n';
import { harmlessText } from '../../hiding/plainText';
import type { HttpError, MalformedResponseError, OAuthError } from '../../zeyos/errors';
import { describeProxyStatus } from './networkFailure';

/** The server rejected the request as RFC 6749 says. */
export function describeOAuthError(error: OAuthError, platformLabel: string): string {
  const words = harmlessText(error.errorDescription) ?? harmlessText(error.error) ?? String(error.status);
  if (error.rejectsClient)
    return l10n.t(
      '{0} does not accept the client ID and client secret. Enter them again, or check them in ZeyOS.',
      platformLabel,
    );
  if (error.error === 'access_denied')
    return l10n.t('Access to {0} was denied in the browser. Sign in again, and allow access there.', platformLabel);
  if (error.requiresOneTimeCode) return l10n.t('{0} did not accept the one-time code: {1}', platformLabel, words);
  return l10n.t(
    '{0} refused the request: {1} ({2}). Ask your ZeyOS administrator.',
    platformLabel,
    words,
    error.status,
  );
}

/** How an answer differs from what ZeyOS sends. */
export function describeMalformed(
  { problem, member, memberType }: MalformedResponseError,
  platformLabel: string,
): string {
  switch (problem) {
    case 'webPage':
      return l10n.t(
        'A web page was returned instead of a response from {0}: a page from a proxy, or the login page of a network. Check your connection and the URL of the instance.',
        platformLabel,
      );
    case 'member':
      return l10n.t(
        '{0} did not return a valid ZeyOS response: "{1}" is missing or invalid. Check the URL of the instance.',
        platformLabel,
        member,
      );
    case 'notJson':
      return l10n.t(
        '{0} did not return a valid ZeyOS response: it cannot be read. Check your connection and the URL of the instance.',
        platformLabel,
      );
    case 'tooLarge':
      return l10n.t(
        '{0} did not return a valid ZeyOS response: it is too large. Check the URL of the instance.',
        platformLabel,
      );
    case 'memberType':
      return l10n.t(
        '{0} did not return a valid ZeyOS response: "{1}" has a value that ZeyOS never sends (JSON type: {2}). Check the URL of the instance.',
        platformLabel,
        member,
        memberType,
      );
  }
}

/** A status that is not ZeyOS's own. */
export function describeStatus(error: HttpError, platformLabel: string): string {
  const { status } = error;
  if (error.isRedirect) return describeRedirection(error, platformLabel);
  if (status === 429) {
    return error.retryAfterMs === undefined
      ? l10n.t('{0} is receiving too many requests. Try again in a moment.', platformLabel)
      : l10n.t('{0} is receiving too many requests. Try again in {1} s.', platformLabel, secondsOf(error.retryAfterMs));
  }
  if (status === 404)
    return l10n.t('There is no ZeyOS authentication API at {0} (404). Check the URL of the instance.', platformLabel);
  if (status === 407) return describeProxyStatus(status, platformLabel);
  if (status >= 500) {
    return error.retryAfterMs === undefined
      ? l10n.t('{0} reported a server error ({1}). Try again later.', platformLabel, status)
      : l10n.t(
          '{0} reported a server error ({1}). Try again in {2} s.',
          platformLabel,
          status,
          secondsOf(error.retryAfterMs),
        );
  }
  return l10n.t(
    '{0} refused the request with status {1}, but not the way ZeyOS does. The response may come from a proxy; check the URL of the instance.',
    platformLabel,
    status,
  );
}

function describeRedirection({ redirection }: HttpError, platformLabel: string): string {
  const address = harmlessText(redirection?.address);
  if (!redirection || address === undefined)
    return l10n.t(
      '{0} redirects to another address. Credentials are never forwarded; correct the URL of the instance.',
      platformLabel,
    );
  switch (redirection.kind) {
    case 'unencrypted':
      return l10n.t(
        '{0} redirects to {1}, where nothing is encrypted. Credentials are never sent there; ask your ZeyOS administrator.',
        platformLabel,
        address,
      );
    case 'samePlatform':
      return l10n.t(
        '{0} redirects to {1}, a page of its own, instead of responding. Credentials are never forwarded; ask your ZeyOS administrator.',
        platformLabel,
        address,
      );
    case 'elsewhere':
      return l10n.t(
        '{0} redirects to {1}. Credentials are never forwarded to another address; correct the URL of the instance.',
        platformLabel,
        address,
      );
  }
}

/** Whole seconds, and at least one, of milliseconds. */
export function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
