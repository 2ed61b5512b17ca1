import { setTimeout as delay } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ProviderActions } from '../session/authenticationProvider';
import type { ClientSecrets } from '../session/clientSecrets';
import type { Instance } from '../session/instance';
import type { InstanceStore } from '../session/instanceStore';
import { SignInRequiredError, type Renewal } from '../session/renewal';
import type { Revocations } from '../session/revocations';
import { selectInstance } from '../session/scopes';
import { isRenewable, usableToken, type StoredAccount } from '../session/session';
import type { SessionStore } from '../session/sessionStore';
import type { OperationLog } from '../zeyos/operationLog';
import { PlatformUrl } from '../zeyos/platform';
import type { AddInstance } from './addInstance';
import { renewAsked } from './askedRenewal';
import { InstanceFailure } from './failure';
import type { SignIn } from './signIn';

/** The editor lets nobody else ask for a session meanwhile, so a sign-in that takes longer goes on without it. Milliseconds. */
const DEADLINE_MS = 2 * 60_000;

/** Other extensions' requests for a session, and the Accounts menu's to sign out. */
export class SessionRequest implements ProviderActions {
  readonly #store: SessionStore;
  readonly #instances: InstanceStore;
  readonly #signIn: SignIn;
  readonly #addInstance: AddInstance;
  readonly #revocations: Revocations;
  readonly #renewal: Renewal;
  readonly #clientSecrets: ClientSecrets;
  readonly #now: () => number;
  readonly #log: OperationLog;

  constructor(seams: { store: SessionStore; instances: InstanceStore; signIn: SignIn; addInstance: AddInstance; revocations: Revocations; renewal: Renewal; clientSecrets: ClientSecrets; now: () => number; log: OperationLog }) {
    this.#store = seams.store;
    this.#instances = seams.instances;
    this.#signIn = seams.signIn;
    this.#addInstance = seams.addInstance;
    this.#revocations = seams.revocations;
    this.#renewal = seams.renewal;
    this.#clientSecrets = seams.clientSecrets;
    this.#now = seams.now;
    this.#log = seams.log;
  }

  /**
   * @throws {vscode.CancellationError} the user cancelled
   * @throws {Error} with a message for the user of another extension
   */
  async createSession(scopes: readonly string[], account: vscode.AuthenticationSessionAccountInformation | undefined): Promise<string> {
    const deadline = new AbortController();
    const tooLate = delay(DEADLINE_MS, undefined, { signal: deadline.signal }).then(() => {
      throw new Error(l10n.t('Signing in to ZeyOS takes longer than two minutes. It goes on; ask again when it is done.'));
    });
    const session = this.#log.during('createSession', () => this.#createSession(scopes, account));
    // Whichever loses the race is nobody's business any more.
    session.catch(() => undefined);
    return Promise.race([session, tooLate]).finally(() => deadline.abort());
  }

  /** Signs out here at once; the server learns of it when it can be reached. */
  async removeSession(id: string): Promise<void> {
    await this.#log.during('removeSession', async () => {
      await this.#store.signOut(id);
      void this.#revocations.settleAccount(id);
    });
  }

  renew(id: string): Promise<StoredAccount> {
    return this.#log.during('renew', () => this.#renewal.renew(id));
  }

  async #createSession(scopes: readonly string[], account: vscode.AuthenticationSessionAccountInformation | undefined): Promise<string> {
    const stored = account && this.#store.accounts.find((known) => known.account.id === account.id);
    if (account && !stored) throw new Error(l10n.t('The ZeyOS account {0} is not known here.', account.label));
    const platform = this.#platform(scopes, stored?.instance);
    const instance = platform && (this.#instances.find(platform.href) ?? (await this.#addInstance.run(platform.href)));
    const picked = instance ?? this.#onlyInstance();
    const renewed = picked && (await this.#renewed(picked, stored));
    return (renewed ?? (await this.#signIn.run({ ...(picked && { instance: picked }), ...(stored && { account: stored }) }))).id;
  }

  /** Renewing spares the user a question; that the server cannot be reached is no reason to ask for a password. */
  async #renewed(instance: Instance, account: StoredAccount | undefined): Promise<StoredAccount | undefined> {
    const stored = account ?? this.#instances.activeAccount(instance, this.#store.accounts);
    if (!stored?.session || usableToken(stored, this.#now()) || !isRenewable(stored.session, this.#now())) return undefined;
    try {
      return await renewAsked(stored, { renewal: this.#renewal, clientSecrets: this.#clientSecrets });
    } catch (error) {
      if (error instanceof vscode.CancellationError) throw error;
      if (error instanceof SignInRequiredError) return undefined;
      throw new InstanceFailure(instance.platform, error);
    }
  }

  #platform(scopes: readonly string[], ofAccount: string | undefined): PlatformUrl | undefined {
    const selection = selectInstance(scopes, this.#instances.instances);
    if (selection.kind === 'none') throw new Error(describeSelection(selection.why, selection.scope));
    const platform = selection.kind === 'one' ? selection.platform : undefined;
    if (ofAccount === undefined) return platform;
    if (platform && platform.href !== ofAccount) throw new Error(l10n.t('The account that was asked for is one of {0}, not of {1}.', ofAccount, platform.href));
    return PlatformUrl.parse(ofAccount);
  }

  /** Nobody has to pick from one. */
  #onlyInstance(): Instance | undefined {
    return this.#instances.instances.length === 1 ? this.#instances.instances[0] : undefined;
  }
}

function describeSelection(why: 'notPlatformUrl' | 'ambiguous' | 'several', scope: string): string {
  switch (why) {
    case 'notPlatformUrl':
      return l10n.t('The scope {0} is not the URL of a ZeyOS instance.', scope);
    case 'ambiguous':
      return l10n.t('Several ZeyOS instances are named {0}: ask for one by its URL.', scope);
    case 'several':
      return l10n.t('The scopes name several ZeyOS instances: ask for one at a time.');
  }
}
