import { systemClock } from '../../src/base/clock';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createServices } from '../../src/services';
import { publishedSessions } from '../../src/session/model/published';
import { PlatformUrl } from '../../src/zeyos/address/platform';
import { MemorySecrets } from '../support/memorySecrets';
import { memorySeams } from '../support/seams';
import { keptSession, renewingServer } from './sessions';

/** What the core's heap holds, in bytes. */
export interface HeapGrowth {
  readonly accounts: number;
  /** More than before the core was built. */
  readonly core: number;
  /** More after 10,000 times what `getSession` reads. */
  readonly afterSessions: number;
  readonly renewals: number;
  /** More after the renewals. */
  readonly afterRenewals: number;
}

const PLATFORM = PlatformUrl.parse('https://cloud.example.invalid/demo');

/** Measures the heap of the core with a number of accounts, and how it grows with use. */
export async function heapGrowth(accounts: number, renewals: number): Promise<HeapGrowth> {
  const secrets = new MemorySecrets();
  const writer = createServices(memorySeams({ secrets, clock: systemClock }));
  for (let index = 0; index < accounts; index++) await keptSession(writer, PLATFORM, index);
  writer.dispose();
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const log = { ...silent, during: <T>(_: string, work: () => T): T => work() };

  const before = await heap();
  const services = createServices(memorySeams({ secrets, clock: systemClock, fetch: renewingServer, log }));
  await services.store.refresh();
  const [first] = services.store.accounts;
  if (!first) throw new Error('There is no account.');
  const instances = [{ platform: PLATFORM }];
  const read = (): unknown => publishedSessions(services.store.accounts, instances, Date.now());
  const renew = async (times: number): Promise<void> => {
    for (let count = 0; count < times; count++) {
      const unwanted = services.store.find(first.id)?.session?.accessToken?.value ?? '';
      await services.renewal.renew(first.id, { unwanted });
      secrets.operations.length = 0;
    }
  };
  read();
  // So that what is compiled and cached at first use does not count as growth.
  await renew(renewals / 2);
  const built = await heap();
  for (let count = 0; count < 10_000; count++) read();
  const afterSessions = await heap();
  await renew(renewals);
  const afterRenewals = await heap();
  services.dispose();
  return {
    accounts,
    renewals,
    core: built - before,
    afterSessions: afterSessions - built,
    afterRenewals: afterRenewals - afterSessions,
  };
}

/** The bytes that are in use once garbage is collected. */
async function heap(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let count = 0; count < 3; count++) {
    // What has just ended lets go of its memory in a later turn.
    await delay(50);
    collect();
  }
  return process.memoryUsage().heapUsed;
}
