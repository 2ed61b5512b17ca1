import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { identify, type Identity } from '../session/accounts';
import type { Activity } from '../session/activity';
import type { Instance } from '../session/instance';
import type { InstanceStore } from '../session/instanceStore';
import type { Revocations } from '../session/revocations';
import type { AccessToken, StoredAccount } from '../session/session';
import type { SessionStore } from '../session/sessionStore';
import { expiryOf, type Tokens } from '../session/tokens';
import type { Answer } from '../zeyos/authV1';
import { MalformedResponseError } from '../zeyos/errors';
import type { Log } from '../zeyos/log';
import type { IntrospectionResponse, TokenResponse } from '../zeyos/messages';
import { plainText } from '../zeyos/plainText';
import type { PlatformUrl } from '../zeyos/platform';
import type { AddInstance } from './addInstance';
import { InstanceFailure, StorageError, WrongAccountError } from './failure';
import { accessTokenOf, passwordSteps, type PasswordSignInState } from './passwordSignIn';
import { BACK, pick } from './prompts';
import { runSteps, type StepOutcome } from './steps';

/** How long a sign-in waits to be told who signed in before it believes what was typed, in milliseconds. */
const WHO_AM_I_MS = 10_000;

export interface SignInRequest {
  /** Absent: the user picks one. */
  readonly instance?: Instance;
  /** Filled in, and not asked for again unless the user goes back. */
  readonly userName?: string;
  /** The only account that will do. */
  readonly account?: StoredAccount;
}

/** From the question "which instance?" to a session that is kept. */
export class SignIn {
  readonly #store: SessionStore;
  readonly #instances: InstanceStore;
  readonly #tokens: Tokens;
  readonly #revocations: Revocations;
  readonly #addInstance: AddInstance;
  readonly #activity: Activity;
  readonly #log: Log;
  readonly #underWay = new Set<{ readonly request: SignInRequest; readonly result: Promise<StoredAccount> }>();

  constructor(seams: { store: SessionStore; instances: InstanceStore; tokens: Tokens; revocations: Revocations; addInstance: AddInstance; activity: Activity; log: Log }) {
    this.#store = seams.store;
    this.#instances = seams.instances;
    this.#tokens = seams.tokens;
    this.#revocations = seams.revocations;
    this.#addInstance = seams.addInstance;
    this.#activity = seams.activity;
    this.#log = seams.log;
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
    const instance = request.instance ?? (this.#instances.instances.length === 0 ? await this.#addInstance.run() : undefined);
    const userName = request.account?.account.userName ?? request.userName ?? '';
    const state: PasswordSignInState = { platform: instance?.platform, userName, password: '', needsOneTimeCode: false, answer: undefined };
    const pickInstance = async (): Promise<StepOutcome> => {
      if (instance) return 'skipped';
      const picked = await pick(this.#instanceItems(), { title: l10n.t('Sign in to ZeyOS'), placeholder: l10n.t('Which instance?'), step: 1, totalSteps: 3 });
      if (picked === BACK) return 'back';
      state.platform = (picked ?? (await this.#addInstance.run())).platform;
      return 'done';
    };
    const steps = passwordSteps(state, { tokens: this.#tokens, revocations: this.#revocations, totalSteps: instance ? 2 : 3 });
    if (request.account) await runSteps(steps.slice(1));
    else if (instance) await runSteps(steps, userName ? 1 : 0);
    else await runSteps([pickInstance, ...steps]);
    const { platform, answer } = state;
    if (!platform || !answer) throw new vscode.CancellationError();
    return this.#activity.during(l10n.t('Signing in to {0}…', platform.instance), () =>
      this.#keep(platform, answer, state.userName, request.account).catch((error: unknown) => {
        throw new InstanceFailure(platform, error);
      }),
    );
  }

  /** Makes a session of a token, or sees to it that the token ends. */
  async #keep(platform: PlatformUrl, answer: Answer<TokenResponse>, typed: string, expected: StoredAccount | undefined): Promise<StoredAccount> {
    const token = accessTokenOf(answer);
    const introspection = await this.#introspect(platform, token);
    const told = introspection?.value.active ? introspection.value : undefined;
    const sub = told?.sub ?? answer.value.sub;
    const userName = plainText(told?.username ?? answer.value.username ?? typed) || plainText(typed);
    const identity: Identity = { userName, ...(sub !== undefined && { sub: plainText(sub) }) };
    const expiresAt = token.expiresAt ?? (introspection && expiryOf(introspection));
    const accessToken: AccessToken = { ...token, ...(expiresAt !== undefined && { expiresAt }) };

    const refuse = async (error: Error): Promise<never> => {
      await this.#revocations.discard(platform, identity, accessToken);
      throw error;
    };
    if (introspection?.value.active === false) return refuse(new MalformedResponseError('a new token is not active', 200));
    if (expected && identify(this.#store.accounts, platform, identity).id !== expected.id) {
      return refuse(new WrongAccountError(expected.account.userName, userName));
    }
    const stored = await this.#store.signIn(platform, identity, accessToken).catch((error: unknown) => refuse(new StorageError('the token could not be kept', { cause: error })));
    this.#log.info(`signed in to ${platform.href}, the token ${expiresAt === undefined ? 'has no known expiry' : `expires at ${new Date(expiresAt).toISOString()}`}`);
    void this.#revocations.settleAccount(stored.id);
    return stored;
  }

  /** Who signed in; that nobody tells is no reason to refuse a token. */
  async #introspect(platform: PlatformUrl, token: AccessToken): Promise<Answer<IntrospectionResponse> | undefined> {
    try {
      return await this.#tokens.introspectNew(platform, token.value, AbortSignal.timeout(WHO_AM_I_MS));
    } catch (error) {
      this.#log.warn(`${platform.href} does not tell who signed in: ${(error as Error).message}`);
      return undefined;
    }
  }

  #instanceItems(): readonly (vscode.QuickPickItem & { readonly value: Instance | undefined })[] {
    const { active, instances } = this.#instances;
    const ordered = [...instances].sort((a, b) => Number(b === active) - Number(a === active));
    return [
      ...ordered.map((instance) => ({ label: instance.name, description: instance.platform.label, iconPath: new vscode.ThemeIcon('server-environment'), value: instance })),
      { label: l10n.t('Add an Instance…'), iconPath: new vscode.ThemeIcon('add'), value: undefined },
    ];
  }
}
