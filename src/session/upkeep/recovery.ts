import type { Log } from '../../base/log';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { Alarm } from '../../base/alarm';
import { BackOff } from '../../base/backOff';
import { Changes } from '../../base/changes';
import type { Reachability } from '../tokens/reachability';
import { accountsOn } from '../model/accounts';
import { isListed } from '../model/session';
import type { SessionStore } from '../storage/sessionStore';
import type { Clock } from '../../base/clock';

const FIRST_RETRY_MS = 15_000;
const LAST_RETRY_MS = 10 * 60_000;

/** A platform that cannot be reached, or could not recently. Times are epoch milliseconds. */
interface Outage {
  readonly platform: PlatformUrl;
  readonly backOff: BackOff;
  isOver: boolean;
  /** When the last probe began, or `isOver` last changed. */
  foundAt: number;
  retryAt: number;
}

/** Probes unreachable platforms, without credentials and less and less often, until they answer. */
export class Recovery {
  readonly #store: SessionStore;
  readonly #probe: (platform: PlatformUrl) => Promise<void>;
  readonly #reachability: Reachability;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #alarm: Alarm;
  readonly #subscriptions: readonly { dispose(): void }[];
  readonly #changes = new Changes();
  #outages: readonly Outage[] = [];

  readonly onDidRecover = this.#changes.onDidChange;

  /** @param services `probe` rejects unless ZeyOS answers */
  constructor(services: {
    store: SessionStore;
    probe: (platform: PlatformUrl) => Promise<void>;
    reachability: Reachability;
    clock: Clock;
    log: Log;
  }) {
    this.#store = services.store;
    this.#probe = services.probe;
    this.#reachability = services.reachability;
    this.#clock = services.clock;
    this.#log = services.log;
    this.#alarm = new Alarm(
      services.clock,
      () => void this.#ask(this.#running().filter(({ retryAt }) => retryAt <= this.#clock.now())),
    );
    this.#subscriptions = [
      services.reachability.onDidChange(() => this.#update()),
      services.store.onDidChange(() => this.#hear()),
    ];
  }

  /** Never rejects. */
  async tryNow(): Promise<void> {
    await this.#ask(this.#running());
  }

  dispose(): void {
    this.#subscriptions.forEach((subscription) => subscription.dispose());
    this.#alarm.dispose();
  }

  #running(): readonly Outage[] {
    const listed = this.#store.accounts.filter(isListed);
    return this.#outages.filter(({ platform, isOver }) => !isOver && accountsOn(listed, platform).length > 0);
  }

  async #ask(outages: readonly Outage[]): Promise<void> {
    for (const outage of outages) {
      outage.foundAt = this.#clock.now();
      outage.backOff.grow();
      outage.retryAt = this.#clock.now() + outage.backOff.ms;
    }
    await Promise.all(
      outages.map(({ platform }) =>
        this.#reachability
          .watch(platform, this.#probe(platform))
          .catch((error: Error) => this.#log.debug(`${platform.href} still cannot be reached: ${error.message}`)),
      ),
    );
    this.#schedule();
  }

  /** Another window's new token shows that the server answers again. */
  #hear(): void {
    const back = this.#running().filter(({ platform, foundAt }) =>
      accountsOn(this.#store.accounts, platform).some(
        (stored) => (stored.session?.accessToken?.issuedAt ?? -Infinity) > foundAt,
      ),
    );
    if (back.length > 0) void this.#ask(back);
    else this.#schedule();
  }

  #update(): void {
    const now = this.#clock.now();
    const over = this.#outages.filter(({ platform, isOver }) => !isOver && this.#reachability.isReachable(platform));
    for (const outage of over) Object.assign(outage, { isOver: true, foundAt: now });
    for (const platform of this.#reachability.unreachable) this.#begin(platform, now);
    this.#schedule();
    if (over.length > 0) this.#changes.fire();
  }

  #begin(platform: PlatformUrl, now: number): void {
    const known = this.#outages.find((outage) => outage.platform.equals(platform));
    if (known && !known.isOver) return;
    const { backOff } = known ?? { backOff: new BackOff(FIRST_RETRY_MS, LAST_RETRY_MS) };
    // A platform that fails repeatedly is probed less often.
    if (known && now - known.foundAt > LAST_RETRY_MS) backOff.reset();
    const outage = { platform, backOff, isOver: false, foundAt: now, retryAt: now + backOff.ms };
    this.#outages = [...this.#outages.filter((other) => other !== known), outage];
  }

  #schedule(): void {
    this.#alarm.set(Math.min(Infinity, ...this.#running().map(({ retryAt }) => retryAt)));
  }
}
