import type { PlatformUrl } from '../../zeyos/address/platform';
import { namesUser, identify, identityOf, userClaims, type UserClaims } from '../model/accounts';
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
import type { TokenRequests } from './tokenRequests';
import { isOfApplication } from '../model/transitions';
import type { Clock } from '../../base/clock';
import { accountsOn } from '../model/accounts';

/**
 * What to do with a token set that no session uses:
 * - `revoke` it;
 * - `drop` it without a request: it has ended, or its revocation could end the set that replaced it;
 * - `adopt` it: the session of the account `owner` continues with it.
 */
export type Verdict = { readonly kind: 'revoke' | 'drop' } | { readonly kind: 'adopt'; readonly owner: string };

interface SetState {
  readonly isActive: boolean;
  /** False if only the refresh token was introspected: some servers call every refresh token inactive. */
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
 * Decides which token set of a user and an application is the good one. ZeyOS very probably keeps one for each user and
 * application, so a sign-in ends the session's tokens. Other servers keep several. So an active set is revoked only if
 * another is active too, and an ended one is not revoked while an active one may depend on it.
 */
export class TokenSets {
  readonly #requests: TokenRequests;
  readonly #store: SessionStore;
  readonly #clock: Clock;

  constructor(services: { tokenRequests: TokenRequests; store: SessionStore; clock: Clock }) {
    this.#requests = services.tokenRequests;
    this.#store = services.store;
    this.#clock = services.clock;
  }

  /** The accounts with a session of an application, even an ended one. */
  accountsOf(platform: PlatformUrl, clientId: string | undefined): readonly StoredAccount[] {
    return accountsOn(this.#store.accounts, platform).filter(({ session }) => isOfApplication(session, clientId));
  }

  /** Resolves to no claims if the server cannot be reached or does not tell the user. */
  async claimsOf(platform: PlatformUrl, { clientId = '', accessToken }: TokenSet): Promise<UserClaims> {
    return this.#stateOf(platform, { clientId, accessToken, refreshToken: undefined }).then(
      ({ claims }) => claims,
      () => ({}),
    );
  }

  async areActive(platform: PlatformUrl, { clientId = '', accessToken, grant }: TokenSet): Promise<boolean> {
    return (await this.#stateOf(platform, { clientId, accessToken, refreshToken: grant?.value })).isActive;
  }

  /**
   * @throws {Error} if the server's answers do not decide it
   * @throws the error of a request
   */
  async verdict(platform: PlatformUrl, stored: StoredAccount, pending: PendingRevocation): Promise<Verdict> {
    const { clientId, accessToken, token } = pending;
    const users = this.accountsOf(stored.platform, clientId);
    if (users.some(({ session }) => session && livesOn(session, token))) return DROP;
    const session = users.find(({ id }) => id === stored.id)?.session;
    if (clientId === undefined || users.length === 0 || !(session || accessToken)) return REVOKE;
    const set = { clientId, accessToken, refreshToken: token === accessToken?.value ? undefined : token };
    if (!session) return this.#ofUnknownOwner(platform, users, await this.#stateOf(platform, set));
    // Asked first, because nothing can be decided without this answer.
    const isSessionActive = session.accessToken !== undefined && (await this.#isActive(platform, stored.id, session));
    const { isActive, isCertain } = await this.#stateOf(platform, set);
    const adopt: Verdict = { kind: 'adopt', owner: stored.id };
    if (!session.accessToken) {
      if (isActive) return accessToken ? adopt : REVOKE;
      // Another window may receive the interrupted renewal's answer; revoking this set could end its tokens.
      return isCertain && session.exchange ? DROP : REVOKE;
    }
    if (!isSessionActive) {
      if (isActive) return accessToken ? adopt : REVOKE;
      return isCertain ? DROP : REVOKE;
    }
    if (isActive) return accessToken && accessToken.issuedAt > session.accessToken.issuedAt ? adopt : REVOKE;
    return isCertain || (await this.#introspectsRefreshTokens(platform, stored.id, session)) ? DROP : REVOKE;
  }

  async #ofUnknownOwner(platform: PlatformUrl, users: readonly StoredAccount[], state: SetState): Promise<Verdict> {
    const { isActive, isCertain, claims } = state;
    if (!isActive) return isCertain ? DROP : REVOKE;
    if (namesUser(claims)) {
      const { id } = identify(this.#store.accounts, platform, identityOf(claims));
      return users.some((stored) => stored.id === id) ? { kind: 'adopt', owner: id } : REVOKE;
    }
    // The set may have replaced an inactive session's tokens, but it must not go to another user.
    for (const { id, session } of users) {
      if (session?.accessToken && !(await this.#isActive(platform, id, session)))
        throw new Error('the server does not tell whose tokens these are');
    }
    return REVOKE;
  }

  /** @throws {Error} if the tokens may be inactive because they have expired or a renewal replaces them */
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
    const { value } = await this.#requests.introspectAsClient(platform, clientId, refreshToken.value);
    if (!value.active) await this.#assertNotRenewed(id, accessToken?.value);
    return value.active;
  }

  /** @throws {Error} if a renewal of the tokens explains why they are inactive */
  async #assertNotRenewed(id: string, accessToken: string | undefined): Promise<void> {
    const session = (await this.#store.reread(id))?.session;
    if (session?.accessToken?.value !== accessToken || session?.exchange)
      throw new Error('the session is being renewed');
  }

  async #stateOf(platform: PlatformUrl, { clientId, accessToken, refreshToken }: SetReference): Promise<SetState> {
    const isFresh = accessToken !== undefined && !hasExpired(accessToken, this.#clock.now());
    for (const token of [isFresh ? accessToken.value : undefined, refreshToken]) {
      if (token === undefined) continue;
      const { value } = await this.#requests.introspectAsClient(platform, clientId, token);
      if (value.active) return { isActive: true, isCertain: true, claims: userClaims(value) };
    }
    return { isActive: false, isCertain: isFresh, claims: {} };
  }
}

function livesOn(session: Session, token: string): boolean {
  const { accessToken } = session;
  return accessToken !== undefined && [accessToken.value, refreshTokenOf(session)?.value].includes(token);
}
