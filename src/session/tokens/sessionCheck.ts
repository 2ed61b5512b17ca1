import type { IntrospectionOptions } from '../../zeyos/api';
import { SignInRequiredError, type Renewal } from './renewal';
import { refreshTokenOf } from '../model/grant';
import { hasExpired, type StoredAccount } from '../model/session';
import type { SessionStore } from '../storage/sessionStore';
import type { AccountTokens, Introspection } from './accountTokens';
import { ended, rejected } from '../model/transitions';

export interface CheckResult {
  /** Absent if the session has no access token. */
  readonly introspection?: Introspection;
  /** Whether the session continues, perhaps with a new token. */
  readonly isGood: boolean;
}

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
   * Renews an inactive token, and repeats an exchange of unknown outcome. A session ends if its unexpired token cannot
   * be renewed. While the server cannot be reached, rejects as {@link AccountTokens.introspect} and
   * {@link Renewal.renew}.
   * @param isAutomatic false if the user waits
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
      await this.#renewal.renew(stored.id, { unwanted: token.value, isRejected: !isExpired, isAutomatic });
      return { introspection, isGood: true };
    } catch (error) {
      const isFinal = error instanceof SignInRequiredError;
      // A later renewal may succeed. Until then the token is not handed out.
      if (!isFinal && refreshTokenOf(stored.session))
        await this.#store.update(stored.id, rejected(token.value, answer.receivedAt));
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
   * A session ends only after a second introspection: another window may have renewed the token, and gateways reject a
   * bearer token in ZeyOS's words.
   * @returns `undefined` if the token is inactive again
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
