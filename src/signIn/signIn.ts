import { randomBytes } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { identify, type Identity } from '../session/accounts';
import type { Activity } from '../session/activity';
import type { ClientSecrets } from '../session/clientSecrets';
import type { Instance, SignInMethod } from '../session/instance';
import type { InstanceStore } from '../session/instanceStore';
import type { Revocations } from '../session/revocations';
import type { StoredAccount, TokenSet } from '../session/session';
import type { SessionStore } from '../session/sessionStore';
import { expiryOf, type Tokens } from '../session/tokens';
import type { Answer } from '../zeyos/answer';
import { MalformedResponseError } from '../zeyos/errors';
import type { Log } from '../zeyos/log';
import { plainText } from '../zeyos/plainText';
import type { PlatformUrl } from '../zeyos/platform';
import type { TokenInfo } from '../zeyos/surface';
import type { AddInstance } from './addInstance';
import { browserStep } from './browserSignIn';
import { clientSteps } from './clientPrompts';
import { InstanceFailure, StorageError, WrongAccountError } from './failure';
import { instanceStep, methodStep } from './instancePrompts';
import { passwordSteps } from './passwordSignIn';
import type { SignInState } from './signInState';
import { runSteps, type Step } from './steps';
import { tokenStep } from './tokenSignIn';

/** How long a sign-in waits to be told who signed in before it believes what was typed, in milliseconds. */
const WHO_AM_I_MS = 10_000;

export interface SignInRequest {
  /** Absent: the user picks one. */
  readonly instance?: Instance;
  /** Absent: as the setting says, or else the user picks one. */
  readonly method?: SignInMethod;
  /** Filled in, and not asked for again unless the user goes back. */
  readonly userName?: string;
  /** The only account that will do. */
  readonly account?: StoredAccount;
}

export interface SignInServices {
  readonly store: SessionStore;
  readonly instances: InstanceStore;
  readonly tokens: Tokens;
  readonly clientSecrets: ClientSecrets;
  readonly revocations: Revocations;
  readonly addInstance: AddInstance;
  readonly activity: Activity;
  readonly staySignedIn: () => boolean;
  readonly log: Log;
}

/** From the question "which instance?" to a session that is kept. */
export class SignIn {
  readonly #seams: SignInServices;
  readonly #underWay = new Set<{ readonly request: SignInRequest; readonly result: Promise<StoredAccount> }>();

  constructor(seams: SignInServices) {
    this.#seams = seams;
  }

  /**
   * Joins a sign-in under way for the same instance (and account, if one is asked for): a second prompt would close the first.
   * @throws {vscode.CancellationError} the user cancelled
   * @throws {InstanceFailure} nothing was kept, or somebody else signed in than `account`
   */
  run(request: SignInRequest): Promise<StoredAccount> {
    for (const other of this.#underWay) {
      const isSameInstance = other.request.instance?.platform.href === request.instance?.platform.href;
      if (isSameInstance && (request.account === undefined || request.account.id === other.request.account?.id)) return other.result;
    }
    const flight = { request, result: this.#run(request) };
    this.#underWay.add(flight);
    flight.result.finally(() => this.#underWay.delete(flight)).catch(() => undefined);
    return flight.result;
  }

  async #run(request: SignInRequest): Promise<StoredAccount> {
    const { instances, addInstance, activity } = this.#seams;
    const instance = request.instance ?? (instances.instances.length === 0 ? await addInstance.run() : undefined);
    const state: SignInState = {
      instance,
      method: request.method ?? methodOf(request.account),
      userName: request.account?.account.userName ?? request.userName ?? '',
      password: '',
      needsOneTimeCode: false,
      clientId: '',
      clientSecret: '',
      tokens: undefined,
      introspection: undefined,
    };
    await this.#ask(state, request).catch((error: unknown) => {
      throw error instanceof vscode.CancellationError || !state.instance ? error : new InstanceFailure(state.instance.platform, error);
    });
    const { platform } = state.instance ?? {};
    const { tokens } = state;
    if (!platform || !tokens) throw new vscode.CancellationError();
    return activity.during(l10n.t('Signing in to {0}…', platform.instance), () =>
      this.#keep(platform, tokens, state, request.account).catch((error: unknown) => {
        throw new InstanceFailure(platform, error);
      }),
    );
  }

  async #ask(state: SignInState, request: SignInRequest): Promise<void> {
    const [userName, ...passwords] = passwordSteps(state, this.#seams);
    const ways: Readonly<Record<SignInMethod, readonly Step[]>> = {
      password: [userName, ...passwords],
      browser: [...clientSteps(state, this.#seams.clientSecrets), browserStep(state, this.#seams)],
      token: [tokenStep(state, this.#seams)],
    };
    const choices: readonly Step[] = [
      ...(state.instance ? [] : [instanceStep(state, this.#seams)]),
      ...(state.method ? [] : [methodStep(state)]),
    ];
    const steps = [...choices, ...Object.entries(ways).flatMap(([method, way]) => way.map(onlyFor(method, state)))];
    if (!state.userName) return runSteps(steps);
    // Its user name is known: one question less, unless the user goes back to it.
    state.method ??= state.instance?.signIn;
    if (state.method !== 'password') return runSteps(steps);
    return runSteps(request.account ? passwords : ways.password, request.account ? [] : [userName]);
  }

  /** Makes a session of tokens, or sees to it that they end. */
  async #keep(platform: PlatformUrl, tokens: TokenSet, { userName: typed, method, introspection: known }: SignInState, expected: StoredAccount | undefined): Promise<StoredAccount> {
    const { store, revocations, log } = this.#seams;
    const introspection = known ?? (await this.#introspect(platform, tokens));
    const told = introspection?.value.active ? introspection.value : undefined;
    const userName = plainText(told?.username ?? '') || plainText(typed) || namelessUser();
    const identity: Identity = { userName, ...(told?.sub !== undefined && { sub: plainText(told.sub) }) };
    const expiresAt = tokens.accessToken.expiresAt ?? (introspection && expiryOf(introspection));
    const kept: TokenSet = { ...tokens, accessToken: { ...tokens.accessToken, ...(expiresAt !== undefined && { expiresAt }) } };

    const refuse = async (error: Error): Promise<never> => {
      // A token that was pasted is its owner's, not this sign-in's to end.
      if (method !== 'token') await revocations.discard(platform, identity, kept);
      throw error;
    };
    if (introspection?.value.active === false) return refuse(new MalformedResponseError('a new token is not active', 200));
    if (expected && identify(store.accounts, platform, identity).id !== expected.id) {
      return refuse(new WrongAccountError(expected.account.userName, userName));
    }
    const stored = await store.signIn(platform, identity, kept).catch((error: unknown) => refuse(new StorageError('the token could not be kept', { cause: error })));
    log.info(`signed in to ${platform.href}, the token ${expiresAt === undefined ? 'has no known expiry' : `expires at ${new Date(expiresAt).toISOString()}`}`);
    void revocations.settleAccount(stored.id);
    return stored;
  }

  /** Who signed in; that nobody tells is no reason to refuse a token. */
  async #introspect(platform: PlatformUrl, tokens: TokenSet): Promise<Answer<TokenInfo> | undefined> {
    try {
      return await this.#seams.tokens.introspectNew(platform, tokens, AbortSignal.timeout(WHO_AM_I_MS));
    } catch (error) {
      this.#seams.log.warn(`${platform.href} does not tell who signed in: ${(error as Error).message}`);
      return undefined;
    }
  }
}

/** The way in that led to a session before. */
export function methodOf(stored: StoredAccount | undefined): SignInMethod | undefined {
  return stored?.session && (stored.session.surface === 'oauth2' ? 'browser' : 'password');
}

/** A step of one way in is passed over in the others. */
function onlyFor(method: string, state: SignInState): (step: Step) => Step {
  return (step) => (position) => (state.method === method ? step(position) : Promise.resolve('skipped'));
}

/** Where nobody tells and nobody typed who it is. */
function namelessUser(): string {
  return `token-${randomBytes(4).toString('hex')}`;
}
