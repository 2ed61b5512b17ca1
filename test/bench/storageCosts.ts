import { setImmediate as turn } from 'node:timers/promises';
import { PlatformUrl } from '../../src/zeyos/address/platform';
import { systemClock } from '../../src/base/clock';
import { createServices, type Services } from '../../src/services';
import type { SecretStorage } from '../../src/session/storage/secretStorage';
import { MemorySecrets } from '../support/memorySecrets';
import { memorySeams } from '../support/seams';
import { withEventsOf } from '../support/window';
import { keptSession, renewingServer, storeClient, writeSessions } from './sessions';

/** How often something read and wrote the secret storage. */
export interface StorageCost {
  readonly reads: number;
  readonly writes: number;
}

export interface StorageCosts {
  readonly accounts: number;
  /** What a window does when another window has changed one of the accounts. */
  readonly change: StorageCost;
  /** What a window does that gets the focus, if it missed no hint. */
  readonly focus: StorageCost;
  /** What a window does when another window has signed in to one more account. */
  readonly addition: StorageCost;
  readonly signIn: StorageCost;
  readonly renewal: StorageCost;
  readonly signOut: StorageCost;
}

const PLATFORM = PlatformUrl.parse('https://cloud.example.invalid/demo');

/** After how many turns of the event loop without a read or a write a window is at rest. */
const TURNS_AT_REST = 50;

/** One window's way to the secret storage, which counts what that window does. */
class CountedSecrets implements SecretStorage {
  #reads = 0;
  #writes = 0;

  constructor(private readonly secrets: SecretStorage) {}

  get(key: string): PromiseLike<string | undefined> {
    this.#reads++;
    return this.secrets.get(key);
  }

  store(key: string, value: string): PromiseLike<void> {
    this.#writes++;
    return this.secrets.store(key, value);
  }

  delete(key: string): PromiseLike<void> {
    this.#writes++;
    return this.secrets.delete(key);
  }

  /** What some work costs this window, until it has been at rest for a while. */
  async cost(work: () => Promise<unknown>): Promise<StorageCost> {
    await this.#atRest();
    const [reads, writes] = [this.#reads, this.#writes];
    await work();
    await this.#atRest();
    return { reads: this.#reads - reads, writes: this.#writes - writes };
  }

  async #atRest(): Promise<void> {
    for (let before = -1; before !== this.#reads + this.#writes;) {
      before = this.#reads + this.#writes;
      for (let turns = 0; turns < TURNS_AT_REST; turns++) await turn();
    }
  }
}

/**
 * Counts what two windows read and write with a number of accounts: one that acts, which hears of its own writes as
 * well, and one that only hears of them. The counts do not depend on the machine.
 */
export async function storageCosts(accounts: number): Promise<StorageCosts> {
  const secrets = new MemorySecrets();
  const open = (): { readonly services: Services; readonly counted: CountedSecrets } => {
    const counted = new CountedSecrets(secrets);
    const through = withEventsOf(secrets, counted);
    return {
      services: createServices(memorySeams({ secrets: through, clock: systemClock, fetch: renewingServer })),
      counted,
    };
  };
  await writeSessions(secrets, PLATFORM, accounts);
  const acting = open();
  await storeClient(acting.services, PLATFORM);
  await acting.services.store.refresh();
  const observing = open();
  await observing.services.store.refresh();
  const [first] = acting.services.store.accounts;
  if (!first) throw new Error('There is no account.');
  const renew = (): Promise<unknown> => {
    const unwanted = acting.services.store.find(first.id)?.session?.accessToken?.value ?? '';
    return acting.services.renewal.renew(first.id, { unwanted });
  };
  // One change of one secret, with nothing else.
  const changeOne = (): Promise<unknown> =>
    acting.services.store.update(first.id, (before) =>
      before.session ? { ...before, session: { ...before.session, login: 'other' } } : before,
    );
  let additional = accounts;
  const signInOne = (): Promise<unknown> => keptSession(acting.services, PLATFORM, additional++);
  const costs = {
    change: await observing.counted.cost(changeOne),
    focus: await observing.counted.cost(() => observing.services.store.catchUp(first.id)),
    addition: await observing.counted.cost(signInOne),
    renewal: await acting.counted.cost(renew),
    signIn: await acting.counted.cost(signInOne),
    signOut: await acting.counted.cost(() => acting.services.store.signOut(first.id)),
  };
  acting.services.dispose();
  observing.services.dispose();
  return { accounts, ...costs };
}
