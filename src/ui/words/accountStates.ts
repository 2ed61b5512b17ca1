import * as l10n from '@vscode/l10n';
import { signInAgainBy, isRunning, sessionState, type StoredAccount } from '../../session/model/session';
import type { Moments } from './moments';
import { COUNTDOWN_MS, spanText, stateText } from './words';
import type { PlatformUrl } from '../../zeyos/address/platform';
import type { AgentAccess } from '../../handover/agents/consents';

export interface AccountView {
  readonly isReachable: (platform: PlatformUrl) => boolean;
  readonly needsSecret: (stored: StoredAccount) => boolean;
  /** The client ID whose secret is needed. */
  readonly revocationNeeds?: (stored: StoredAccount) => string | undefined;
  readonly agentAccess?: (stored: StoredAccount) => AgentAccess | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How long before its end a session counts as expiring; 0: never. */
  readonly warningMs: number;
}

/** Describes the account's state and problems. If the session ends in more than a day, the state contains the end. */
export function accountStates(stored: StoredAccount, view: AccountView, moments: Moments): readonly string[] {
  return [farText(stored, view, moments) ?? stateWords(stored, view), ...troubles(stored, view)];
}

/** Words for a narrow place, where an icon shows that the account is signed in. */
export function shortAccountStates(stored: StoredAccount, view: AccountView, moments: Moments): readonly string[] {
  const state = farText(stored, view, moments) ?? nearText(stored, view) ?? stateWords(stored, view);
  return [state, ...troubles(stored, view)];
}

/** Words for a table with a column for the end of the session. */
export function accountStatesAndEnd(
  stored: StoredAccount,
  view: AccountView,
  moments: Moments,
): { readonly states: readonly string[]; readonly end: string } {
  const end = endTime(stored, view);
  const isFar = farText(stored, view, moments) !== undefined;
  const state = isFar ? l10n.t('signed in') : (nearText(stored, view) ?? stateWords(stored, view));
  return {
    states: [state, ...troubles(stored, view)],
    end: end === undefined ? '' : moments.short(end, view.now),
  };
}

/** Returns epoch milliseconds; `undefined` if the end is unknown, or if the session has ended. */
export function endTime(stored: StoredAccount, { now, warningMs }: AccountView): number | undefined {
  return stored.session && isRunning(sessionState(stored, now, warningMs)) ? signInAgainBy(stored.session) : undefined;
}

/** Describes a session that ends in more than a day. */
function farText(stored: StoredAccount, view: AccountView, moments: Moments): string | undefined {
  const end = endTime(stored, view);
  return end !== undefined && end - view.now >= COUNTDOWN_MS
    ? l10n.t('signed in until {0}', moments.short(end, view.now))
    : undefined;
}

function nearText(stored: StoredAccount, view: AccountView): string | undefined {
  const end = endTime(stored, view);
  return end === undefined ? undefined : l10n.t('{0} left', spanText(end - view.now));
}

function stateWords(stored: StoredAccount, { now, warningMs }: AccountView): string {
  return stateText(stored, sessionState(stored, now, warningMs), now);
}

function troubles(
  stored: StoredAccount,
  { isReachable, needsSecret, revocationNeeds, agentAccess }: AccountView,
): readonly string[] {
  const access = agentAccess?.(stored);
  return [
    ...(stored.unsaved ? [l10n.t('not saved yet: lost if this window closes')] : []),
    ...(needsSecret(stored) ? [l10n.t('client secret needed')] : []),
    ...(isReachable(stored.platform) ? [] : [l10n.t('cannot be reached')]),
    ...(access === undefined ? [] : [accessText(access)]),
    ...(stored.pendingRevocations.length > 0 ? [pendingText(stored, revocationNeeds?.(stored))] : []),
  ];
}

function accessText(access: AgentAccess): string {
  return access === 'write' ? l10n.t('agents may read and write') : l10n.t('agents may read');
}

/** @param clientId the application whose secret is needed */
function pendingText({ pendingRevocations }: StoredAccount, clientId: string | undefined): string {
  return clientId === undefined
    ? l10n.t('pending revocations: {0}', pendingRevocations.length)
    : l10n.t('pending revocations: {0}, client secret for {1} needed', pendingRevocations.length, clientId);
}
