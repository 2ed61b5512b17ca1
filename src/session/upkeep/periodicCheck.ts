import type { Log } from '../../base/log';
import { Alarm } from '../../base/alarm';
import type { StoredAccount } from '../model/session';
import type { SessionCheck } from '../tokens/sessionCheck';
import type { Turn } from '../../base/turn';
import type { Clock } from '../../base/clock';

/** Introspects the active session at an interval, in the focused window, to notice an end elsewhere. */
export class PeriodicCheck {
  readonly #check: SessionCheck;
  readonly #turn: Turn;
  readonly #active: () => StoredAccount | undefined;
  readonly #isFocused: () => boolean;
  readonly #intervalMs: () => number;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #alarm: Alarm;

  /** @param services `intervalMs`: 0 = never */
  constructor(services: {
    check: SessionCheck;
    turn: Turn;
    active: () => StoredAccount | undefined;
    isFocused: () => boolean;
    intervalMs: () => number;
    clock: Clock;
    log: Log;
  }) {
    this.#check = services.check;
    this.#turn = services.turn;
    this.#active = services.active;
    this.#isFocused = services.isFocused;
    this.#intervalMs = services.intervalMs;
    this.#clock = services.clock;
    this.#log = services.log;
    this.#alarm = new Alarm(services.clock, () => void this.tryNow());
  }

  /** Never rejects. */
  async tryNow(): Promise<void> {
    const everyMs = this.#intervalMs();
    // A window without the focus stops checking until it gets the focus.
    if (everyMs === 0 || !this.#isFocused()) return;
    this.#alarm.set(this.#clock.now() + everyMs);
    const stored = this.#active();
    if (!stored?.session?.accessToken) return;
    try {
      // Timers are not exact.
      const waitMs = await this.#turn.take(stored.id, everyMs * 0.9);
      if (waitMs > 0) return this.#alarm.set(this.#clock.now() + waitMs);
      await this.#check.run(stored);
    } catch (error) {
      this.#log.warn(`${stored.platform.href}: the session could not be checked: ${(error as Error).message}`);
    }
  }

  schedule(): void {
    const everyMs = this.#intervalMs();
    if (everyMs > 0) this.#alarm.set(this.#clock.now() + everyMs);
  }

  dispose(): void {
    this.#alarm.dispose();
  }
}
