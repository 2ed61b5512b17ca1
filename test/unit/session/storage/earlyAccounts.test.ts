import assert from 'node:assert/strict';
import { TimeoutError } from '../../../../src/base/deadline';
import { createServices, type Services } from '../../../../src/services';
import type { StoredAccount } from '../../../../src/session/model/session';
import { STORAGE_MS } from '../../../../src/session/storage/boundedSecretStorage';
import { EarlyAccounts } from '../../../../src/session/storage/earlyAccounts';
import { Changes } from '../../../../src/base/changes';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { oauth2TokenSet, tokenSet } from '../../../support/builders';
import { Clock, turns } from '../../../support/clock';
import { MemoryMemento } from '../../../support/memoryMemento';
import { MemorySecrets, TroubledSecrets } from '../../../support/memorySecrets';
import { memorySeams } from '../../../support/seams';
import { openWindow, withEventsOf } from '../../../support/window';

const demo = PlatformUrl.parse('https://cloud.zeyos.com/demo');
const otherDemo = PlatformUrl.parse('https://zeyos.example.com/demo');
const acme = PlatformUrl.parse('https://cloud.zeyos.com/acme');
const BOUND_MS = 5_000;

describe('A request for sessions during the first read of the secret storage', () => {
  let secrets: MemorySecrets;
  let slow: TroubledSecrets;
  let clock: Clock;
  let configured: readonly PlatformUrl[];
  let reconfigured: Changes;
  let services: Services;
  let early: EarlyAccounts;
  /** The accounts, in the order in which they signed in. */
  let zoe: StoredAccount;
  let anna: StoredAccount;
  let olga: StoredAccount;
  let max: StoredAccount;

  beforeEach(async () => {
    secrets = new MemorySecrets();
    slow = new TroubledSecrets(secrets);
    clock = new Clock();
    configured = [demo, acme];
    reconfigured = new Changes();
    const memento = new MemoryMemento();
    const { store, close } = openWindow(secrets, { memento });
    zoe = await store.signIn(demo, { userName: 'zoe' }, tokenSet('z'));
    anna = await store.signIn(demo, { userName: 'anna' }, tokenSet('a'));
    olga = await store.signIn(acme, { userName: 'olga' }, tokenSet('o'));
    max = await store.signIn(otherDemo, { userName: 'max' }, tokenSet('m'));
    close();
    services = createServices(
      memorySeams({
        secrets: withEventsOf(secrets, slow),
        memento,
        clock,
        settings: {
          instances: {
            read: () => configured.map(({ href }) => ({ url: href })),
            write: () => Promise.resolve(),
            onDidChange: (listener) => reconfigured.onDidChange(listener),
          },
        },
      }),
    );
  });

  afterEach(() => services.dispose());

  const keyOf = ({ id }: StoredAccount): string => `zeyos.account.${id}`;
  /** Begins the first read, in which the records of some accounts are not read yet. */
  const begin = (...unread: readonly StoredAccount[]): void => {
    for (const each of unread) slow.begin('late', 'get', keyOf(each));
    early = new EarlyAccounts(services);
  };
  const answer = async (): Promise<void> => {
    slow.end();
    await slow.answer();
  };
  const configure = (...platforms: readonly PlatformUrl[]): void => {
    configured = platforms;
    reconfigured.fire();
  };
  /** The users that a request is answered with, `all` if with those in memento, `waiting` if it has no answer yet. */
  const answerTo = (scopes: readonly string[], account?: StoredAccount): { users: unknown } => {
    const result: { users: unknown } = { users: 'waiting' };
    early.read(scopes, account?.account.id).then(
      (accounts) => (result.users = accounts?.map((stored) => stored.account.userName) ?? 'all'),
      (error: unknown) => (result.users = error),
    );
    return result;
  };
  const isTimeout = (error: unknown): void => assert.ok(error instanceof TimeoutError, String(error));

  it('for one instance gets its accounts in the order of their labels, when their records are read', async () => {
    begin(olga, max);
    const request = answerTo([demo.href]);
    await turns();
    assert.deepEqual(request.users, ['anna', 'zoe']);
    await answer();
  });

  it('for one account gets this account when its record is read', async () => {
    begin(olga, max, anna);
    const request = answerTo([], zoe);
    await turns();
    assert.deepEqual(request.users, ['zoe']);
    await answer();
  });

  it('for all accounts waits for the end of the read', async () => {
    begin(max);
    const requests = [[], ['label'], [demo.href, acme.href]].map((scopes) => answerTo(scopes));
    await turns();
    assert.deepEqual(
      requests.map(({ users }) => users),
      ['waiting', 'waiting', 'waiting'],
    );
    await answer();
    await turns();
    assert.deepEqual(
      requests.map(({ users }) => users),
      ['all', 'all', 'all'],
    );
  });

  it('for an account whose token must be renewed waits for the end of the read', async () => {
    const { store, close } = openWindow(secrets, { clock });
    await store.signIn(acme, { userName: 'olga' }, oauth2TokenSet('o', 'r', { expiresAt: clock.now() - 1 }));
    close();
    begin(max);
    const request = answerTo([acme.href]);
    await turns();
    assert.equal(request.users, 'waiting');
    await answer();
    await turns();
    assert.equal(request.users, 'all');
  });

  it('rejects after 5 seconds if the index is not read', async () => {
    slow.begin('late', 'get');
    begin();
    const request = answerTo([demo.href]);
    await turns();
    clock.elapse(BOUND_MS - 1);
    await turns();
    assert.equal(request.users, 'waiting');
    clock.elapse(1);
    await turns();
    isTimeout(request.users);
    await answer();
  });

  it('rejects 5 seconds after the beginning of the read if one of its records is not read', async () => {
    begin(zoe);
    clock.elapse(BOUND_MS - 1);
    const requests = [answerTo([]), answerTo([demo.href]), answerTo([], zoe)];
    clock.elapse(1);
    await turns();
    for (const { users } of requests) isTimeout(users);
    await answer();
  });

  it('rejects at once if it comes later than 5 seconds after the beginning of the read', async () => {
    begin(zoe);
    clock.elapse(BOUND_MS);
    await turns();
    const request = answerTo([demo.href]);
    await turns();
    isTimeout(request.users);
    await answer();
  });

  it('gets accounts whose records are read, even if it comes later than 5 seconds after the beginning of the read', async () => {
    begin(zoe);
    clock.elapse(BOUND_MS);
    await turns();
    const requests = [answerTo([acme.href]), answerTo([], anna)];
    await turns();
    assert.deepEqual(
      requests.map(({ users }) => users),
      [['olga'], ['anna']],
    );
    await answer();
  });

  it('gets all accounts when the read ends after more than 5 seconds', async () => {
    begin(zoe);
    clock.elapse(BOUND_MS);
    await turns();
    await answer();
    await turns();
    assert.equal(early.isOver, true);
    const request = answerTo([demo.href]);
    await turns();
    assert.equal(request.users, 'all');
  });

  it('gets all accounts as soon as another read has read them, while the storage leaves the first read without an answer', async () => {
    slow.begin('hang', 'get', 'zeyos.accounts');
    begin();
    await turns();
    clock.elapse(STORAGE_MS);
    await turns();
    slow.end();
    await services.store.hint('zeyos.accounts');
    const request = answerTo([]);
    await turns();
    assert.equal(request.users, 'all');
    assert.equal(services.store.accounts.length, 4);
  });

  it('rejects if the storage rejects the read, and tries again each time', async () => {
    slow.begin('fail', 'get', 'zeyos.accounts');
    begin();
    await turns();
    const readCount = (): number => slow.attempts.filter((attempt) => attempt === 'get zeyos.accounts').length;
    for (let count = readCount(); count < 4; count++) {
      const request = answerTo([demo.href]);
      await turns();
      assert.match(String(request.users), /the keyring is locked/);
      assert.equal(readCount(), count + 1);
    }
  });

  it('tries again each time if the storage rejects the read after more than 5 seconds', async () => {
    slow.begin('late', 'get', 'zeyos.accounts');
    begin();
    await turns();
    clock.elapse(BOUND_MS);
    clock.elapse(STORAGE_MS);
    await turns();
    slow.begin('fail', 'get', 'zeyos.accounts');
    await slow.answer();
    await turns();
    const rejected = answerTo([demo.href]);
    await turns();
    assert.match(String(rejected.users), /the keyring is locked/);
    slow.end();
    const request = answerTo([demo.href]);
    await turns();
    assert.equal(request.users, 'all');
  });

  it('gets all accounts once the storage no longer rejects the read', async () => {
    slow.begin('fail', 'get', 'zeyos.accounts');
    begin();
    await turns();
    slow.end();
    const requests = [answerTo([demo.href]), answerTo([], olga), answerTo([])];
    await turns();
    assert.deepEqual(
      requests.map(({ users }) => users),
      ['all', 'all', 'all'],
    );
    assert.equal(services.store.accounts.length, 4);
  });

  it('rejects after 5 seconds if the storage rejects the read, and then gives no answer', async () => {
    slow.begin('fail', 'get', 'zeyos.accounts');
    begin();
    await turns();
    slow.begin('hang', 'get', 'zeyos.accounts');
    const request = answerTo([demo.href]);
    await turns();
    assert.equal(request.users, 'waiting');
    clock.elapse(BOUND_MS);
    await turns();
    isTimeout(request.users);
  });

  describe('if the setting changes while it waits', () => {
    it('gets the accounts of the instance that its bare name means then', async () => {
      slow.begin('hang', 'get', keyOf(olga));
      begin(zoe);
      const request = answerTo(['demo']);
      await turns();
      configure(otherDemo, acme);
      await answer();
      await turns();
      assert.deepEqual(request.users, ['max']);
    });

    it('waits for all accounts if its bare name means no instance then', async () => {
      slow.begin('hang', 'get', keyOf(olga));
      begin(zoe);
      const request = answerTo(['demo']);
      await turns();
      configure(acme);
      await answer();
      await turns();
      assert.equal(request.users, 'waiting');
      clock.elapse(BOUND_MS);
      await turns();
      isTimeout(request.users);
    });

    it('gets the accounts of the instance that its bare name means after 5 seconds, if they are read', async () => {
      begin(zoe);
      const request = answerTo(['demo']);
      await turns();
      configure(otherDemo, acme);
      clock.elapse(BOUND_MS);
      await turns();
      assert.deepEqual(request.users, ['max']);
      await answer();
    });
  });
});
