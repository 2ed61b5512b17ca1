/** Renews the access token. A server that then issues a new refresh token ends this one. */
export interface RefreshToken {
  readonly kind: 'refreshToken';
  readonly value: string;
  /** Epoch milliseconds; absent: unknown. */
  readonly expiresAt?: number;
}

/** Renews by signing in again, any number of times. Saved only if `staySignedIn` is on. */
export interface SavedPassword {
  readonly kind: 'savedPassword';
  readonly password: string;
}

/** What a session renews its access token with. */
export type Grant = RefreshToken | SavedPassword;

interface GrantHolder {
  readonly grant?: Grant | undefined;
}

export function savedPassword(password: string): SavedPassword {
  return { kind: 'savedPassword', password };
}

export function refreshTokenOf(holder: GrantHolder | undefined): RefreshToken | undefined {
  return holder?.grant?.kind === 'refreshToken' ? holder.grant : undefined;
}

export function savedPasswordOf(holder: GrantHolder | undefined): SavedPassword | undefined {
  return holder?.grant?.kind === 'savedPassword' ? holder.grant : undefined;
}

export function canRenew(grant: Grant | undefined, now: number): grant is Grant {
  if (!grant) return false;
  return grant.kind === 'savedPassword' || grant.expiresAt === undefined || now < grant.expiresAt;
}
