import type { Clock } from '../base/clock';
import * as l10n from '@vscode/l10n';
import type { UserClaims } from '../session/model/accounts';
import type { ClientSecrets } from '../session/storage/clientSecrets';
import type { SavedPassword } from '../session/model/grant';
import type { Instance, SignInMethod } from '../session/model/instance';
import type { StoredAccount, TokenSet } from '../session/model/session';
import type { Tokens } from '../session/tokens/tokens';
import type { Revocations } from '../session/tokens/revocations';
import type { SavedPasswords } from '../session/upkeep/savedPasswords';
import { withProductionMark } from '../dialog/productionMark';
import type { Answer } from '../zeyos/answer';
import type { TokenInfo } from '../zeyos/surface';

export interface SignInRequest {
  /** Absent: the user picks one. */
  readonly instance?: Instance;
  /** Filled in, and not asked for again unless the user goes back. */
  readonly userName?: string;
  /** The account that is signed in to again: what is known of it is not asked for. Unless told, it is the instance's active one, if that has ended. */
  readonly again?: StoredAccount;
  /** Whether no other account than that one will do. */
  readonly isOnlyFor?: boolean;
  /** Whether another account is wanted than those that are there. */
  readonly isOther?: boolean;
  /** Whether it waits until no other sign-in is under way, whose prompt it would close. */
  readonly isPatient?: boolean;
}

/** What the user has answered so far, and the tokens at the end of it. */
export interface SignInState {
  instance: Instance | undefined;
  again: StoredAccount | undefined;
  method: SignInMethod | undefined;
  /** Whether the user wants to choose how to sign in, though it is known. */
  wantsAnotherWay: boolean;
  userName: string;
  password: string;
  needsOneTimeCode: boolean;
  /** Whether the legacy login wants another application secret than the saved one, if any. */
  needsApplicationSecret: boolean;
  clientId: string;
  clientSecret: string;
  /** Why the application's secret is asked for again. */
  clientProblem: string | undefined;
  tokens: TokenSet | undefined;
  /** The password that renews the tokens, if it may be kept. */
  grant: SavedPassword | undefined;
  /** What the server said about the user when it issued the tokens. */
  claims: UserClaims;
  /** What the server says about the tokens, where it was asked already. */
  introspection: Answer<TokenInfo> | undefined;
}

export function initialState({ userName = '' }: SignInRequest): SignInState {
  return {
    instance: undefined,
    again: undefined,
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
    grant: undefined,
    claims: {},
    introspection: undefined,
  };
}

/** Begins with an instance, and with what is known of the account that is signed in to again there. */
export function choose(state: SignInState, instance: Instance, again: StoredAccount | undefined, userName = ''): void {
  // Chosen again after going back: what was answered is still there.
  if (state.instance?.platform.href === instance.platform.href) return;
  const { account, session } = again ?? {};
  Object.assign(state, {
    instance,
    again,
    userName: session?.login ?? account?.userName ?? userName,
    clientId: session?.clientId ?? '',
  } satisfies Partial<SignInState>);
}

/** The instance that was chosen by the first step, or before. */
export function chosenInstance({ instance }: SignInState): Instance {
  if (!instance) throw new Error('no instance has been chosen');
  return instance;
}

export function signInTitle(state: SignInState): string {
  const instance = chosenInstance(state);
  return withProductionMark(l10n.t('Sign in to {0}', instance.platform.instanceName), instance);
}

/** What every way in needs. */
export interface SignInServices {
  readonly tokens: Tokens;
  readonly revocations: Revocations;
  readonly clientSecrets: ClientSecrets;
  readonly clock: Clock;
  readonly savedPasswords: SavedPasswords;
}
