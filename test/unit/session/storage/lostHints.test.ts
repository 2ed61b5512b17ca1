import assert from 'node:assert/strict';
import type { SessionStore } from '../../../../src/session/storage/sessionStore';
import { createServices } from '../../../../src/services';
import { platform, tokenSet } from '../../../support/builders';
import { Clock } from '../../../support/clock';
import { MemoryLease } from '../../../support/memoryLease';
import { MemorySecrets } from '../../../support/memorySecrets';
import { memorySeams } from '../../../support/seams';

const ACCOUNTS = 6;

describe('A window that gets no hints about changes of the secret storage', () => {
  let secrets: MemorySecrets;
  let clock: Clock;
  let here: SessionStore;
  let there: SessionStore;
  let close: () => void;
  let ids: readonly string[];
  /** Keys that the storage rejects to read for this window. */
  let unreadable: Set<string>;

  beforeEach(async () => {
    secrets = new MemorySecrets();
    unreadable = new Set();
    clock = new Clock(1_000);
    const lease = new MemoryLease();
    const open = () => {
      const deaf = {
        get: (key: string) =>
          unreadable.has(key) ? Promise.reject(new Error('the keyring is locked')) : secrets.get(key),
        store: (key: string, value: string) => secrets.store(key, value),
        delete: (key: string) => secrets.delete(key),
        onDidChange: () => ({ dispose: () => undefined }),
      };
      return createServices(memorySeams({ secrets: deaf, clock, lease: () => lease }));
    };
    const windows = [open(), open()] as const;
    [here, there] = [windows[0].store, windows[1].store];
    close = () => windows.forEach((window) => window.dispose());
    for (let index = 0; index < ACCOUNTS; index++)
      await there.signIn(platform, { userName: `user ${index}` }, tokenSet(`old ${index}`));
    await here.refresh();
    ids = here.accounts.map(({ id }) => id);
    secrets.operations.length = 0;
  });

  afterEach(() => close());

  const tokenOf = (id: string): string | undefined => here.find(id)?.session?.accessToken?.value;
  const signInThere = (index: number, token: string) =>
    there.signIn(platform, { userName: `user ${index}` }, tokenSet(token));
  const reads = (): number => secrets.operations.filter((operation) => operation.startsWith('get')).length;

  const keyOf = (index: number): string => `zeyos.account.${ids[index]}`;

  it('reads a record that could not be read again with the next event about any record', async () => {
    await signInThere(2, 'new');
    unreadable.add(keyOf(2));
    await here.hint(keyOf(2));
    assert.equal(tokenOf(ids[2] ?? ''), 'old 2');
    unreadable.clear();
    await here.hint(keyOf(4));
    assert.equal(tokenOf(ids[2] ?? ''), 'new');
  });

  it('reads a lost record again with the next event about any record', async () => {
    const record = (await secrets.get(keyOf(2))) ?? assert.fail();
    await secrets.delete(keyOf(2));
    await here.hint(keyOf(2));
    assert.equal(here.find(ids[2] ?? '')?.lost, true);
    await secrets.store(keyOf(2), record);
    await here.hint(keyOf(4));
    assert.equal(here.find(ids[2] ?? '')?.lost, false);
  });

  it('reads everything when it gets the focus after a read that failed', async () => {
    await signInThere(2, 'new');
    unreadable.add('zeyos.accounts');
    await assert.rejects(here.reread(ids[2] ?? ''), /locked/);
    unreadable.clear();
    await here.catchUp(ids[0]);
    assert.equal(tokenOf(ids[2] ?? ''), 'new');
  });

  it('reads everything once more when it gets the focus after a read of everything that failed', async () => {
    await signInThere(2, 'new');
    unreadable.add('zeyos.accounts');
    await assert.rejects(here.refresh(), /locked/);
    unreadable.clear();
    await here.catchUp(ids[0]);
    assert.equal(tokenOf(ids[2] ?? ''), 'new');
  });

  it('reads three secrets when it gets the focus and nothing has changed', async () => {
    await here.catchUp(ids[0]);
    assert.equal(reads(), 3);
    assert.equal(secrets.operations[0], 'get zeyos.accounts');
    assert.equal(secrets.operations.includes(`get zeyos.account.${ids[0]}`), true);
  });

  it('reads each record within as many focus events as there are other accounts', async () => {
    for (let event = 1; event < ACCOUNTS; event++) await here.catchUp(ids[0]);
    for (const id of ids) assert.ok(secrets.operations.includes(`get zeyos.account.${id}`));
  });

  it('reads the secrets once for simultaneous focus events', async () => {
    await Promise.all([here.catchUp(ids[0]), here.catchUp(ids[0])]);
    assert.equal(reads(), 3);
  });

  it('sees at the next focus event that the active account has changed, and then reads everything', async () => {
    for (const [index] of ids.entries()) await signInThere(index, `new ${index}`);
    await here.catchUp(ids[0]);
    assert.deepEqual(
      ids.map(tokenOf),
      ids.map((_id, index) => `new ${index}`),
    );
  });

  it('sees at the next focus event that an account was signed out', async () => {
    await there.signOut(ids[5] ?? '');
    await here.catchUp(ids[0]);
    assert.equal(here.find(ids[5] ?? '')?.session, undefined);
    assert.equal(here.find(ids[5] ?? '')?.lost, false);
  });

  it('sees at the next focus event that an account was added, and another one renewed before that', async () => {
    await signInThere(4, 'new');
    const { id } = await there.signIn(platform, { userName: 'anna' }, tokenSet('added'));
    await here.catchUp(ids[0]);
    assert.deepEqual([tokenOf(ids[4] ?? ''), tokenOf(id)], ['new', 'added']);
  });

  it('sees at a focus event after ten minutes that any account has changed', async () => {
    await signInThere(5, 'new');
    await here.catchUp(ids[0]);
    assert.equal(tokenOf(ids[5] ?? ''), 'old 5');
    clock.advance(10 * 60_000);
    await here.catchUp(ids[0]);
    assert.equal(tokenOf(ids[5] ?? ''), 'new');
  });

  it('reads everything at a focus event after the clock was set back', async () => {
    await signInThere(5, 'new');
    clock.advance(-500);
    await here.catchUp(ids[0]);
    assert.equal(tokenOf(ids[5] ?? ''), 'new');
  });

  it('sees at a focus event after ten minutes that a record has been lost', async () => {
    await secrets.delete(`zeyos.account.${ids[5]}`);
    clock.advance(10 * 60_000);
    await clock.run(here.catchUp(ids[0]));
    assert.equal(here.find(ids[5] ?? '')?.lost, true);
  });

  it('reads an account before it renews, introspects or revokes its tokens', async () => {
    await signInThere(5, 'new');
    secrets.operations.length = 0;
    await here.reread(ids[5] ?? '');
    assert.equal(tokenOf(ids[5] ?? ''), 'new');
    assert.equal(reads(), 2);
  });

  describe('except for one hint', () => {
    it('about a record reads that record', async () => {
      await signInThere(3, 'new');
      secrets.operations.length = 0;
      await here.hint(`zeyos.account.${ids[3]}`);
      assert.deepEqual(secrets.operations, [`get zeyos.account.${ids[3]}`]);
      assert.equal(tokenOf(ids[3] ?? ''), 'new');
    });

    it('that comes twice reads the record once', async () => {
      await Promise.all([here.hint(`zeyos.account.${ids[3]}`), here.hint(`zeyos.account.${ids[3]}`)]);
      assert.equal(reads(), 1);
    });

    it('that comes during a read of everything reads the record again', async () => {
      const reading = here.refresh();
      await new Promise((resolve) => setImmediate(resolve));
      await here.hint(`zeyos.account.${ids[3]}`);
      await reading;
      assert.equal(reads(), 1 + ACCOUNTS + 1);
    });

    it('about the index reads the index, and the record of an account that was added', async () => {
      const { id } = await there.signIn(platform, { userName: 'anna' }, tokenSet('added'));
      secrets.operations.length = 0;
      await here.hint('zeyos.accounts');
      assert.deepEqual(secrets.operations, ['get zeyos.accounts', `get zeyos.account.${id}`]);
      assert.equal(tokenOf(id), 'added');
    });

    it('about the record of an unknown account reads the index and the record', async () => {
      const { id } = await there.signIn(platform, { userName: 'anna' }, tokenSet('added'));
      secrets.operations.length = 0;
      await here.hint(`zeyos.account.${id}`);
      assert.equal(tokenOf(id), 'added');
      assert.equal(reads(), 2);
    });

    it('about a record that is missing reads it twice and the index once, and the account is lost', async () => {
      await secrets.delete(`zeyos.account.${ids[3]}`);
      secrets.operations.length = 0;
      await clock.run(here.hint(`zeyos.account.${ids[3]}`));
      assert.equal(here.find(ids[3] ?? '')?.lost, true);
      assert.equal(reads(), 3);
    });

    it('about a record that another window deleted after a sign-out does not take the account for lost', async () => {
      await there.signOut(ids[3] ?? '');
      await there.update(ids[3] ?? '', (before) => ({ ...before, pendingRevocations: [] }));
      await clock.run(here.hint(`zeyos.account.${ids[3]}`));
      assert.equal(here.find(ids[3] ?? '')?.lost, false);
    });

    it('about another part of the extension reads nothing', async () => {
      await here.hint('zeyos.agents.some');
      assert.equal(reads(), 0);
    });
  });
});
