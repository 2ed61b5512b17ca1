import * as l10n from '@vscode/l10n';
import type { CommandId, ListCommandId } from '../../manifest';
import { isRunning, type SessionState } from '../../session/model/session';

export interface SessionAction {
  readonly command: CommandId | ListCommandId;
  readonly label: () => string;
  readonly icon: string;
}

const ACTIONS = {
  signIn: { command: 'zeyos.signIn', label: () => l10n.t('Sign In'), icon: 'sign-in' },
  signInAgain: { command: 'zeyos.accounts.signInAgain', label: () => l10n.t('Sign In Again'), icon: 'sign-in' },
  signInWithAnother: {
    command: 'zeyos.accounts.signInWithAnotherAccount',
    label: () => l10n.t('Sign In with Another Account'),
    icon: 'person-add',
  },
  introspect: { command: 'zeyos.introspectToken', label: () => l10n.t('Introspect Token'), icon: 'search' },
  renew: { command: 'zeyos.renewToken', label: () => l10n.t('Renew Token'), icon: 'refresh' },
  enterSecret: {
    command: 'zeyos.accounts.enterClientSecret',
    label: () => l10n.t('Enter Client Secret'),
    icon: 'key',
  },
  enterRevocationSecret: {
    command: 'zeyos.accounts.enterRevocationSecret',
    label: () => l10n.t('Enter Client Secret to Revoke Token'),
    icon: 'key',
  },
  revoke: { command: 'zeyos.revokeToken', label: () => l10n.t('Revoke Token'), icon: 'circle-slash' },
  copy: { command: 'zeyos.copyAccessToken', label: () => l10n.t('Copy Access Token'), icon: 'copy' },
  terminal: { command: 'zeyos.openTerminal', label: () => l10n.t('Open Terminal'), icon: 'terminal' },
  request: { command: 'zeyos.copyRequest', label: () => l10n.t('Copy Request'), icon: 'file-code' },
  signOut: { command: 'zeyos.signOut', label: () => l10n.t('Sign Out'), icon: 'sign-out' },
  activate: { command: 'zeyos.accounts.makeActive', label: () => l10n.t('Make Active'), icon: 'arrow-swap' },
  open: { command: 'zeyos.openInstance', label: () => l10n.t('Open Instance in Browser'), icon: 'link-external' },
  diagnose: { command: 'zeyos.diagnose', label: () => l10n.t('Diagnose Connection'), icon: 'pulse' },
  setSecret: {
    command: 'zeyos.accounts.setApplicationSecret',
    label: () => l10n.t('Set Application Secret'),
    icon: 'key',
  },
  copyUrl: { command: 'zeyos.accounts.copyUrl', label: () => l10n.t('Copy URL'), icon: 'copy' },
  edit: { command: 'zeyos.accounts.editInSettings', label: () => l10n.t('Edit in Settings'), icon: 'settings-gear' },
  remove: { command: 'zeyos.removeInstance', label: () => l10n.t('Remove Instance'), icon: 'trash' },
  withdraw: {
    command: 'zeyos.accounts.withdrawAgents',
    label: () => l10n.t("Withdraw Agents' Access"),
    icon: 'shield',
  },
  add: { command: 'zeyos.accounts.addInstanceAgain', label: () => l10n.t('Add Instance Again'), icon: 'add' },
} as const satisfies Readonly<Record<string, SessionAction>>;

/** What decides about the actions of an account and its instance. */
export interface Situation {
  readonly state: SessionState;
  readonly isConfigured: boolean;
  readonly isActive: boolean;
  readonly isReachable: boolean;
  readonly needsSecret: boolean;
  /** Whether a pending revocation needs a client secret that the session does not need. */
  readonly revocationNeedsSecret: boolean;
  /** The legacy login has an application secret. */
  readonly isLegacy: boolean;
  readonly hasAgents: boolean;
}

export interface InstanceSituation extends Pick<Situation, 'isConfigured' | 'isActive' | 'isReachable' | 'isLegacy'> {
  readonly hasAccounts: boolean;
}

type Actions = readonly SessionAction[];

/** The most urgent action comes first. */
export function sessionActions(situation: Situation): Actions {
  const ofAccount = accountActions(situation);
  const isListed = ({ command }: SessionAction): boolean => ofAccount.some((action) => action.command === command);
  return [...ofAccount, ...upkeepActions(situation).filter((action) => !isListed(action))];
}

export function accountActions(situation: Situation): Actions {
  const { state, isConfigured, isActive, isReachable, needsSecret, revocationNeedsSecret, hasAgents } = situation;
  // Comes first, because anyone who has an unrevoked token can use it.
  const revocation = when(revocationNeedsSecret, ACTIONS.enterRevocationSecret);
  const needed = [...when(!isReachable && isConfigured, ACTIONS.diagnose), ...when(needsSecret, ACTIONS.enterSecret)];
  const activation = when(isConfigured && !isActive && state !== 'signedOut', ACTIONS.activate);
  const signIn = when(isConfigured, state === 'signedOut' ? ACTIONS.signIn : ACTIONS.signInAgain);
  if (isRunning(state)) {
    const renewal = when(!needsSecret, ACTIONS.renew);
    const tokens =
      state === 'expiring'
        ? [...renewal, ...activation, ACTIONS.introspect]
        : [...activation, ACTIONS.introspect, ...renewal];
    const { copy, terminal, withdraw, revoke, signOut } = ACTIONS;
    return [
      ...revocation,
      ...needed,
      ...tokens,
      copy,
      ...when(isConfigured, terminal),
      ...when(hasAgents, withdraw),
      revoke,
      signOut,
      ...signIn,
    ];
  }
  return [
    ...revocation,
    ...signIn,
    ...needed,
    ...activation,
    ...when(!isConfigured, ACTIONS.add),
    ...when(state === 'expired', ACTIONS.introspect),
    ...when(state !== 'signedOut', ACTIONS.signOut),
  ];
}

export function instanceActions(situation: InstanceSituation): Actions {
  const { isConfigured, isActive, isReachable, hasAccounts } = situation;
  if (!isConfigured) return upkeepActions(situation);
  return [
    ...when(!isReachable, ACTIONS.diagnose),
    ...when(!hasAccounts, ACTIONS.signIn),
    ...when(!isActive, ACTIONS.activate),
    ...when(hasAccounts, ACTIONS.signInWithAnother),
    ...upkeepActions(situation),
  ];
}

/** The actions of an instance that do not depend on its accounts. */
function upkeepActions({
  isConfigured,
  isReachable,
  isLegacy,
}: Pick<Situation, 'isConfigured' | 'isReachable' | 'isLegacy'>): Actions {
  const { open, request, diagnose, setSecret, copyUrl, edit, remove, add } = ACTIONS;
  return isConfigured
    ? [open, request, ...when(isReachable, diagnose), ...when(isLegacy, setSecret), copyUrl, edit, remove]
    : [add, copyUrl];
}

function when(condition: boolean, action: SessionAction): Actions {
  return condition ? [action] : [];
}

/** A row of Show Sessions has the two most urgent actions as buttons. */
export function rowActions(all: Actions): Actions {
  return all.slice(0, 2);
}

const SEEN_IN_LIST: readonly string[] = [
  'zeyos.signIn',
  'zeyos.signOut',
  'zeyos.renewToken',
  'zeyos.revokeToken',
  'zeyos.addInstance',
  'zeyos.removeInstance',
  'zeyos.switchInstance',
  'zeyos.accounts.signInAgain',
  'zeyos.accounts.signInWithAnotherAccount',
  'zeyos.accounts.enterClientSecret',
  'zeyos.accounts.enterRevocationSecret',
  'zeyos.accounts.makeActive',
  'zeyos.accounts.addInstanceAgain',
] satisfies readonly SessionAction['command'][];

/** The list of sessions stays open after an action whose result it shows. */
export function isSeenInList(command: SessionAction['command']): boolean {
  return SEEN_IN_LIST.includes(command);
}

/** An item of the Accounts view has the most urgent action and Introspect Token beside its name. */
export function inlineActions(all: Actions): Actions {
  return all.filter(({ command }, index) => index === 0 || command === 'zeyos.introspectToken');
}
