import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Activity } from '../../base/activity';
import type { ClientSecrets } from '../../session/storage/clientSecrets';
import type { InstanceStore } from '../../session/storage/instanceStore';
import { SignInRequiredError, type Renewal } from '../../session/tokens/renewal';
import type { MissingClientSecrets } from '../../session/tokens/missingClientSecrets';
import type { Revocations } from '../../session/tokens/revocations';
import {
  signInAgainBy,
  isRunning,
  sessionState,
  type PendingRevocation,
  type StoredAccount,
} from '../../session/model/session';
import type { SessionStore } from '../../session/storage/sessionStore';
import { renewInteractively } from '../../signIn/interactiveRenewal';
import { InstanceFailure } from '../../dialog/failure/instanceFailure';
import { runCommand } from '../../dialog/ownCommand';
import { withProductionMark } from '../../dialog/productionMark';
import { inertTexts } from '../../dialog/prompts';
import type { SignIn } from '../../signIn/signIn';
import type { SignInRequest } from '../../signIn/signInState';
import { argumentFor, type CommandArgument } from './target/commandArgument';
import { confirm } from '../../dialog/confirm';
import { atStorage, instanceName } from './target/instanceCalls';
import { plural } from '../../dialog/plural';
import { notify } from '../../dialog/notifications';
import type { Targets } from './target/target';
import { instanceRemoved } from './target/userErrors';
import { momentText } from '../words/words';
import type { Clock } from '../../base/clock';

export interface SessionCommandServices {
  readonly store: SessionStore;
  readonly instances: InstanceStore;
  readonly revocations: Revocations;
  readonly missingClientSecrets: MissingClientSecrets;
  readonly signIn: SignIn;
  readonly renewal: Renewal;
  readonly clientSecrets: ClientSecrets;
  readonly activity: Activity;
  readonly targets: Targets;
  readonly clock: Clock;
}

export interface SignInResult {
  readonly instance: string;
  readonly account: string;
  /** When the user has to sign in again, in epoch milliseconds; absent: unknown, or at no fixed time. */
  readonly expiresAt?: number;
}

/** Uses the instance that the argument names, or the only one that knows the named account, or else the user's pick. */
export async function signIn(services: SessionCommandServices, argument: CommandArgument): Promise<SignInResult> {
  const { store, instances, targets } = services;
  const named = store.accounts
    .filter(({ account }) => account.userName === argument.account)
    .flatMap((stored) => instances.find(stored.platform) ?? []);
  const instance = targets.instance(argument) ?? (named.length === 1 ? named[0] : undefined);
  return signInAs(services, {
    ...(instance && { instance }),
    ...(argument.account !== undefined && { userName: argument.account }),
  });
}

export async function signInAs(
  { store, instances, signIn, clock }: SessionCommandServices,
  request: SignInRequest,
): Promise<SignInResult> {
  const stored = await signIn.run(request);
  await activateIfUnused(stored, { store, instances, clock });
  return signInResult(stored);
}

/** If neither the refresh token nor the saved password works, the user signs in again. */
export async function renewToken(
  { instances, targets, signIn, renewal, clientSecrets, activity }: SessionCommandServices,
  argument: CommandArgument,
): Promise<SignInResult | undefined> {
  const stored = await targets.pickAccount(targets.signedIn(), argument, l10n.t('Renew a Token'));
  try {
    return signInResult(
      await activity.during(l10n.t('Renewing token on {0}…', instanceName(stored)), () =>
        renewInteractively(stored, { renewal, clientSecrets, instances }, stored.session?.accessToken?.value),
      ),
    );
  } catch (error) {
    if (error instanceof vscode.CancellationError) throw error;
    if (!(error instanceof SignInRequiredError)) throw new InstanceFailure(stored.platform, error);
  }
  const instance = instances.find(stored.platform);
  if (!instance) throw instanceRemoved(stored);
  return signInResult(await signIn.run({ instance, previousAccount: stored, mustBeSameAccount: true }));
}

function signInResult(stored: StoredAccount): SignInResult {
  const expiresAt = stored.session && signInAgainBy(stored.session);
  return { ...argumentFor(stored), ...(expiresAt !== undefined && { expiresAt }) };
}

/** If the server cannot be reached, signs out on this machine and revokes the tokens later. */
export async function signOut(
  { store, instances, revocations, missingClientSecrets, targets, activity, clock }: SessionCommandServices,
  argument: CommandArgument,
): Promise<number> {
  const matching = targets.matching(targets.signedIn(), argument);
  const accounts = matching.length === 1 ? matching : await pickSeveral(matching, targets);
  const [first] = accounts;
  if (!first) return 0;
  const question =
    accounts.length === 1
      ? withProductionMark(l10n.t('Sign out of {0}?', first.account.label), instances.find(first.platform))
      : plural(accounts.length, {
          one: l10n.t('Sign out of {0} account?', accounts.length),
          other: l10n.t('Sign out of {0} accounts?', accounts.length),
        });
  const detail = l10n.t(
    'The tokens will be revoked on the server and deleted here:\n{0}',
    accounts.map(({ account }) => account.label).join('\n'),
  );
  await confirm(question, detail, l10n.t('Sign Out'));
  const signedOut = await Promise.all(accounts.map((stored) => atStorage(stored, store.signOut(stored.id))));
  const settled = await activity.during(l10n.t('Signing out…'), () =>
    Promise.all(accounts.map(({ id }) => revocations.settleAccount(id))),
  );
  // The notice of a missing client secret has a button to enter it, so it is left out here.
  const pending = accounts.filter(({ id }, index) => {
    const stored = store.find(id);
    return !settled[index] && (stored === undefined || missingClientSecrets.clientIdFor(stored) === undefined);
  });
  if (pending.length > 0) {
    // The editor cuts a notification without buttons to one line, and this message ends with a time.
    notify('warning', pendingMessage(pending, store, clock.now()), {
      [l10n.t('Show Sessions')]: () => runCommand('zeyos.showSessions'),
    });
  }
  return signedOut.filter(Boolean).length;
}

/** Makes the account active if no account is signed in to the active instance, or if the account is on it. */
async function activateIfUnused(
  stored: StoredAccount,
  { store, instances, clock }: Pick<SessionCommandServices, 'store' | 'instances' | 'clock'>,
): Promise<void> {
  const instance = instances.find(stored.platform);
  const { active } = instances;
  if (!instance) return;
  const account = instances.activeAccount(store.accounts);
  const isInUse = account !== undefined && isRunning(sessionState(account, clock.now()));
  if (instance === active || !isInUse) await instances.activate(instance, stored.id);
}

async function pickSeveral(accounts: readonly StoredAccount[], targets: Targets): Promise<readonly StoredAccount[]> {
  const items = accounts.map((stored) => targets.item(stored)).map((item) => ({ ...item, ...inertTexts(item) }));
  const picked = await vscode.window.showQuickPick(items, {
    title: l10n.t('Sign Out of ZeyOS'),
    placeHolder: l10n.t('Select the accounts to sign out of'),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (!picked) throw new vscode.CancellationError();
  return picked.map(({ value }) => value);
}

function pendingMessage(accounts: readonly StoredAccount[], store: SessionStore, now: number): string {
  const hosts = [...new Set(accounts.map(({ platform }) => platform.label))].join(', ');
  const pending = accounts.flatMap(({ id }) => store.find(id)?.pendingRevocations ?? []);
  const until = validUntil(pending, now);
  return until === undefined
    ? l10n.t(
        'You are signed out here, but the token could not be revoked on {0}. It stays valid there until it is revoked, which is retried automatically.',
        hosts,
      )
    : l10n.t(
        'You are signed out here, but the token could not be revoked on {0}. It stays valid there until {1} at the latest; revoking it is retried automatically.',
        hosts,
        momentText(until, vscode.env.language),
      );
}

/** Returns `undefined` if one has no known end. */
function validUntil(pending: readonly PendingRevocation[], now: number): number | undefined {
  const ends = pending.map(({ expiresAt }) => expiresAt ?? Infinity);
  const last = Math.max(now, ...ends);
  return last === Infinity ? undefined : last;
}
