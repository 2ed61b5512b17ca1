import * as l10n from '@vscode/l10n';
import { Activity } from './base/activity';
import type { Seams } from './seams';
import { AccountRecords } from './session/storage/accountRecords';
import { BoundedSecretStorage } from './session/storage/boundedSecretStorage';
import { LegacyPlatforms } from './session/storage/legacyPlatforms';
import { FirstRead } from './session/storage/firstRead';
import { InstanceStore } from './session/storage/instanceStore';
import { SessionStore } from './session/storage/sessionStore';
import { AgentConsents } from './handover/agents/consents';
import { MissingClientSecrets } from './session/tokens/missingClientSecrets';
import { Reachability } from './session/tokens/reachability';
import { RejectedClientSecrets } from './session/tokens/rejectedClientSecrets';
import { ShortLifetimes } from './session/tokens/shortLifetimes';

export type InitialServices = ReturnType<typeof createInitialServices>;

/** Builds the services that every window needs at its start. None of them makes a request; `services.ts` adds those. */
export function createInitialServices(seams: Seams) {
  const { clock, log, memento, settings } = seams;
  const activity = new Activity();
  const storage = new BoundedSecretStorage(
    seams.secrets,
    clock,
    (operation) => void activity.during(l10n.t('Waiting for the keyring…'), () => operation),
  );
  const accountRecords = new AccountRecords({ secrets: storage, memento, clock, log });
  const store = new SessionStore({ records: accountRecords, lease: seams.lease('accounts'), clock, log });
  const agentConsents = new AgentConsents({ secrets: storage, workspace: seams.workspace, store, log });
  const instances = new InstanceStore({ setting: settings.instances, workspace: seams.workspace });
  const legacyPlatforms = new LegacyPlatforms(memento);
  const reachability = new Reachability();
  const rejectedClientSecrets = new RejectedClientSecrets();
  const missingClientSecrets = new MissingClientSecrets();
  const shortLifetimes = new ShortLifetimes();
  const firstRead = new FirstRead(
    () => activity.during(l10n.t('Reading ZeyOS sessions…'), () => store.refresh()),
    clock,
  );

  // Change events can repeat and can be missing, so a window that gets the focus catches up.
  const subscription = seams.secrets.onDidChange(({ key }) => void store.hint(key).catch(() => undefined));

  return {
    clock,
    log,
    settings,
    turn: seams.turn,
    isFocused: seams.isFocused,
    secretStorage: storage,
    accountRecords,
    store,
    agentConsents,
    instances,
    legacyPlatforms,
    activity,
    reachability,
    rejectedClientSecrets,
    missingClientSecrets,
    shortLifetimes,
    firstRead,
    /**
     * Saves unsaved changes before the editor ends the window. Never rejects.
     * @param renewalsDone resolves when no renewal is running
     */
    async finish(renewalsDone?: () => Promise<unknown>): Promise<void> {
      storage.hurry();
      // A session ends if its refresh token is exchanged and the new tokens are not stored.
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
