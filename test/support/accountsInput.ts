import type { Instance } from '../../src/session/model/instance';
import type { StoredAccount } from '../../src/session/model/session';
import type { AccountsInput } from '../../src/ui/status/accountsInput';
import { PlatformUrl } from '../../src/zeyos/address/platform';
import { accessToken, session, storedAccount } from './builders';

export const HOUR_MS = 3_600_000;

export function instance(url: string, name = PlatformUrl.parse(url).instanceName): Instance {
  return { platform: PlatformUrl.parse(url), name, redirectPort: 9005 };
}

/** An account whose session ends a while after the clock's zero. */
export function signedIn(userName: string, at: Instance, lastsMs = 5 * HOUR_MS): StoredAccount {
  return storedAccount({
    id: `${userName} on ${at.platform.label}`,
    userName,
    platform: at.platform,
    session: session(accessToken(userName, { expiresAt: lastsMs })),
  });
}

/** What is shown at the clock's zero. The first instance is the active one, and so is the first of its accounts. */
export function accountsInput(
  instances: readonly Instance[],
  accounts: readonly StoredAccount[],
  more: Partial<AccountsInput> = {},
): AccountsInput {
  const [active] = instances;
  return {
    instances,
    active,
    account: accounts.find((stored) => stored.platform.href === active?.platform.href),
    accounts,
    activity: undefined,
    isReachable: () => true,
    needsSecret: () => false,
    revocationNeeds: () => undefined,
    usesLegacyLogin: () => false,
    now: 0,
    warningMs: HOUR_MS / 2,
    ...more,
  };
}
