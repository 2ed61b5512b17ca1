import type { SecretStorage } from '../../src/session/storage/secretStorage';
import type { StoredAccount, TokenSet } from '../../src/session/model/session';
import { ended } from '../../src/session/model/transitions';
import { createServices } from '../../src/services';
import { PlatformUrl } from '../../src/zeyos/address/platform';
import { secretKey } from '../support/host/sharedSecrets';
import { memorySeams } from '../support/seams';
import { EXTENSION_ID } from '../../src/manifest';
import type { Editor } from './editor';
import { systemClock } from '../../src/base/clock';

/** What becomes of a session that is put into the editor's storage. */
type SeededState = 'running' | 'revoked' | 'lost';

interface SeededAccount {
  readonly instance: string;
  readonly userName: string;
  /** How long the session lasts from the start, in milliseconds. It has expired if this is negative. */
  readonly lastsMs?: number;
  readonly state?: SeededState;
}

/** Puts sessions into the storage of an editor that has no window yet, as the extension itself would store them. */
export async function seed(storage: Map<string, string>, accounts: readonly SeededAccount[]): Promise<void> {
  const keyOf = (key: string): string => secretKey(EXTENSION_ID, key);
  const secrets: SecretStorage = {
    get: (key) => Promise.resolve(storage.get(keyOf(key))),
    store: (key, value) => Promise.resolve(void storage.set(keyOf(key), value)),
    delete: (key) => Promise.resolve(void storage.delete(keyOf(key))),
  };
  const services = createServices(
    memorySeams({
      secrets: { ...secrets, onDidChange: () => ({ dispose: () => undefined }) },
      clock: systemClock,
    }),
  );
  const { store, accountRecords } = services;
  for (const { instance, userName, lastsMs = 5 * 3_600_000, state = 'running' } of accounts) {
    const now = Date.now();
    const value = `seeded token of ${userName}`;
    const tokens: TokenSet = {
      api: 'authV1',
      accessToken: { value, issuedAt: Math.min(now, now + lastsMs) - 1000, expiresAt: now + lastsMs },
    };
    const stored: StoredAccount = await store.signIn(PlatformUrl.parse(instance), { userName }, tokens);
    if (state === 'revoked') await store.update(stored.id, ended(value, 'revoked'));
    if (state === 'lost') await accountRecords.delete(stored.id);
  }
  services.dispose();
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Seeds an account in each state. Returns the setting `zeyos.instances` that goes with it. */
export async function seedEveryState({ sandbox, secrets }: Editor): Promise<readonly object[]> {
  const [demo, acme, legacy] = ['demo', 'acme', 'legacy'].map((name) => sandbox.url(name)) as [string, string, string];
  await seed(secrets, [
    { instance: demo, userName: 'anna.good' },
    { instance: demo, userName: 'ben.far', lastsMs: 3 * 24 * HOUR_MS },
    { instance: demo, userName: 'cleo.soon', lastsMs: 20 * MINUTE_MS },
    { instance: demo, userName: 'dora.expired', lastsMs: -HOUR_MS },
    { instance: demo, userName: 'emil.revoked', state: 'revoked' },
    { instance: demo, userName: 'fred.lost', state: 'lost' },
    { instance: acme, userName: 'gina.good' },
    { instance: `${sandbox.origin}/removed`, userName: 'hugo.hidden' },
  ]);
  return [{ url: demo, name: 'Demo' }, { url: acme, name: 'Acme' }, { url: legacy }];
}
