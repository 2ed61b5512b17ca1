import * as l10n from '@vscode/l10n';
import { Activity } from './base/activity';
import type { Seams } from './seams';
import { AccountSecrets } from './session/storage/accountSecrets';
import { BoundedSecrets } from './session/storage/boundedSecrets';
import { FirstRead } from './session/storage/firstRead';
import { InstanceStore } from './session/storage/instanceStore';
import { SessionStore } from './session/storage/sessionStore';
import { Reachability } from './session/tokens/reachability';
import { RejectedSecrets } from './session/tokens/rejectedSecrets';
import { ShortLifetimes } from './session/tokens/shortLifetimes';

/** The services that answer from the secret storage, the settings and memory. */
export type StoredServices = ReturnType<typeof createStoredServices>;

/**
 * Builds the services that every window needs at its start: none of them makes a request. `services.ts` adds the others, and is loaded at
 * their first use.
 */
export function createStoredServices(seams: Seams) {
  const { now, log, memory, settings } = seams;
  const activity = new Activity();
  const storage = new BoundedSecrets(seams.secrets, {
    ...(seams.storageWait && { wait: seams.storageWait }),
    onSlow: (operation) => void activity.during(l10n.t('Waiting for the keyring…'), () => operation),
  });
  const accountSecrets = new AccountSecrets(storage, log, memory);
  const store = new SessionStore({ secrets: accountSecrets, lease: seams.lease('accounts'), now, log });
  const instances = new InstanceStore({ setting: settings.instances, workspace: seams.workspace });
  const reachability = new Reachability();
  const rejectedSecrets = new RejectedSecrets();
  const shortLifetimes = new ShortLifetimes();
  const firstRead = new FirstRead(() => activity.during(l10n.t('Reading ZeyOS sessions…'), () => store.refresh()));

  // A hint: it repeats, and it may be missing, so a window that gets the focus reads everything again.
  const subscription = seams.secrets.onDidChange(({ key }) => {
    if (accountSecrets.owns(key)) store.refresh().catch(() => undefined);
  });

  return {
    now,
    log,
    settings,
    turn: seams.turn,
    isFocused: seams.isFocused,
    boundedSecrets: storage,
    accountSecrets,
    store,
    instances,
    activity,
    reachability,
    rejectedSecrets,
    shortLifetimes,
    firstRead,
    /**
     * Saves what only this window has, before the editor ends it. Never rejects.
     * @param renewalsDone resolves when no renewal is under way
     */
    async finish(renewalsDone?: () => Promise<unknown>): Promise<void> {
      storage.hurry();
      // A refresh token that was exchanged without storing the new tokens would end the session.
      await Promise.all([store.save(), renewalsDone?.()]);
      await store.save();
    },
    dispose(): void {
      subscription.dispose();
      store.dispose();
      instances.dispose();
    },
  };
}
