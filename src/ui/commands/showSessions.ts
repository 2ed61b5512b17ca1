import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandId } from '../../manifest';
import { pickRow, type ListRow } from '../../dialog/list';
import { runCommand } from '../../dialog/ownCommand';
import { BACK, pick } from '../../dialog/prompts';
import type { Instance } from '../../session/model/instance';
import type { InstanceStore } from '../../session/storage/instanceStore';
import { isListed, type StoredAccount } from '../../session/model/session';
import { accountsInput, type AccountsInput, type AccountsServices } from '../status/accountsInput';
import { accountStates } from '../words/accountStates';
import { shownShortName, shortName } from '../words/instanceNames';
import { Moments } from '../words/moments';
import { stateIcon } from '../words/stateIcons';
import { argumentFor, type CommandArgument } from './target/commandArgument';
import { isSeenInList, rowActions, sessionActions, type SessionAction } from '../actions/sessionActions';
import { accountSituation } from '../actions/situation';
import type { Targets } from './target/target';
import { accountsOn } from '../../session/model/accounts';
import { withProductionMark } from '../../dialog/productionMark';

interface ShowSessionsServices extends AccountsServices {
  readonly targets: Targets;
}

type Choice = Command | StoredAccount;

interface Command {
  readonly command: SessionAction['command'];
  readonly argument?: CommandArgument;
}

type Row = ListRow<Choice> | vscode.QuickPickItem;

/**
 * Shows every instance and account, then the actions of the picked account. Opens again after an action whose result
 * the list shows.
 */
export async function showSessions(services: ShowSessionsServices): Promise<void> {
  let activeKey: string | undefined;
  for (;;) {
    const row = await pickRow<Choice>(() => sessionRows(services), {
      title: l10n.t('ZeyOS Sessions'),
      placeholder: l10n.t('Select an account to see its actions'),
      ...(activeKey !== undefined && { activeKey }),
    });
    if (!row) return;
    activeKey = row.key;
    const choice =
      'command' in row.value ? row.value : await pickAction(row.value, accountsInput(services), services.instances);
    if (choice === BACK) continue;
    await runCommand(choice.command, choice.argument);
    if (!isSeenInList(choice.command)) return;
  }
}

function sessionRows(services: ShowSessionsServices): readonly Row[] {
  const input = accountsInput(services);
  const { instances, accounts } = input;
  const listed = accounts.filter(isListed);
  // The sessions of a removed instance are hidden from other extensions, not from the user.
  const hidden = [...new Map(listed.map(({ platform }) => [platform.href, platform])).values()].filter(
    (platform) => !services.instances.find(platform),
  );
  const moments = new Moments(vscode.env.language);
  const rowOf = (stored: StoredAccount): Row => accountRow(stored, input, moments, services.targets);
  return [
    ...instances.flatMap((instance) => {
      const here = accountsOn(listed, instance.platform);
      return [
        separator(withProductionMark(shownShortName(instance, instances), instance)),
        ...here.map(rowOf),
        signInRow(instance, here.length > 0, input),
        // If the instance has accounts, it is one of their actions.
        ...(here.length === 0 && input.usesLegacyLogin(instance.platform)
          ? [instanceRow(instance, l10n.t('Set Application Secret'), 'key', 'zeyos.accounts.setApplicationSecret')]
          : []),
      ];
    }),
    ...hidden.flatMap((platform) => [
      separator(l10n.t('{0}, no longer configured', shortName(platform.instanceName))),
      ...accountsOn(listed, platform).map(rowOf),
    ]),
    separator(''),
    commandRow(l10n.t('Add Instance…'), 'add', 'zeyos.addInstance'),
    ...(instances.length > 1
      ? [commandRow(l10n.t('Switch Active Instance…'), 'arrow-swap', 'zeyos.switchInstance')]
      : []),
    ...(instances.length > 0 ? [commandRow(l10n.t('Remove Instance…'), 'trash', 'zeyos.removeInstance')] : []),
  ];
}

/** The editor shows its label at the right of the row below, which needs room for more text. */
function separator(label: string): Row {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function accountRow(stored: StoredAccount, input: AccountsInput, moments: Moments, targets: Targets): Row {
  const { instances, active, account, accounts } = input;
  const item = targets.item(stored);
  const situation = accountSituation(stored, input);
  // A single account needs no mark.
  const isOneOfSeveral = instances.length > 1 || accounts.filter(isListed).length > 1;
  const isActive =
    isOneOfSeveral && (account ? account.id === stored.id : active?.platform.href === stored.platform.href);
  return {
    ...item,
    key: stored.id,
    description: withActive(item.description ?? '', isActive),
    iconPath: new vscode.ThemeIcon(stateIcon({ ...situation, isUnsaved: stored.unsaved !== undefined })),
    detail: accountStates(stored, input, moments).join(', '),
    rowButtons: rowActions(sessionActions(situation)).map(({ command, label, icon }) => ({
      icon,
      tooltip: label(),
      run: () => runCommand(command, argumentFor(stored)),
      keepsOpen: isSeenInList(command),
    })),
  };
}

function signInRow(instance: Instance, isFurther: boolean, { instances, active }: AccountsInput): Row {
  const isActive = !isFurther && active === instance && instances.length > 1;
  const label = isFurther ? l10n.t('Sign In with Another Account') : l10n.t('Sign In');
  // Sign In would sign in again to an account whose session has ended.
  const row = instanceRow(instance, label, 'add', 'zeyos.accounts.signInWithAnotherAccount');
  return { ...row, description: withActive(instance.platform.label, isActive) };
}

function instanceRow(
  instance: Instance,
  label: string,
  icon: string,
  command: SessionAction['command'],
): ListRow<Choice> {
  const { platform } = instance;
  return {
    key: `${command} ${platform.href}`,
    // A screen reader does not read the separator above.
    label: withProductionMark(label, instance),
    description: platform.label,
    iconPath: new vscode.ThemeIcon(icon),
    value: { command, argument: { instance: platform.href } },
  };
}

function commandRow(label: string, icon: string, command: CommandId): ListRow<Choice> {
  return { key: command, label, iconPath: new vscode.ThemeIcon(icon), value: { command } };
}

/** The mark comes first, because a narrow window cuts off the end. */
function withActive(description: string, isActive: boolean): string {
  return isActive ? `(${l10n.t('active')}) ${description}` : description;
}

function pickAction(
  stored: StoredAccount,
  input: AccountsInput,
  instances: InstanceStore,
): Promise<Command | typeof BACK> {
  const items = sessionActions(accountSituation(stored, input)).map(({ command, label, icon }) => ({
    label: label(),
    iconPath: new vscode.ThemeIcon(icon),
    value: { command, argument: argumentFor(stored) },
  }));
  return pick<Command>(items, {
    title: withProductionMark(stored.account.label, instances.find(stored.platform)),
    placeholder: l10n.t('Select an action'),
    canGoBack: true,
  });
}
