import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandId } from '../manifest';
import { isListed, sessionState, type SessionState, type StoredAccount } from '../session/session';
import { runCommand } from '../signIn/ownCommand';
import { BACK, pick, type PickItem } from '../signIn/prompts';
import { PlatformUrl } from '../zeyos/platform';
import { signInAs, type SessionCommandServices } from './sessionCommands';
import type { CommandArgument } from './target';

/** What to do next. */
type Action = () => unknown;

type Item = PickItem<Action | StoredAccount> | vscode.QuickPickItem;

/** Every instance and account with its state; then, for an account, what can be done with it. */
export async function showSessions(services: SessionCommandServices): Promise<void> {
  for (;;) {
    const picked = await pick<Action | StoredAccount>(sessionItems(services), { title: l10n.t('ZeyOS Sessions'), placeholder: l10n.t('Select an account to see its actions') });
    if (picked === BACK) return;
    const action = typeof picked === 'function' ? picked : await pickAction(picked, services);
    if (action === BACK) continue;
    await action();
    return;
  }
}

function sessionItems(services: SessionCommandServices): readonly Item[] {
  const { store, instances, targets } = services;
  const configured = instances.instances.map(({ platform, name }) => ({ href: platform.href, label: platform.label, name }));
  // Sessions of an instance that was removed are hidden from others, not from their owner.
  const hidden = [...new Set(store.accounts.filter(isListed).map(({ instance }) => instance))].filter((href) => !configured.some((instance) => instance.href === href));
  const all = [...configured, ...hidden.map((href) => ({ href, label: PlatformUrl.parse(href).label, name: l10n.t('{0}, no longer configured', PlatformUrl.parse(href).instance) }))];
  const listed = all.flatMap(({ href, label, name }): readonly Item[] => {
    const accounts = store.accounts.filter((stored) => stored.instance === href && isListed(stored));
    const isActive = instances.active?.platform.href === href && instances.instances.length > 1;
    const instance = instances.find(href);
    const signIn: Item = {
      label: accounts.length > 0 ? l10n.t('Sign in with another account') : l10n.t('Sign in to {0}', name),
      iconPath: new vscode.ThemeIcon('add'),
      // Not by the command, which would sign in again to an account that has ended.
      value: () => signInAs(services, { ...(instance && { instance }), isOther: true }),
    };
    return [
      { label: isActive ? l10n.t('{0} (active) – {1}', name, label) : `${name} – ${label}`, kind: vscode.QuickPickItemKind.Separator },
      ...accounts.map((stored) => withPending(stored, targets.item(stored))),
      ...(hidden.includes(href) ? [] : [signIn]),
    ];
  });
  return [
    ...listed,
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: l10n.t('Add Instance…'), iconPath: new vscode.ThemeIcon('add'), value: () => runCommand('zeyos.addInstance') },
    ...(instances.instances.length > 1 ? [{ label: l10n.t('Switch Active Instance…'), iconPath: new vscode.ThemeIcon('arrow-swap'), value: () => runCommand('zeyos.switchInstance') }] : []),
  ];
}

async function pickAction(stored: StoredAccount, { now, instances }: SessionCommandServices): Promise<Action | typeof BACK> {
  const argument: CommandArgument = { instance: stored.instance, account: stored.account.userName };
  const actions = actionsFor(sessionState(stored, now()), instances.find(stored.instance) !== undefined);
  const items = actions.map(({ command: id, label, icon }) => ({ label, iconPath: new vscode.ThemeIcon(icon), value: () => runCommand(id, argument) }));
  return pick<Action>(items, { title: stored.account.label, placeholder: l10n.t('Select an action'), canGoBack: true });
}

function actionsFor(state: SessionState, isConfigured: boolean): readonly { readonly command: CommandId; readonly label: string; readonly icon: string }[] {
  const signIn = { command: 'zeyos.signIn', label: l10n.t('Sign In Again'), icon: 'sign-in' } as const;
  const introspect = { command: 'zeyos.introspectToken', label: l10n.t('Introspect Token'), icon: 'search' } as const;
  const renew = { command: 'zeyos.renewToken', label: l10n.t('Renew Token'), icon: 'refresh' } as const;
  const revoke = { command: 'zeyos.revokeToken', label: l10n.t('Revoke Token'), icon: 'circle-slash' } as const;
  const copy = { command: 'zeyos.copyAccessToken', label: l10n.t('Copy Access Token'), icon: 'copy' } as const;
  const signOut = { command: 'zeyos.signOut', label: l10n.t('Sign Out'), icon: 'sign-out' } as const;
  const open = { command: 'zeyos.openInstance', label: l10n.t('Open Instance in Browser'), icon: 'link-external' } as const;
  const add = { command: 'zeyos.addInstance', label: l10n.t('Add Instance Again'), icon: 'add' } as const;
  const ofInstance = isConfigured ? [signIn, open] : [add];
  switch (state) {
    case 'good':
    case 'expiring':
      return [introspect, renew, copy, revoke, signOut, ...ofInstance];
    case 'expired':
      return [...ofInstance, introspect, signOut];
    case 'revoked':
    case 'lost':
      return [...ofInstance, signOut];
    case 'signedOut':
      return ofInstance;
  }
}

function withPending(stored: StoredAccount, item: PickItem<StoredAccount>): PickItem<StoredAccount> {
  const count = stored.pendingRevocations.length;
  return count === 0 ? item : { ...item, detail: l10n.t('{0}; pending revocations: {1}', item.detail ?? '', count) };
}
