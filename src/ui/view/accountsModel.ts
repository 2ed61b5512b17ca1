import * as l10n from '@vscode/l10n';
import { isListed, type StoredAccount } from '../../session/model/session';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { argumentFor } from '../commands/target/commandArgument';
import { accountActions, inlineActions, instanceActions, type SessionAction } from '../actions/sessionActions';
import { accountSituation, instanceSituation } from '../actions/situation';
import type { AccountsInput } from '../status/accountsInput';
import { accountStates, endTime, shortAccountStates } from '../words/accountStates';
import { Moments } from '../words/moments';
import { shortName, shownName, shownShortName } from '../words/instanceNames';
import { stateIcon } from '../words/stateIcons';
import { withProductionMark } from '../../dialog/productionMark';

export interface AccountsItem {
  /** Stable for as long as the instance or the account exists. */
  readonly id: string;
  /** The canonical platform URL. */
  readonly instance: string;
  /** Absent for an instance. */
  readonly account?: string;
  readonly label: string;
  readonly description: string;
  /** Its shape shows the state. */
  readonly icon: string;
  /** Repeats what the icon's shape shows. */
  readonly tone?: 'error' | 'warning';
  readonly tooltip: string;
  readonly accessibleLabel: string;
  /**
   * The item's commands for the manifest's menus: the end of a command's name, with `inline-` before it for an action
   * beside the label.
   */
  readonly context: string;
  readonly children: readonly AccountsItem[];
}

interface View {
  readonly input: AccountsInput;
  readonly moments: Moments;
  readonly marksActive: boolean;
}

/** Lists the configured instances, then the removed ones that have sessions, each with its accounts. */
export function accountsModel(input: AccountsInput, locale: string): readonly AccountsItem[] {
  const listed = input.accounts.filter(isListed);
  const platforms = [...input.instances, ...listed].map(({ platform }) => platform);
  const byPlatform = new Map(
    platforms.map((platform) => [platform.href, { platform, accounts: [] as StoredAccount[] }]),
  );
  for (const stored of listed) byPlatform.get(stored.platform.href)?.accounts.push(stored);
  // A single account needs no mark.
  const view = { input, moments: new Moments(locale), marksActive: input.instances.length > 1 || listed.length > 1 };
  return [...byPlatform.values()].map(({ platform, accounts }) => instanceItem(platform, accounts, view));
}

function instanceItem(platform: PlatformUrl, accounts: readonly StoredAccount[], view: View): AccountsItem {
  const { input } = view;
  const situation = instanceSituation(platform, accounts.length > 0, input);
  const { href } = platform;
  const { label, name } = instanceNames(platform, input);
  const words = [
    ...(situation.isActive && input.instances.length > 1 ? [l10n.t('active')] : []),
    ...(situation.isConfigured ? [] : [l10n.t('no longer configured')]),
    ...(situation.isReachable ? [] : [l10n.t('cannot be reached')]),
    ...(accounts.length > 0 ? [] : [l10n.t('signed out')]),
  ];
  return {
    id: href,
    instance: href,
    label,
    description: [...words, platform.label].join(' · '),
    icon: instanceIcon(situation),
    tooltip: [name, href, ...words].join('\n'),
    accessibleLabel: [l10n.t('Instance {0}', name), ...words, platform.label].join(', '),
    context: contextOf('instance', instanceActions(situation)),
    children: accounts.map((stored) => accountItem(stored, name, view)),
  };
}

/** Returns the name beside the icon, and the whole name. */
function instanceNames(
  platform: PlatformUrl,
  { instances }: AccountsInput,
): { readonly label: string; readonly name: string } {
  const instance = instances.find((each) => each.platform.href === platform.href);
  if (!instance) return { label: shortName(platform.instanceName), name: platform.instanceName };
  return {
    label: withProductionMark(shownShortName(instance, instances), instance),
    name: shownName(instance, instances),
  };
}

function instanceIcon({ isConfigured, isReachable }: { isConfigured: boolean; isReachable: boolean }): string {
  if (!isConfigured) return 'debug-disconnect';
  return isReachable ? 'server-environment' : 'cloud-offline';
}

function accountItem(stored: StoredAccount, instanceName: string, { input, moments, marksActive }: View): AccountsItem {
  const situation = accountSituation(stored, input);
  const { userName } = stored.account;
  const active = situation.isActive && marksActive ? [l10n.t('active')] : [];
  const words = [...active, ...accountStates(stored, input, moments)];
  const end = endTime(stored, input);
  const icon = stateIcon({ ...situation, isUnsaved: stored.unsaved !== undefined });
  const tone = toneOf(icon);
  return {
    id: stored.id,
    ...argumentFor(stored),
    label: shortName(userName),
    description: [...active, ...shortAccountStates(stored, input, moments)].join(' · '),
    icon,
    ...(tone && { tone }),
    tooltip: [
      stored.account.label,
      ...words,
      ...(end === undefined ? [] : [l10n.t('Expires: {0}', moments.full(end))]),
    ].join('\n'),
    accessibleLabel: [l10n.t('Account {0} on {1}', userName, instanceName), ...words].join(', '),
    context: contextOf('account', accountActions(situation)),
    children: [],
  };
}

function toneOf(icon: string): AccountsItem['tone'] {
  if (icon === 'error') return 'error';
  return icon === 'warning' || icon === 'clock' ? 'warning' : undefined;
}

function contextOf(kind: string, actions: readonly SessionAction[]): string {
  const nameOf = ({ command }: SessionAction): string => command.slice(command.lastIndexOf('.') + 1);
  return [kind, ...inlineActions(actions).map((action) => `inline-${nameOf(action)}`), ...actions.map(nameOf)].join(
    ' ',
  );
}
