import * as l10n from '@vscode/l10n';
import { NoTokenError, type NoTokenReason } from '../../handover/handoverTokens';
import type { StoredAccount } from '../../session/model/session';
import { InstanceFailure } from '../../dialog/failure/instanceFailure';

/** The line that tells the user of a terminal why a command gets no token. */
export function noTokenText(error: unknown, stored: StoredAccount): string {
  const text =
    error instanceof NoTokenError
      ? reasonText(error.reason, stored)
      : new InstanceFailure(stored.platform, error).message;
  return text.replace(/\s+/g, ' ');
}

/** The same for the log, which is in English. */
export function noTokenLogText(error: unknown): string {
  if (error instanceof NoTokenError) return LOG_TEXTS[error.reason];
  return error instanceof Error ? error.message : String(error);
}

const LOG_TEXTS: Readonly<Record<NoTokenReason, string>> = {
  signedOut: 'the account is signed out',
  removed: 'its instance is not configured',
  ended: 'its session has ended',
  keyring: 'the keyring does not answer',
};

function reasonText(reason: NoTokenReason, { account, platform }: StoredAccount): string {
  switch (reason) {
    case 'signedOut':
      return signedOutText(account.label);
    case 'removed':
      return l10n.t(
        'The instance {0} is no longer configured. Add it again in the editor, then repeat the command.',
        platform.href,
      );
    case 'ended':
      return l10n.t(
        'The session of {0} has ended. Sign in again in the editor, then repeat the command.',
        account.label,
      );
    case 'keyring':
      return l10n.t("Your system's keyring does not answer. Unlock it, then repeat the command.");
  }
}

/** The sentence of a terminal's commands after its account was signed out. */
export function signedOutText(label: string): string {
  return l10n.t('{0} is signed out. Sign in again in the editor and open a new ZeyOS terminal.', label);
}

/** The sentence of a terminal's commands once the window has closed or reloaded. */
export function goneText(): string {
  return l10n.t('The editor window of this terminal was closed or reloaded. Open a new ZeyOS terminal.');
}
