import type { Services } from '../../src/services';
import { systemClock } from '../../src/base/clock';
import { identify } from '../../src/session/model/accounts';
import type { KnownAccount, StoredAccount, TokenSet } from '../../src/session/model/session';
import { signedIn } from '../../src/session/model/transitions';
import { AccountRecords } from '../../src/session/storage/accountRecords';
import type { SecretStorage } from '../../src/session/storage/secretStorage';
import { MemoryLog } from '../support/memoryLog';
import { MemoryMemento } from '../support/memoryMemento';
import type { PlatformUrl } from '../../src/zeyos/address/platform';
import type { Fetch } from '../../src/zeyos/transport/http';

const CLIENT_ID = 'bench';
const YEAR_MS = 365 * 86_400_000;
let issued = 0;

/** Keeps a session that can be renewed by a refresh token. No server knows it. */
export async function keptSession(services: Services, platform: PlatformUrl, index: number): Promise<StoredAccount> {
  if (index === 0) await storeClient(services, platform);
  return services.store.signIn(platform, user(index), tokenSet(index));
}

/** Writes the sessions of many accounts, which is faster than signing in to one after the other. */
export async function writeSessions(secrets: SecretStorage, platform: PlatformUrl, count: number): Promise<void> {
  const accounts = new AccountRecords({
    secrets,
    memento: new MemoryMemento(),
    clock: systemClock,
    log: new MemoryLog(),
  });
  const index: KnownAccount[] = [];
  for (let number = 0; number < count; number++) {
    const known = { ...identify(index, platform, user(number)), signedIn: true };
    index.push(known);
    await accounts.store(known.id, signedIn(tokenSet(number), Date.now())({ pendingRevocations: [] }));
  }
  await accounts.storeIndex(index);
}

/** Stores the application that the sessions belong to. */
export function storeClient({ clientSecrets }: Services, platform: PlatformUrl): Promise<unknown> {
  return clientSecrets.store(platform, { clientId: CLIENT_ID, clientSecret: 'bench-secret' });
}

function user(index: number): { readonly userName: string; readonly sub: string } {
  return { userName: `user.${index}`, sub: String(index) };
}

function tokenSet(index: number): TokenSet {
  const now = Date.now();
  return {
    api: 'oauth2',
    accessToken: { value: `token-${index}`, issuedAt: now, expiresAt: now + YEAR_MS },
    grant: { kind: 'refreshToken', value: `refresh-${index}`, expiresAt: now + YEAR_MS },
    clientId: CLIENT_ID,
  };
}

/** Answers every request for a token with new tokens, and every introspection with an active token. */
export const renewingServer: Fetch = (url) => {
  const body = url.endsWith('/token')
    ? {
        access_token: `token-${++issued}`,
        refresh_token: `refresh-${issued}`,
        token_type: 'Bearer',
        expires_in: 3600,
        refresh_token_expires_in: 86_400,
      }
    : { active: true, sub: '0', username: 'user.0', exp: Math.floor(Date.now() / 1000) + 86_400 };
  return Promise.resolve(Response.json(body));
};
