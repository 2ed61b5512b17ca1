import type { Clock } from '../../base/clock';
import { within } from '../../base/deadline';

const PATIENCE_MS = 10_000;
/** The wait after a failed renewal: consumers must not wait repeatedly for a server that is down. */
const COOL_DOWN_MS = 15_000;

/** Renews expired sessions when consumers ask for them. */
export class DemandedRenewals {
  readonly #renew: (id: string) => Promise<unknown>;
  readonly #clock: Clock;
  /** By session id, in epoch milliseconds. */
  readonly #notBefore = new Map<string, number>();

  /** @param services `renew` logs its failures itself */
  constructor(services: { renew: (id: string) => Promise<unknown>; clock: Clock }) {
    this.#renew = services.renew;
    this.#clock = services.clock;
  }

  /** Waits for the results within the time limit. Never rejects. */
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
