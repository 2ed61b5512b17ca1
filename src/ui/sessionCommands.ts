import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandId } from '../manifest';
import type { InstanceStore } from '../session/instanceStore';
import type { Revocations } from '../session/revocations';
import { sessionState, type PendingRevocation, type StoredAccount } from '../session/session';
import type { SessionStore } from '../session/sessionStore';
import type { SignIn, SignInRequest } from '../signIn/signIn';
import { PlatformUrl } from '../zeyos/platform';
import type { CommandArgument, Targets } from './target';
import { confirm } from './tokenCommands';
import { momentText } from './words';

export interface SessionCommandSeams {
  readonly store: SessionStore;
  readonly instances: InstanceStore;
  readonly revocations: Revocations;
  readonly signIn: SignIn;
  readonly targets: Targets;
  readonly now: () => number;
}

export interface SignInResult {
  readonly instance: string;
  readonly account: string;
  /** Epoch milliseconds. */
  readonly expiresAt?: number;
}

export async function signIn({ store, instances, targets, signIn, now }: SessionCommandSeams, argument: CommandArgument): Promise<SignInResult> {
  const instance = targets.instance(argument);
  const ended = instance && instances.activeAccount(instance, store.accounts);
  const userName = argument.account ?? (ended && ['expired', 'revoked', 'lost'].includes(sessionState(ended, now())) ? ended.account.userName : undefined);
  const request: SignInRequest = { ...(instance && { instance }), ...(userName !== undefined && { userName }) };
  const stored = await signIn.run(request);
  await activateIfUnused(stored, { store, instances, now });
  const expiresAt = stored.session?.accessToken?.expiresAt;
  return { instance: stored.instance, account: stored.account.userName, ...(expiresAt !== undefined && { expiresAt }) };
}

/** Signs out here in any case; what the server could not be told now, it is told later. */
export async function signOut({ store, revocations, targets, now }: SessionCommandSeams, argument: CommandArgument): Promise<number> {
  const matching = targets.matching(targets.signedIn(), argument);
  const accounts = matching.length === 1 ? matching : await pickSeveral(matching, targets);
  const [first] = accounts;
  if (!first) return 0;
  const question = accounts.length === 1 ? l10n.t('Sign out of {0}?', first.account.label) : l10n.t('Sign out of {0} accounts?', accounts.length);
  const detail = l10n.t('The tokens are revoked at the server and deleted here:\n{0}', accounts.map(({ account }) => account.label).join('\n'));
  await confirm(question, detail, l10n.t('Sign Out'));
  const signedOut = await Promise.all(accounts.map(({ id }) => store.signOut(id)));
  const settled = await Promise.all(accounts.map(({ id }) => revocations.settleAccount(id)));
  const pending = accounts.filter((_, index) => !settled[index]);
  if (pending.length > 0) {
    // The editor cuts a notification without buttons to one line, and this one says until when.
    const showSessions = l10n.t('Show Sessions');
    void vscode.window.showWarningMessage(pendingMessage(pending, store, now()), showSessions).then((answer) => answer === showSessions && vscode.commands.executeCommand('zeyos.showSessions' satisfies CommandId));
  }
  return signedOut.filter(Boolean).length;
}

/** The account becomes the active one where nobody is signed in to the active one, or where it is on the active instance. */
async function activateIfUnused(stored: StoredAccount, { store, instances, now }: Pick<SessionCommandSeams, 'store' | 'instances' | 'now'>): Promise<void> {
  const instance = instances.find(stored.instance);
  const { active } = instances;
  if (!instance) return;
  const account = active && instances.activeAccount(active, store.accounts);
  const isInUse = account !== undefined && ['good', 'expiring'].includes(sessionState(account, now()));
  if (instance === active || !isInUse) await instances.activate(instance, stored.id);
}

async function pickSeveral(accounts: readonly StoredAccount[], targets: Targets): Promise<readonly StoredAccount[]> {
  const items = accounts.map((stored) => targets.item(stored));
  const picked = await vscode.window.showQuickPick(items, { title: l10n.t('Sign Out of ZeyOS'), placeHolder: l10n.t('Which accounts?'), canPickMany: true, ignoreFocusOut: true });
  if (!picked) throw new vscode.CancellationError();
  return picked.map(({ value }) => value);
}

function pendingMessage(accounts: readonly StoredAccount[], store: SessionStore, now: number): string {
  const hosts = [...new Set(accounts.map(({ instance }) => PlatformUrl.parse(instance).label))].join(', ');
  const pending = accounts.flatMap(({ id }) => store.find(id)?.pendingRevocations ?? []);
  const until = validUntil(pending, now);
  return until === undefined
    ? l10n.t('You are signed out here, but {0} could not be told. The token stays valid there until it is revoked, which is tried again by itself.', hosts)
    : l10n.t('You are signed out here, but {0} could not be told. The token stays valid there until {1} at the latest; revoking it is tried again by itself.', hosts, momentText(until, vscode.env.language));
}

/** `undefined` where one has no known end. */
function validUntil(pending: readonly PendingRevocation[], now: number): number | undefined {
  const ends = pending.map(({ expiresAt }) => expiresAt ?? Infinity);
  const last = Math.max(now, ...ends);
  return last === Infinity ? undefined : last;
}
