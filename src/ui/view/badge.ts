import * as l10n from '@vscode/l10n';
import { sessionState, type StoredAccount } from '../../session/model/session';
import { isConfigured } from '../actions/situation';
import type { AccountsInput } from '../status/accountsInput';
import { shownShortName, shortName } from '../words/instanceNames';

/** In the order of the sentences. */
const NEEDS = ['signIn', 'secret', 'save', 'renew'] as const;
type Need = (typeof NEEDS)[number];

/** Accounts that are named for each need. */
const NAMED = 3;

interface Badge {
  readonly value: number;
  readonly tooltip: string;
}

/** Returns `undefined` if no account needs the user. */
export function badgeOf(input: AccountsInput): Badge | undefined {
  const needs = input.accounts.flatMap((stored) => {
    const need = needOf(stored, input);
    return need === undefined ? [] : [{ stored, need }];
  });
  if (needs.length === 0) return undefined;
  const sentences = NEEDS.flatMap((need) => {
    const accounts = needs.filter((each) => each.need === need).map(({ stored }) => nameOf(stored, input));
    const named = accounts.slice(0, NAMED).join(', ');
    return accounts.length === 0 ? [] : [needText(need, accounts.length > NAMED ? `${named}, …` : named)];
  });
  return { value: needs.length, tooltip: sentences.join('\n') };
}

/** The sessions of a removed instance need nothing: they are kept until it is added again. */
function needOf(stored: StoredAccount, input: AccountsInput): Need | undefined {
  if (input.revocationNeeds(stored) !== undefined) return 'secret';
  if (!isConfigured(input, stored.platform)) return undefined;
  switch (sessionState(stored, input.now, input.warningMs)) {
    case 'expired':
    case 'revoked':
    case 'lost':
      return 'signIn';
    case 'good':
    case 'expiring':
    case 'signedOut':
      break;
  }
  if (input.needsSecret(stored)) return 'secret';
  if (stored.unsaved !== undefined) return 'save';
  return sessionState(stored, input.now, input.warningMs) === 'expiring' ? 'renew' : undefined;
}

function nameOf({ account, platform }: StoredAccount, { instances }: AccountsInput): string {
  const configured = instances.find((instance) => instance.platform.equals(platform));
  const name = shortName(account.userName);
  return configured ? `${name} (${shownShortName(configured, instances)})` : name;
}

function needText(need: Need, accounts: string): string {
  switch (need) {
    case 'signIn':
      return l10n.t('Sign in again: {0}', accounts);
    case 'secret':
      return l10n.t('Client secret needed: {0}', accounts);
    case 'save':
      return l10n.t('Not saved yet: {0}', accounts);
    case 'renew':
      return l10n.t('Expires soon: {0}', accounts);
  }
}
