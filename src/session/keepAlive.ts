import type { Log } from '../zeyos/log';
import { Alarm } from './alarm';
import { BackOff } from './backOff';
import type { Renewal } from './renewal';
import { isRenewable, usableToken, usableUntil, type StoredAccount } from './session';
import type { SessionStore } from './sessionStore';

const FIRST_RETRY_MS = 15_000;
const LAST_RETRY_MS = 10 * 60_000;

/** Renews the active account's token when its time has come; all others are renewed when someone asks for them. */
export class KeepAlive {
  readonly #renewal: Renewal;
  readonly #active: () => StoredAccount | undefined;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #alarm: Alarm;
  readonly #backOff = new BackOff(FIRST_RETRY_MS, LAST_RETRY_MS);
  readonly #subscription: { dispose(): void };
  #isTrying = false;
  /** What it aims at, so that news about anything else neither hurries nor delays it. */
  #aim: string | undefined;

  constructor(services: { store: SessionStore; renewal: Renewal; active: () => StoredAccount | undefined; now: () => number; log: Log }) {
    this.#renewal = services.renewal;
    this.#active = services.active;
    this.#now = services.now;
    this.#log = services.log;
    this.#alarm = new Alarm(services.now, () => void this.tryNow());
    this.#subscription = services.store.onDidChange(() => this.schedule());
  }

  /** Aims at the moment when the active account's token stops being handed out. */
  schedule(): void {
    const aim = this.#nextAim();
    if (this.#isTrying || aim === this.#aim) return;
    this.#aim = aim;
    this.#backOff.reset();
    const session = this.#renewable()?.session;
    if (!session?.accessToken) return this.#alarm.set(Infinity);
    // An exchange whose outcome is not known hides the token. It is brought to its end, once it has had the time to end by itself.
    this.#alarm.set(Math.min(usableUntil(session.accessToken), session.exchange ? this.#now() + FIRST_RETRY_MS : Infinity));
  }

  /** Renews if it is time. Never rejects. */
  async tryNow(): Promise<void> {
    const stored = this.#renewable();
    const token = stored?.session?.accessToken;
    if (!stored || !token || this.#isTrying) return;
    if (usableToken(stored, this.#now())) return this.#alarm.set(usableUntil(token));
    this.#isTrying = true;
    try {
      await this.#renewal.renew(stored.id);
      this.#isTrying = false;
      this.schedule();
    } catch (error) {
      this.#log.warn(`${stored.instance}: the token could not be renewed: ${(error as Error).message}`);
      this.#isTrying = false;
      // What the attempt left behind is no news.
      this.#aim = this.#nextAim();
      this.#alarm.set(this.#now() + this.#backOff.ms);
      this.#backOff.grow();
    }
  }

  /** The active account, where it can be renewed. */
  #renewable(): StoredAccount | undefined {
    const stored = this.#active();
    return stored?.session && isRenewable(stored.session, this.#now()) ? stored : undefined;
  }

  #nextAim(): string | undefined {
    const { accessToken, exchange } = this.#renewable()?.session ?? {};
    return accessToken && `${accessToken.value} ${accessToken.expiresAt} ${exchange?.startedAt}`;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#alarm.dispose();
  }
}
