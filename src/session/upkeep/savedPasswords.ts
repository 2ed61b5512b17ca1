import type { Log } from '../../base/log';
import type { SessionStore } from '../storage/sessionStore';
import { passwordForgotten } from '../model/transitions';

/** Sees to it that passwords are kept only while the user wants that, however one came to be kept. */
export class KeptPasswords {
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

  /** Deletes every password unless they may be kept. One that could not be deleted is tried again with the next change. */
  check(): void {
    if (this.#mayKeep()) return;
    for (const { id, platform, session } of this.#store.accounts) {
      if (session?.password === undefined) continue;
      this.#store
        .update(id, passwordForgotten)
        .catch((error: Error) =>
          this.#log.warn(`a password for ${platform.href} could not be deleted yet: ${error.message}`),
        );
    }
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
