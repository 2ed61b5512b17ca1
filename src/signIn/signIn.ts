import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { namesUser, duplicatesOf, identityOf, isUser, userClaims, type Identity } from '../session/model/accounts';
import type { Activity } from '../base/activity';
import type { Instance, SignInMethod } from '../session/model/instance';
import type { InstanceStore } from '../session/storage/instanceStore';
import { NewerVersionError } from '../session/storage/serialization';
import type { SavedPassword } from '../session/model/grant';
import { isRunning, sessionState, type StoredAccount, type TokenSet } from '../session/model/session';
import type { SessionStore } from '../session/storage/sessionStore';
import { joined } from '../session/model/transitions';
import { expiryOf } from '../session/tokens/accountTokens';
import type { UnusedClientSecrets } from '../session/upkeep/unusedClientSecrets';
import type { Answer } from '../zeyos/answer';
import type { CallbackServers } from './browser/callbackServers';
import type { Log } from '../base/log';
import type { PlatformUrl } from '../zeyos/address/platform';
import type { TokenInfo } from '../zeyos/api';
import type { AddInstance } from './addInstance';
import { browserStep } from './browser/browserSignIn';
import { clientSteps } from './clientPrompts';
import { SignInError, StorageError } from '../dialog/failure/errors';
import { InstanceFailure } from '../dialog/failure/instanceFailure';
import { instanceStep, methodStep } from './instancePrompts';
import { passwordSteps } from './passwordSignIn';
import { choose, initialState, type SignInRequest, type SignInServices, type SignInState } from './signInState';
import { runSteps, type Step } from './steps';
import { tokenStep } from './tokenSignIn';
import type { Clock } from '../base/clock';
import { within } from '../base/deadline';

/** How long the server may take to name the user. After that, the typed user name counts. */
const WHO_AM_I_MS = 10_000;

interface SignInDependencies extends SignInServices {
  readonly store: SessionStore;
  readonly instances: InstanceStore;
  readonly callbackServers: CallbackServers;
  readonly unusedSecrets: UnusedClientSecrets;
  readonly addInstance: AddInstance;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly log: Log;
}

interface Flight {
  readonly request: SignInRequest;
  readonly state: SignInState;
  readonly result: Promise<StoredAccount>;
}

/** Signs in, from the prompt for the instance to a stored session. */
export class SignIn {
  readonly #services: SignInDependencies;
  readonly #underWay = new Set<Flight>();

  constructor(services: SignInDependencies) {
    this.#services = services;
  }

  /**
   * Joins a running sign-in for the same instance and account, because a second prompt would close the first.
   * @throws {vscode.CancellationError}
   * @throws {InstanceFailure} nothing was stored, or another user signed in than was requested
   */
  run(request: SignInRequest): Promise<StoredAccount> {
    for (const other of this.#underWay) {
      const isSameInstance = [other.request.instance, other.state.instance].some(
        (instance) => instance?.platform.href === request.instance?.platform.href,
      );
      if (!isSameInstance || (whoIn(request) !== undefined && whoIn(request) !== whoIn(other.request))) continue;
      // Its prompt is open, but may have lost the focus.
      void vscode.commands.executeCommand('workbench.action.focusQuickOpen');
      return other.result;
    }
    const state = initialState(request);
    if (request.instance) this.#choose(state, request, request.instance);
    const others = request.waitForOtherSignIns ? [...this.#underWay].map(({ result }) => result) : [];
    const flight = { request, state, result: Promise.allSettled(others).then(() => this.#run(request, state)) };
    this.#underWay.add(flight);
    flight.result.finally(() => this.#underWay.delete(flight)).catch(() => undefined);
    return flight.result;
  }

  async #run(request: SignInRequest, state: SignInState): Promise<StoredAccount> {
    const { instances, addInstance, activity } = this.#services;
    if (!state.instance && instances.instances.length === 0) this.#choose(state, request, await addInstance.run());
    await this.#ask(request, state).catch((error: unknown) => {
      throw error instanceof vscode.CancellationError || !state.instance
        ? error
        : new InstanceFailure(state.instance.platform, error);
    });
    const { instance, tokens } = state;
    if (!instance || !tokens) throw new Error('the steps of the sign-in ended without an instance or without tokens');
    const { platform } = instance;
    return activity.during(l10n.t('Signing in to {0}…', platform.instanceName), async () => {
      const stored = await this.#keep(platform, tokens, request, state).catch((error: unknown) => {
        throw new InstanceFailure(platform, error);
      });
      await this.#rememberClient(instance, state);
      return stored;
    });
  }

  #choose(state: SignInState, request: SignInRequest, instance: Instance): void {
    const { store } = this.#services;
    const named = store.accounts.find(
      (stored) => stored.platform.equals(instance.platform) && stored.account.userName === request.userName,
    );
    const again =
      request.previousAccount ??
      named ??
      (request.userName === undefined && !request.ignoreKnownAccounts ? this.#ended(instance) : undefined);
    choose(state, instance, again, request.userName);
  }

  /** Returns the active account if its session has ended. */
  #ended(instance: Instance): StoredAccount | undefined {
    const { store, instances, clock } = this.#services;
    const active = instances.activeAccount(store.accounts, instance);
    return active && !isRunning(sessionState(active, clock.now())) ? active : undefined;
  }

  async #ask(request: SignInRequest, state: SignInState): Promise<void> {
    const { clientSecrets } = this.#services;
    const ways: Readonly<Record<SignInMethod, readonly Step[]>> = {
      password: passwordSteps(state, request, this.#services),
      browser: [...clientSteps(state, clientSecrets), browserStep(state, this.#services)],
      token: [tokenStep(state, this.#services)],
    };
    return runSteps([
      ...(state.instance ? [] : [instanceStep(this.#services, (instance) => this.#choose(state, request, instance))]),
      methodStep(state),
      ...Object.entries(ways).flatMap(([method, way]) => way.map(onlyFor(method, state))),
    ]);
  }

  /** Stores new tokens as a session, or revokes them. */
  async #keep(
    platform: PlatformUrl,
    tokens: TokenSet,
    request: SignInRequest,
    state: SignInState,
  ): Promise<StoredAccount> {
    const { store, revocations, unusedSecrets, log } = this.#services;
    const { method } = state;
    const introspection = await this.#introspection(platform, tokens, state);
    const claims = {
      ...state.claims,
      ...(introspection?.value.active
        ? userClaims({ ...introspection.value, email: emailOf(introspection.value) })
        : {}),
    };
    const typed = method === 'password' ? state.userName : '';
    const identity = identityOf(claims, typed);
    const kept: TokenSet = {
      ...this.#withExpiry(tokens, introspection),
      ...(method && { method }),
      ...(typed && typed !== identity.userName && { login: typed }),
    };

    const password = this.#savedPassword(state);
    const refuse = async (error: unknown): Promise<never> => {
      // A pasted token belongs to the user, so this sign-in must not revoke it.
      const isOwnerKnown = typed !== '' || namesUser(claims);
      const isKept = method !== 'token' && (await revocations.discard(platform, identity, kept, isOwnerKnown));
      await unusedSecrets.delete(platform, [kept.clientId]);
      throw isKept && error instanceof SignInError && error.problem.reason === 'wrongAccount'
        ? new SignInError({ ...error.problem, isKept })
        : error;
    };
    if (!this.#services.instances.find(platform)) return refuse(new SignInError({ reason: 'instanceRemoved' }));
    if (introspection?.value.active === false) return refuse(new SignInError({ reason: 'inactiveToken' }));
    if (request.mustBeSameAccount && request.previousAccount) {
      const { id, account } = request.previousAccount;
      if (!typed && !namesUser(claims)) return refuse(new SignInError({ reason: 'unknownUser' }));
      if (!isUser(store.accounts, platform, identity, id))
        return refuse(
          new SignInError({
            reason: 'wrongAccount',
            expected: account.userName,
            actual: identity.userName,
            isKept: false,
          }),
        );
    }
    const stored = await store
      .signIn(platform, identity, kept, password)
      .catch((error: unknown) =>
        refuse(error instanceof NewerVersionError ? error : new StorageError('keep', { cause: error })),
      );
    const { expiresAt } = kept.accessToken;
    log.info(
      `signed in to ${platform.href}, the token ${expiresAt === undefined ? 'has no known expiry' : `expires at ${new Date(expiresAt).toISOString()}`}`,
    );
    // Other accounts on the platform may need the same client secret.
    void revocations.settle((other) => other.equals(platform));
    await this.#join(stored, platform, identity, kept);
    return stored;
  }

  /** Signs out of the other accounts of the same user, which were stored before names were compared without case. */
  async #join({ id }: StoredAccount, platform: PlatformUrl, identity: Identity, tokens: TokenSet): Promise<void> {
    const { store, revocations, log } = this.#services;
    for (const duplicate of duplicatesOf(store.accounts, platform, identity, id)) {
      if (!duplicate.signedIn) continue;
      const isRemoved = store.find(duplicate.id)?.session
        ? store.update(duplicate.id, joined(tokens))
        : store.signOut(duplicate.id);
      await isRemoved.then(
        () => void revocations.settleAccount(duplicate.id),
        (error: Error) => log.warn(`a second account of the same user could not be removed yet: ${error.message}`),
      );
    }
  }

  /** Saves the client ID in the setting for the next sign-in, and keeps the client secret. */
  async #rememberClient(instance: Instance, { method, clientId, clientSecret }: SignInState): Promise<void> {
    if (method !== 'browser') return;
    const { instances, clientSecrets, log } = this.#services;
    const { platform } = instance;
    // Another window may have deleted the secret before this session needed it.
    try {
      if (!(await clientSecrets.get(platform, clientId)))
        await clientSecrets.store(platform, { clientId, clientSecret });
    } catch (error) {
      log.warn(`the client secret could not be stored: ${(error as Error).message}`);
    }
    if (instance.clientId !== undefined) return;
    await instances
      .setClientId(instance, clientId)
      .catch((error: Error) => log.warn(`the setting could not be written: ${error.message}`));
  }

  /** Checks again whether the password may be kept, because the user may have changed that. */
  #savedPassword({ method, savedPassword }: SignInState): SavedPassword | undefined {
    return method === 'password' && savedPassword
      ? this.#services.savedPasswords.savedPasswordFor(savedPassword.password)
      : undefined;
  }

  #withExpiry(tokens: TokenSet, introspection: Answer<TokenInfo> | undefined): TokenSet {
    const expiresAt = tokens.accessToken.expiresAt ?? (introspection && expiryOf(introspection));
    return {
      ...tokens,
      accessToken: { ...tokens.accessToken, ...(expiresAt !== undefined && { expiresAt }) },
    };
  }

  /** Introspects tokens unless the server has said everything about them. A failure is no reason to refuse them. */
  async #introspection(
    platform: PlatformUrl,
    tokens: TokenSet,
    { introspection, claims }: SignInState,
  ): Promise<Answer<TokenInfo> | undefined> {
    if (introspection) return introspection;
    if (claims.username !== undefined && claims.sub !== undefined && tokens.accessToken.expiresAt !== undefined)
      return undefined;
    try {
      return await within({ clock: this.#services.clock, ms: WHO_AM_I_MS }, (signal) =>
        this.#services.tokenRequests.introspect(
          platform,
          { ...tokens, token: tokens.accessToken.value },
          { withClaims: true, signal },
        ),
      );
    } catch (error) {
      this.#services.log.warn(`${platform.href} does not tell who signed in: ${(error as Error).message}`);
      return undefined;
    }
  }
}

function whoIn({ previousAccount, userName }: SignInRequest): string | undefined {
  return previousAccount?.account.userName ?? userName;
}

function onlyFor(method: string, state: SignInState): (step: Step) => Step {
  return (step) => (position) => (state.method === method ? step(position) : Promise.resolve('skipped'));
}

function emailOf(told: TokenInfo): string | undefined {
  return told.active ? (told.userInfo?.email ?? told.email) : undefined;
}
