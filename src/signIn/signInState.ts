import type { Instance, SignInMethod } from '../session/instance';
import type { Revocations } from '../session/revocations';
import type { TokenSet } from '../session/session';
import type { Tokens } from '../session/tokens';
import type { Answer } from '../zeyos/answer';
import type { TokenInfo } from '../zeyos/surface';

/** What the user has answered so far, and the tokens at the end of it. */
export interface SignInState {
  instance: Instance | undefined;
  method: SignInMethod | undefined;
  userName: string;
  password: string;
  needsOneTimeCode: boolean;
  clientId: string;
  clientSecret: string;
  tokens: TokenSet | undefined;
  /** What the server says about the tokens, where it was asked already. */
  introspection: Answer<TokenInfo> | undefined;
}

/** What every way in needs. */
export interface SignInSeams {
  readonly tokens: Tokens;
  readonly revocations: Revocations;
  /** Whether to keep the password, for a new token without asking. */
  readonly staySignedIn: () => boolean;
}
