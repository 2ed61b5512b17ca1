/** Who is signed in, as the editor knows it. */
export interface Account {
  /** `{platform URL}#{sub, or the user name}`; never changes. */
  readonly id: string;
  /** `{user name} ({host}/{path})`; unique, and never changes: the editor keys the user's consent by it. */
  readonly label: string;
  readonly userName: string;
  /** The server's id of the user, once known. */
  readonly sub?: string;
}

/** Times are epoch milliseconds by the local clock. */
export interface AccessToken {
  readonly value: string;
  readonly issuedAt: number;
  /** Absent: unknown. */
  readonly expiresAt?: number;
}

/** The API that issued a token, and so the one that can check and end it. */
export type Surface = 'authV1';

export interface Session {
  readonly surface: Surface;
  /** Absent: the server ended it. */
  readonly accessToken?: AccessToken;
  /** Epoch milliseconds. Tells a new sign-in to the same account from a renewal. */
  readonly signedInAt: number;
}

/** A token that is in nobody's hands any more, and that the server has yet to be told of. */
export interface PendingRevocation {
  readonly surface: Surface;
  readonly token: string;
  /** Epoch milliseconds; absent: unknown. */
  readonly expiresAt?: number;
}

/** What the index keeps of an account, signed in or not. */
export interface KnownAccount {
  /** The session's id, a random UUID: one session per account, over all its sign-ins. */
  readonly id: string;
  /** The canonical platform URL. */
  readonly instance: string;
  readonly account: Account;
  /** Whether its secret should be there. */
  readonly signedIn: boolean;
}

/** An account with what its secret says. */
export interface StoredAccount extends KnownAccount {
  /** Absent while signed out, and when the secret was lost. */
  readonly session?: Session;
  /** Signed in by the index, but the secret is gone or unreadable. */
  readonly lost: boolean;
  readonly pendingRevocations: readonly PendingRevocation[];
}

export type SessionState = 'signedOut' | 'good' | 'expiring' | 'expired' | 'revoked' | 'lost';

/** @param warningMs how long before its end a session counts as expiring, in milliseconds */
export function sessionState(stored: StoredAccount, now: number, warningMs = 0): SessionState {
  if (stored.lost) return 'lost';
  if (!stored.session) return 'signedOut';
  const token = stored.session.accessToken;
  if (!token) return 'revoked';
  if (token.expiresAt === undefined) return 'good';
  if (now >= usableUntil(token)) return 'expired';
  return now >= token.expiresAt - warningMs ? 'expiring' : 'good';
}

/** The token to hand out, or `undefined` where there is none that is good for a little while yet. */
export function usableToken(stored: StoredAccount, now: number): AccessToken | undefined {
  const state = sessionState(stored, now);
  return state === 'good' || state === 'expiring' ? stored.session?.accessToken : undefined;
}

/**
 * When a token stops being handed out: 60 s before it expires, or a tenth of its lifetime where that is shorter, so that
 * whoever gets it has time to use it. Epoch milliseconds; `Infinity` where the expiry is unknown.
 */
export function usableUntil({ issuedAt, expiresAt }: AccessToken): number {
  if (expiresAt === undefined) return Infinity;
  return expiresAt - Math.min(60_000, Math.max(0, expiresAt - issuedAt) / 10);
}
