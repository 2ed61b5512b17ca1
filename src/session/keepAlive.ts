import type { Log } from '../zeyos/log';
import { Alarm } from './alarm';
import type { ClientRefusals } from './clientRefusals';
import { needsSecret, type Renewal } from './renewal';
import { isRenewable, usableToken, usableUntil, type StoredAccount } from './session';
import type { SessionStore } from './sessionStore';

const FIRST_RETRY_MS = 15_000;
const LAST_RETRY_MS = 10 * 60_000;

/** Renews the active account's token when its time has come; all others are renewed when someone asks for them. */
export class KeepAlive {
  readonly #renewal: Renewal;
  readonly #refusals: ClientRefusals;
  readonly #active: () => StoredAccount | undefined;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #alarm: Alarm;
  readonly #subscription: { dispose(): void };
  #retryMs = FIRST_RETRY_MS;
  /** What it aims at, so that news about anything else neither hurries nor delays it. */
  #aim: string | undefined;

  constructor(seams: { store: SessionStore; renewal: Renewal; refusals: ClientRefusals; active: () => StoredAccount | undefined; now: () => number; log: Log }) {
    this.#renewal = seams.renewal;
    this.#refusals = seams.refusals;
    this.#active = seams.active;
    this.#now = seams.now;
    this.#log = seams.log;
    this.#alarm = new Alarm(seams.now, () => void this.tryNow());
    this.#subscription = seams.store.onDidChange(() => this.schedule());
  }

  /** Aims at the moment when the active account's token stops being handed out. */
  schedule(): void {
    const stored = this.#active();
    const token = stored?.session?.accessToken;
    const next = stored?.session && token && isRenewable(stored.session, this.#now()) ? token : undefined;
    const aim = next && `${next.value} ${next.expiresAt}`;
    if (aim === this.#aim) return;
    this.#aim = aim;
    this.#retryMs = FIRST_RETRY_MS;
    this.#alarm.set(next ? usableUntil(next) : Infinity);
  }

  /** Renews if it is time. Never rejects. */
  async tryNow(): Promise<void> {
    const stored = this.#active();
    const token = stored?.session?.accessToken;
    if (!stored?.session || !token || !isRenewable(stored.session, this.#now())) return;
    if (usableToken(stored, this.#now())) return this.#alarm.set(usableUntil(token));
    try {
      await this.#renewal.renew(stored.id);
    } catch (error) {
      this.#log.warn(`${stored.instance}: the token could not be renewed: ${(error as Error).message}`);
      this.#refusals.note(stored, needsSecret(error));
      this.#alarm.set(this.#now() + this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#alarm.dispose();
  }
}
