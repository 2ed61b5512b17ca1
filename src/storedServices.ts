import * as l10n from '@vscode/l10n';
import { Activity } from './base/activity';
import type { Seams } from './seams';
import { AccountSecrets } from './session/storage/accountSecrets';
import { BoundedSecrets } from './session/storage/boundedSecrets';
import { LegacyInstances } from './session/storage/legacyInstances';
import { FirstRead } from './session/storage/firstRead';
import { InstanceStore } from './session/storage/instanceStore';
import { SessionStore } from './session/storage/sessionStore';
import { AgentConsents } from './handover/agents/consents';
import { MissingSecrets } from './session/tokens/missingSecrets';
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
  const { clock, log, memory, settings } = seams;
  const activity = new Activity();
  const storage = new BoundedSecrets(
    seams.secrets,
    clock,
    (operation) => void activity.during(l10n.t('Waiting for the keyring…'), () => operation),
  );
  const accountSecrets = new AccountSecrets({ secrets: storage, memory, clock, log });
  const store = new SessionStore({ secrets: accountSecrets, lease: seams.lease('accounts'), clock, log });
  const agentConsents = new AgentConsents({ secrets: storage, workspace: seams.workspace, store, log });
  const instances = new InstanceStore({ setting: settings.instances, workspace: seams.workspace });
  const legacyInstances = new LegacyInstances(memory);
  const reachability = new Reachability();
  const rejectedSecrets = new RejectedSecrets();
  const missingSecrets = new MissingSecrets();
  const shortLifetimes = new ShortLifetimes();
  const firstRead = new FirstRead(
    () => activity.during(l10n.t('Reading ZeyOS sessions…'), () => store.refresh()),
    clock,
  );

  // A hint: it repeats, and it may be missing, so a window that gets the focus catches up.
  const subscription = seams.secrets.onDidChange(({ key }) => void store.hint(key).catch(() => undefined));

  return {
    clock,
    log,
    settings,
    turn: seams.turn,
    isFocused: seams.isFocused,
    boundedSecrets: storage,
    accountSecrets,
    store,
    agentConsents,
    instances,
    legacyInstances,
    activity,
    reachability,
    rejectedSecrets,
    missingSecrets,
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
      agentConsents.dispose();
      store.dispose();
      instances.dispose();
    },
  };
}
