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

/** Automatic renewals of one account are at least so far apart, in milliseconds: a server may issue tokens that live for a moment only. */
const AUTOMATIC_INTERVAL_MS = 60_000;

/** An automatic renewal that would follow the last one too soon. Nothing was sent, and the session is as before. */
export class RenewalPostponedError extends Error {
  override readonly name = 'RenewalPostponedError';
  constructor(
    /** When it may be tried, in epoch milliseconds. */
    readonly until: number,
    /** How long that is from now, in milliseconds. */
    readonly waitMs: number,
  ) {
    super('the last renewal was less than a minute ago');
  }
}

export interface RenewalOptions {
  /** Whether no user asked for it and waits for it. */
  readonly isAutomatic?: boolean;
  /** An access token to replace before it expires. */
  readonly unwanted?: string | undefined;
  /** Whether the server rejects it; otherwise the user asked for a new one. */
  readonly isRefused?: boolean;
}

/** There is nothing that could renew the session without the user: it has ended, or never could be. */
export class SignInRequiredError extends Error {
  override readonly name = 'SignInRequiredError';
}

/** Whether a failed renewal goes on as soon as the user gives the application's secret. */
export function needsSecret(error: unknown): boolean {
  return error instanceof OAuthError && error.rejectsClient;
}

/** A lease that is held for longer than a renewal takes. */
interface Held {
  readonly hold: Hold;
  /** The last renewal under it. */
  work: Promise<unknown>;
}

/**
 * Gets new tokens for a session, once for all windows that share the leases, as long as no window sleeps between its confirmation and its
 * request.
 *
 * In this window, callers share one renewal. Under the lease, the window adopts what another window has stored. It notes the exchange of a
 * refresh token before it sends it, and stores the new tokens before it uses them. Tokens that the storage does not take are used from memory,
 * and the lease is held until they are stored: another window would find the old refresh token, and end the session with it. An exchange under
 * way is never aborted; whoever waits for it may stop waiting.
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
  /** When an automatic renewal of an account with short-lived tokens was last tried, in epoch milliseconds. */
  readonly #triedAt = new Map<string, number>();
  /** By account, the token that would not do before its time. It is marked as expired then, which says nothing about its lifetime. */
  readonly #unwanted = new Map<string, string>();
  /** By account, the leases of sessions whose tokens are not stored yet. */
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
   * Resolves to the account with a token that is good.
   * @throws {SignInRequiredError}
   * @throws {OAuthError} {@link needsSecret}: the application's secret is needed again
   * @throws whatever kept the server from answering; the session is as before then
   */
  async renew(id: string, options: RenewalOptions = {}): Promise<StoredAccount> {
    const { unwanted } = options;
    for (let other = this.#flights.get(id); other; other = this.#flights.get(id)) {
      const stored = await other.catch((error: unknown) => {
        // What is postponed for an automatic renewal is not for a user.
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

  /** Resolves when no renewal is under way: whatever a server has issued is stored then. Never rejects. */
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
    { unwanted, isRefused = false, isAutomatic = false }: RenewalOptions,
    hold: Hold,
  ): Promise<StoredAccount> {
    const stored = await this.#store.reread(id).catch((error: unknown) => {
      // What is not stored is known here alone, under the lease, so that there is nothing to read.
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
    // What the server ended, a kept password must not bring back.
    if (isRefused && grant.kind === 'savedPassword')
      throw new SignInRequiredError(`${id} can be renewed by the clock only`);
    if (unwanted !== undefined) this.#unwanted.set(id, unwanted);
    if (isAutomatic) this.#requireInterval(stored, session);
    return grant.kind === 'refreshToken'
      ? this.#exchange(stored, session, grant, hold)
      : this.#signInAgain(stored, session, accessToken, grant, hold);
  }

  /**
   * The last renewal of any window is known by its token, which is younger than the sign-in. Failed tries count too where tokens live for
   * less than the interval; elsewhere the back-off of whoever asks is enough, and a server that is back is asked at once.
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
    // A moment in the far future was noted before the clock was set back.
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
    // Not confirmed: the store has a lease of its own, and `startedAt` tells whose note it is.
    if (!(await this.#store.update(stored.id, exchangeStarted(value, startedAt)))) {
      const after = await this.#store.reread(stored.id);
      // Signed out, or exchanged by another window, since it was read: the token is not this window's to send.
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
    // RFC 6749 section 6: without a new one, the old refresh token goes on being good.
    return this.#persist(stored, value, { grant: refreshToken, ...tokens });
  }

  /**
   * The server rejects the refresh token: the session ends, unless another window has exchanged it.
   * @param startedAt when this window began the only exchange that it knows of. A note with another time is that of a window which took over
   * the lease while this one slept, and whose exchange has not ended.
   */
  async #handleInvalidGrant(id: string, refreshToken: string, startedAt: number | undefined): Promise<StoredAccount> {
    const stored = await this.#store.reread(id);
    if (!stored?.session || refreshTokenOf(stored.session)?.value !== refreshToken) {
      if (stored && usableToken(stored, this.#clock.now())) return stored;
      throw new SignInRequiredError(`${id} was changed by another window`);
    }
    const isOnly = startedAt !== undefined && stored.session.exchange?.startedAt === startedAt;
    await this.#store.update(id, ended(refreshToken, isOnly ? 'revoked' : 'interrupted'));
    throw new SignInRequiredError(`${id} has been ended by the server`);
  }

  /** A password token that runs out by the clock: signs in once more. */
  async #signInAgain(
    stored: StoredAccount,
    { login = stored.account.userName }: Session,
    accessToken: AccessToken,
    { password }: SavedPassword,
    hold: Hold,
  ): Promise<StoredAccount> {
    // Before its time has come, the server may have ended it without anyone having noticed yet.
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
      if (!refusesPassword(error)) throw error;
      await this.#store.update(stored.id, passwordForgotten);
      throw new SignInRequiredError('the password is no longer accepted', { cause: error });
    }
  }

  /**
   * Writes the tokens down before anyone uses them, or keeps them in memory until they can be written: no others are good. If the session has
   * gone meanwhile, they are to be revoked.
   */
  async #persist(stored: StoredAccount, from: string, tokens: TokenSet): Promise<StoredAccount> {
    const platform = stored.platform;
    try {
      const later = stored.session && renewedLate(from, tokens, stored.session);
      const isThere = await this.#store.keep(stored.id, renewed(from, tokens), later);
      if (!isThere) await this.#store.abandon(platform, stored.account, tokens);
    } catch (error) {
      await this.#revocations.discard(platform, stored.account, tokens);
      throw error;
    }
    const after = this.#store.find(stored.id);
    if (after && after.pendingRevocations.length > 0) void this.#revocations.settleAccount(stored.id);
    if (after?.session?.accessToken?.value === tokens.accessToken.value) return this.#withExpiry(after);
    return this.#adopt(stored, `${stored.id} was signed out or in again meanwhile`);
  }

  /** Asked twice before a session ends: a gateway refuses a bearer in the same words as ZeyOS does. */
  async #isInactive(stored: StoredAccount): Promise<boolean> {
    return (await this.#accountTokens.introspect(stored))?.answer.value.active === false;
  }

  /** Another window may have renewed the session while this one slept. */
  async #adopt({ id, session }: StoredAccount, otherwise: string): Promise<StoredAccount> {
    const after = await this.#store.reread(id);
    if (after && after.session?.signedInAt === session?.signedInAt && usableToken(after, this.#clock.now()))
      return after;
    throw new SignInRequiredError(otherwise);
  }

  /** Where the answer did not tell how long the token lives, the server is asked; that it does not tell is no failure. */
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

/** Whether the server rejects the password or wants a one-time code as well. A 401 counts whoever sent it: more tries could lock the account. */
function refusesPassword(error: unknown): boolean {
  if (error instanceof OAuthError) return error.rejectsCredentials || error.requiresOneTimeCode;
  return error instanceof HttpError && error.status === 401;
}

/** Whether the server cannot have seen the request, or said that it did nothing. */
function certainlyNotExchanged(error: unknown): boolean {
  if (error instanceof OAuthError) return !error.isPassing;
  if (error instanceof HttpError) return error.status < 500;
  // The application's secret is read before anything is sent.
  return (
    error instanceof SecretStorageTimeoutError ||
    error instanceof SettingsError ||
    (error instanceof NetworkError && error.isUnsent)
  );
}
