import { systemClock } from '../../src/base/clock';
import { createServices } from '../../src/services';
import { secretKey } from '../support/host/sharedSecrets';
import { memorySeams } from '../support/seams';
import { PlatformUrl } from '../../src/zeyos/address/platform';
import { MemorySecrets } from '../support/memorySecrets';
import { EXTENSION_ID } from '../../src/manifest';

const YEAR_MS = 365 * 86_400_000;

/** The secret storage of an editor in which that many accounts are signed in to an instance; no server knows them. */
export async function accountRecords(instance: string, count: number): Promise<Map<string, string>> {
  const secrets = new MemorySecrets();
  const services = createServices(memorySeams({ secrets, clock: systemClock }));
  for (let index = 0; index < count; index++) {
    const now = Date.now();
    await services.store.signIn(
      PlatformUrl.parse(instance),
      { userName: `user.${index}`, sub: String(index) },
      { api: 'authV1', accessToken: { value: `token-${index}`, issuedAt: now, expiresAt: now + YEAR_MS } },
    );
  }
  services.dispose();
  const stored = new Map<string, string>();
  for (const key of secrets.keys()) stored.set(secretKey(EXTENSION_ID, key), (await secrets.get(key)) ?? '');
  return stored;
}
