import * as l10n from '@vscode/l10n';
import { HandoverError, type HandoverReason } from '../../handover/handoverError';
import type { StoredAccount } from '../../session/model/session';
import { InstanceFailure } from '../../dialog/failure/instanceFailure';

/** The line that tells the user of a terminal why a command gets no token. */
export function noTokenText(error: unknown, stored: StoredAccount): string {
  const text =
    error instanceof HandoverError
      ? reasonText(error.reason, stored)
      : new InstanceFailure(stored.platform, error).message;
  return text.replace(/\s+/g, ' ');
}

function reasonText(reason: HandoverReason, { account, platform }: StoredAccount): string {
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
    case 'noFolder':
      return noFolderText();
  }
}

export function noFolderText(): string {
  return l10n.t('No ZeyOS terminal can be opened: this computer has no temporary folder that only you can read.');
}

/** The sentence of a terminal's commands after its account was signed out. */
export function signedOutText(label: string): string {
  return l10n.t('{0} is signed out. Sign in again in the editor and open a new ZeyOS terminal.', label);
}

/** The sentence of a terminal's commands once the window has closed or reloaded. */
export function goneText(): string {
  return l10n.t('The editor window of this terminal was closed or reloaded. Open a new ZeyOS terminal.');
}
