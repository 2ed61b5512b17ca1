import type { TokenInfo } from '../zeyos/surface';
import type { FirstRead } from './firstRead';
import { isObtainable, type StoredAccount } from './session';
import type { SessionCheck } from './sessionCheck';
import type { SessionStore } from './sessionStore';

/** A consumer that is refused again and again asks the server no more often than this. Milliseconds. */
const COOL_DOWN_MS = 60_000;

interface Verdict {
  readonly token: string;
  readonly askedAt: number;
  readonly isGood: Promise<boolean>;
}

/** Finds out what is behind a 401 that another extension got for a token. */
export class RefusedTokens {
  readonly #firstRead: FirstRead;
  readonly #store: SessionStore;
  readonly #check: SessionCheck;
  readonly #now: () => number;
  readonly #onActive: ((stored: StoredAccount, told: TokenInfo) => void) | undefined;
  readonly #verdicts = new Map<string, Verdict>();

  constructor(services: {
    firstRead: FirstRead;
    store: SessionStore;
    check: SessionCheck;
    now: () => number;
    /** Called when the server says that a refused token is active. */
    onActive?: (stored: StoredAccount, told: TokenInfo) => void;
  }) {
    this.#firstRead = services.firstRead;
    this.#store = services.store;
    this.#check = services.check;
    this.#now = services.now;
    this.#onActive = services.onActive;
  }

  /**
   * Resolves to whether the session is still good, by the server's word, perhaps with a new token; if not, it has ended.
   * Within the cool-down the last verdict counts. Rejects as {@link SessionCheck.run} does while the server cannot be reached, and
   * while the secret storage cannot be read.
   */
  async report(sessionId: string): Promise<boolean> {
    await this.#firstRead.done();
    const stored = this.#store.find(sessionId);
    const token = stored?.session?.accessToken;
    if (!token || !isObtainable(stored, this.#now())) return false;
    const last = this.#verdicts.get(sessionId);
    if (last?.token === token.value && this.#now() - last.askedAt < COOL_DOWN_MS) return last.isGood;
    const isGood = this.#check.run(stored).then(({ introspection, isGood }) => {
      if (introspection?.answer.value.active) this.#onActive?.(stored, introspection.answer.value);
      return isGood;
    });
    this.#verdicts.set(sessionId, { token: token.value, askedAt: this.#now(), isGood });
    // No verdict came: the next report asks again.
    isGood.catch(() => this.#verdicts.delete(sessionId));
    return isGood;
  }
}
