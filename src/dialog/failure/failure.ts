import * as l10n from '@vscode/l10n';
import { TimeoutError } from '../../base/deadline';
import { LeaseError } from '../../base/lease';
import { harmlessText } from '../../hiding/plainText';
import { redactUserInfo } from '../../hiding/redaction';
import { SecretStorageTimeoutError } from '../../session/storage/boundedSecretStorage';
import { NewerVersionError } from '../../session/storage/serialization';
import { RenewalPostponedError, SignInRequiredError } from '../../session/tokens/renewal';
import { StillActiveError } from '../../session/tokens/accountTokens';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { HttpError, MalformedResponseError, NetworkError, OAuthError, SettingsError } from '../../zeyos/errors';
import { RedirectMismatchError } from '../../zeyos/redirect';
import { describeMalformed, describeOAuthError, describeStatus, secondsOf } from './answerFailure';
import { durationText } from '../duration';
import { SignInError, StorageError } from './errors';
import { describeNetworkError } from './networkFailure';
import { describeSettingsError } from './settingsFailure';

/**
 * The failures that have a sentence of their own. The `name` of each is a literal, by which TypeScript distinguishes
 * them.
 */
const DESCRIBED = [
  OAuthError,
  HttpError,
  NetworkError,
  SettingsError,
  TimeoutError,
  MalformedResponseError,
  RedirectMismatchError,
  SignInError,
  StillActiveError,
  SignInRequiredError,
  StorageError,
  SecretStorageTimeoutError,
  NewerVersionError,
  RenewalPostponedError,
  LeaseError,
] as const;

type DescribedFailure = InstanceType<(typeof DESCRIBED)[number]>;

/** What happened, on which platform, and what to do about it, in the user's language. */
export function describeFailure(error: unknown, platform: PlatformUrl): string {
  const platformLabel = platform.label;
  if (!isDescribed(error)) return describeUnexpected(platformLabel);
  switch (error.name) {
    case 'OAuthError':
      return describeOAuthError(error, platformLabel);
    case 'HttpError':
      return describeStatus(error, platformLabel);
    case 'NetworkError':
      return describeNetworkError(error, platform);
    case 'SettingsError':
      return describeSettingsError(error, platform);
    case 'TimeoutError':
      return l10n.t(
        '{0} did not respond within {1} s. Check your connection, then try again.',
        platformLabel,
        secondsOf(error.afterMs),
      );
    case 'MalformedResponseError':
      return describeMalformed(error, platformLabel);
    case 'RedirectMismatchError':
      return describeRedirect(error, platform);
    case 'SignInError':
      return describeSignInError(error, platform);
    case 'StillActiveError':
      return l10n.t(
        '{0} accepted the request, but still reports the token as active. Try again later, or revoke the token in ZeyOS itself.',
        platformLabel,
      );
    case 'SignInRequiredError':
      return l10n.t('The session on {0} has ended and cannot be renewed automatically. Sign in again.', platformLabel);
    case 'StorageError':
      return describeStorageError(error, platform);
    case 'SecretStorageTimeoutError':
      return l10n.t(
        "Your system's keyring does not answer, so the secrets for {0} cannot be read or saved. Look for a window in which your system asks for the keyring password, then try again.",
        platformLabel,
      );
    case 'NewerVersionError':
      return l10n.t(
        'The secrets for {0} were saved by a newer version of this extension. Update the extension in this editor.',
        platformLabel,
      );
    case 'RenewalPostponedError':
      return l10n.t(
        'The session on {0} was renewed less than a minute ago, and is renewed automatically once a minute at most. Try again in {1} s.',
        platformLabel,
        secondsOf(error.waitMs),
      );
    case 'LeaseError':
      return l10n.t('Another window is busy with {0}. Try again in a moment.', platformLabel);
  }
}

function isDescribed(error: unknown): error is DescribedFailure {
  return DESCRIBED.some((failure) => error instanceof failure);
}

function describeUnexpected(platformLabel: string): string {
  return l10n.t('Something unexpected went wrong with {0}. See the log for details.', platformLabel);
}

function describeRedirect({ problem, issuer }: RedirectMismatchError, platform: PlatformUrl): string {
  switch (problem) {
    case 'issuer':
      return l10n.t(
        'The sign-in was sent to {0}, but the redirected URL names {1} as the server that answered. It was not used. Check the URL of the instance, then sign in again.',
        platform.href,
        harmlessText(redactUserInfo(issuer)) ?? '?',
      );
    // The prompt refuses these with a sentence that names the redirect URI, and goes on.
    case 'notUrl':
    case 'otherAddress':
    case 'state':
    case 'noCode':
    case 'duplicate':
      return describeUnexpected(platform.label);
  }
}

function describeSignInError({ problem }: SignInError, { href, label }: PlatformUrl): string {
  switch (problem.reason) {
    case 'instanceRemoved':
      return l10n.t('The instance {0} is no longer configured. Add it again to sign in.', href);
    case 'browserTimeout':
      return l10n.t(
        'The sign-in to {0} was not completed in the browser within {1}. Sign in again.',
        label,
        durationText(Math.round(problem.afterMs / 60_000), 'minute', 'long'),
      );
    case 'inactiveToken':
      return l10n.t(
        '{0} issued a token, but reports it as inactive. Try again, or ask your ZeyOS administrator.',
        label,
      );
    case 'unknownUser':
      return l10n.t('{0} does not report who signed in, so the new token will be revoked. Try again.', label);
    case 'wrongAccount': {
      const actual = harmlessText(problem.actual) ?? '?';
      const expected = harmlessText(problem.expected) ?? '?';
      return problem.isKept
        ? l10n.t(
            'You signed in to {0} as {1}, but {2} was requested. The session for {1} continues with the new token; try again as {2}.',
            label,
            actual,
            expected,
          )
        : l10n.t(
            'You signed in to {0} as {1}, but {2} was requested. The new token will be revoked; try again as {2}.',
            label,
            actual,
            expected,
          );
    }
  }
}

function describeStorageError({ operation, cause }: StorageError, platform: PlatformUrl): string {
  const platformLabel = platform.label;
  if (cause instanceof NewerVersionError) return describeFailure(cause, platform);
  const isLate = cause instanceof SecretStorageTimeoutError;
  switch (operation) {
    case 'change':
      return isLate
        ? l10n.t(
            "Your system's keyring does not answer, so nothing has changed for {0}. Look for a window in which your system asks for the keyring password, then try again.",
            platformLabel,
          )
        : l10n.t(
            "The secret storage could not be updated, so nothing has changed for {0}. Check your system's keyring, then try again.",
            platformLabel,
          );
    case 'keep':
      return isLate
        ? l10n.t(
            "Your system's keyring does not answer, so nothing could be saved for {0} and you are not signed in. Look for a window in which your system asks for the keyring password, then sign in again.",
            platformLabel,
          )
        : l10n.t(
            "The token for {0} could not be saved in the secret storage, so you are not signed in. Check your system's keyring, then sign in again.",
            platformLabel,
          );
  }
}

/** Whether the secret storage failed or did not answer, so that Diagnose tells more. */
export function isStorageFailure(error: unknown): boolean {
  return (
    error instanceof SecretStorageTimeoutError ||
    (error instanceof StorageError && !(error.cause instanceof NewerVersionError))
  );
}
