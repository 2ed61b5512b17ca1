import type { Clock } from '../base/clock';
import * as l10n from '@vscode/l10n';
import type { UserClaims } from '../session/model/accounts';
import type { ClientSecrets } from '../session/storage/clientSecrets';
import type { SavedPassword } from '../session/model/grant';
import type { Instance, SignInMethod } from '../session/model/instance';
import type { StoredAccount, TokenSet } from '../session/model/session';
import type { PasswordRequests } from '../session/tokens/passwordRequests';
import type { TokenRequests } from '../session/tokens/tokenRequests';
import type { Revocations } from '../session/tokens/revocations';
import type { SavedPasswords } from '../session/upkeep/savedPasswords';
import { withProductionMark } from '../dialog/productionMark';
import type { Answer } from '../zeyos/answer';
import type { TokenInfo } from '../zeyos/api';

export interface SignInRequest {
  /** Absent: the user picks one. */
  readonly instance?: Instance;
  /** Filled in, and asked for again only if the user goes back. */
  readonly userName?: string;
  /**
   * The account that signs in again; its known values are not asked for. By default, it is the instance's active
   * account, if its session has ended.
   */
  readonly previousAccount?: StoredAccount;
  readonly mustBeSameAccount?: boolean;
  /** Signs in with an account that is not known yet. */
  readonly ignoreKnownAccounts?: boolean;
  /** Begins when other sign-ins have ended. Otherwise, the new prompt closes the running one. */
  readonly waitForOtherSignIns?: boolean;
}

export interface SignInState {
  instance: Instance | undefined;
  previousAccount: StoredAccount | undefined;
  method: SignInMethod | undefined;
  /** The user wants to choose the sign-in method although it is known. */
  wantsAnotherWay: boolean;
  userName: string;
  /** For the steps after it, such as the one-time code. Dropped with this state. */
  password: string;
  needsOneTimeCode: boolean;
  /** The legacy login needs another application secret than the saved one. */
  needsApplicationSecret: boolean;
  clientId: string;
  clientSecret: string;
  /** Why the client secret is asked for again. */
  clientProblem: string | undefined;
  tokens: TokenSet | undefined;
  /** Only if it may be kept. */
  savedPassword: SavedPassword | undefined;
  /** From the response that issued the tokens. */
  claims: UserClaims;
  /** The server's answer, if the tokens were introspected before. */
  introspection: Answer<TokenInfo> | undefined;
}

export function initialState({ userName = '' }: SignInRequest): SignInState {
  return {
    instance: undefined,
    previousAccount: undefined,
    method: undefined,
    wantsAnotherWay: false,
    userName,
    password: '',
    needsOneTimeCode: false,
    needsApplicationSecret: false,
    clientId: '',
    clientSecret: '',
    clientProblem: undefined,
    tokens: undefined,
    savedPassword: undefined,
    claims: {},
    introspection: undefined,
  };
}

/** Takes over the known values of the account that signs in again. */
export function choose(state: SignInState, instance: Instance, again: StoredAccount | undefined, userName = ''): void {
  // If the user goes back and chooses the same instance, the answers are kept.
  if (state.instance?.platform.href === instance.platform.href) return;
  const { account, session } = again ?? {};
  Object.assign(state, {
    instance,
    previousAccount: again,
    userName: session?.login ?? account?.userName ?? userName,
    clientId: session?.clientId ?? '',
  } satisfies Partial<SignInState>);
}

/** @throws if the first step has not run */
export function chosenInstance({ instance }: SignInState): Instance {
  if (!instance) throw new Error('no instance has been chosen');
  return instance;
}

export function signInTitle(state: SignInState): string {
  const instance = chosenInstance(state);
  return withProductionMark(l10n.t('Sign in to {0}', instance.platform.instanceName), instance);
}

export interface SignInServices {
  readonly passwordRequests: PasswordRequests;
  readonly tokenRequests: TokenRequests;
  readonly revocations: Revocations;
  readonly clientSecrets: ClientSecrets;
  readonly clock: Clock;
  readonly savedPasswords: SavedPasswords;
}
