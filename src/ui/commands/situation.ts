import { sessionState, type StoredAccount } from '../../session/model/session';
import type { AccountsInput } from '../status/accountsInput';
import type { InstanceSituation, Situation } from './sessionActions';

/** Whether an instance is configured. The argument is a canonical platform URL. */
export function isConfigured({ instances }: Pick<AccountsInput, 'instances'>, instance: string): boolean {
  return instances.some(({ platform }) => platform.href === instance);
}

/** What an account is like, for the choice of its actions. */
export function accountSituation(stored: StoredAccount, input: AccountsInput): Situation {
  const needsSecret = input.needsSecret(stored);
  const clientId = input.revocationNeeds(stored);
  return {
    state: sessionState(stored, input.now, input.warningMs),
    isConfigured: isConfigured(input, stored.instance),
    isActive: input.account?.id === stored.id,
    isReachable: input.isReachable(stored.instance),
    needsSecret,
    // A session that needs the same secret asks for it when it is renewed.
    revocationNeedsSecret: clientId !== undefined && !(needsSecret && stored.session?.clientId === clientId),
    isLegacy: stored.session?.surface === 'legacy' || input.usesLegacyLogin(stored.instance),
  };
}

/** What an instance is like, for the choice of its actions. */
export function instanceSituation(instance: string, hasAccounts: boolean, input: AccountsInput): InstanceSituation {
  return {
    isConfigured: isConfigured(input, instance),
    isActive: input.active?.platform.href === instance,
    isReachable: input.isReachable(instance),
    hasAccounts,
    isLegacy: input.usesLegacyLogin(instance),
  };
}
