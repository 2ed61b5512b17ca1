import type { Log } from '../zeyos/log';
import { Alarm } from './alarm';
import type { Reachability } from './reachability';
import type { SessionCheck } from './sessionCheck';
import type { SessionStore } from './sessionStore';

const FIRST_RETRY_MS = 15_000;
const LAST_RETRY_MS = 10 * 60_000;

/** Notices by itself when an instance that could not be reached answers again. */
export class Recovery {
  readonly #store: SessionStore;
  readonly #check: SessionCheck;
  readonly #reachability: Reachability;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #alarm: Alarm;
  readonly #subscription: { dispose(): void };
  #retryMs = FIRST_RETRY_MS;

  constructor(seams: { store: SessionStore; check: SessionCheck; reachability: Reachability; now: () => number; log: Log }) {
    this.#store = seams.store;
    this.#check = seams.check;
    this.#reachability = seams.reachability;
    this.#now = seams.now;
    this.#log = seams.log;
    this.#alarm = new Alarm(seams.now, () => void this.tryNow());
    this.#subscription = seams.reachability.onDidChange(() => this.#schedule());
  }

  /** Asks every instance that could not be reached about one of its sessions. Never rejects. */
  async tryNow(): Promise<void> {
    const accounts = this.#store.accounts.filter((stored) => !this.#reachability.isReachable(stored.instance) && stored.session?.accessToken);
    const firsts = accounts.filter(({ instance }, index) => accounts.findIndex((other) => other.instance === instance) === index);
    await Promise.all(
      firsts.map((stored) => this.#check.run(stored).catch((error: Error) => this.#log.debug(`${stored.instance} still cannot be reached: ${error.message}`))),
    );
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
    this.#schedule();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#alarm.dispose();
  }

  #schedule(): void {
    const isOut = this.#store.accounts.some(({ instance }) => !this.#reachability.isReachable(instance));
    if (!isOut) this.#retryMs = FIRST_RETRY_MS;
    this.#alarm.set(isOut ? this.#now() + this.#retryMs : Infinity);
  }
}
