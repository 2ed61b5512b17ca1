import type { Log } from '../../base/log';
import { HttpError, NetworkError, OAuthError, SettingsError } from '../../zeyos/errors';
import { SecretStorageTimeoutError } from '../storage/boundedSecretStorage';
import { renewedLate } from '../model/lateTransitions';
import { holdUntilDone, isLost, type Hold, type Lease } from '../../base/lease';
import type { RejectedClientSecrets } from './rejectedClientSecrets';
import type { Revocations } from './revocations';
import type { ShortLifetimes } from './shortLifetimes';
import { canRenew, refreshTokenOf, type RefreshToken, type SavedPassword } from '../model/grant';
import {
  fingerprint,
  hasExpired,
  usableToken,
  type AccessToken,
  type Session,
  type StoredAccount,
  type TokenSet,
} from '../model/session';
import type { SessionStore } from '../storage/sessionStore';
import type { AccountTokens } from './accountTokens';
import type { PasswordRequests } from './passwordRequests';
import type { TokenRequests } from './tokenRequests';
import { ended, exchangeCalledOff, exchangeStarted, passwordForgotten, renewed } from '../model/transitions';
import type { Clock } from '../../base/clock';

/** The shortest time between an account's automatic renewals: tokens may live for a moment only. */
const AUTOMATIC_INTERVAL_MS = 60_000;

/** An automatic renewal would follow the last one too soon. Nothing was sent or changed. */
export class RenewalPostponedError extends Error {
  override readonly name = 'RenewalPostponedError';
  constructor(
    /** When it may be tried, in epoch milliseconds. */
    readonly until: number,
    readonly waitMs: number,
  ) {
    super('the last renewal was less than a minute ago');
  }
}

export interface RenewalOptions {
  /** No user waits for the renewal. */
  readonly isAutomatic?: boolean;
  /** An access token to replace before it expires. */
  readonly unwanted?: string | undefined;
  /** Whether the server rejects that token. */
  readonly isRejected?: boolean;
}

/** Nothing can renew the session without the user: it has ended, or never could be renewed. */
export class SignInRequiredError extends Error {
  override readonly name = 'SignInRequiredError';
}

/** Whether a failed renewal can go on once the user gives the client secret. */
export function needsSecret(error: unknown): boolean {
  return error instanceof OAuthError && error.rejectsClient;
}

/** A lease that this window holds until the new tokens are stored. */
interface Held {
  readonly hold: Hold;
  /** The last renewal under this lease. */
  work: Promise<unknown>;
}

/**
 * Renews sessions, once for all windows that share the leases. (Only a window that is suspended between its
 * confirmation and its request may repeat a renewal, or one without a lease: see {@link Lease}.)
 *
 * - In one window, callers share a renewal. A caller may stop waiting, but a running exchange is never aborted.
 * - Under the lease, a window first adopts tokens that another window has stored.
 * - It stores a note of the exchange before it sends a refresh token, and new tokens before it uses them.
 * - If the storage does not take them, the window uses them from memory and keeps the lease until they are stored.
 *   Otherwise another window would send the old refresh token, and the server would end the session.
 */
export class Renewal {
  readonly #store: SessionStore;
  readonly #accountTokens: AccountTokens;
  readonly #passwordRequests: PasswordRequests;
  readonly #tokenRequests: TokenRequests;
  readonly #revocations: Revocations;
  readonly #rejectedClientSecrets: RejectedClientSecrets;
  readonly #shortLifetimes: ShortLifetimes;
  readonly #lease: (id: string) => Lease;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #flights = new Map<string, Promise<StoredAccount>>();
  /** By account with short-lived tokens, the last automatic renewal, in epoch milliseconds. */
  readonly #triedAt = new Map<string, number>();
  /**
   * By account, the token that a caller replaced early. The session marks it as expired, so its expiry does not show
   * its lifetime.
   */
  readonly #unwanted = new Map<string, string>();
  /** By account. */
  readonly #held = new Map<string, Held>();

  constructor(services: {
    store: SessionStore;
    accountTokens: AccountTokens;
    passwordRequests: PasswordRequests;
    tokenRequests: TokenRequests;
    revocations: Revocations;
    rejectedClientSecrets: RejectedClientSecrets;
    shortLifetimes: ShortLifetimes;
    lease: (id: string) => Lease;
    clock: Clock;
    log: Log;
  }) {
    this.#store = services.store;
    this.#accountTokens = services.accountTokens;
    this.#passwordRequests = services.passwordRequests;
    this.#tokenRequests = services.tokenRequests;
    this.#revocations = services.revocations;
    this.#rejectedClientSecrets = services.rejectedClientSecrets;
    this.#shortLifetimes = services.shortLifetimes;
    this.#lease = services.lease;
    this.#clock = services.clock;
    this.#log = services.log;
  }

  /**
   * Resolves to the account with a usable token.
   * @throws {SignInRequiredError}
   * @throws {OAuthError} {@link needsSecret}: the user must enter the client secret again
   * @throws the failure of the request; the session is unchanged
   */
  async renew(id: string, options: RenewalOptions = {}): Promise<StoredAccount> {
    const { unwanted } = options;
    for (let other = this.#flights.get(id); other; other = this.#flights.get(id)) {
      const stored = await other.catch((error: unknown) => {
        // Only automatic renewals are postponed.
        if (error instanceof RenewalPostponedError && !options.isAutomatic) return undefined;
        throw error;
      });
      if (stored && (unwanted === undefined || stored.session?.accessToken?.value !== unwanted)) return stored;
    }
    const flight = this.#underLease(id, (hold) => this.#renew(id, options, hold))
      .catch((error: unknown) => {
        const stored = this.#store.find(id);
        if (stored && !(error instanceof RenewalPostponedError))
          this.#rejectedClientSecrets.note(stored, needsSecret(error));
        throw error;
      })
      .finally(() => this.#flights.delete(id));
    this.#flights.set(id, flight);
    return flight;
  }

  /** Resolves when no renewal runs, so that all new tokens are stored. Never rejects. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#flights.values());
  }

  async #underLease(id: string, work: (hold: Hold) => Promise<StoredAccount>): Promise<StoredAccount> {
    const held = this.#held.get(id);
    if (held) {
      const result = work(held.hold);
      held.work = result;
      try {
        return await result;
      } catch (error) {
        if (!isLost(error)) throw error;
      }
    }
    return new Promise((resolve, reject) => {
      holdUntilDone(this.#lease(id), async (hold) => {
        resolve(await work(hold));
        if (this.#store.find(id)?.unsaved) await this.#holdUntilStored(id, hold);
      }).catch(reject);
    });
  }

  /** Never rejects. */
  async #holdUntilStored(id: string, hold: Hold): Promise<void> {
    const held: Held = { hold, work: Promise.resolve() };
    this.#held.set(id, held);
    for (let work; work !== held.work || this.#store.find(id)?.unsaved;) {
      await this.#store.saved(id);
      ({ work } = held);
      await work.catch(() => undefined);
    }
    if (this.#held.get(id) === held) this.#held.delete(id);
  }

  async #renew(
    id: string,
    { unwanted, isRejected = false, isAutomatic = false }: RenewalOptions,
    hold: Hold,
  ): Promise<StoredAccount> {
    const stored = await this.#store.reread(id).catch((error: unknown) => {
      // Only this window has the unsaved tokens and the lease, so the storage has nothing newer.
      const known = this.#store.find(id);
      if (!known?.unsaved) throw error;
      return known;
    });
    const token = stored && usableToken(stored, this.#clock.now());
    if (stored && token && token.value !== unwanted) return stored;
    const { session } = stored ?? {};
    const { accessToken, grant } = session ?? {};
    if (!stored || !session || !accessToken || !canRenew(grant, this.#clock.now()))
      throw new SignInRequiredError(`${id} cannot be renewed`);
    // Do not sign in again with the saved password: the server may have revoked the token on purpose.
    if (isRejected && grant.kind === 'savedPassword')
      throw new SignInRequiredError(`${id} can be renewed by the clock only`);
    if (unwanted !== undefined) this.#unwanted.set(id, unwanted);
    if (isAutomatic) this.#requireInterval(stored, session);
    return grant.kind === 'refreshToken'
      ? this.#exchange(stored, session, grant, hold)
      : this.#signInAgain(stored, session, accessToken, grant, hold);
  }

  /**
   * A token younger than the sign-in shows when a window last renewed the session. For shorter lifetimes than the
   * interval, this window's failed renewals count too; otherwise, the caller's back-off limits the requests.
   * @throws {RenewalPostponedError}
   */
  #requireInterval({ id }: StoredAccount, { accessToken, signedInAt }: Session): void {
    const now = this.#clock.now();
    const isShort =
      accessToken?.expiresAt !== undefined &&
      accessToken.expiresAt - accessToken.issuedAt < AUTOMATIC_INTERVAL_MS &&
      accessToken.value !== this.#unwanted.get(id);
    const renewedAt = accessToken && accessToken.issuedAt > signedInAt ? accessToken.issuedAt : -Infinity;
    const until =
      Math.max(renewedAt, isShort ? (this.#triedAt.get(id) ?? -Infinity) : -Infinity) + AUTOMATIC_INTERVAL_MS;
    // A time in the far future dates from before the clock was set back.
    if (now >= until || until - now > AUTOMATIC_INTERVAL_MS) return void this.#triedAt.set(id, now);
    if (isShort) this.#shortLifetimes.note(id);
    throw new RenewalPostponedError(until, until - now);
  }

  async #exchange(
    stored: StoredAccount,
    session: Session,
    refreshToken: RefreshToken,
    hold: Hold,
  ): Promise<StoredAccount> {
    const { value } = refreshToken;
    const isSecondTry = session.exchange?.of === fingerprint(value);
    const startedAt = this.#clock.now();
    // The lease need not be confirmed for this: the store has its own, and `startedAt` identifies the note.
    if (!(await this.#store.update(stored.id, exchangeStarted(value, startedAt)))) {
      const after = await this.#store.reread(stored.id);
      // The user signed out, or another window exchanged the token: it must not be sent.
      if (refreshTokenOf(after?.session)?.value !== value)
        return this.#adopt(stored, `${stored.id} was changed by another window`);
    }
    await hold.confirm();
    let tokens: TokenSet;
    try {
      tokens = (await this.#tokenRequests.exchangeRefreshToken(stored.platform, session.clientId ?? '', value)).value;
    } catch (error) {
      if (error instanceof OAuthError && error.endsSession)
        return this.#handleInvalidGrant(stored.id, value, isSecondTry ? undefined : startedAt);
      if (!isSecondTry && certainlyNotExchanged(error)) {
        await this.#store
          .update(stored.id, exchangeCalledOff(value, startedAt))
          .catch((failure: Error) => this.#log.warn(`a renewal is still noted as under way: ${failure.message}`));
      }
      throw error;
    }
    // RFC 6749 section 6: without a new refresh token, the old one stays valid.
    return this.#persist(stored, value, { grant: refreshToken, ...tokens });
  }

  /**
   * Ends the session, whose refresh token the server rejects, unless another window has exchanged that token.
   * @param startedAt when this window began its exchange, in epoch milliseconds; `undefined`: the note is older. A note
   * with another time belongs to a window that took over this suspended one's lease, and whose exchange may still run.
   */
  async #handleInvalidGrant(id: string, refreshToken: string, startedAt: number | undefined): Promise<StoredAccount> {
    const stored = await this.#store.reread(id);
    if (!stored?.session || refreshTokenOf(stored.session)?.value !== refreshToken) {
      if (stored && usableToken(stored, this.#clock.now())) return stored;
      throw new SignInRequiredError(`${id} was changed by another window`);
    }
    const isOwnNote = startedAt !== undefined && stored.session.exchange?.startedAt === startedAt;
    await this.#store.update(id, ended(refreshToken, isOwnNote ? 'revoked' : 'interrupted'));
    throw new SignInRequiredError(`${id} has been ended by the server`);
  }

  async #signInAgain(
    stored: StoredAccount,
    { login = stored.account.userName }: Session,
    accessToken: AccessToken,
    { password }: SavedPassword,
    hold: Hold,
  ): Promise<StoredAccount> {
    // If the server has revoked an unexpired token, the password must not be used.
    if (
      !hasExpired(accessToken, this.#clock.now()) &&
      (await this.#isInactive(stored)) &&
      (await this.#isInactive(stored))
    ) {
      await this.#store.update(stored.id, ended(accessToken.value, 'revoked'));
      return this.#adopt(stored, `${stored.id} has been ended by the server`);
    }
    await hold.confirm();
    try {
      const { value } = await this.#passwordRequests.request(stored.platform, {
        username: login,
        password,
      });
      return await this.#persist(stored, accessToken.value, value);
    } catch (error) {
      if (!rejectsPassword(error)) throw error;
      await this.#store.update(stored.id, passwordForgotten);
      throw new SignInRequiredError('the password is no longer accepted', { cause: error });
    }
  }

  /**
   * Keeps new tokens in memory if they cannot be stored, because no others are valid. If the user has signed out, they
   * become a pending revocation.
   */
  async #persist(stored: StoredAccount, from: string, tokens: TokenSet): Promise<StoredAccount> {
    const platform = stored.platform;
    try {
      const later = stored.session && renewedLate(from, tokens, stored.session);
      const hasChanged = await this.#store.keep(stored.id, renewed(from, tokens), later);
      if (!hasChanged) await this.#store.setAside(platform, stored.account, tokens);
    } catch (error) {
      await this.#revocations.discard(platform, stored.account, tokens);
      throw error;
    }
    const after = this.#store.find(stored.id);
    if (after && after.pendingRevocations.length > 0) void this.#revocations.settleAccount(stored.id);
    if (after?.session?.accessToken?.value === tokens.accessToken.value) return this.#withExpiry(after);
    return this.#adopt(stored, `${stored.id} was signed out or in again meanwhile`);
  }

  /** A session ends only after two such answers: a gateway may reject a bearer token in ZeyOS's words. */
  async #isInactive(stored: StoredAccount): Promise<boolean> {
    return (await this.#accountTokens.introspect(stored))?.answer.value.active === false;
  }

  /**
   * Returns the session that another window has renewed.
   * @throws {SignInRequiredError} if there is none
   */
  async #adopt({ id, session }: StoredAccount, otherwise: string): Promise<StoredAccount> {
    const after = await this.#store.reread(id);
    if (after && after.session?.signedInAt === session?.signedInAt && usableToken(after, this.#clock.now()))
      return after;
    throw new SignInRequiredError(otherwise);
  }

  /** Only logs a failure. */
  async #withExpiry(stored: StoredAccount): Promise<StoredAccount> {
    if (stored.session?.accessToken?.expiresAt !== undefined) return stored;
    await this.#accountTokens
      .introspect(stored)
      .catch((error: Error) =>
        this.#log.warn(`${stored.platform.href} does not tell when the new token expires: ${error.message}`),
      );
    return this.#store.find(stored.id) ?? stored;
  }
}

/** A demand for a one-time code counts too, and every 401, even a gateway's: more tries could lock the account. */
function rejectsPassword(error: unknown): boolean {
  if (error instanceof OAuthError) return error.rejectsCredentials || error.requiresOneTimeCode;
  return error instanceof HttpError && error.status === 401;
}

function certainlyNotExchanged(error: unknown): boolean {
  if (error instanceof OAuthError) return !error.isPassing;
  if (error instanceof HttpError) return error.status < 500;
  // The client secret is read before the request is sent.
  return (
    error instanceof SecretStorageTimeoutError ||
    error instanceof SettingsError ||
    (error instanceof NetworkError && error.isUnsent)
  );
}
