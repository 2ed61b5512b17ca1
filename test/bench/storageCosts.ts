import { PlatformUrl } from '../../src/zeyos/address/platform';
import { createServices, type Services } from '../../src/services';
import { MemorySecrets } from '../support/memorySecrets';
import { memorySeams } from '../support/seams';
import { keptSession, renewingServer } from './sessions';

/** How often something read and wrote the secret storage. */
export interface StorageCost {
  readonly reads: number;
  readonly writes: number;
}

export interface StorageCosts {
  readonly accounts: number;
  /** What a window does when another window has renewed one of the accounts. */
  readonly change: StorageCost;
  readonly signIn: StorageCost;
  readonly renewal: StorageCost;
  readonly signOut: StorageCost;
}

const PLATFORM = PlatformUrl.parse('https://cloud.example.invalid/demo');

/** Counts the operations of the secret storage with a number of accounts. The counts do not depend on the machine. */
export async function storageCosts(accounts: number): Promise<StorageCosts> {
  const secrets = new MemorySecrets();
  const open = (): Services => createServices(memorySeams({ secrets, now: Date.now, fetch: renewingServer }));
  const acting = open();
  for (let index = 0; index < accounts; index++) await keptSession(acting, PLATFORM, index);
  const [first] = acting.store.accounts;
  if (!first) throw new Error('There is no account.');

  const cost = async (work: () => Promise<unknown>): Promise<StorageCost> => {
    secrets.operations.length = 0;
    await work();
    await settled(secrets);
    const reads = secrets.operations.filter((operation) => operation.startsWith('get ')).length;
    return { reads, writes: secrets.operations.length - reads };
  };
  // The window that acts hears of its own writes too: what that costs is a part of each figure.
  const signIn = await cost(() => keptSession(acting, PLATFORM, accounts));
  const renewal = await cost(() =>
    acting.renewal.renew(first.id, { unwanted: first.session?.accessToken?.value ?? '' }),
  );
  const signOut = await cost(() => acting.store.signOut(first.id));
  acting.dispose();

  const [changed] = acting.store.accounts.filter(({ session }) => session);
  const observing = open();
  await observing.store.refresh();
  const change = await cost(async () => {
    const key = `zeyos.account.${changed?.id}`;
    const value = (await secrets.get(key)) ?? '';
    secrets.operations.length = 0;
    await secrets.store(key, value.replace(/token-\d+/, 'token-x'));
    secrets.operations.length = 0;
  });
  observing.dispose();
  return { accounts, change, signIn, renewal, signOut };
}

/** Waits until no operation was begun for a while. */
async function settled(secrets: MemorySecrets): Promise<void> {
  for (let before = -1; before !== secrets.operations.length;) {
    before = secrets.operations.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
