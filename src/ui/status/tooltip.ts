import * as l10n from '@vscode/l10n';
import type { CommandId } from '../../manifest';
import type { Instance } from '../../session/model/instance';
import { isListed, isRunning, isSignedIn, sessionState, type StoredAccount } from '../../session/model/session';
import { accountStatesAndEnd } from '../words/accountStates';
import { argumentFor } from '../commands/target/commandArgument';
import { Moments } from '../words/moments';
import { shortName, shownNameWithShortHost } from '../words/instanceNames';
import type { StatusBarInput } from './statusBarModel';
import { stateIcon } from '../words/stateIcons';
import { escapeMarkdown } from '../words/words';
import { accountsOn } from '../../session/model/accounts';

export const TOOLTIP_COMMANDS: readonly CommandId[] = [
  'zeyos.signIn',
  'zeyos.signOut',
  'zeyos.introspectToken',
  'zeyos.renewToken',
  'zeyos.revokeToken',
  'zeyos.addInstance',
  'zeyos.switchInstance',
  'zeyos.showSessions',
  'zeyos.diagnose',
  'zeyos.showLog',
];

/** A cell of more characters may break. */
const UNBROKEN_LENGTH = 24;

/** Lists all accounts, with links to commands. */
export function tooltipMarkdown(input: StatusBarInput, locale: string): string {
  const moments = new Moments(locale);
  const groups = input.instances.map((instance) => ({
    instance,
    accounts: accountsOn(input.accounts, instance.platform).filter(isListed),
  }));
  // A single row needs no mark.
  const marksActive = groups.reduce((count, { accounts }) => count + Math.max(1, accounts.length), 0) > 1;
  const rows = groups.flatMap(({ instance, accounts }) => {
    const name = (isActive: boolean): string => nameCell(input, instance, isActive && marksActive);
    const isActive = (stored: StoredAccount): boolean =>
      instance === input.active && (input.account === undefined || stored.id === input.account.id);
    return accounts.length > 0
      ? accounts.map((stored) => accountRow(input, name(isActive(stored)), stored, moments))
      : [instanceRow(name(instance === input.active), instance)];
  });
  const hidden = rows.length > 0 ? 0 : input.accounts.filter(isSignedIn).length;
  const links = [
    ...(input.instances.length > 1 ? [link(l10n.t('Switch instance'), 'zeyos.switchInstance')] : []),
    ...(input.instances.length > 0 || hidden > 0 ? [link(l10n.t('Show Sessions'), 'zeyos.showSessions')] : []),
    link(l10n.t('Add Instance'), 'zeyos.addInstance'),
    link(l10n.t('Show Log'), 'zeyos.showLog'),
  ];
  return `**ZeyOS**\n\n${rows.length > 0 ? table(rows) : nothingText(hidden)}\n\n${links.join(' · ')}`;
}

function table(rows: readonly string[]): string {
  return [
    `| | ${l10n.t('Instance')} | ${l10n.t('User')} | ${l10n.t('State')} | ${l10n.t('Expires')} | |`,
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** @param hidden the sessions on platforms that are not configured */
function nothingText(hidden: number): string {
  return hidden > 0
    ? l10n.t('No instance is configured. Sessions of removed instances: {0}.', hidden)
    : l10n.t('No instance is configured yet.');
}

function accountRow(input: StatusBarInput, name: string, stored: StoredAccount, moments: Moments): string {
  const state = sessionState(stored, input.now, input.warningMs);
  const needsSecret = input.needsSecret(stored);
  const argument = argumentFor(stored);
  const isReachable = input.isReachable(stored.platform);
  const isInTrouble = stored.unsaved !== undefined || !isReachable;
  const diagnose = isInTrouble ? [link(l10n.t('Diagnose'), 'zeyos.diagnose', { instance: stored.platform.href })] : [];
  const renew = needsSecret
    ? [link(l10n.t('Enter Client Secret'), 'zeyos.renewToken', argument)]
    : state === 'expiring'
      ? [link(l10n.t('Renew'), 'zeyos.renewToken', argument)]
      : [];
  const actions = isRunning(state)
    ? [
        ...renew,
        link(l10n.t('Introspect'), 'zeyos.introspectToken', argument),
        link(l10n.t('Revoke'), 'zeyos.revokeToken', argument),
        link(l10n.t('Sign Out'), 'zeyos.signOut', argument),
      ]
    : [link(state === 'signedOut' ? l10n.t('Sign In') : l10n.t('Sign In Again'), 'zeyos.signIn', argument)];
  const { states, end } = accountStatesAndEnd(stored, input, moments);
  return row(
    `$(${stateIcon({ state, needsSecret, isUnsaved: stored.unsaved !== undefined, isReachable })})`,
    name,
    escapeMarkdown(shortName(stored.account.userName)),
    states.map((state) => unbroken(escapeMarkdown(state))).join(', '),
    unbroken(escapeMarkdown(end)),
    [...diagnose, ...actions].join(' · '),
  );
}

function instanceRow(name: string, instance: Instance): string {
  return row(
    '$(circle-slash)',
    name,
    '–',
    l10n.t('signed out'),
    '',
    link(l10n.t('Sign In'), 'zeyos.signIn', { instance: instance.platform.href }),
  );
}

function nameCell({ instances }: StatusBarInput, instance: Instance, isMarked: boolean): string {
  const name = `**${escapeMarkdown(shownNameWithShortHost(instance, instances))}**`;
  return isMarked ? `${name} (${l10n.t('active')})` : name;
}

function unbroken(text: string): string {
  return text.length > UNBROKEN_LENGTH ? text : text.replaceAll(' ', '\u00a0');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function link(
  text: string,
  command: CommandId,
  argument?: { readonly instance: string; readonly account?: string },
): string {
  // A parenthesis would end the link.
  const query = argument
    ? `?${encodeURIComponent(JSON.stringify([argument])).replace(/[()]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)}`
    : '';
  return `[${text}](command:${command}${query})`;
}
