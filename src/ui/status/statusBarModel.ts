import * as l10n from '@vscode/l10n';
import type { CommandId } from '../../manifest';
import type { Instance } from '../../session/model/instance';
import {
  signInAgainBy,
  sessionState,
  usableUntil,
  type SessionState,
  type StoredAccount,
} from '../../session/model/session';
import type { AccountView } from '../words/accountStates';
import { argumentFor } from '../commands/target/commandArgument';
import { shortName, shownName, shownShortName } from '../words/instanceNames';
import { shortened } from '../words/shortening';
import { withProductionMark } from '../../dialog/productionMark';
import { COUNTDOWN_MS, WEEKDAY_MS, nextSpanChange, spanText, escapeIcons } from '../words/words';

/** In characters. A running activity contains a name. */
const ACTIVITY_LENGTH = 48;

export interface StatusBarInput extends AccountView {
  readonly instances: readonly Instance[];
  readonly active: Instance | undefined;
  readonly account: StoredAccount | undefined;
  readonly accounts: readonly StoredAccount[];
  /** In words. */
  readonly activity: string | undefined;
}

export interface StatusBarModel {
  readonly text: string;
  /** The text says the same, so that the colour is not needed. */
  readonly tone?: 'warning' | 'error';
  readonly command: CommandId;
  readonly argument?: { readonly instance: string; readonly account?: string };
  readonly label: string;
}

export function statusBarModel(input: StatusBarInput): StatusBarModel {
  const model = stateModel(input);
  if (input.activity !== undefined || !input.active?.isProduction) return model;
  // The production mark comes first, behind the icon.
  const [icon = ''] = /^\$\([^)]+\) /.exec(model.text) ?? [];
  return { ...model, text: icon + withProductionMark(model.text.slice(icon.length), input.active) };
}

function stateModel(input: StatusBarInput): StatusBarModel {
  const { active, account, activity, now } = input;
  if (activity !== undefined)
    return {
      text: `$(loading~spin) ${escapeIcons(shortened(activity, ACTIVITY_LENGTH))}`,
      command: 'zeyos.showSessions',
      label: `ZeyOS: ${activity}`,
    };
  if (!active)
    return {
      text: '$(zeyos-logo) ZeyOS',
      command: 'zeyos.addInstance',
      label: l10n.t('ZeyOS: no instance is configured. Add one.'),
    };

  // The screen reader's label has the whole name.
  const name = escapeIcons(shownShortName(active, input.instances));
  const wholeName = shownName(active, input.instances);
  const instance = active.platform.href;
  const state = account ? sessionState(account, now, input.warningMs) : 'signedOut';
  if (!account || state === 'signedOut') {
    return {
      text: `$(zeyos-logo) ${l10n.t('Sign in to {0}', name)}`,
      command: 'zeyos.signIn',
      argument: account ? argumentFor(account) : { instance },
      label: l10n.t('ZeyOS: signed out of {0}. Sign in.', wholeName),
    };
  }
  const { userName } = account.account;
  const user = escapeIcons(shortName(userName));
  switch (state) {
    case 'expired':
    case 'revoked':
    case 'lost':
      return {
        text: `$(error) ${l10n.t('{0}: sign in again', name)}`,
        tone: 'error',
        command: 'zeyos.signIn',
        argument: argumentFor(account),
        label: endedLabel(state, wholeName, userName),
      };
    case 'good':
    case 'expiring':
      break;
  }
  const left = timeLeft(account, state, now);
  if (!input.isReachable(active.platform)) {
    return {
      text: `$(cloud-offline) ${name}: ${user}`,
      command: 'zeyos.showSessions',
      label: l10n.t('ZeyOS: {0} cannot be reached; {1} stays signed in.', wholeName, userName),
    };
  }
  if (input.needsSecret(account)) {
    return {
      text: `$(warning) ${l10n.t('{0}: client secret needed', name)}`,
      tone: 'warning',
      command: 'zeyos.renewToken',
      argument: argumentFor(account),
      label: l10n.t(
        'ZeyOS: the session for {0} on {1} cannot be renewed without the client secret. Enter it.',
        userName,
        wholeName,
      ),
    };
  }
  if (state === 'expiring') {
    const text = l10n.t('{0}: {1} left', name, left ?? '');
    return {
      text: `$(clock) ${text}`,
      tone: 'warning',
      command: 'zeyos.showSessions',
      label: l10n.t('ZeyOS: the session for {0} on {1} expires soon, {2} left.', userName, wholeName, left ?? ''),
    };
  }
  return {
    text: `$(zeyos-logo) ${name}: ${user}${left === undefined ? '' : ` (${left})`}`,
    command: 'zeyos.showSessions',
    label:
      left === undefined
        ? l10n.t('ZeyOS: signed in to {0} as {1}.', wholeName, userName)
        : l10n.t('ZeyOS: signed in to {0} as {1}, {2} left.', wholeName, userName, left),
  };
}

/** Returns when the time alone changes any text, including the tooltip's rows, in epoch milliseconds. */
export function nextChange({ accounts, now, warningMs }: StatusBarInput): number {
  const moments = accounts.flatMap(({ session }) => {
    const until = session && signInAgainBy(session);
    if (until === undefined || !session?.accessToken) return [];
    const countdownFrom = until - Math.max(COUNTDOWN_MS - 1, warningMs);
    return [
      until - warningMs,
      until - WEEKDAY_MS + 1,
      until,
      usableUntil(session.accessToken),
      countdownFrom,
      ...(now >= countdownFrom ? [nextSpanChange(until, now)] : []),
    ];
  });
  return Math.min(Infinity, ...moments.filter((at) => at > now));
}

/** A warning shows the time left even if it is longer than the countdown. */
function timeLeft({ session }: StoredAccount, state: SessionState, now: number): string | undefined {
  const until = session && signInAgainBy(session);
  return until !== undefined && (state === 'expiring' || until - now < COUNTDOWN_MS)
    ? spanText(until - now)
    : undefined;
}

function endedLabel(state: 'expired' | 'revoked' | 'lost', instanceName: string, userName: string): string {
  switch (state) {
    case 'expired':
      return l10n.t('ZeyOS: the session for {0} on {1} has expired. Sign in again.', userName, instanceName);
    case 'revoked':
      return l10n.t('ZeyOS: the session for {0} on {1} was revoked. Sign in again.', userName, instanceName);
    case 'lost':
      return l10n.t('ZeyOS: the credentials for {0} on {1} have been lost. Sign in again.', userName, instanceName);
  }
}
