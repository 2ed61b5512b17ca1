import { sessionState, type StoredAccount } from '../../session/model/session';
import type { AccountsInput } from '../status/accountsInput';
import type { InstanceSituation, Situation } from './sessionActions';
import type { PlatformUrl } from '../../zeyos/address/platform';

export function isConfigured({ instances }: Pick<AccountsInput, 'instances'>, platform: PlatformUrl): boolean {
  return instances.some((instance) => instance.platform.equals(platform));
}

export function accountSituation(stored: StoredAccount, input: AccountsInput): Situation {
  const needsSecret = input.needsSecret(stored);
  const clientId = input.revocationNeeds(stored);
  return {
    state: sessionState(stored, input.now, input.warningMs),
    isConfigured: isConfigured(input, stored.platform),
    isActive: input.account?.id === stored.id,
    isReachable: input.isReachable(stored.platform),
    hasAgents: input.agentAccess?.(stored) !== undefined,
    needsSecret,
    // A session that needs the same client secret asks for it when it is renewed.
    revocationNeedsSecret: clientId !== undefined && !(needsSecret && stored.session?.clientId === clientId),
    isLegacy: stored.session?.api === 'legacy' || input.usesLegacyLogin(stored.platform),
  };
}

export function instanceSituation(
  platform: PlatformUrl,
  hasAccounts: boolean,
  input: AccountsInput,
): InstanceSituation {
  return {
    isConfigured: isConfigured(input, platform),
    isActive: input.active?.platform.equals(platform) === true,
    isReachable: input.isReachable(platform),
    hasAccounts,
    isLegacy: input.usesLegacyLogin(platform),
  };
}
