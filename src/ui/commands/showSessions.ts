import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Instance } from '../../session/model/instance';
import type { Reachability } from '../../session/tokens/reachability';
import type { RejectedSecrets } from '../../session/tokens/rejectedSecrets';
import { isListed, sessionState, type StoredAccount } from '../../session/model/session';
import { runCommand } from '../../dialog/ownCommand';
import { withProductionMark } from '../../dialog/productionMark';
import { BACK, pick, type PickItem } from '../../dialog/prompts';
import type { Tokens } from '../../session/tokens/tokens';
import { PlatformUrl } from '../../zeyos/address/platform';
import { accountStates, type AccountView } from '../words/accountStates';
import type { AgentConsents } from '../../handover/agents/consents';
import { notify } from '../../dialog/notifications';
import { argumentFor } from './commandArgument';
import { atStorage } from './instanceCalls';
import { expiryWarningMs } from '../../editor/configuration';
import { shortName } from '../words/instanceNames';
import { changeApplicationSecret } from '../notices/applicationSecretRequests';
import { SET_APPLICATION_SECRET, sessionActions, WITHDRAW_AGENTS, type SessionAction } from './sessionActions';
import { enterRevocationSecret } from '../notices/revocationSecretRequests';
import { signInAs, type SessionCommandServices } from './sessionCommands';

export interface ShowSessionsServices extends SessionCommandServices {
  readonly reachability: Reachability;
  readonly rejectedSecrets: RejectedSecrets;
  readonly tokens: Tokens;
  readonly agentConsents: AgentConsents;
}

/** What to do next. */
type Action = () => unknown;

type Item = PickItem<Action | StoredAccount> | vscode.QuickPickItem;

/** Every instance and account with its state; then, for an account, what can be done with it. */
export async function showSessions(services: ShowSessionsServices): Promise<void> {
  for (;;) {
    const picked = await pick<Action | StoredAccount>(sessionItems(services), {
      title: l10n.t('ZeyOS Sessions'),
      placeholder: l10n.t('Select an account to see its actions'),
    });
    if (picked === BACK) return;
    const action = typeof picked === 'function' ? picked : await pickAction(picked, services);
    if (action === BACK) continue;
    await action();
    return;
  }
}

function sessionItems(services: ShowSessionsServices): readonly Item[] {
  const { store, instances } = services;
  const accountsOf = (href: string): readonly StoredAccount[] =>
    store.accounts.filter((stored) => stored.instance === href && isListed(stored));
  // Sessions of an instance that was removed are hidden from others, not from their owner.
  const hidden = [...new Set(store.accounts.filter(isListed).map(({ instance }) => instance))].filter(
    (href) => !instances.find(href),
  );
  return [
    ...instances.instances.flatMap((instance) => {
      const accounts = accountsOf(instance.platform.href);
      return [
        separator(withProductionMark(shortName(instance.name), instance)),
        ...accounts.map((stored) => accountItem(stored, services)),
        signInItem(instance, accounts.length > 0, services),
        // Where there are accounts, it is one of their actions.
        ...(accounts.length === 0 && services.tokens.usesLegacyLogin(instance.platform)
          ? [applicationSecretItem(instance, services)]
          : []),
      ];
    }),
    ...hidden.flatMap((href) => [
      separator(l10n.t('{0}, no longer configured', shortName(PlatformUrl.parse(href).instance))),
      ...accountsOf(href).map((stored) => accountItem(stored, services)),
    ]),
    separator(''),
    commandItem(l10n.t('Add Instance…'), 'add', 'zeyos.addInstance'),
    ...(instances.instances.length > 1
      ? [commandItem(l10n.t('Switch Active Instance…'), 'arrow-swap', 'zeyos.switchInstance')]
      : []),
    ...(instances.instances.length > 0
      ? [commandItem(l10n.t('Remove Instance…'), 'trash', 'zeyos.removeInstance')]
      : []),
  ];
}

/** It stands on the right of the row below it, which has to have room for more than that. */
function separator(label: string): Item {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function accountItem(stored: StoredAccount, services: ShowSessionsServices): Item {
  const { instances, store, targets } = services;
  const item = targets.item(stored);
  // Where there is but one, it goes without saying.
  const isOneOfSeveral = instances.instances.length > 1 || store.accounts.filter(isListed).length > 1;
  const active = instances.activeAccount(store.accounts);
  const isActive =
    isOneOfSeveral && (active ? active.id === stored.id : instances.active?.platform.href === stored.instance);
  return {
    ...item,
    description: withActive(item.description ?? '', isActive),
    detail: accountStates(stored, viewOf(services), vscode.env.language).join(', '),
  };
}

function signInItem(instance: Instance, isFurther: boolean, services: ShowSessionsServices): Item {
  const { instances } = services;
  const isActive = !isFurther && instances.active === instance && instances.instances.length > 1;
  return {
    label: withProductionMark(isFurther ? l10n.t('Sign in with another account') : l10n.t('Sign In'), instance),
    description: withActive(instance.platform.label, isActive),
    iconPath: new vscode.ThemeIcon('add'),
    // Not by the command, which would sign in again to an account that has ended.
    value: () => signInAs(services, { instance, isOther: true }),
  };
}

function applicationSecretItem({ platform }: Instance, services: ShowSessionsServices): Item {
  return {
    label: l10n.t('Set Application Secret'),
    description: platform.label,
    iconPath: new vscode.ThemeIcon('key'),
    value: () => changeApplicationSecret(platform, undefined, services),
  };
}

function commandItem(label: string, icon: string, command: Parameters<typeof runCommand>[0]): Item {
  return { label, iconPath: new vscode.ThemeIcon(icon), value: () => runCommand(command) };
}

/** In a narrow window, the end is cut off. */
function withActive(description: string, isActive: boolean): string {
  return isActive ? `(${l10n.t('active')}) ${description}` : description;
}

async function pickAction(stored: StoredAccount, services: ShowSessionsServices): Promise<Action | typeof BACK> {
  const { instances, store, tokens } = services;
  const platform = PlatformUrl.parse(stored.instance);
  const { isReachable, needsSecret, now, warningMs } = viewOf(services);
  const actions = sessionActions({
    state: sessionState(stored, now, warningMs),
    isConfigured: instances.find(stored.instance) !== undefined,
    isActive: instances.activeAccount(store.accounts)?.id === stored.id,
    isReachable: isReachable(stored.instance),
    needsSecret: needsSecret(stored),
    hasAgents: services.agentConsents.known(stored) !== undefined,
    isLegacy: stored.session?.surface === 'legacy' || tokens.usesLegacyLogin(platform),
  });
  const items = actions.map(({ command, label, icon }) => ({
    label,
    iconPath: new vscode.ThemeIcon(icon),
    value: () => run(command, stored, services),
  }));
  return pick<Action>([...revocationItems(stored, services), ...items], {
    title: withProductionMark(stored.account.label, instances.find(stored.instance)),
    placeholder: l10n.t('Select an action'),
    canGoBack: true,
  });
}

async function run(
  command: SessionAction['command'],
  stored: StoredAccount,
  services: ShowSessionsServices,
): Promise<unknown> {
  switch (command) {
    case SET_APPLICATION_SECRET:
      return changeApplicationSecret(PlatformUrl.parse(stored.instance), stored, services);
    case WITHDRAW_AGENTS:
      return withdrawAgents(stored, services);
    default:
      return runCommand(command, argumentFor(stored));
  }
}

async function withdrawAgents(
  stored: StoredAccount,
  { agentConsents }: Pick<ShowSessionsServices, 'agentConsents'>,
): Promise<void> {
  await atStorage(stored, agentConsents.withdraw(stored));
  notify('information', l10n.t('Agents can no longer use ZeyOS as {0} in this workspace.', stored.account.label));
}

/** What a pending revocation needs. A session that needs the same secret asks for it when it is renewed. */
function revocationItems(stored: StoredAccount, services: ShowSessionsServices): readonly PickItem<Action>[] {
  const clientId = services.revocations.missingSecrets.clientIdFor(stored);
  if (clientId === undefined || (services.rejectedSecrets.has(stored) && stored.session?.clientId === clientId))
    return [];
  return [
    {
      label: l10n.t('Enter Client Secret'),
      description: l10n.t('revokes the token'),
      iconPath: new vscode.ThemeIcon('key'),
      value: () => enterRevocationSecret(stored, clientId, services),
    },
  ];
}

function viewOf({ reachability, rejectedSecrets, revocations, agentConsents, now }: ShowSessionsServices): AccountView {
  return {
    isReachable: (instance) => reachability.isReachable(instance),
    needsSecret: (stored) => rejectedSecrets.has(stored),
    agentAccess: (stored) => agentConsents.known(stored),
    revocationNeeds: (stored) => revocations.missingSecrets.clientIdFor(stored),
    now: now(),
    warningMs: expiryWarningMs(),
  };
}
