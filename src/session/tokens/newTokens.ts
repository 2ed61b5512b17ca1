import type { Answer } from '../../zeyos/answer';
import type { Api } from '../../zeyos/api';
import type { TokenResponse } from '../../zeyos/messages';
import { userClaims, type UserClaims } from '../model/accounts';
import type { TokenSet } from '../model/session';

/** New tokens, which the receiver must keep or revoke, with the answer's claims about the user. */
export interface NewTokens extends Answer<TokenSet> {
  readonly claims: UserClaims;
}

export function newTokens(api: Api, answer: Answer<TokenResponse>, clientId?: string): NewTokens {
  return { ...answer, value: tokenSet(api, answer, clientId), claims: userClaims(answer.value) };
}

/** Lifetimes count from the request: the earliest moment that the server can have meant. */
function tokenSet(api: Api, { value, sentAt }: Answer<TokenResponse>, clientId?: string): TokenSet {
  const lifetime = (seconds: number | undefined): { expiresAt?: number } =>
    seconds === undefined ? {} : { expiresAt: sentAt + seconds * 1000 };
  const refreshToken = api === 'oauth2' ? value.refresh_token : undefined;
  return {
    api,
    accessToken: { value: value.access_token, issuedAt: sentAt, ...lifetime(value.expires_in) },
    ...(refreshToken !== undefined && {
      grant: { kind: 'refreshToken', value: refreshToken, ...lifetime(value.refresh_token_expires_in) },
    }),
    ...(clientId !== undefined && { clientId }),
  };
}
