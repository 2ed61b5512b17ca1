import type { Log } from '../zeyos/log';
import { Alarm } from './alarm';
import { BackOff } from './backOff';
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
  readonly #backOff = new BackOff(FIRST_RETRY_MS, LAST_RETRY_MS);
  readonly #subscription: { dispose(): void };
  /** By instance, since when it cannot be reached. Epoch milliseconds. */
  readonly #outSince = new Map<string, number>();

  constructor(services: { store: SessionStore; check: SessionCheck; reachability: Reachability; now: () => number; log: Log }) {
    this.#store = services.store;
    this.#check = services.check;
    this.#reachability = services.reachability;
    this.#now = services.now;
    this.#log = services.log;
    this.#alarm = new Alarm(services.now, () => void this.tryNow());
    const subscriptions = [services.reachability.onDidChange(() => this.#schedule()), services.store.onDidChange(() => this.#hear())];
    this.#subscription = { dispose: () => subscriptions.forEach((subscription) => subscription.dispose()) };
  }

  /** Asks every instance that could not be reached about one of its sessions. Never rejects. */
  async tryNow(): Promise<void> {
    const accounts = this.#store.accounts.filter((stored) => !this.#reachability.isReachable(stored.instance) && stored.session?.accessToken);
    const firsts = accounts.filter(({ instance }, index) => accounts.findIndex((other) => other.instance === instance) === index);
    await Promise.all(
      firsts.map((stored) => this.#check.run(stored).catch((error: Error) => this.#log.debug(`${stored.instance} still cannot be reached: ${error.message}`))),
    );
    this.#backOff.grow();
    this.#schedule();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#alarm.dispose();
  }

  /** A token that another window got shows that the server is back. */
  #hear(): void {
    const back = this.#store.accounts.filter(({ instance, session }) => (session?.accessToken?.issuedAt ?? -Infinity) > (this.#outSince.get(instance) ?? Infinity));
    for (const { instance } of back) this.#outSince.set(instance, this.#now());
    if (back.length > 0) void this.tryNow();
  }

  #schedule(): void {
    for (const { instance } of this.#store.accounts) {
      if (this.#reachability.isReachable(instance)) this.#outSince.delete(instance);
      else if (!this.#outSince.has(instance)) this.#outSince.set(instance, this.#now());
    }
    const isOut = this.#outSince.size > 0;
    if (!isOut) this.#backOff.reset();
    this.#alarm.set(isOut ? this.#now() + this.#backOff.ms : Infinity);
  }
}
