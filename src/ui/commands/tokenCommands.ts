import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Activity } from '../../base/activity';
import type { ClientSecrets } from '../../session/storage/clientSecrets';
import type { InstanceStore } from '../../session/storage/instanceStore';
import type { Renewal } from '../../session/tokens/renewal';
import type { StoredAccount } from '../../session/model/session';
import type { SessionCheck } from '../../session/tokens/sessionCheck';
import type { SessionStore } from '../../session/storage/sessionStore';
import type { AccountTokens } from '../../session/tokens/accountTokens';
import { renewInteractively } from '../../signIn/interactiveRenewal';
import { runCommand } from '../../dialog/ownCommand';
import { concealSecrets } from '../../hiding/concealment';
import { argumentFor, type CommandArgument } from './target/commandArgument';
import { confirm } from '../../dialog/confirm';
import { durationText } from '../../dialog/duration';
import { confirmProduction } from '../../dialog/production';
import { withProductionMark } from '../../dialog/productionMark';
import { atInstance, instanceName } from './target/instanceCalls';
import { introspectionCheck } from '../documents/introspectionReport';
import { knownSecrets } from '../../session/storage/knownSecrets';
import { notify } from '../../dialog/notifications';
import type { CheckDocuments } from '../documents/checkDocuments';
import { revocationFailure } from '../../dialog/failure/revocationFailure';
import type { Targets } from './target/target';
import type { TokenClipboard } from './tokenClipboard';

export interface TokenCommandServices {
  readonly store: SessionStore;
  readonly instances: InstanceStore;
  readonly accountTokens: AccountTokens;
  readonly check: SessionCheck;
  readonly renewal: Renewal;
  readonly clientSecrets: ClientSecrets;
  readonly targets: Targets;
  readonly activity: Activity;
  readonly introspections: CheckDocuments;
  readonly clipboard: TokenClipboard;
}

interface IntrospectionResult {
  readonly active: boolean;
  readonly exp?: number;
  readonly username?: string;
  readonly sub?: string;
  readonly client_id?: string;
  readonly instance: string;
  readonly account: string;
}

export async function introspectToken(
  { store, clientSecrets, check, targets, activity, introspections }: TokenCommandServices,
  argument: CommandArgument,
): Promise<IntrospectionResult | undefined> {
  const stored = await targets.pickAccount(targets.withToken(), argument, l10n.t('Introspect a Token'));
  const { introspection } = await activity.during(l10n.t('Checking token on {0}…', instanceName(stored)), () =>
    atInstance(stored, check.run(stored, { withClaims: true }, false)),
  );
  if (!introspection) return undefined;
  const secrets = await atInstance(stored, knownSecrets(store.accounts, clientSecrets));
  const subject = { name: stored.account.label, key: stored.id };
  const findings = { stored, introspection, secrets, locale: vscode.env.language };
  await introspections.show(subject, introspectionCheck(findings, introspections.earlier(subject)));
  const { value } = introspection.answer;
  const told = value.active
    ? { exp: value.exp, username: value.username, sub: value.sub, client_id: value.client_id }
    : {};
  const conceal = concealSecrets([introspection.token.value, ...secrets]);
  // Omits a member in which the server quotes a secret, even another account's.
  const present = Object.fromEntries(
    Object.entries(told).filter(([, member]) => member !== undefined && conceal(String(member)) === String(member)),
  );
  return { active: value.active, ...present, ...argumentFor(stored) };
}

export async function revokeToken(
  { accountTokens, instances, targets, activity }: TokenCommandServices,
  argument: CommandArgument,
): Promise<boolean> {
  const stored = await targets.pickAccount(targets.withToken(), argument, l10n.t('Revoke a Token'));
  const detail = l10n.t(
    'Instance: {0}. Anything that still uses this token will stop working, in every window and in other programs. You can sign in again at any time.',
    stored.platform.href,
  );
  const instance = instances.find(stored.platform);
  const question = withProductionMark(l10n.t('Revoke the token for {0}?', stored.account.label), instance);
  await confirm(question, detail, l10n.t('Revoke'));
  await confirmProduction(instance, l10n.t('Revoke Token'));
  await activity.during(l10n.t('Revoking token on {0}…', instanceName(stored)), () => revokeAt(stored, accountTokens));
  notify('information', l10n.t('The token for {0} has been revoked.', stored.account.label), {
    [l10n.t('Sign In Again')]: () => runCommand('zeyos.signIn', argumentFor(stored)),
  });
  return true;
}

async function revokeAt(stored: StoredAccount, accountTokens: AccountTokens): Promise<void> {
  try {
    await accountTokens.revoke(stored.id);
  } catch (error) {
    throw revocationFailure(stored.platform, error);
  }
}

export async function copyAccessToken(
  { renewal, clientSecrets, instances, targets, clipboard }: TokenCommandServices,
  argument: CommandArgument,
): Promise<void> {
  const stored = await targets.pickAccount(targets.withGoodToken(), argument, l10n.t('Copy an Access Token'));
  const detail = l10n.t(
    'Instance: {0}. Anyone who has this token can act as {1}. The clipboard is cleared after {2}.',
    stored.platform.href,
    stored.account.userName,
    durationText(clipboard.seconds, 'second', 'long'),
  );
  const instance = instances.find(stored.platform);
  const question = withProductionMark(l10n.t('Copy the access token for {0}?', stored.account.label), instance);
  await confirm(question, detail, l10n.t('Copy'));
  await confirmProduction(instance, l10n.t('Copy Access Token'));
  // The token may have expired, or been renewed, while the modal was open.
  const { session } = await atInstance(stored, renewInteractively(stored, { renewal, clientSecrets, instances }));
  if (!session?.accessToken) return;
  await clipboard.copy(session.accessToken.value);
  vscode.window.setStatusBarMessage(`$(copy) ${l10n.t('Token copied')}`, 5_000);
}
