import { createHash } from 'node:crypto';
import type { PlatformUrl } from '../../zeyos/address/platform';
import type { Api } from '../../zeyos/api';
import { canRenew, type Grant, type RefreshToken } from './grant';
import type { SignInMethod } from './instance';

export interface Account {
  /** `{platform URL}#{sub, or the user name}`; never changes. */
  readonly id: string;
  /** `{user name} ({host}/{path})`; unique. It never changes: the editor keys the user's consent by it. */
  readonly label: string;
  readonly userName: string;
  /** The server's id of the user. */
  readonly sub?: string;
}

/** Times are epoch milliseconds by the local clock. */
export interface AccessToken {
  readonly value: string;
  readonly issuedAt: number;
  readonly expiresAt?: number;
}

export interface TokenSet {
  readonly api: Api;
  readonly accessToken: AccessToken;
  readonly grant?: RefreshToken;
  readonly clientId?: string;
  readonly method?: SignInMethod;
  /** The typed user name, if the server's differs. */
  readonly login?: string;
}

/** A window was about to send a refresh token, so the server may have exchanged it. The answer is unknown. */
export interface UnfinishedExchange {
  /** The {@link fingerprint} of the refresh token. */
  readonly of: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** `revoked`: the server rejects the tokens; `interrupted`: a renewal's answer, with the only good token, was lost. */
export type EndReason = 'revoked' | 'interrupted';

/** A session without an access token has `ended`. */
export interface Session extends Omit<TokenSet, 'accessToken' | 'grant'> {
  readonly accessToken?: AccessToken;
  readonly grant?: Grant;
  readonly ended?: EndReason;
  readonly exchange?: UnfinishedExchange;
  /** Epoch milliseconds. A renewal does not change it. */
  readonly signedInAt: number;
}

export interface PendingRevocation {
  readonly api: Api;
  readonly token: string;
  readonly clientId?: string;
  /** Epoch milliseconds; absent: unknown. */
  readonly expiresAt?: number;
  /**
   * A session of the application may have to continue with this set, if the server ended its own tokens when it issued
   * this set.
   */
  readonly accessToken?: AccessToken;
}

/** An account's entry in the index. */
export interface KnownAccount {
  /** A random UUID, which stays the session's id over all sign-ins. */
  readonly id: string;
  readonly platform: PlatformUrl;
  readonly account: Account;
  /** Whether the account's record should contain a session. */
  readonly signedIn: boolean;
}

export interface StoredAccount extends KnownAccount {
  /** Absent if the account is signed out or its record was lost. */
  readonly session?: Session;
  /** The index says signed in, but the record is missing, damaged or of a newer version. */
  readonly lost: boolean;
  /** Only a newer version can read the record. */
  readonly isNewer?: boolean;
  /** The secret storage has not given this window the record yet, so it is unknown whether there is a session. */
  readonly isUnread?: boolean;
  readonly pendingRevocations: readonly PendingRevocation[];
  /** Why the last changes exist only in this window. Never stored itself. */
  readonly unsaved?: UnsavedReason;
}

/** An account's secret in the secret storage. */
export type AccountRecord = Pick<StoredAccount, 'session' | 'pendingRevocations'>;

export const EMPTY_RECORD: AccountRecord = { pendingRevocations: [] };

export function recordOf({ session, pendingRevocations }: Partial<AccountRecord>): AccountRecord {
  return { ...(session && { session }), pendingRevocations: pendingRevocations ?? [] };
}

/** `late`: the secret storage does not answer; `failed`: it rejects the write. */
export type UnsavedReason = 'late' | 'failed';

/** Also true if the session has ended or the record is lost. */
export function isSignedIn({ session, lost }: Pick<StoredAccount, 'session' | 'lost'>): boolean {
  return session !== undefined || lost;
}

export function clientIdsOf({
  session,
  pendingRevocations,
}: Pick<StoredAccount, 'session' | 'pendingRevocations'>): readonly string[] {
  return [session?.clientId, ...pendingRevocations.map(({ clientId }) => clientId)].filter((id) => id !== undefined);
}

export function isListed(stored: StoredAccount): boolean {
  return isSignedIn(stored) || stored.pendingRevocations.length > 0;
}

/** `revoked`: ended for either {@link EndReason}; `lost`: see {@link StoredAccount.lost}. */
export type SessionState = 'signedOut' | 'good' | 'expiring' | 'expired' | 'revoked' | 'lost';

/** Whether other extensions get the session. */
export function isRunning(state: SessionState): boolean {
  return state === 'good' || state === 'expiring';
}

/** @param warningMs how long before {@link signInAgainBy} a session counts as expiring */
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

/** When the grant or, without one, the access token ends, in epoch milliseconds; absent: unknown or never. */
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

export function isRenewable({ accessToken, grant }: Session, now: number): boolean {
  return accessToken !== undefined && canRenew(grant, now);
}

/** Excludes a token that ends soon or that an unfinished exchange may have ended. */
export function usableToken({ session }: StoredAccount, now: number): AccessToken | undefined {
  const token = session?.exchange ? undefined : session?.accessToken;
  return token && now < usableUntil(token) ? token : undefined;
}

export function isObtainable(stored: StoredAccount, now: number): boolean {
  return usableToken(stored, now) !== undefined || (stored.session !== undefined && isRenewable(stored.session, now));
}

/**
 * When a token stops being handed out, so that the caller has time to use it: 60 s or, if shorter, a tenth of its
 * lifetime before it expires. Epoch milliseconds; `Infinity`: unknown.
 */
export function usableUntil({ issuedAt, expiresAt }: AccessToken): number {
  if (expiresAt === undefined) return Infinity;
  return expiresAt - Math.min(60_000, Math.max(0, expiresAt - issuedAt) / 10);
}

/** Tolerated clock difference: a `Date` header has whole seconds, and answers take time. */
const CLOCK_TOLERANCE_MS = 5_000;

/** Whether the token's lifetime explains that the server calls it inactive. */
export function hasExpired({ expiresAt }: AccessToken, now: number): boolean {
  return expiresAt !== undefined && expiresAt - CLOCK_TOLERANCE_MS <= now;
}

/** Identifies a secret text without revealing it. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
