import * as l10n from '@vscode/l10n';
import type { UserClaims } from '../session/accounts';
import type { Instance, SignInMethod } from '../session/instance';
import type { StoredAccount, TokenSet } from '../session/session';
import type { Tokens } from '../session/tokens';
import type { Revocations } from '../session/revocations';
import type { Answer } from '../zeyos/answer';
import type { TokenInfo } from '../zeyos/surface';

export interface SignInRequest {
  /** Absent: the user picks one. */
  readonly instance?: Instance;
  /** Filled in, and not asked for again unless the user goes back. */
  readonly userName?: string;
  /** The account that is signed in to again: what is known of it is not asked for. */
  readonly again?: StoredAccount;
  /** Whether no other account than that one will do. */
  readonly isOnlyFor?: boolean;
}

/** What the user has answered so far, and the tokens at the end of it. */
export interface SignInState {
  instance: Instance | undefined;
  method: SignInMethod | undefined;
  /** Whether the user wants to choose how to sign in, though it is known. */
  wantsAnotherWay: boolean;
  userName: string;
  password: string;
  needsOneTimeCode: boolean;
  clientId: string;
  clientSecret: string;
  tokens: TokenSet | undefined;
  /** What the server said about the user when it issued the tokens. */
  claims: UserClaims;
  /** What the server says about the tokens, where it was asked already. */
  introspection: Answer<TokenInfo> | undefined;
}

export function initialState({ instance, userName, again }: SignInRequest): SignInState {
  const { account, session } = again ?? {};
  return {
    instance,
    method: undefined,
    wantsAnotherWay: false,
    userName: session?.login ?? account?.userName ?? userName ?? '',
    password: '',
    needsOneTimeCode: false,
    clientId: session?.clientId ?? '',
    clientSecret: '',
    tokens: undefined,
    claims: {},
    introspection: undefined,
  };
}

/** The instance that was chosen by the first step, or before. */
export function chosenInstance({ instance }: SignInState): Instance {
  if (!instance) throw new Error('no instance has been chosen');
  return instance;
}

export function signInTitle(state: SignInState): string {
  return l10n.t('Sign in to {0}', chosenInstance(state).platform.instance);
}

/** What every way in needs. */
export interface SignInServices {
  readonly tokens: Tokens;
  readonly revocations: Revocations;
  /** Whether to keep the password, for a new token without asking. */
  readonly staySignedIn: () => boolean;
}
