import type { PlatformUrl } from '../../zeyos/address/platform';
import { areTold, identify, identityOf, userClaims, type UserClaims } from '../model/accounts';
import { refreshTokenOf } from '../model/grant';
import {
  hasExpired,
  type AccessToken,
  type PendingRevocation,
  type Session,
  type StoredAccount,
  type TokenSet,
} from '../model/session';
import type { SessionStore } from '../storage/sessionStore';
import type { Tokens } from './tokens';
import { isOfApplication } from '../model/transitions';
import type { Clock } from '../../base/clock';
import { accountsOn } from '../model/accounts';

/**
 * What is to become of a token set that no session uses:
 * - `revoke` it;
 * - `drop` it without a call, because it has ended, or because its revocation could end the set that replaced it;
 * - `adopt` it: the session of the account `owner` goes on with it.
 */
export type Verdict = { readonly kind: 'revoke' | 'drop' } | { readonly kind: 'adopt'; readonly owner: string };

/** What the server says about a token set. */
interface SetState {
  readonly isActive: boolean;
  /** False if the refresh token was called inactive and the access token has expired: some servers call each refresh token inactive. */
  readonly isCertain: boolean;
  readonly claims: UserClaims;
}

interface SetReference {
  readonly clientId: string;
  readonly accessToken: AccessToken | undefined;
  readonly refreshToken: string | undefined;
}

const REVOKE: Verdict = { kind: 'revoke' };
const DROP: Verdict = { kind: 'drop' };

/**
 * Decides which token set of a user and an application is the good one. ZeyOS very probably keeps one set for each user and application, so that
 * signing in ends the tokens of the session that there was; other servers keep several. So the server is asked about both sets before one of
 * them is revoked: an active set is revoked only if another one is active too, and no ended set is revoked while an active one may depend on it.
 */
export class TokenSets {
  readonly #tokens: Tokens;
  readonly #store: SessionStore;
  readonly #clock: Clock;

  constructor(services: { tokens: Tokens; store: SessionStore; clock: Clock }) {
    this.#tokens = services.tokens;
    this.#store = services.store;
    this.#clock = services.clock;
  }

  /** The accounts on a platform whose session belongs to an application, even if it has ended. */
  accountsOf(platform: PlatformUrl, clientId: string | undefined): readonly StoredAccount[] {
    return accountsOn(this.#store.accounts, platform).filter(({ session }) => isOfApplication(session, clientId));
  }

  /** Who new tokens were issued to. Resolves to no claims if the server does not tell, or cannot be reached. */
  async claimsOf(platform: PlatformUrl, { clientId = '', accessToken }: TokenSet): Promise<UserClaims> {
    return this.#stateOf(platform, { clientId, accessToken, refreshToken: undefined }).then(
      ({ claims }) => claims,
      () => ({}),
    );
  }

  /** Whether the server calls new tokens active. */
  async areActive(platform: PlatformUrl, { clientId = '', accessToken, grant }: TokenSet): Promise<boolean> {
    return (await this.#stateOf(platform, { clientId, accessToken, refreshToken: grant?.value })).isActive;
  }

  /**
   * Decides about a pending revocation of an account.
   * @throws {Error} the server's answers do not decide it yet
   * @throws whatever kept the server from answering
   */
  async verdict(platform: PlatformUrl, stored: StoredAccount, pending: PendingRevocation): Promise<Verdict> {
    const { clientId, accessToken, token } = pending;
    const users = this.accountsOf(stored.platform, clientId);
    if (users.some(({ session }) => session && livesOn(session, token))) return DROP;
    const session = users.find(({ id }) => id === stored.id)?.session;
    if (clientId === undefined || users.length === 0 || !(session || accessToken)) return REVOKE;
    const set = { clientId, accessToken, refreshToken: token === accessToken?.value ? undefined : token };
    if (!session) return this.#ofUnknownOwner(platform, users, await this.#stateOf(platform, set));
    // First of all: if this is not known, nothing can be decided.
    const isSessionActive = session.accessToken !== undefined && (await this.#isActive(platform, stored.id, session));
    const { isActive, isCertain } = await this.#stateOf(platform, set);
    const adopt: Verdict = { kind: 'adopt', owner: stored.id };
    if (!session.accessToken) {
      if (isActive) return accessToken ? adopt : REVOKE;
      // The answer to the renewal that was interrupted may still come.
      return isCertain && session.exchange ? DROP : REVOKE;
    }
    if (!isSessionActive) return !isActive ? DROP : accessToken ? adopt : REVOKE;
    if (isActive) return accessToken && accessToken.issuedAt > session.accessToken.issuedAt ? adopt : REVOKE;
    return isCertain || (await this.#introspectsRefreshTokens(platform, stored.id, session)) ? DROP : REVOKE;
  }

  /** @param users the accounts that have a session of the same application */
  async #ofUnknownOwner(platform: PlatformUrl, users: readonly StoredAccount[], state: SetState): Promise<Verdict> {
    const { isActive, isCertain, claims } = state;
    if (!isActive) return isCertain ? DROP : REVOKE;
    if (areTold(claims)) {
      const { id } = identify(this.#store.accounts, platform, identityOf(claims));
      return users.some((stored) => stored.id === id) ? { kind: 'adopt', owner: id } : REVOKE;
    }
    // The set may have replaced the tokens of a session that is not active any more. To another user it must not be given.
    for (const { id, session } of users) {
      if (session?.accessToken && !(await this.#isActive(platform, id, session)))
        throw new Error('the server does not tell whose tokens these are');
    }
    return REVOKE;
  }

  /**
   * Whether the tokens of an account's session are active.
   * @throws {Error} they may be called inactive because they have expired, or because a renewal replaces them
   */
  async #isActive(platform: PlatformUrl, id: string, { clientId = '', accessToken, grant }: Session): Promise<boolean> {
    const { isActive, isCertain } = await this.#stateOf(platform, {
      clientId,
      accessToken,
      refreshToken: refreshTokenOf({ grant })?.value,
    });
    if (!isActive && !isCertain) throw new Error('it is not known whether the tokens of the session are active');
    if (!isActive) await this.#assertNotRenewed(id, accessToken?.value);
    return isActive;
  }

  async #introspectsRefreshTokens(platform: PlatformUrl, id: string, session: Session): Promise<boolean> {
    const { clientId = '', accessToken } = session;
    const refreshToken = refreshTokenOf(session);
    if (!refreshToken) return false;
    const { value } = await this.#tokens.introspectDetached(platform, clientId, refreshToken.value);
    if (!value.active) await this.#assertNotRenewed(id, accessToken?.value);
    return value.active;
  }

  /** @throws {Error} the tokens of a session were called inactive because they are being renewed, or have been */
  async #assertNotRenewed(id: string, accessToken: string | undefined): Promise<void> {
    const session = (await this.#store.reread(id))?.session;
    if (session?.accessToken?.value !== accessToken || session?.exchange)
      throw new Error('the session is being renewed');
  }

  /** Asks about the access token, unless it has expired, and about the refresh token if the access token is not active. */
  async #stateOf(platform: PlatformUrl, { clientId, accessToken, refreshToken }: SetReference): Promise<SetState> {
    const isFresh = accessToken !== undefined && !hasExpired(accessToken, this.#clock.now());
    for (const token of [isFresh ? accessToken.value : undefined, refreshToken]) {
      if (token === undefined) continue;
      const { value } = await this.#tokens.introspectDetached(platform, clientId, token);
      if (value.active) return { isActive: true, isCertain: true, claims: userClaims(value) };
    }
    return { isActive: false, isCertain: isFresh, claims: {} };
  }
}

function livesOn(session: Session, token: string): boolean {
  const { accessToken } = session;
  return accessToken !== undefined && [accessToken.value, refreshTokenOf(session)?.value].includes(token);
}
