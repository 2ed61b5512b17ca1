import type { TokenInfo } from '../../zeyos/api';
import type { FirstRead } from '../storage/firstRead';
import { isObtainable, type StoredAccount } from '../model/session';
import type { SessionCheck } from './sessionCheck';
import type { SessionStore } from '../storage/sessionStore';
import type { Clock } from '../../base/clock';

/** A token is introspected at most once in this time. */
const COOL_DOWN_MS = 60_000;

interface Verdict {
  readonly token: string;
  readonly askedAt: number;
  readonly isGood: Promise<boolean>;
}

type ActiveListener = (stored: StoredAccount, told: TokenInfo) => void;

/** Handles other extensions' reports that a server rejected a token. */
export class RefusedTokens {
  readonly #firstRead: FirstRead;
  readonly #store: SessionStore;
  readonly #check: SessionCheck;
  readonly #clock: Clock;
  readonly #activeListeners = new Set<ActiveListener>();
  readonly #verdicts = new Map<string, Verdict>();

  constructor(services: { firstRead: FirstRead; store: SessionStore; check: SessionCheck; clock: Clock }) {
    this.#firstRead = services.firstRead;
    this.#store = services.store;
    this.#check = services.check;
    this.#clock = services.clock;
  }

  /** Fires if the server calls a reported token active. */
  onDidFindActive(listener: ActiveListener): { dispose(): void } {
    this.#activeListeners.add(listener);
    return { dispose: () => void this.#activeListeners.delete(listener) };
  }

  /**
   * Resolves to whether the session continues, perhaps with a new token.
   * @throws as {@link SessionCheck.run}, and if the secret storage cannot be read
   */
  async report(sessionId: string): Promise<boolean> {
    await this.#firstRead.done();
    const stored = this.#store.find(sessionId);
    const token = stored?.session?.accessToken;
    if (!token || !isObtainable(stored, this.#clock.now())) return false;
    const last = this.#verdicts.get(sessionId);
    if (last?.token === token.value && this.#clock.now() - last.askedAt < COOL_DOWN_MS) return last.isGood;
    const isGood = this.#check.run(stored).then(({ introspection, isGood }) => {
      const active = introspection?.answer.value;
      if (active?.active) this.#activeListeners.forEach((listener) => listener(stored, active));
      return isGood;
    });
    this.#verdicts.set(sessionId, { token: token.value, askedAt: this.#clock.now(), isGood });
    // The next report repeats a failed check.
    isGood.catch(() => this.#verdicts.delete(sessionId));
    return isGood;
  }
}
