import * as l10n from '@vscode/l10n';

export function sessionsUnreadText(): string {
  return l10n.t(
    "Your system's keyring does not answer, so your ZeyOS sessions cannot be read yet. Look for a window in which your system asks for the keyring password, then try again.",
  );
}
