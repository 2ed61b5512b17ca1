import { setTimeout as delay } from 'node:timers/promises';

/** How long a consumer waits for a renewal, in milliseconds. */
const PATIENCE_MS = 10_000;
/** How long a renewal that failed is not tried again for consumers: while the server is away, they would all wait. Milliseconds. */
const COOL_DOWN_MS = 15_000;

/** Renews the sessions that consumers ask for and that have run out. */
export class DemandedRenewals {
  readonly #renew: (id: string) => Promise<unknown>;
  readonly #now: () => number;
  /** By session, when it may be tried again. Epoch milliseconds. */
  readonly #notBefore = new Map<string, number>();

  /** @param services `renew` logs its failures itself */
  constructor(services: { renew: (id: string) => Promise<unknown>; now: () => number }) {
    this.#renew = services.renew;
    this.#now = services.now;
  }

  /** Starts them all, and waits for all, but not longer than the bound. Never rejects. */
  async run(ids: readonly string[]): Promise<void> {
    const all = Promise.all(ids.map((id) => this.#start(id)));
    await Promise.race([all, delay(PATIENCE_MS, undefined, { ref: false })]);
  }

  async #start(id: string): Promise<void> {
    if (this.#now() < (this.#notBefore.get(id) ?? -Infinity)) return;
    await this.#renew(id).then(
      () => this.#notBefore.delete(id),
      () => this.#notBefore.set(id, this.#now() + COOL_DOWN_MS),
    );
  }
}
