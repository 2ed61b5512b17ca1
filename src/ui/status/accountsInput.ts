import type { Activity } from '../../base/activity';
import { expiryWarningMs } from '../../editor/configuration';
import type { StoredAccount } from '../../session/model/session';
import type { InstanceStore } from '../../session/storage/instanceStore';
import type { SessionStore } from '../../session/storage/sessionStore';
import type { Reachability } from '../../session/tokens/reachability';
import type { RejectedClientSecrets } from '../../session/tokens/rejectedClientSecrets';
import type { MissingClientSecrets } from '../../session/tokens/missingClientSecrets';
import type { LegacyPlatforms } from '../../session/storage/legacyPlatforms';
import type { Clock } from '../../base/clock';
import type { PlatformUrl } from '../../zeyos/address/platform';
import type { StatusBarInput } from './statusBarModel';
import type { AgentConsents } from '../../handover/agents/consents';

export interface AccountsServices {
  readonly store: SessionStore;
  readonly instances: InstanceStore;
  readonly reachability: Reachability;
  readonly activity: Activity;
  readonly rejectedClientSecrets: RejectedClientSecrets;
  readonly missingClientSecrets: MissingClientSecrets;
  readonly legacyPlatforms: LegacyPlatforms;
  readonly agentConsents: AgentConsents;
  readonly clock: Clock;
}

/** The input of the status bar, Show Sessions and the Accounts view. */
export interface AccountsInput extends StatusBarInput {
  readonly revocationNeeds: (stored: StoredAccount) => string | undefined;
  readonly usesLegacyLogin: (platform: PlatformUrl) => boolean;
}

export function accountsInput(services: AccountsServices): AccountsInput {
  const {
    store,
    instances,
    reachability,
    rejectedClientSecrets,
    missingClientSecrets,
    legacyPlatforms,
    activity,
    agentConsents,
    clock,
  } = services;
  return {
    instances: instances.instances,
    active: instances.active,
    account: instances.activeAccount(store.accounts),
    accounts: store.accounts,
    activity: activity.current,
    isReachable: (platform) => reachability.isReachable(platform),
    needsSecret: (stored) => rejectedClientSecrets.has(stored),
    revocationNeeds: (stored) => missingClientSecrets.clientIdFor(stored),
    usesLegacyLogin: (platform) => legacyPlatforms.has(platform),
    agentAccess: (stored) => agentConsents.known(stored),
    now: clock.now(),
    warningMs: expiryWarningMs(),
  };
}
