import type { Log } from '../../base/log';
import { savedPassword, savedPasswordOf, type SavedPassword } from '../model/grant';
import type { SessionStore } from '../storage/sessionStore';
import { passwordForgotten } from '../model/transitions';

/** Saves passwords only while the setting `staySignedIn` allows it. */
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

  savedPasswordFor(password: string): SavedPassword | undefined {
    return this.#mayKeep() ? savedPassword(password) : undefined;
  }

  async forget(id: string): Promise<void> {
    await this.#store.update(id, passwordForgotten);
  }

  /** Deletes every saved password if the setting forbids it. The next store change repeats a failed deletion. */
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
