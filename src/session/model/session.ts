import { createHash } from 'node:crypto';
import type { PlatformUrl } from '../../zeyos/address/platform';
import type { Api } from '../../zeyos/api';
import { canRenew, type Grant, type RefreshToken } from './grant';
import type { SignInMethod } from './instance';

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

/** What a sign-in or a renewal yields. */
export interface TokenSet {
  readonly api: Api;
  readonly accessToken: AccessToken;
  readonly grant?: RefreshToken;
  /** The application that an `oauth2` token was issued to. */
  readonly clientId?: string;
  /** The way in that led here; absent: not known. */
  readonly method?: SignInMethod;
  /** What was typed as the user name, where the server has another name for the user. */
  readonly login?: string;
}

/** An exchange of a single-use token whose outcome is not known yet; should it never be, this explains why. */
export interface UnfinishedExchange {
  /** A hash of what is exchanged. */
  readonly of: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** Why the server no longer accepts a session; `interrupted`: a renewal's answer got lost, and with it the only good token. */
export type EndReason = 'revoked' | 'interrupted';

/** Without an access token, it has `ended`. */
export interface Session extends Omit<TokenSet, 'accessToken' | 'grant'> {
  readonly accessToken?: AccessToken;
  readonly grant?: Grant;
  readonly ended?: EndReason;
  readonly exchange?: UnfinishedExchange;
  /** Epoch milliseconds. Tells a new sign-in to the same account from a renewal. */
  readonly signedInAt: number;
}

/** A token that no session uses any more, and that is still to be revoked at the server. */
export interface PendingRevocation {
  readonly api: Api;
  readonly token: string;
  readonly clientId?: string;
  /** Epoch milliseconds; absent: unknown. */
  readonly expiresAt?: number;
  /**
   * The access token of the same set. Kept only for sets of an application that may have a session: if the server has ended that session's
   * tokens in favour of this set, the session goes on with it.
   */
  readonly accessToken?: AccessToken;
}

/** What the index keeps of an account, signed in or not. */
export interface KnownAccount {
  /** The session's id, a random UUID: one session per account, over all its sign-ins. */
  readonly id: string;
  readonly platform: PlatformUrl;
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
  /** What was lost is there, but only a newer version of the extension can read it. */
  readonly isNewer?: boolean;
  readonly pendingRevocations: readonly PendingRevocation[];
  /** Why what is known here has not been stored yet: it is lost if this window closes first. Never stored itself. */
  readonly unsaved?: UnsavedReason;
}

/** The part of an account that is kept in its own secret. */
export type AccountRecord = Pick<StoredAccount, 'session' | 'pendingRevocations'>;

/** The record of an account that is signed out and has nothing left to revoke. */
export const EMPTY_RECORD: AccountRecord = { pendingRevocations: [] };

export function recordOf({ session, pendingRevocations }: Partial<AccountRecord>): AccountRecord {
  return { ...(session && { session }), pendingRevocations: pendingRevocations ?? [] };
}

/** `late`: the secret storage does not answer; `failed`: it rejects the write. */
export type UnsavedReason = 'late' | 'failed';

/** Whether an account counts as signed in, whatever became of its token. */
export function isSignedIn({ session, lost }: Pick<StoredAccount, 'session' | 'lost'>): boolean {
  return session !== undefined || lost;
}

/** The applications whose secrets an account still needs: for its session, and for what is to be revoked. */
export function clientIdsOf({
  session,
  pendingRevocations,
}: Pick<StoredAccount, 'session' | 'pendingRevocations'>): readonly string[] {
  return [session?.clientId, ...pendingRevocations.map(({ clientId }) => clientId)].filter((id) => id !== undefined);
}

/** Whether there is anything about an account that its owner should see. */
export function isListed(stored: StoredAccount): boolean {
  return isSignedIn(stored) || stored.pendingRevocations.length > 0;
}

/** `expiring`: the user has to act soon; `expired`: by the clock; `revoked`: ended by the server; `lost`: its secret is gone though nobody signed out. */
export type SessionState = 'signedOut' | 'good' | 'expiring' | 'expired' | 'revoked' | 'lost';

/** Whether a session in this state is one that others can get. */
export function isRunning(state: SessionState): boolean {
  return state === 'good' || state === 'expiring';
}

/** @param warningMs how long before the user has to act a session counts as expiring, in milliseconds */
export function sessionState(stored: StoredAccount, now: number, warningMs = 0): SessionState {
  if (stored.lost) return 'lost';
  const { session } = stored;
  if (!session) return 'signedOut';
  if (!session.accessToken) return 'revoked';
  const until = signInAgainBy(session);
  if (until === undefined) return 'good';
  if (now >= usableUntil(session.accessToken) && !isRenewable(session, now)) return 'expired';
  return now >= until - warningMs ? 'expiring' : 'good';
}

/**
 * When the user has to sign in again: at the end of what renews the session, or of the access token where nothing does.
 * Epoch milliseconds; absent: unknown, or never by the clock.
 */
export function signInAgainBy({ accessToken, grant }: Session): number | undefined {
  switch (grant?.kind) {
    case 'refreshToken':
      return grant.expiresAt;
    case 'savedPassword':
      return undefined;
    case undefined:
      return accessToken?.expiresAt;
  }
}

/** Whether a session that has not ended can get a new token without the user. */
export function isRenewable({ accessToken, grant }: Session, now: number): boolean {
  return accessToken !== undefined && canRenew(grant, now);
}

/**
 * The token to hand out, or `undefined` where there is none that is good for a little while yet. One that an exchange with an
 * unknown outcome may have ended is none.
 */
export function usableToken({ session }: StoredAccount, now: number): AccessToken | undefined {
  const token = session?.exchange ? undefined : session?.accessToken;
  return token && now < usableUntil(token) ? token : undefined;
}

/** Whether a token can be handed out, as it is or after a renewal. */
export function isObtainable(stored: StoredAccount, now: number): boolean {
  return usableToken(stored, now) !== undefined || (stored.session !== undefined && isRenewable(stored.session, now));
}

/**
 * When a token stops being handed out: 60 s before it expires, or a tenth of its lifetime where that is shorter, so that
 * whoever gets it has time to use it. Epoch milliseconds; `Infinity` where the expiry is unknown.
 */
export function usableUntil({ issuedAt, expiresAt }: AccessToken): number {
  if (expiresAt === undefined) return Infinity;
  return expiresAt - Math.min(60_000, Math.max(0, expiresAt - issuedAt) / 10);
}

/** How far the clocks of server and client may be apart unnoticed: `Date` has whole seconds, and an answer takes its time. Milliseconds. */
const CLOCK_TOLERANCE_MS = 5_000;

/** Whether a token that a server calls not active may be so by the clock alone. */
export function hasExpired({ expiresAt }: AccessToken, now: number): boolean {
  return expiresAt !== undefined && expiresAt - CLOCK_TOLERANCE_MS <= now;
}

/** What tells one single-use token from another without being it. */
export function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 16);
}
