import * as l10n from '@vscode/l10n';
import { SecretStorageTimeoutError } from '../session/storage/boundedSecrets';
import { LeaseTimeoutError } from '../base/lease';
import { RenewalPostponedError, SignInRequiredError } from '../session/tokens/renewal';
import { NewerVersionError } from '../session/storage/serialization';
import { StillActiveError } from '../session/tokens/tokens';
import { HttpError, MalformedResponseError, NetworkError, OAuthError, SettingsError } from '../zeyos/errors';
import { harmlessText } from '../hiding/plainText';
import { redactUserInfo } from '../hiding/redaction';
import type { PlatformUrl } from '../zeyos/address/platform';
import { IssuerMismatchError } from '../zeyos/redirect';
import { durationText } from './duration';
import { describeNetworkError, describeProxyStatus } from './networkFailure';
import { describeSettingsError } from './settingsFailure';
import { TimeoutError } from '../base/deadline';

/**
 * The secret storage failed: a new token could not be kept (and has been revoked, or will be), or what is kept could
 * not be changed.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  constructor(
    readonly operation: 'keep' | 'change',
    options?: ErrorOptions,
  ) {
    super(`the secret storage could not ${operation} it`, options);
  }
}

/**
 * Another user signed in than was requested. That token has been revoked or will be, unless that user's session goes on
 * with it.
 */
export class WrongAccountError extends Error {
  override readonly name = 'WrongAccountError';
  constructor(
    readonly expected: string,
    readonly actual: string,
    /** Whether the session of the user who signed in goes on with the new token. */
    readonly isKept = false,
  ) {
    super('wrong account');
  }
}

/** The instance was removed from the settings while somebody signed in to it. */
export class InstanceRemovedError extends Error {
  override readonly name = 'InstanceRemovedError';
  constructor() {
    super('the instance is no longer configured');
  }
}

/** The browser did not come back in time. */
export class BrowserTimeoutError extends Error {
  override readonly name = 'BrowserTimeoutError';
  constructor(
    /** The bound, in milliseconds. */
    readonly afterMs: number,
  ) {
    super(`the browser did not come back within ${afterMs} ms`);
  }
}

/** What was issued cannot be made a session of: the server says that it is not active, or nobody says whose it is. */
export class UnusableTokenError extends Error {
  override readonly name = 'UnusableTokenError';
  constructor(readonly problem: 'inactive' | 'anonymous') {
    super(problem === 'inactive' ? 'a new token is not active' : 'nobody tells who signed in');
  }
}

/**
 * A failure whose message is the user's: it names the instance, says what happened and what to do. `cause` is the
 * failure itself.
 */
export class InstanceFailure extends Error {
  override readonly name = 'InstanceFailure';
  constructor(
    readonly platform: PlatformUrl,
    cause: unknown,
  ) {
    super(describeFailure(cause, platform), { cause });
  }
}

/** What happened, on which instance, and what to do about it, in the user's language. */
export function describeFailure(error: unknown, platform: PlatformUrl): string {
  const instance = platform.label;
  if (error instanceof OAuthError) return describeRefusal(error, instance);
  if (error instanceof HttpError) return describeStatus(error, instance);
  if (error instanceof NetworkError) return describeNetworkError(error, platform);
  if (error instanceof SettingsError) return describeSettingsError(error, platform);
  if (error instanceof TimeoutError)
    return l10n.t(
      '{0} did not respond within {1} s. Check your connection, then try again.',
      instance,
      secondsOf(error.afterMs),
    );
  if (error instanceof MalformedResponseError) return describeMalformed(error, instance);
  if (error instanceof InstanceRemovedError)
    return l10n.t('The instance {0} is no longer configured. Add it again to sign in.', platform.href);
  if (error instanceof IssuerMismatchError)
    return l10n.t(
      'The sign-in was sent to {0}, but the redirected URL names {1} as the server that answered. It was not used. Check the URL of the instance, then sign in again.',
      platform.href,
      harmlessText(redactUserInfo(error.issuer)) ?? '?',
    );
  if (error instanceof BrowserTimeoutError)
    return l10n.t(
      'The sign-in to {0} was not completed in the browser within {1}. Sign in again.',
      instance,
      durationText(Math.round(error.afterMs / 60_000), 'minute', 'long'),
    );
  if (error instanceof UnusableTokenError && error.problem === 'inactive')
    return l10n.t(
      '{0} issued a token, but reports it as inactive. Try again, or ask your ZeyOS administrator.',
      instance,
    );
  if (error instanceof UnusableTokenError)
    return l10n.t('{0} does not report who signed in, so the new token will be revoked. Try again.', instance);
  if (error instanceof StillActiveError)
    return l10n.t(
      '{0} accepted the request, but still reports the token as active. Try again later, or revoke the token in ZeyOS itself.',
      instance,
    );
  if (error instanceof WrongAccountError && error.isKept)
    return l10n.t(
      'You signed in to {0} as {1}, but {2} was requested. The session for {1} continues with the new token; try again as {2}.',
      instance,
      harmlessText(error.actual) ?? '?',
      harmlessText(error.expected) ?? '?',
    );
  if (error instanceof WrongAccountError)
    return l10n.t(
      'You signed in to {0} as {1}, but {2} was requested. The new token will be revoked; try again as {2}.',
      instance,
      harmlessText(error.actual) ?? '?',
      harmlessText(error.expected) ?? '?',
    );
  if (error instanceof SignInRequiredError)
    return l10n.t('The session on {0} has ended and cannot be renewed automatically. Sign in again.', instance);
  if (error instanceof StorageError && error.cause instanceof NewerVersionError)
    return describeFailure(error.cause, platform);
  if (error instanceof StorageError && error.cause instanceof SecretStorageTimeoutError)
    return describeLateStorage(error.operation, instance);
  if (error instanceof SecretStorageTimeoutError)
    return l10n.t(
      "Your system's keyring does not answer, so the secrets for {0} cannot be read or saved. Look for a window in which your system asks for the keyring password, then try again.",
      instance,
    );
  if (error instanceof StorageError && error.operation === 'change')
    return l10n.t(
      "The secret storage could not be updated, so nothing has changed for {0}. Check your system's keyring, then try again.",
      instance,
    );
  if (error instanceof StorageError)
    return l10n.t(
      "The token for {0} could not be saved in the secret storage, so you are not signed in. Check your system's keyring, then sign in again.",
      instance,
    );
  if (error instanceof NewerVersionError)
    return l10n.t(
      'The secrets for {0} were saved by a newer version of this extension. Update the extension in this editor.',
      instance,
    );
  if (error instanceof RenewalPostponedError)
    return l10n.t(
      'The session on {0} was renewed less than a minute ago, and is renewed automatically once a minute at most. Try again in {1} s.',
      instance,
      secondsOf(error.waitMs),
    );
  if (error instanceof LeaseTimeoutError)
    return l10n.t('Another window is busy with {0}. Try again in a moment.', instance);
  return l10n.t('Something unexpected went wrong with {0}. See the log for details.', instance);
}

function describeLateStorage(operation: StorageError['operation'], instance: string): string {
  return operation === 'change'
    ? l10n.t(
        "Your system's keyring does not answer, so nothing has changed for {0}. Look for a window in which your system asks for the keyring password, then try again.",
        instance,
      )
    : l10n.t(
        "Your system's keyring does not answer, so nothing could be saved for {0} and you are not signed in. Look for a window in which your system asks for the keyring password, then sign in again.",
        instance,
      );
}

/** Whether the secret storage failed or did not answer, so that Diagnose tells more. */
export function isStorageFailure(error: unknown): boolean {
  return (
    error instanceof SecretStorageTimeoutError ||
    (error instanceof StorageError && !(error.cause instanceof NewerVersionError))
  );
}

function describeRefusal(error: OAuthError, instance: string): string {
  const words = harmlessText(error.errorDescription) ?? harmlessText(error.error) ?? String(error.status);
  if (error.refusesClient)
    return l10n.t(
      '{0} does not accept the client ID and client secret. Enter them again, or check them in ZeyOS.',
      instance,
    );
  if (error.error === 'access_denied')
    return l10n.t('Access to {0} was denied in the browser. Sign in again, and allow access there.', instance);
  if (error.requiresOneTimeCode) return l10n.t('{0} did not accept the one-time code: {1}', instance, words);
  return l10n.t('{0} refused the request: {1} ({2}). Ask your ZeyOS administrator.', instance, words, error.status);
}

function describeMalformed({ problem, member, memberType }: MalformedResponseError, instance: string): string {
  switch (problem) {
    case 'webPage':
      return l10n.t(
        'A web page was returned instead of a response from {0}: a page from a proxy, or the login page of a network. Check your connection and the URL of the instance.',
        instance,
      );
    case 'member':
      return l10n.t(
        '{0} did not return a valid ZeyOS response: "{1}" is missing or invalid. Check the URL of the instance.',
        instance,
        member,
      );
    case 'notJson':
      return l10n.t(
        '{0} did not return a valid ZeyOS response: it cannot be read. Check your connection and the URL of the instance.',
        instance,
      );
    case 'tooLarge':
      return l10n.t(
        '{0} did not return a valid ZeyOS response: it is too large. Check the URL of the instance.',
        instance,
      );
    case 'memberType':
      return l10n.t(
        '{0} did not return a valid ZeyOS response: "{1}" has a value that ZeyOS never sends (JSON type: {2}). Check the URL of the instance.',
        instance,
        member,
        memberType,
      );
  }
}

function describeStatus(error: HttpError, instance: string): string {
  const { status } = error;
  if (error.isRedirect) return describeRedirection(error, instance);
  if (status === 429) {
    return error.retryAfterMs === undefined
      ? l10n.t('{0} is receiving too many requests. Try again in a moment.', instance)
      : l10n.t('{0} is receiving too many requests. Try again in {1} s.', instance, secondsOf(error.retryAfterMs));
  }
  if (status === 404)
    return l10n.t('There is no ZeyOS authentication API at {0} (404). Check the URL of the instance.', instance);
  if (status === 407) return describeProxyStatus(status, instance);
  if (status >= 500) {
    return error.retryAfterMs === undefined
      ? l10n.t('{0} reported a server error ({1}). Try again later.', instance, status)
      : l10n.t(
          '{0} reported a server error ({1}). Try again in {2} s.',
          instance,
          status,
          secondsOf(error.retryAfterMs),
        );
  }
  return l10n.t(
    '{0} refused the request with status {1}, but not the way ZeyOS does. The response may come from a proxy; check the URL of the instance.',
    instance,
    status,
  );
}

function describeRedirection({ redirection }: HttpError, instance: string): string {
  const address = harmlessText(redirection?.address);
  if (!redirection || address === undefined)
    return l10n.t(
      '{0} redirects to another address. Credentials are never forwarded; correct the URL of the instance.',
      instance,
    );
  switch (redirection.kind) {
    case 'unencrypted':
      return l10n.t(
        '{0} redirects to {1}, where nothing is encrypted. Credentials are never sent there; ask your ZeyOS administrator.',
        instance,
        address,
      );
    case 'sameInstance':
      return l10n.t(
        '{0} redirects to {1}, a page of its own, instead of responding. Credentials are never forwarded; ask your ZeyOS administrator.',
        instance,
        address,
      );
    case 'elsewhere':
      return l10n.t(
        '{0} redirects to {1}. Credentials are never forwarded to another address; correct the URL of the instance.',
        instance,
        address,
      );
  }
}

/** Whole seconds, and at least one, of milliseconds. */
function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
