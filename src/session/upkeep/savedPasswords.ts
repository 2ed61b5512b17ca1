import type { Log } from '../../base/log';
import { savedPassword, savedPasswordOf, type SavedPassword } from '../model/grant';
import type { SessionStore } from '../storage/sessionStore';
import { passwordForgotten } from '../model/transitions';

/** Decides whether passwords are kept, and deletes all of them when the user turns the setting off. */
export class SavedPasswords {
  readonly #store: SessionStore;
  readonly #mayKeep: () => boolean;
  readonly #log: Log;
  readonly #subscription: { dispose(): void };

  constructor(services: { store: SessionStore; mayKeep: () => boolean; log: Log }) {
    this.#store = services.store;
    this.#mayKeep = services.mayKeep;
    this.#log = services.log;
    this.#subscription = services.store.onDidChange(() => this.check());
  }

  /** Returns the password as the grant of a new session, or `undefined` if the setting forbids to save it. */
  savedPasswordFor(password: string): SavedPassword | undefined {
    return this.#mayKeep() ? savedPassword(password) : undefined;
  }

  /** Deletes the saved password of an account, if there is one. */
  async forget(id: string): Promise<void> {
    await this.#store.update(id, passwordForgotten);
  }

  /** Deletes every password unless they may be kept. One that could not be deleted is tried again with the next change. */
  check(): void {
    if (this.#mayKeep()) return;
    for (const { id, platform, session } of this.#store.accounts) {
      if (!savedPasswordOf(session)) continue;
      this.forget(id).catch((error: Error) =>
        this.#log.warn(`a password for ${platform.href} could not be deleted yet: ${error.message}`),
      );
    }
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
