import * as l10n from '@vscode/l10n';
import { actBy, isRunning, sessionState, type StoredAccount } from '../../session/model/session';
import type { AgentAccess } from '../../handover/agents/consents';
import { COUNTDOWN_MS, momentText, stateText } from './words';

/** What is said of an account depends on this, besides the account itself. */
export interface AccountView {
  readonly isReachable: (instance: string) => boolean;
  /** Whether a session waits for the application's secret. */
  readonly needsSecret: (stored: StoredAccount) => boolean;
  /** The client ID of the application whose secret a pending revocation needs. */
  readonly revocationNeeds?: (stored: StoredAccount) => string | undefined;
  /** What agents may do with the account in this workspace. */
  readonly agentAccess?: (stored: StoredAccount) => AgentAccess | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How long before its end a session counts as expiring, in milliseconds; 0: never. */
  readonly warningMs: number;
}

/**
 * What to know about an account, in words: its state and what keeps it from being better.
 * @param tellsMoment whether to tell when a session ends that the time left is told of
 */
export function accountStates(
  stored: StoredAccount,
  { isReachable, needsSecret, revocationNeeds, agentAccess, now, warningMs }: AccountView,
  locale: string,
  tellsMoment = false,
): readonly string[] {
  const state = sessionState(stored, now, warningMs);
  const expiresAt = stored.session && isRunning(state) ? actBy(stored.session) : undefined;
  const access = agentAccess?.(stored);
  const isFar = expiresAt !== undefined && expiresAt - now >= COUNTDOWN_MS;
  return [
    isFar ? l10n.t('signed in until {0}', momentText(expiresAt, locale)) : stateText(stored, state, now),
    ...(tellsMoment && !isFar && expiresAt !== undefined ? [momentText(expiresAt, locale)] : []),
    ...(stored.unsaved ? [l10n.t('not saved yet: lost if this window closes')] : []),
    ...(needsSecret(stored) ? [l10n.t('client secret needed')] : []),
    ...(isReachable(stored.instance) ? [] : [l10n.t('cannot be reached')]),
    ...(access === undefined ? [] : [accessText(access)]),
    ...(stored.pendingRevocations.length > 0 ? [pendingText(stored, revocationNeeds?.(stored))] : []),
  ];
}

/** What an agent's access is called where the state of an account is told. */
function accessText(access: AgentAccess): string {
  return access === 'write' ? l10n.t('agents may read and write') : l10n.t('agents may read');
}

/** @param clientId the client ID of the application whose secret is needed */
function pendingText({ pendingRevocations }: StoredAccount, clientId: string | undefined): string {
  return clientId === undefined
    ? l10n.t('pending revocations: {0}', pendingRevocations.length)
    : l10n.t('pending revocations: {0}, client secret for {1} needed', pendingRevocations.length, clientId);
}
