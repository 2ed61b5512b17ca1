import type { IntrospectionOptions } from '../../zeyos/api';
import { SignInRequiredError, type Renewal } from './renewal';
import { refreshTokenOf } from '../model/grant';
import { hasExpired, type StoredAccount } from '../model/session';
import type { SessionStore } from '../storage/sessionStore';
import type { AccountTokens, Introspection } from './accountTokens';
import { ended, refused } from '../model/transitions';

/** What the server said of a session's token, and what that means for the session. */
export interface CheckResult {
  /** Absent where there was no token to ask about. */
  readonly introspection?: Introspection;
  /** Whether the session goes on, perhaps with a new token. */
  readonly isGood: boolean;
}

/** Asks the server about a session, and draws the conclusion. */
export class SessionCheck {
  readonly #store: SessionStore;
  readonly #accountTokens: AccountTokens;
  readonly #renewal: Renewal;

  constructor(services: { store: SessionStore; accountTokens: AccountTokens; renewal: Renewal }) {
    this.#store = services.store;
    this.#accountTokens = services.accountTokens;
    this.#renewal = services.renewal;
  }

  /**
   * A token that is not active is renewed; where that is impossible, and its time had not come, the session has ended. So is one
   * that nobody gets because the outcome of its renewal is unknown.
   * @param isAutomatic false if a user asked for the check and waits for it
   * Throws as {@link AccountTokens.introspect} and {@link Renewal.renew} do while the server cannot be reached.
   */
  async run(stored: StoredAccount, options?: IntrospectionOptions, isAutomatic = true): Promise<CheckResult> {
    const introspection = await this.#accountTokens.introspect(stored, options);
    if (!introspection) return { isGood: false };
    const { answer, token } = introspection;
    if (answer.value.active)
      return {
        introspection,
        isGood: stored.session?.exchange === undefined || (await this.#finish(stored.id, isAutomatic)),
      };
    const isExpired = hasExpired(token, answer.receivedAt);
    try {
      await this.#renewal.renew(stored.id, { unwanted: token.value, isRefused: !isExpired, isAutomatic });
      return { introspection, isGood: true };
    } catch (error) {
      const isFinal = error instanceof SignInRequiredError;
      // Renewing it may come later; until then nobody gets a token that is not active. What the server ended, a kept password must not bring back.
      if (!isFinal && refreshTokenOf(stored.session))
        await this.#store.update(stored.id, refused(token.value, answer.receivedAt));
      else if (!isExpired) {
        const second = await this.#lookAgain(stored.id, token.value, options, isAutomatic);
        if (second) return second;
        await this.#store.update(stored.id, ended(token.value, 'revoked'));
      }
      if (!isFinal) throw error;
      return { introspection, isGood: false };
    }
  }

  /**
   * A session ends only if a second call gives the same verdict: another window may have renewed the token, and a gateway refuses a
   * bearer in the same words as ZeyOS does.
   * @returns `undefined` if the token is still not active
   */
  async #lookAgain(
    id: string,
    token: string,
    options: IntrospectionOptions | undefined,
    isAutomatic: boolean,
  ): Promise<CheckResult | undefined> {
    const stored = await this.#store.reread(id);
    const current = stored?.session?.accessToken?.value;
    if (!stored || current === undefined) return { isGood: false };
    if (current !== token) return this.run(stored, options, isAutomatic);
    const introspection = await this.#accountTokens.introspect(stored, options);
    return introspection?.answer.value.active ? { introspection, isGood: true } : undefined;
  }

  /** Brings an exchange to its end whose outcome was never known. */
  async #finish(id: string, isAutomatic: boolean): Promise<boolean> {
    try {
      await this.#renewal.renew(id, { isAutomatic });
      return true;
    } catch (error) {
      if (error instanceof SignInRequiredError) return false;
      throw error;
    }
  }
}
