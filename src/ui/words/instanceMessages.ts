import * as l10n from '@vscode/l10n';
import type { Instance } from '../../session/model/instance';
import { isRunning, sessionState, type StoredAccount } from '../../session/model/session';

export function runningNames(accounts: readonly StoredAccount[], now: number): readonly string[] {
  return accounts.filter((stored) => isRunning(sessionState(stored, now))).map(({ account }) => account.userName);
}

/** @param signedIn the accounts on its platform: sessions come back together with their instance */
export function additionText({
  name,
  isNew,
  isOnly,
  signedIn,
}: {
  readonly name: string;
  readonly isNew: boolean;
  readonly isOnly: boolean;
  readonly signedIn: readonly string[];
}): string {
  const names = signedIn.join(', ');
  if (!isNew)
    return signedIn.length > 0
      ? l10n.t('The instance {0} has already been added. You are signed in to it as {1}.', name, names)
      : l10n.t('The instance {0} has already been added.', name);
  if (signedIn.length > 0)
    return l10n.t('The instance {0} has been added. You are signed in to it as {1}.', name, names);
  return isOnly
    ? l10n.t('The instance {0} has been added. Sign in to use it.', name)
    : l10n.t('The instance {0} has been added.', name);
}

/** @param sessions the stored sessions on its platform, running or not */
export function removalDetail({ platform }: Instance, sessions: readonly StoredAccount[], now: number): string {
  const { href } = platform;
  const running = runningNames(sessions, now);
  const names = sessions.map(({ account }) => account.userName).join(', ');
  if (sessions.length === 0) return href;
  if (running.length === 0) {
    return sessions.length === 1
      ? l10n.t(
          '{0}\n\nThe session of {1} has ended. If you do not sign out, the account is kept and reappears when you add the instance again.',
          href,
          names,
        )
      : l10n.t(
          '{0}\n\nThe sessions of {1} have ended. If you do not sign out, the accounts are kept and reappear when you add the instance again.',
          href,
          names,
        );
  }
  return sessions.length === 1
    ? l10n.t(
        '{0}\n\nYou are signed in to this instance. If you do not sign out, the session is kept and reappears when you add the instance again.',
        href,
      )
    : l10n.t(
        '{0}\n\nYou are signed in to this instance as {1}. If you do not sign out, all sessions are kept and reappear when you add the instance again.',
        href,
        running.join(', '),
      );
}
