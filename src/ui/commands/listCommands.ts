import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { PlatformUrl } from '../../zeyos/address/platform';
import { changeApplicationSecret } from '../notices/applicationSecretRequests';
import { enterRevocationSecret } from '../notices/revocationSecretRequests';
import type { CommandArgument } from './target/commandArgument';
import { meansAccount } from './target/commandArgument';
import { signInAs, type SessionCommandServices, type SignInResult } from './sessionCommands';
import { showEntry } from './settingsEntry';
import { notify } from '../../dialog/notifications';
import type { AgentConsents } from '../../handover/agents/consents';
import { atStorage } from './target/instanceCalls';

/** The account is new, or the one that the user names. */
export async function signInWithAnotherAccount(
  services: SessionCommandServices,
  argument: CommandArgument,
): Promise<SignInResult> {
  const instance = await services.targets.pickInstance(argument, l10n.t('Sign In with Another Account'));
  return signInAs(services, { instance, ignoreKnownAccounts: true });
}

export async function setApplicationSecret(
  { store, instances, targets, clientSecrets }: SessionCommandServices,
  argument: CommandArgument,
): Promise<void> {
  const { platform } = await targets.pickInstance(argument, l10n.t('Set Application Secret'));
  const stored = store.accounts.find(
    (each) => argument.account !== undefined && each.platform.equals(platform) && meansAccount(argument, each),
  );
  await changeApplicationSecret(platform, stored, { clientSecrets, instances });
}

export async function enterSecretForRevocation(
  services: SessionCommandServices,
  argument: CommandArgument,
): Promise<void> {
  const { store, targets, missingClientSecrets } = services;
  const clientIdFor = missingClientSecrets.clientIdFor.bind(missingClientSecrets);
  const waiting = store.accounts.filter((each) => clientIdFor(each) !== undefined);
  const stored = await targets.pickAccount(waiting, argument, l10n.t('Enter Client Secret to Revoke Token'));
  const clientId = clientIdFor(stored);
  if (clientId !== undefined) await enterRevocationSecret(stored, clientId, services);
}

/** The instance may have been removed. */
export async function copyUrl({ targets }: SessionCommandServices, argument: CommandArgument): Promise<void> {
  const named = PlatformUrl.tryParse(argument.instance ?? '');
  const { href } = named ?? (await targets.pickInstance(argument, l10n.t('Copy URL'))).platform;
  await vscode.env.clipboard.writeText(href);
  vscode.window.setStatusBarMessage(`$(copy) ${l10n.t('URL copied')}`, 5_000);
}

export async function editInSettings({ targets }: SessionCommandServices, argument: CommandArgument): Promise<void> {
  const { platform } = await targets.pickInstance(argument, l10n.t('Edit in Settings'));
  await showEntry(platform);
}

/** Concerns this workspace only. */
export async function withdrawAgents(
  { store, targets, agentConsents }: SessionCommandServices & { readonly agentConsents: AgentConsents },
  argument: CommandArgument,
): Promise<void> {
  const allowed = store.accounts.filter((stored) => agentConsents.known(stored) !== undefined);
  const stored = await targets.pickAccount(allowed, argument, l10n.t("Withdraw Agents' Access"));
  await atStorage(stored, agentConsents.withdraw(stored));
  notify('information', l10n.t('Agents can no longer use ZeyOS as {0} in this workspace.', stored.account.label));
}
