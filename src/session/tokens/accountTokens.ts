import type { Answer } from '../../zeyos/answer';
import type { IntrospectionOptions, TokenInfo } from '../../zeyos/api';
import type { AccessToken, StoredAccount } from '../model/session';
import { ended, expiryLearnt, pendingRevocation } from '../model/transitions';
import type { SessionStore } from '../storage/sessionStore';
import type { TokenRequests } from './tokenRequests';

/** The server did not object to a revocation, but calls the token active afterwards. */
export class StillActiveError extends Error {
  override readonly name = 'StillActiveError';
}

export interface Introspection {
  readonly answer: Answer<TokenInfo>;
  readonly token: AccessToken;
  /** Epoch milliseconds by the local clock; absent: unknown. */
  readonly expiresAt?: number;
}

/** Introspects and revokes an account's tokens. Throws what {@link TokenRequests} throws. */
export class AccountTokens {
  readonly #store: SessionStore;
  readonly #tokenRequests: TokenRequests;

  constructor(services: { store: SessionStore; tokenRequests: TokenRequests }) {
    this.#store = services.store;
    this.#tokenRequests = services.tokenRequests;
  }

  /** Introspects the access token, and stores its expiry if that was unknown. Ends no session. */
  async introspect(stored: StoredAccount, options?: IntrospectionOptions): Promise<Introspection | undefined> {
    const { session, platform } = stored;
    const token = session?.accessToken;
    if (!token) return undefined;
    const answer = await this.#tokenRequests.introspect(platform, { ...session, token: token.value }, options);
    const reported = expiryOf(answer);
    if (reported !== undefined && token.expiresAt === undefined)
      await this.#store.update(stored.id, expiryLearnt(token.value, reported));
    const expiresAt = reported ?? token.expiresAt;
    return { answer, token, ...(expiresAt !== undefined && { expiresAt }) };
  }

  /**
   * Revokes an account's tokens, even those of a concurrent renewal, and ends the session when the server reports them
   * as inactive.
   * @throws {StillActiveError}
   */
  async revoke(id: string, signal?: AbortSignal): Promise<void> {
    for (;;) {
      const stored = await this.#store.reread(id);
      const token = stored?.session?.accessToken;
      if (!token) return;
      const pending = pendingRevocation({ ...stored.session, accessToken: token });
      await this.#tokenRequests.revoke(stored.platform, pending, signal);
      const after = await this.introspect(stored, { signal });
      if (after?.answer.value.active) throw new StillActiveError('the token is still active');
      if (await this.#store.update(id, ended(token.value, 'revoked'))) return;
    }
  }
}

/** When an active token expires, by the local clock in epoch milliseconds; `undefined`: unknown. */
export function expiryOf({ value, clockSkewMs }: Answer<TokenInfo>): number | undefined {
  return value.active && value.exp !== undefined ? value.exp * 1000 - clockSkewMs : undefined;
}
