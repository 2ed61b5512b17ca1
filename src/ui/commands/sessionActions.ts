import * as l10n from '@vscode/l10n';
import type { CommandId } from '../../manifest';
import { isRunning, type SessionState } from '../../session/model/session';

/** An action that is no command: only the lists that show it can run it. */
export const SET_APPLICATION_SECRET = 'setApplicationSecret';
/** As {@link SET_APPLICATION_SECRET}. */
export const WITHDRAW_AGENTS = 'withdrawAgents';

/** Something that can be done with an account. */
export interface SessionAction {
  readonly command: CommandId | typeof SET_APPLICATION_SECRET | typeof WITHDRAW_AGENTS;
  readonly label: string;
  readonly icon: string;
}

/** How it is with an account and its instance. */
export interface Situation {
  readonly state: SessionState;
  readonly isConfigured: boolean;
  /** Whether it is what this workspace works with. */
  readonly isActive: boolean;
  readonly isReachable: boolean;
  readonly needsSecret: boolean;
  /** Whether the account signs in by the legacy login, which can act for an application. */
  readonly isLegacy: boolean;
  /** Whether the user allowed agents to use the account in this workspace. */
  readonly hasAgents?: boolean;
}

/** What can be done with an account: first what it needs most. */
export function sessionActions({
  state,
  isConfigured,
  isActive,
  isReachable,
  needsSecret,
  isLegacy,
  hasAgents = false,
}: Situation): readonly SessionAction[] {
  const signIn = {
    command: 'zeyos.signIn',
    label: state === 'signedOut' ? l10n.t('Sign In') : l10n.t('Sign In Again'),
    icon: 'sign-in',
  } as const;
  const introspect = { command: 'zeyos.introspectToken', label: l10n.t('Introspect Token'), icon: 'search' } as const;
  const renew = { command: 'zeyos.renewToken', label: l10n.t('Renew Token'), icon: 'refresh' } as const;
  const enterSecret = { command: 'zeyos.renewToken', label: l10n.t('Enter Client Secret'), icon: 'key' } as const;
  const revoke = { command: 'zeyos.revokeToken', label: l10n.t('Revoke Token'), icon: 'circle-slash' } as const;
  const copy = { command: 'zeyos.copyAccessToken', label: l10n.t('Copy Access Token'), icon: 'copy' } as const;
  const signOut = { command: 'zeyos.signOut', label: l10n.t('Sign Out'), icon: 'sign-out' } as const;
  const activate = { command: 'zeyos.switchInstance', label: l10n.t('Make Active'), icon: 'arrow-swap' } as const;
  const open = {
    command: 'zeyos.openInstance',
    label: l10n.t('Open Instance in Browser'),
    icon: 'link-external',
  } as const;
  const diagnose = { command: 'zeyos.diagnose', label: l10n.t('Diagnose Connection'), icon: 'pulse' } as const;
  const setSecret = { command: SET_APPLICATION_SECRET, label: l10n.t('Set Application Secret'), icon: 'key' } as const;
  const withdraw = { command: WITHDRAW_AGENTS, label: l10n.t("Withdraw Agents' Access"), icon: 'shield' } as const;
  const remove = { command: 'zeyos.removeInstance', label: l10n.t('Remove Instance'), icon: 'trash' } as const;
  const add = { command: 'zeyos.addInstance', label: l10n.t('Add Instance Again'), icon: 'add' } as const;
  const when = (condition: boolean, ...actions: readonly SessionAction[]): readonly SessionAction[] =>
    condition ? actions : [];

  const needed = [...when(!isReachable && isConfigured, diagnose), ...when(needsSecret, enterSecret)];
  const activation = when(isConfigured && !isActive && state !== 'signedOut', activate);
  const ofInstance = isConfigured
    ? [open, ...when(isReachable, diagnose), ...when(isLegacy, setSecret), remove]
    : [add];
  if (isRunning(state)) {
    const tokens =
      state === 'expiring' ? [...when(!needsSecret, renew), introspect] : [introspect, ...when(!needsSecret, renew)];
    return [
      ...needed,
      ...activation,
      ...tokens,
      copy,
      ...when(hasAgents, withdraw),
      revoke,
      signOut,
      ...when(isConfigured, signIn),
      ...ofInstance,
    ];
  }
  return [
    ...when(isConfigured, signIn),
    ...needed,
    ...activation,
    ...when(!isConfigured, add),
    ...when(state === 'expired', introspect),
    ...when(hasAgents, withdraw),
    ...when(state !== 'signedOut', signOut),
    ...when(isConfigured, ...ofInstance),
  ];
}
