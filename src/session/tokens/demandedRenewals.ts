import type { Clock } from '../../base/clock';
import { within } from '../../base/deadline';

/** How long a consumer waits for a renewal, in milliseconds. */
const PATIENCE_MS = 10_000;
/** How long a renewal that failed is not tried again for consumers: while the server is away, they would all wait. Milliseconds. */
const COOL_DOWN_MS = 15_000;

/** Renews the sessions that consumers ask for and that have run out. */
export class DemandedRenewals {
  readonly #renew: (id: string) => Promise<unknown>;
  readonly #clock: Clock;
  /** By session, when it may be tried again. Epoch milliseconds. */
  readonly #notBefore = new Map<string, number>();

  /** @param services `renew` logs its failures itself */
  constructor(services: { renew: (id: string) => Promise<unknown>; clock: Clock }) {
    this.#renew = services.renew;
    this.#clock = services.clock;
  }

  /** Starts them all, and waits for all, but not longer than the bound. Never rejects. */
  async run(ids: readonly string[]): Promise<void> {
    const all = Promise.all(ids.map((id) => this.#start(id)));
    await within({ clock: this.#clock, ms: PATIENCE_MS }, () => all).catch(() => undefined);
  }

  async #start(id: string): Promise<void> {
    if (this.#clock.now() < (this.#notBefore.get(id) ?? -Infinity)) return;
    await this.#renew(id).then(
      () => this.#notBefore.delete(id),
      () => this.#notBefore.set(id, this.#clock.now() + COOL_DOWN_MS),
    );
  }
}
