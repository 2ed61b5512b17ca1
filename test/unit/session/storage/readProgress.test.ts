import assert from 'node:assert/strict';
import { createServices, type Services } from '../../../../src/services';
import type { KnownAccount, StoredAccount } from '../../../../src/session/model/session';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { platform, tokenSet } from '../../../support/builders';
import { Clock } from '../../../support/clock';
import { MemoryMemento } from '../../../support/memoryMemento';
import { MemorySecrets, TroubledSecrets } from '../../../support/memorySecrets';
import { memorySeams } from '../../../support/seams';
import { openWindow, withEventsOf } from '../../../support/window';

const acme = PlatformUrl.parse('acme');

/**
 * Resolves to the accounts that a condition holds for as soon as they are read, or to `undefined` when everything is
 * read.
 */
async function readEarly(
  { store: { progress } }: Services,
  condition: (known: KnownAccount) => boolean,
): Promise<readonly StoredAccount[] | undefined> {
  while (!progress.hasEnded && !progress.of(condition)) await progress.changed();
  return progress.of(condition);
}

describe('During the first read of the secret storage', () => {
  let secrets: MemorySecrets;
  let memento: MemoryMemento;
  let slow: TroubledSecrets;
  let clock: Clock;
  let first: string;
  let second: string;

  beforeEach(async () => {
    secrets = new MemorySecrets();
    memento = new MemoryMemento();
    clock = new Clock();
    slow = new TroubledSecrets(secrets);
    const { store, close } = openWindow(secrets, { memento });
    first = (await store.signIn(platform, { userName: 'max' }, tokenSet('a'))).id;
    second = (await store.signIn(acme, { userName: 'olga' }, tokenSet('b'))).id;
    close();
  });

  const open = () => createServices(memorySeams({ secrets: withEventsOf(secrets, slow), memento, clock }));

  it('the accounts of an instance are known when their records are read', async () => {
    slow.begin('late', 'get', `zeyos.account.${second}`);
    const services = open();
    const reading = services.store.refresh();
    const accounts = await readEarly(services, (known) => known.platform.equals(platform));
    assert.deepEqual(
      accounts?.map(({ id, session }) => [id, session?.accessToken?.value]),
      [[first, 'a']],
    );
    assert.deepEqual(services.store.accounts, []);
    slow.end();
    await slow.answer();
    await reading;
    assert.equal(services.store.accounts.length, 2);
    services.dispose();
  });

  it('that an instance has no account is known when the index is read', async () => {
    slow.begin('late', 'get', 'zeyos.account.');
    const services = open();
    const reading = services.store.refresh();
    assert.deepEqual(await readEarly(services, () => false), []);
    slow.end();
    await slow.answer();
    await reading;
    services.dispose();
  });

  const late: readonly (readonly [string, PlatformUrl | undefined, () => Promise<void>])[] = [
    ['one of whose records is not read', undefined, () => Promise.resolve()],
    ['one of whose records is missing', platform, () => secrets.delete(`zeyos.account.${first}`)],
    ['in an index that is damaged', platform, () => secrets.store('zeyos.accounts', 'damaged')],
  ];
  for (const [what, wanted, damage] of late)
    it(`accounts ${what} are not known before everything is read`, async () => {
      await damage();
      slow.begin('late', 'get', `zeyos.account.${second}`);
      const services = open();
      const reading = services.store.refresh();
      let isKnown = false;
      const known = readEarly(services, (account) => !wanted || account.platform.equals(wanted)).then(
        () => (isKnown = true),
      );
      for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(isKnown, false);
      slow.end();
      await slow.answer();
      await clock.run(reading);
      await known;
      services.dispose();
    });
});
