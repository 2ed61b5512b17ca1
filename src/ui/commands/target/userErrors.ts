import * as l10n from '@vscode/l10n';
import type { StoredAccount } from '../../../session/model/session';
import { SignInError } from '../../../dialog/failure/errors';
import { describeFailure } from '../../../dialog/failure/failure';
import { runCommand } from '../../../dialog/ownCommand';
import { harmlessText } from '../../../hiding/plainText';
import { looksLikeUrl, PlatformUrl } from '../../../zeyos/address/platform';
import { argumentFor, type CommandArgument } from './commandArgument';
import { UserError } from '../../../dialog/report';
import { sessionsUnreadText } from '../../../editor/sessionsUnreadText';
import { inQuotes, newerVersionText } from '../../words/words';

/** Errors that keep a command from starting, each with a button for the next step. */

export function noInstance(): UserError {
  return new UserError(l10n.t('No ZeyOS instance is configured.'), {
    [l10n.t('Add Instance')]: () => runCommand('zeyos.addInstance'),
  });
}

/** @param error why the secret storage was not read */
export function sessionsUnread(error: unknown): UserError {
  return new UserError(sessionsUnreadText(error), {
    [l10n.t('Diagnose')]: () => runCommand('zeyos.diagnose'),
  });
}

/** @param text a URL or a name */
export function instanceNotConfigured(text: string): UserError {
  const named = harmlessText(text) ?? '?';
  // A text that cannot be a URL is not filled in.
  const instance = PlatformUrl.tryParse(text)?.href;
  return new UserError(
    l10n.t('The ZeyOS instance {0} is not configured.', looksLikeUrl(text) ? named : inQuotes(named)),
    {
      [l10n.t('Add Instance')]: () => runCommand('zeyos.addInstance', { instance }),
    },
  );
}

export function instanceRemoved({ platform }: StoredAccount): UserError {
  return new UserError(describeFailure(new SignInError({ reason: 'instanceRemoved' }), platform), {
    [l10n.t('Add Instance')]: () => runCommand('zeyos.addInstance', { instance: platform.href }),
  });
}

/** Without a platform, no account is signed in anywhere. */
export function notSignedIn({ account }: Pick<CommandArgument, 'account'>, platform?: PlatformUrl): UserError {
  const where = platform?.label ?? 'ZeyOS';
  const message =
    account === undefined
      ? l10n.t('You are not signed in to {0}.', where)
      : l10n.t('You are not signed in to {0} as {1}.', where, harmlessText(account) ?? '?');
  return new UserError(message, {
    [l10n.t('Sign In')]: () => runCommand('zeyos.signIn', { instance: platform?.href, account }),
  });
}

export function sessionEnded(stored: StoredAccount): UserError {
  const { account, isNewer } = stored;
  if (isNewer) return new UserError(newerVersionText(account.label));
  return new UserError(l10n.t('The session of {0} has ended. Sign in again.', account.label), {
    [l10n.t('Sign In Again')]: () => runCommand('zeyos.signIn', argumentFor(stored)),
  });
}
