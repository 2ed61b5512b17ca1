import type { InstanceStore } from '../session/storage/instanceStore';
import type { FirstRead } from '../session/storage/firstRead';
import type { SessionStore } from '../session/storage/sessionStore';
import { isRenewable, isSignedIn, usableToken, type StoredAccount } from '../session/model/session';
import { SignInRequiredError } from '../session/tokens/renewal';
import type { Clock } from '../base/clock';
import { HandoverError } from './handoverError';

/** How long a failed renewal is not repeated, in milliseconds. A loop of commands would send a request each time. */
const COOL_DOWN_MS = 5_000;

interface HandedOver {
  readonly token: string;
  readonly stored: StoredAccount;
}

/**
 * Gets tokens for programs by the rules for other extensions: a token that is valid for a while, or else a renewed one.
 */
export class HandoverTokens {
  readonly #services: {
    readonly store: SessionStore;
    readonly instances: InstanceStore;
    readonly firstRead: FirstRead;
    /** Renews a session without the user. */
    readonly renew: (id: string) => Promise<unknown>;
    readonly clock: Clock;
  };
  /** By session ID. */
  readonly #failures = new Map<
    string,
    { readonly error: unknown; /** Epoch milliseconds. */ readonly until: number }
  >();

  constructor(services: {
    readonly store: SessionStore;
    readonly instances: InstanceStore;
    readonly firstRead: FirstRead;
    readonly renew: (id: string) => Promise<unknown>;
    readonly clock: Clock;
  }) {
    this.#services = services;
  }

  /**
   * @param id the session ID
   * @throws {HandoverError}
   * @throws the error of the renewal
   */
  async token(id: string): Promise<HandedOver> {
    await this.#services.firstRead.done().catch((cause: unknown) => {
      throw new HandoverError('keyring', { cause });
    });
    const found = this.#handedOver(id);
    if (found) return found;
    await this.#renew(id);
    // During the renewal, the user may have signed out.
    const renewed = this.#handedOver(id);
    if (!renewed) throw new HandoverError('ended');
    return renewed;
  }

  /**
   * Returns `undefined` if the session has to be renewed first.
   * @throws {HandoverError}
   */
  #handedOver(id: string): HandedOver | undefined {
    const { store, instances, clock } = this.#services;
    const stored = store.find(id);
    if (!stored || !isSignedIn(stored)) throw new HandoverError('signedOut');
    if (!instances.find(stored.platform)) throw new HandoverError('removed');
    const token = usableToken(stored, clock.now());
    if (token) return { token: token.value, stored };
    if (!stored.session || !isRenewable(stored.session, clock.now())) throw new HandoverError('ended');
    return undefined;
  }

  async #renew(id: string): Promise<void> {
    const { renew, clock } = this.#services;
    const last = this.#failures.get(id);
    if (last && clock.now() < last.until && last.until - clock.now() <= COOL_DOWN_MS) throw last.error;
    try {
      await renew(id);
      this.#failures.delete(id);
    } catch (error) {
      this.#failures.set(id, { error, until: clock.now() + COOL_DOWN_MS });
      throw error instanceof SignInRequiredError ? new HandoverError('ended', { cause: error }) : error;
    }
  }
}
