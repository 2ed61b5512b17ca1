/** Renews an access token once. The exchange ends the refresh token, and the access token that was issued with it. */
export interface RefreshToken {
  readonly kind: 'refreshToken';
  readonly value: string;
  /** Epoch milliseconds; absent: unknown. */
  readonly expiresAt?: number;
}

/** Signs in again, as often as needed. Kept only while the user wants to stay signed in. */
export interface SavedPassword {
  readonly kind: 'savedPassword';
  readonly password: string;
}

/** What renews the access token of a session without the user. */
export type Grant = RefreshToken | SavedPassword;

/** What may have a grant: a session, or new tokens. */
interface GrantHolder {
  readonly grant?: Grant | undefined;
}

export function savedPassword(password: string): SavedPassword {
  return { kind: 'savedPassword', password };
}

/** The refresh token, if that is what renews the access token. */
export function refreshTokenOf(holder: GrantHolder | undefined): RefreshToken | undefined {
  return holder?.grant?.kind === 'refreshToken' ? holder.grant : undefined;
}

/** The saved password, if that is what renews the access token. */
export function savedPasswordOf(holder: GrantHolder | undefined): SavedPassword | undefined {
  return holder?.grant?.kind === 'savedPassword' ? holder.grant : undefined;
}

/** Whether a grant can be used: a saved password until the server rejects it, a refresh token until it expires. */
export function canRenew(grant: Grant | undefined, now: number): grant is Grant {
  if (!grant) return false;
  return grant.kind === 'savedPassword' || grant.expiresAt === undefined || now < grant.expiresAt;
}
