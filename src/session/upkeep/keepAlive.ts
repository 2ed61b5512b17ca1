import { HttpError } from '../../zeyos/errors';
import type { Log } from '../../base/log';
import { Alarm } from '../../base/alarm';
import { BackOff } from '../../base/backOff';
import { RenewalPostponedError, type Renewal } from '../tokens/renewal';
import { isRenewable, usableToken, usableUntil, type StoredAccount } from '../model/session';
import type { SessionStore } from '../storage/sessionStore';
import type { Clock } from '../../base/clock';

const FIRST_RETRY_MS = 15_000;
const LAST_RETRY_MS = 10 * 60_000;

/** Renews the active account's token at the end of its usable time. Other accounts are renewed on demand. */
export class KeepAlive {
  readonly #renewal: Renewal;
  readonly #active: () => StoredAccount | undefined;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #alarm: Alarm;
  readonly #backOff = new BackOff(FIRST_RETRY_MS, LAST_RETRY_MS);
  readonly #subscription: { dispose(): void };
  #isTrying = false;
  /** The token that the alarm is set for, with its expiry. Other store changes must not reschedule the alarm. */
  #aim: string | undefined;
  /** When the last seen exchange began, in epoch milliseconds. */
  #lastExchangeAt: number | undefined;

  constructor(services: {
    store: SessionStore;
    renewal: Renewal;
    active: () => StoredAccount | undefined;
    clock: Clock;
    log: Log;
  }) {
    this.#renewal = services.renewal;
    this.#active = services.active;
    this.#clock = services.clock;
    this.#log = services.log;
    this.#alarm = new Alarm(services.clock, () => void this.tryNow());
    this.#subscription = services.store.onDidChange(() => this.schedule());
  }

  schedule(): void {
    const { accessToken, exchange } = this.#renewable()?.session ?? {};
    const aim = accessToken && `${accessToken.value} ${accessToken.expiresAt}`;
    const isNewAim = aim !== this.#aim;
    // While the outcome of an exchange is unknown, the token is not handed out, so the alarm is set before its end.
    // After that, failed exchanges of other windows must not hurry the alarm.
    const isHidden =
      accessToken &&
      exchange &&
      exchange.startedAt !== this.#lastExchangeAt &&
      this.#clock.now() < usableUntil(accessToken);
    this.#aim = aim;
    this.#lastExchangeAt = exchange?.startedAt;
    if (isNewAim) this.#backOff.reset();
    if (!accessToken) this.#alarm.set(Infinity);
    // The exchange gets the time to end by itself.
    else if (isNewAim || isHidden)
      this.#alarm.set(exchange ? this.#clock.now() + FIRST_RETRY_MS : usableUntil(accessToken));
  }

  /** Never rejects. */
  async tryNow(): Promise<void> {
    const stored = this.#renewable();
    const token = stored?.session?.accessToken;
    if (!stored || !token || this.#isTrying) return;
    if (usableToken(stored, this.#clock.now())) return this.#alarm.set(usableUntil(token));
    this.#isTrying = true;
    try {
      await this.#renewal.renew(stored.id, { isAutomatic: true });
    } catch (error) {
      if (error instanceof RenewalPostponedError) return this.#alarm.set(error.until);
      this.#log.warn(`${stored.platform.href}: the token could not be renewed: ${(error as Error).message}`);
      const askedMs = error instanceof HttpError ? (error.retryAfterMs ?? 0) : 0;
      this.#alarm.set(this.#clock.now() + Math.max(this.#backOff.ms, Math.min(askedMs, LAST_RETRY_MS)));
      this.#backOff.grow();
    } finally {
      this.#isTrying = false;
    }
  }

  #renewable(): StoredAccount | undefined {
    const stored = this.#active();
    return stored?.session && isRenewable(stored.session, this.#clock.now()) ? stored : undefined;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#alarm.dispose();
  }
}
