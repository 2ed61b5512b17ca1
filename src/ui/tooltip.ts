import * as l10n from '@vscode/l10n';
import type { CommandId } from '../manifest';
import type { Instance } from '../session/instance';
import { actBy, isListed, isRunning, sessionState, type SessionState, type StoredAccount } from '../session/session';
import type { StatusBarInput } from './statusBarModel';
import { COUNTDOWN_MS, escapeMarkdown, momentText, stateText } from './words';

/** The commands that the tooltip links to; it may run no others. */
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

/** The status bar's tooltip in Markdown: all instances and accounts with their states, and the commands that fit. */
export function tooltipMarkdown(input: StatusBarInput, locale: string): string {
  const rows = input.instances.flatMap((instance) => {
    const accounts = input.accounts.filter((stored) => stored.instance === instance.platform.href && isListed(stored));
    return accounts.length > 0 ? accounts.map((stored) => accountRow(input, instance, stored, locale)) : [instanceRow(input, instance)];
  });
  const table = rows.length > 0 ? [`| | ${l10n.t('Instance')} | ${l10n.t('User')} | ${l10n.t('State')} | |`, '|---|---|---|---|---|', ...rows].join('\n') : l10n.t('No instance is configured yet.');
  const links = [
    ...(input.instances.length > 1 ? [link(l10n.t('Switch'), 'zeyos.switchInstance')] : []),
    ...(input.instances.length > 0 ? [link(l10n.t('Show Sessions'), 'zeyos.showSessions')] : []),
    link(l10n.t('Add Instance'), 'zeyos.addInstance'),
    link(l10n.t('Show Log'), 'zeyos.showLog'),
  ];
  return `**ZeyOS**\n\n${table}\n\n${links.join(' · ')}`;
}

function accountRow(input: StatusBarInput, instance: Instance, stored: StoredAccount, locale: string): string {
  const state = sessionState(stored, input.now, input.warningMs);
  const expiresAt = stored.session && actBy(stored.session);
  const needsSecret = input.needsSecret(stored);
  const runs = isRunning(state);
  const isFar = expiresAt !== undefined && expiresAt - input.now >= COUNTDOWN_MS;
  const states = [
    runs && isFar ? l10n.t('signed in until {0}', momentText(expiresAt, locale)) : stateText(stored, state, input.now),
    ...(runs && !isFar && expiresAt !== undefined ? [momentText(expiresAt, locale)] : []),
    ...(needsSecret ? [l10n.t('client secret needed')] : []),
    ...(input.isReachable(stored.instance) ? [] : [l10n.t('cannot be reached')]),
    ...(stored.pendingRevocations.length > 0 ? [l10n.t('pending revocations: {0}', stored.pendingRevocations.length)] : []),
  ];
  const argument = { instance: stored.instance, account: stored.account.userName };
  const diagnose = input.isReachable(stored.instance) ? [] : [link(l10n.t('Diagnose'), 'zeyos.diagnose', { instance: stored.instance })];
  const actions = runs
    ? [...(needsSecret ? [link(l10n.t('Enter Client Secret'), 'zeyos.renewToken', argument)] : []), link(l10n.t('Introspect'), 'zeyos.introspectToken', argument), link(l10n.t('Revoke'), 'zeyos.revokeToken', argument), link(l10n.t('Sign Out'), 'zeyos.signOut', argument)]
    : [link(state === 'signedOut' ? l10n.t('Sign In') : l10n.t('Sign In Again'), 'zeyos.signIn', argument)];
  return row(needsSecret ? '$(warning)' : icon(state), nameCell(input, instance), escapeMarkdown(stored.account.userName), states.map(escapeMarkdown).join(', '), [...diagnose, ...actions].join(' · '));
}

function instanceRow(input: StatusBarInput, instance: Instance): string {
  return row(icon('signedOut'), nameCell(input, instance), '–', l10n.t('signed out'), link(l10n.t('Sign In'), 'zeyos.signIn', { instance: instance.platform.href }));
}

function nameCell(input: StatusBarInput, instance: Instance): string {
  const name = escapeMarkdown(instance.name);
  return instance === input.active && input.instances.length > 1 ? `**${name}** (${l10n.t('active')})` : `**${name}**`;
}

function icon(state: SessionState): string {
  switch (state) {
    case 'good':
      return '$(pass)';
    case 'expiring':
      return '$(clock)';
    case 'expired':
    case 'revoked':
    case 'lost':
      return '$(error)';
    case 'signedOut':
      return '$(circle-slash)';
  }
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function link(text: string, command: CommandId, argument?: { readonly instance: string; readonly account?: string }): string {
  // Parentheses would end the link.
  const query = argument ? `?${encodeURIComponent(JSON.stringify([argument])).replace(/[()]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)}` : '';
  return `[${text}](command:${command}${query})`;
}
