import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ProviderActions } from '../editor/authenticationProvider';
import type { ClientSecrets } from '../session/storage/clientSecrets';
import type { Instance } from '../session/model/instance';
import type { InstanceStore } from '../session/storage/instanceStore';
import { SignInRequiredError, type Renewal } from '../session/tokens/renewal';
import type { Revocations } from '../session/tokens/revocations';
import type { InstanceSelection } from '../session/model/scopes';
import { isRenewable, usableToken, type StoredAccount } from '../session/model/session';
import type { SessionStore } from '../session/storage/sessionStore';
import type { GroupedLog } from '../base/log';
import type { PlatformUrl } from '../zeyos/address/platform';
import type { AddInstance } from './addInstance';
import { renewInteractively } from './interactiveRenewal';
import { StorageError } from '../dialog/failure/errors';
import { InstanceFailure } from '../dialog/failure/instanceFailure';
import type { SignIn } from './signIn';
import type { Clock } from '../base/clock';
import { TimeoutError, within } from '../base/deadline';
import { accountsOn } from '../session/model/accounts';

/** The editor runs one such request at a time, so a longer sign-in continues without it. */
const DEADLINE_MS = 2 * 60_000;

interface SessionRequestsServices {
  readonly store: SessionStore;
  readonly instances: InstanceStore;
  readonly signIn: SignIn;
  readonly addInstance: AddInstance;
  readonly revocations: Revocations;
  readonly renewal: Renewal;
  readonly clientSecrets: ClientSecrets;
  readonly clock: Clock;
  readonly log: GroupedLog;
  /** Shows a failure after the extension that requested the session has stopped waiting. */
  readonly showFailure: (error: unknown) => void;
}

/** Serves the requests of other extensions, and signs out for the Accounts menu. */
export class SessionRequests implements ProviderActions {
  readonly #services: SessionRequestsServices;

  constructor(services: SessionRequestsServices) {
    this.#services = services;
  }

  /**
   * @throws {vscode.CancellationError}
   * @throws {Error} with a message for the user of another extension
   */
  async createSession(
    selection: InstanceSelection,
    account: vscode.AuthenticationSessionAccountInformation | undefined,
  ): Promise<string> {
    const { clock, log, showFailure } = this.#services;
    const session = log.during('createSession', () => this.#createSession(selection, account));
    return within({ clock, ms: DEADLINE_MS }, () => session).catch((error: unknown) => {
      if (!(error instanceof TimeoutError) || error.afterMs !== DEADLINE_MS) throw error;
      session.catch(showFailure);
      throw new Error(
        l10n.t(
          'Signing in to {0} is taking longer than two minutes. It continues in the background; try again when it has finished.',
          nameOf(selection, account),
        ),
      );
    });
  }

  /** Signs out at once. The tokens are revoked when the server can be reached. */
  async removeSession(id: string): Promise<void> {
    const { log, store, revocations } = this.#services;
    await log.during('removeSession', async () => {
      await store.signOut(id).catch((cause: unknown) => {
        const stored = store.find(id);
        throw stored ? new InstanceFailure(stored.platform, new StorageError('change', { cause })) : cause;
      });
      void revocations.settleAccount(id);
    });
  }

  renew(id: string): Promise<StoredAccount> {
    const { log, renewal } = this.#services;
    return log.during('renew', () => renewal.renew(id, { isAutomatic: true }));
  }

  async #createSession(
    selection: InstanceSelection,
    account: vscode.AuthenticationSessionAccountInformation | undefined,
  ): Promise<string> {
    const { store, instances, signIn, addInstance } = this.#services;
    const stored = account && store.accounts.find((known) => known.account.id === account.id);
    if (account && !stored) throw new Error(l10n.t('The ZeyOS account {0} is not known here.', account.label));
    const platform = platformOf(selection, stored?.platform);
    const instance = platform && (instances.find(platform) ?? (await addInstance.add(platform)));
    const renewed = await this.#renewed(instance, stored);
    if (renewed) return renewed.id;
    const picked = instance ?? this.#onlyInstance();
    return (
      await signIn.run({
        ...(picked && { instance: picked }),
        ...(stored && { previousAccount: stored, mustBeSameAccount: true }),
        waitForOtherSignIns: true,
      })
    ).id;
  }

  /** A renewal spares the user a prompt. If the server cannot be reached, it does not ask for a password. */
  async #renewed(
    instance: Instance | undefined,
    account: StoredAccount | undefined,
  ): Promise<StoredAccount | undefined> {
    const stored = account ?? this.#renewable(instance);
    const { renewal, clientSecrets, instances, clock } = this.#services;
    if (!stored?.session || usableToken(stored, clock.now()) || !isRenewable(stored.session, clock.now()))
      return undefined;
    try {
      return await renewInteractively(stored, { renewal, clientSecrets, instances });
    } catch (error) {
      if (error instanceof vscode.CancellationError) throw error;
      if (error instanceof SignInRequiredError) return undefined;
      throw new InstanceFailure(stored.platform, error);
    }
  }

  /** Looks on the given instance or on any; the active account comes first. */
  #renewable(instance: Instance | undefined): StoredAccount | undefined {
    const { store, instances, clock } = this.#services;
    const { active } = instances;
    const candidates = instance ? [instance] : [...(active ? [active] : []), ...instances.instances];
    const accounts = candidates.flatMap((one) => [
      instances.activeAccount(store.accounts, one),
      ...accountsOn(store.accounts, one.platform),
    ]);
    return accounts.find(
      (stored) => stored?.session && isRenewable(stored.session, clock.now()) && !usableToken(stored, clock.now()),
    );
  }

  #onlyInstance(): Instance | undefined {
    const { instances } = this.#services.instances;
    return instances.length === 1 ? instances[0] : undefined;
  }
}

function nameOf(
  selection: InstanceSelection,
  account: vscode.AuthenticationSessionAccountInformation | undefined,
): string {
  if (account) return account.label;
  return selection.kind === 'one' ? selection.platform.label : 'ZeyOS';
}

/**
 * Returns `undefined` if the user picks the platform.
 * @throws {Error} with a message for the user of another extension
 */
function platformOf(selection: InstanceSelection, ofAccount: PlatformUrl | undefined): PlatformUrl | undefined {
  if (selection.kind === 'none') throw new Error(describeSelection(selection.why, selection.scope));
  const platform = selection.kind === 'one' ? selection.platform : undefined;
  if (ofAccount === undefined) return platform;
  if (platform && !platform.equals(ofAccount))
    throw new Error(l10n.t('The requested account belongs to {0}, not to {1}.', ofAccount.href, platform.href));
  return ofAccount;
}

function describeSelection(why: 'notPlatformUrl' | 'ambiguous' | 'several', scope: string): string {
  switch (why) {
    case 'notPlatformUrl':
      return l10n.t('The scope {0} is not the URL of a ZeyOS instance.', scope);
    case 'ambiguous':
      return l10n.t('Several ZeyOS instances are named {0}. Request one by its URL.', scope);
    case 'several':
      return l10n.t('The scopes name several ZeyOS instances. Request one at a time.');
  }
}
