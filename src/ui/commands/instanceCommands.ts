import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Activity } from '../../base/activity';
import type { ClientSecrets } from '../../session/storage/clientSecrets';
import { instanceInfo, type Instance, type InstanceInfo } from '../../session/model/instance';
import type { InstanceStore } from '../../session/storage/instanceStore';
import type { Revocations } from '../../session/tokens/revocations';
import { clientIdsOf, isSignedIn, type StoredAccount } from '../../session/model/session';
import type { SessionStore } from '../../session/storage/sessionStore';
import type { SavedPasswords } from '../../session/upkeep/savedPasswords';
import type { UnusedClientSecrets } from '../../session/upkeep/unusedClientSecrets';
import type { AddInstance } from '../../signIn/addInstance';
import { runCommand } from '../../dialog/ownCommand';
import { withProductionMark } from '../../dialog/productionMark';
import { pick } from '../../dialog/prompts';
import { meansAccount, type CommandArgument } from './target/commandArgument';
import { atStorage } from './target/instanceCalls';
import { additionText, removalDetail, runningNames } from '../words/instanceMessages';
import { notify, type Actions } from '../../dialog/notifications';
import type { Targets } from './target/target';
import { notSignedIn } from './target/userErrors';
import type { Clock } from '../../base/clock';
import { accountsOn } from '../../session/model/accounts';

interface InstanceCommandServices {
  readonly store: SessionStore;
  readonly instances: InstanceStore;
  readonly revocations: Revocations;
  readonly clientSecrets: ClientSecrets;
  readonly savedPasswords: SavedPasswords;
  readonly unusedSecrets: UnusedClientSecrets;
  readonly addInstance: AddInstance;
  readonly activity: Activity;
  readonly targets: Targets;
  readonly clock: Clock;
}

/** Also changes the URL of an instance. Offers to sign in if no account is signed in. */
export async function addInstance(
  { store, instances, savedPasswords, addInstance, clock }: InstanceCommandServices,
  argument: CommandArgument,
): Promise<InstanceInfo> {
  const before = instances.instances;
  const changed =
    argument.replaces === undefined ? undefined : await addInstance.correct(argument.replaces, argument.instance ?? '');
  const former = changed && before.find(({ platform }) => platform.href === argument.replaces);
  if (former && !instances.find(former.platform))
    await forEachSession(sessionsOn(store, former), (id) => savedPasswords.forget(id));
  const info = instanceInfo(changed ?? (await addInstance.run(argument.instance)));
  const signedIn = runningNames(
    store.accounts.filter(({ platform }) => platform.href === info.url),
    clock.now(),
  );
  const isNew = !before.some(({ platform }) => platform.href === info.url);
  const actions: Actions =
    signedIn.length > 0
      ? { [l10n.t('Show Sessions')]: () => runCommand('zeyos.showSessions') }
      : { [l10n.t('Sign In')]: () => runCommand('zeyos.signIn', { instance: info.url }) };
  const message =
    changed && isNew
      ? l10n.t('The URL of the instance {0} is now {1}.', info.name, info.url)
      : additionText({ name: info.name, isNew, isOnly: before.length === 0, signedIn });
  notify('information', message, actions);
  return info;
}

/** The instance's sessions are hidden, unless the user signs out of them too. */
export async function removeInstance(
  {
    store,
    instances,
    revocations,
    clientSecrets,
    savedPasswords,
    unusedSecrets,
    activity,
    targets,
    clock,
  }: InstanceCommandServices,
  argument: CommandArgument,
): Promise<InstanceInfo> {
  const instance = await targets.pickInstance(argument, l10n.t('Remove a ZeyOS Instance'));
  const sessions = sessionsOn(store, instance);
  const clientIds = accountsOn(store.accounts, instance.platform).flatMap(clientIdsOf);
  const remove = l10n.t('Remove');
  const removeAndSignOut = l10n.t('Remove and Sign Out');
  const answer = await vscode.window.showWarningMessage(
    withProductionMark(l10n.t('Remove the ZeyOS instance {0}?', instance.name), instance),
    { modal: true, detail: removalDetail(instance, sessions, clock.now()) },
    ...(sessions.length === 0 ? [remove] : [removeAndSignOut, remove]),
  );
  if (answer === undefined) throw new vscode.CancellationError();
  const isSigningOut = answer === removeAndSignOut;
  await forEachSession(sessions, (id) => (isSigningOut ? store.signOut(id) : savedPasswords.forget(id)));
  // Revoking needs the instance's `caFile` and the client secrets, so signing out comes first.
  if (isSigningOut)
    await activity.during(l10n.t('Signing out…'), () =>
      revocations.settle((platform) => platform.equals(instance.platform)),
    );
  // The application secret is used only to sign in.
  await clientSecrets.deleteApplicationSecret(instance.platform).catch(() => undefined);
  await instances.remove(instance);
  // A needed client secret is deleted later, with the last session or pending revocation.
  await unusedSecrets.delete(instance.platform, [instance.clientId, ...clientIds]);
  return instanceInfo(instance);
}

function sessionsOn(store: SessionStore, { platform }: Instance): readonly StoredAccount[] {
  return accountsOn(store.accounts, platform).filter(isSignedIn);
}

/** @throws {InstanceFailure} the secret storage failed */
async function forEachSession(
  sessions: readonly StoredAccount[],
  change: (id: string) => Promise<unknown>,
): Promise<void> {
  await Promise.all(sessions.map(async (stored) => atStorage(stored, change(stored.id))));
}

/** Also chooses the active account if the instance has several. */
export async function switchInstance(
  { store, instances, targets }: InstanceCommandServices,
  argument: CommandArgument,
): Promise<InstanceInfo> {
  const instance = await targets.pickInstance(argument, l10n.t('Switch Active Instance'));
  const accounts = accountsOn(store.accounts, instance.platform).filter(isSignedIn);
  const named = accounts.filter((stored) => meansAccount(argument, stored));
  if (argument.account !== undefined && named.length === 0) throw notSignedIn(argument, instance.platform);
  const picked =
    named.length > 1
      ? await pick(
          named.map((stored) => targets.item(stored)),
          { title: l10n.t('Switch Active Instance'), placeholder: l10n.t('Select an account') },
        )
      : named[0];
  await instances.activate(instance, picked?.id);
  return instanceInfo(instance);
}

export async function openInstance(
  { targets }: Pick<InstanceCommandServices, 'targets'>,
  argument: CommandArgument,
): Promise<void> {
  const instance = await targets.onlyInstance(argument, l10n.t('Open Instance in Browser'));
  await vscode.env.openExternal(vscode.Uri.parse(instance.platform.href, true));
}
