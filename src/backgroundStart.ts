import type { Background } from './background';
import type { Part } from './base/part';
import type { InitialServices } from './initialServices';

/**
 * Loads the background when the window knows an account: before, there is nothing to renew, check, revoke or recover.
 * @param onUnreadable called if the first read of the secret storage fails
 */
export function startBackground(
  { store, firstRead, log }: Pick<InitialServices, 'store' | 'firstRead' | 'log'>,
  background: Part<Background>,
  onUnreadable: (error: unknown) => void,
): { dispose(): void } {
  let hasRead = false;
  let hasBegun = false;
  const look = (): void => {
    if (hasBegun || store.accounts.length === 0) return;
    hasBegun = true;
    subscription.dispose();
    // If everything was read before without an account, the first one has just signed in.
    const run = hasRead ? (loaded: Background) => loaded.schedule() : (loaded: Background) => loaded.start();
    background
      .get()
      .then(run)
      .catch((error: Error) => log.error(`the background did not start: ${error.message}`));
  };
  const subscription = store.onDidChange(look);
  firstRead.read.then(() => {
    look();
    hasRead = true;
  }, onUnreadable);
  return subscription;
}
