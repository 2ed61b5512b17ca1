import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SessionStore } from '../../../../src/session/storage/sessionStore';
import { sessionState } from '../../../../src/session/model/session';
import { ended, expiryLearnt, settled } from '../../../../src/session/model/transitions';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { accessToken, pending, platform, tokenSet } from '../../../support/builders';
import { Clock } from '../../../support/clock';
import { MemoryLease } from '../../../support/memoryLease';
import { MemorySecrets, SleepySecrets } from '../../../support/memorySecrets';
import { openWindow, reopen, type Seams } from '../../../support/window';

const acme = PlatformUrl.parse('acme');
const max = { userName: 'max.power' };

describe('In the session store,', () => {
  let secrets: MemorySecrets;
  let lease: MemoryLease;
  let clock: Clock;
  let closeAll: (() => void)[];

  beforeEach(() => {
    secrets = new MemorySecrets();
    lease = new MemoryLease();
    clock = new Clock(1_000);
    closeAll = [];
  });

  afterEach(() => closeAll.forEach((close) => close()));

  const open = async (seams: Seams = {}): Promise<SessionStore> => {
    const { store, close } = openWindow(secrets, { lease, clock, ...seams });
    closeAll.push(close);
    await store.refresh();
    return store;
  };
  const changesOf = (store: SessionStore): { count: number } => {
    const changes = { count: 0 };
    store.onDidChange(() => changes.count++);
    return changes;
  };
  const tokensOf = (store: SessionStore) =>
    store.accounts.map(({ session, pendingRevocations }) => [
      session?.accessToken?.value,
      ...pendingRevocations.map(({ token }) => token),
    ]);
  const writes = () => secrets.operations.filter((operation) => !operation.startsWith('get'));

  describe('signing in', () => {
    it('stores the token for every window and after a restart', async () => {
      const [here, there] = [await open(), await open()];
      const token = accessToken('a', { issuedAt: 1, expiresAt: 2 });
      const stored = await here.signIn(
        platform,
        { userName: 'max.power', sub: '7' },
        { api: 'authV1', accessToken: token },
      );
      assert.deepEqual(stored, {
        id: stored.id,
        platform,
        account: {
          id: `${platform.href}#7`,
          label: 'max.power (cloud.zeyos.com/demo)',
          userName: 'max.power',
          sub: '7',
        },
        signedIn: true,
        session: { api: 'authV1', accessToken: token, signedInAt: 1_000 },
        lost: false,
        pendingRevocations: [],
      });
      assert.deepEqual(here.accounts, [stored]);
      await there.refresh();
      assert.deepEqual(there.accounts, [stored]);
      assert.deepEqual((await reopen(secrets)).accounts, [stored]);
    });

    it('fires one change', async () => {
      const store = await open();
      const changes = changesOf(store);
      await store.signIn(platform, max, tokenSet('a'));
      await store.refresh();
      assert.equal(changes.count, 1);
    });

    it('writes no token into the index', async () => {
      await (await open()).signIn(platform, max, tokenSet('s3cret'));
      assert.ok(!(await secrets.get('zeyos.accounts'))?.includes('s3cret'));
    });

    it('again keeps id and label, and revokes the replaced token', async () => {
      const store = await open();
      const first = await store.signIn(platform, max, tokenSet('a', { expiresAt: 5 }));
      clock.advance(1);
      const second = await store.signIn(platform, { userName: 'max.power', sub: '7' }, tokenSet('b'));
      assert.deepEqual(
        [second.id, second.account.id, second.account.label, second.account.sub],
        [first.id, first.account.id, first.account.label, '7'],
      );
      assert.deepEqual(second.pendingRevocations, [pending('a', 5)]);
      assert.equal(second.session?.signedInAt, 1_001);
      assert.deepEqual((await reopen(secrets)).accounts, [second]);
    });

    it('again after a sign-out keeps id and label', async () => {
      const store = await open();
      const { id, account } = await store.signIn(platform, max, tokenSet('a'));
      await store.signOut(id);
      await store.update(id, settled('a'));
      const again = await store.signIn(platform, max, tokenSet('b'));
      assert.deepEqual([again.id, again.account], [id, account]);
    });

    it('does not revoke a token that the server issued again', async () => {
      const store = await open();
      const { id } = await store.signIn(platform, max, tokenSet('a'));
      await store.signIn(platform, max, tokenSet('a'));
      assert.deepEqual(tokensOf(store), [['a']]);
      await store.signOut(id);
      await store.signIn(platform, max, tokenSet('a'));
      assert.deepEqual(tokensOf(store), [['a']]);
    });

    it('to another instance or as another user adds an account', async () => {
      const store = await open();
      await store.signIn(platform, max, tokenSet('a'));
      await store.signIn(acme, max, tokenSet('b'));
      await store.signIn(platform, { userName: 'olga' }, tokenSet('c'));
      assert.deepEqual(
        store.accounts.map(({ account }) => account.label),
        ['max.power (cloud.zeyos.com/acme)', 'max.power (cloud.zeyos.com/demo)', 'olga (cloud.zeyos.com/demo)'],
      );
      assert.deepEqual(tokensOf(store), [['b'], ['a'], ['c']]);
    });
  });

  describe('signing out', () => {
    it('writes the account’s secret once, which turns the session into a pending revocation', async () => {
      const store = await open();
      const { id } = await store.signIn(platform, max, tokenSet('a', { expiresAt: 5_000 }));
      secrets.operations.length = 0;
      assert.equal(await store.signOut(id), true);
      assert.deepEqual(writes(), [`store zeyos.account.${id}`, 'store zeyos.accounts']);
      const [stored] = store.accounts;
      assert.deepEqual(
        [stored?.session, stored?.signedIn, stored?.lost, stored?.pendingRevocations],
        [undefined, false, false, [pending('a', 5_000)]],
      );
      assert.deepEqual((await reopen(secrets)).accounts, store.accounts);
    });

    it('succeeds once', async () => {
      const store = await open();
      const { id } = await store.signIn(platform, max, tokenSet('a'));
      await store.signOut(id);
      assert.equal(await store.signOut(id), false);
      assert.equal(await store.signOut('nobody'), false);
    });

    it('leaves only the index after the token is revoked, and the account does not count as lost', async () => {
      const store = await open();
      const { id } = await store.signIn(platform, max, tokenSet('a'));
      await store.signOut(id);
      assert.equal(await store.update(id, settled('a')), true);
      assert.equal(await store.update(id, settled('a')), false);
      assert.deepEqual(secrets.keys(), ['zeyos.accounts']);
      const { accounts } = await reopen(secrets);
      assert.deepEqual(accounts, store.accounts);
      assert.deepEqual(
        accounts.map((stored) => sessionState(stored, 0)),
        ['signedOut'],
      );
    });

    it('of a lost session corrects the index', async () => {
      const store = await open();
      const { id } = await store.signIn(platform, max, tokenSet('a'));
      await secrets.delete(`zeyos.account.${id}`);
      assert.equal(await store.signOut(id), true);
      assert.deepEqual(
        (await reopen(secrets)).accounts.map(({ signedIn, lost }) => [signedIn, lost]),
        [[false, false]],
      );
    });
  });

  describe('an answer of the server', () => {
    it('ends only the session that has this token, and keeps the account', async () => {
      const store = await open();
      const { id } = await store.signIn(platform, max, tokenSet('b'));
      assert.equal(await store.update(id, ended('a', 'revoked')), false);
      assert.equal(await store.update(id, ended('b', 'revoked')), true);
      assert.equal(await store.update(id, ended('b', 'revoked')), false);
      assert.deepEqual(
        (await reopen(secrets)).accounts.map((stored) => [sessionState(stored, 0), stored.session]),
        [['revoked', { api: 'authV1', signedInAt: 1_000, ended: 'revoked' }]],
      );
      assert.ok(!secrets.text.includes('"b"'));
    });

    it('sets the end of a token if it is unknown', async () => {
      const store = await open();
      const { id } = await store.signIn(platform, max, tokenSet('a'));
      assert.equal(await store.update(id, expiryLearnt('other', 5)), false);
      assert.equal(await store.update(id, expiryLearnt('a', 5)), true);
      assert.equal(await store.update(id, expiryLearnt('a', 6)), false);
      assert.equal((await reopen(secrets)).accounts[0]?.session?.accessToken?.expiresAt, 5);
    });
  });

  describe('abandoning a token', () => {
    it('adds a pending revocation, and changes no session', async () => {
      const store = await open();
      const { id, session } = await store.signIn(platform, max, tokenSet('a'));
      const abandoned = await store.setAside(platform, max, tokenSet('b', { expiresAt: 5 }));
      assert.deepEqual(
        [abandoned.id, abandoned.session, abandoned.pendingRevocations],
        [id, session, [pending('b', 5)]],
      );
    });

    it('for an unknown user adds an account that is signed out', async () => {
      const store = await open();
      await store.setAside(platform, max, tokenSet('b'));
      const { accounts } = await reopen(secrets);
      assert.deepEqual(
        accounts.map((stored) => [sessionState(stored, 0), stored.signedIn, stored.pendingRevocations]),
        [['signedOut', false, [pending('b')]]],
      );
    });
  });

  describe('two windows', () => {
    it('that sign in at the same time lose no account', async () => {
      const [here, there] = [await open(), await open()];
      const names = Array.from({ length: 10 }, (_, index) => `user${index}`);
      await Promise.all(
        names.map((userName, index) =>
          (index % 2 ? here : there).signIn(platform, { userName }, tokenSet(`token of ${userName}`)),
        ),
      );
      await Promise.all([here.refresh(), there.refresh()]);
      assert.deepEqual(
        tokensOf(here),
        names.map((userName) => [`token of ${userName}`]),
      );
      assert.deepEqual(there.accounts, here.accounts);
    });

    it('that sign in to the same account at the same time keep one session and one pending revocation', async () => {
      const [here, there] = [await open(), await open()];
      const [a, b] = await Promise.all([
        here.signIn(platform, max, tokenSet('a')),
        there.signIn(platform, max, tokenSet('b')),
      ]);
      assert.equal(a.id, b.id);
      await Promise.all([here.refresh(), there.refresh()]);
      assert.deepEqual(here.accounts, there.accounts);
      assert.deepEqual(tokensOf(here).flat().sort(), ['a', 'b']);
    });

    it('fire one event for each change by the other window', async () => {
      const [here, there] = [await open(), await open()];
      const changes = changesOf(there);
      const { id } = await here.signIn(platform, max, tokenSet('a'));
      await there.refresh();
      assert.deepEqual(there.accounts, here.accounts);
      const signedIn = changes.count;
      await here.signOut(id);
      await there.refresh();
      assert.deepEqual(there.accounts, here.accounts);
      assert.ok(signedIn >= 1 && changes.count > signedIn);
      const settled = changes.count;
      await Promise.all([there.refresh(), there.refresh()]);
      assert.equal(changes.count, settled);
    });

    it('change the stored record, not the record that they have read before', async () => {
      const here = await open();
      const { id } = await here.signIn(platform, max, tokenSet('a'));
      const { store: deaf, close } = openWindow(secrets, { lease });
      await deaf.refresh();
      close();
      await here.signIn(platform, max, tokenSet('b'));
      assert.equal(await deaf.update(id, ended('a', 'revoked')), false);
      await deaf.signOut(id);
      assert.deepEqual(tokensOf(await reopen(secrets)), [[undefined, 'a', 'b']]);
    });

    const changes: readonly [
      string,
      (store: SessionStore, id: string) => Promise<unknown>,
      readonly (string | undefined)[][],
    ][] = [
      ['note an expiry', (store, id) => store.update(id, expiryLearnt('a', 9)), [[undefined, 'a'], ['b']]],
      ['sign in elsewhere', (store) => store.signIn(acme, max, tokenSet('c')), [['c'], [undefined, 'a'], ['b']]],
      ['sign in again', (store) => store.signIn(platform, max, tokenSet('c')), [['c', 'a'], ['b']]],
    ];
    for (const [what, change, after] of changes) {
      for (const key of ['zeyos.accounts', 'zeyos.account.']) {
        it(`lose nothing if one of them slept after reading ${key} in order to ${what}`, async () => {
          const awake = await open();
          const { id } = await awake.signIn(platform, max, tokenSet('a'));
          const through = new SleepySecrets(secrets);
          const sleepy = await open({ through });
          const asleep = through.sleepAfter('get', key);
          const outcome = change(sleepy, id);
          await asleep;
          lease.takeOver();
          await awake.signOut(id);
          await awake.signIn(platform, { userName: 'olga' }, tokenSet('b'));
          through.wake();
          await outcome;
          assert.deepEqual(tokensOf(await reopen(secrets)), after);
        });
      }
    }

    it('lose nothing if one of them slept while it deleted a settled record', async () => {
      const awake = await open();
      const { id } = await awake.signIn(platform, max, tokenSet('a'));
      await awake.signOut(id);
      const through = new SleepySecrets(secrets);
      const sleepy = await open({ through });
      const asleep = through.sleepAfter('get', 'zeyos.account.');
      const outcome = sleepy.update(id, settled('a'));
      await asleep;
      lease.takeOver();
      await awake.signIn(platform, max, tokenSet('b'));
      through.wake();
      await outcome;
      assert.deepEqual(tokensOf(await reopen(secrets)), [['b']]);
    });

    it('read once for simultaneous refreshes', async () => {
      const store = await open();
      secrets.operations.length = 0;
      await Promise.all([store.refresh(), store.refresh(), store.refresh()]);
      assert.deepEqual(secrets.operations, ['get zeyos.accounts']);
    });

    it('keep every token until it is settled, in any order of operations', async () => {
      const step = fc.record({
        window: fc.nat(1),
        what: fc.constantFrom('signIn', 'signOut', 'setAside', 'settle', 'refresh'),
        userName: fc.constantFrom('max', 'olga'),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const shared = new MemorySecrets();
          const common = new MemoryLease();
          const windows = [openWindow(shared, { lease: common }), openWindow(shared, { lease: common })];
          const issued = new Set<string>();
          await Promise.all(
            steps.map(async ({ window, what, userName }, index) => {
              const { store } = windows[window] ?? assert.fail();
              const id = store.accounts.find(({ account }) => account.userName === userName)?.id ?? 'nobody';
              const token = `token ${index}`;
              if (what === 'signIn' || what === 'setAside') {
                issued.add(token);
                await store[what](platform, { userName }, tokenSet(token));
              } else if (what === 'signOut') {
                await store.signOut(id);
              } else if (what === 'settle') {
                const [first] = store.find(id)?.pendingRevocations ?? [];
                if (first && (await store.update(id, settled(first.token)))) issued.delete(first.token);
              } else {
                await store.refresh();
              }
            }),
          );
          const [here, there] = await Promise.all(
            windows.map(async ({ store }) => (await store.refresh(), store.accounts)),
          );
          windows.forEach(({ close }) => close());
          assert.deepEqual(here, there);
          assert.deepEqual(
            new Set(
              tokensOf(await reopen(shared))
                .flat()
                .filter((token) => token !== undefined),
            ),
            issued,
          );
        }),
        { numRuns: 60 },
      );
    });
  });

  describe('a secret that cannot be read', () => {
    const states = (store: SessionStore) =>
      store.accounts.map((stored) => [stored.account.userName, sessionState(stored, 0)]);

    it('because it is missing makes the account lost, and fires one change', async () => {
      const store = await open();
      const { id } = await store.signIn(platform, max, tokenSet('a'));
      const changes = changesOf(store);
      await secrets.delete(`zeyos.account.${id}`);
      await store.refresh();
      await store.refresh();
      assert.deepEqual([states(store), changes.count], [[['max.power', 'lost']], 1]);
    });

    it('because it comes at the second read does not make the account lost', async () => {
      const { id } = await (await open()).signIn(platform, max, tokenSet('a'));
      const late = { count: 0 };
      const through = {
        get: (key: string) => (key.endsWith(id) && late.count++ === 0 ? Promise.resolve(undefined) : secrets.get(key)),
        store: (key: string, value: string) => secrets.store(key, value),
        delete: (key: string) => secrets.delete(key),
      };
      const store = await open({ through });
      assert.deepEqual([states(store), late.count], [[['max.power', 'good']], 2]);
    });

    for (const [what, text] of [
      ['damaged', '{"version":1,"session":'],
      ['of a newer version', '{"version":99}'],
    ] as const) {
      it(`because it is ${what} does not affect other accounts`, async () => {
        const first = await open();
        const { id } = await first.signIn(platform, max, tokenSet('a'));
        await first.signIn(platform, { userName: 'olga' }, tokenSet('b'));
        await secrets.store(`zeyos.account.${id}`, text);
        assert.deepEqual(states(await reopen(secrets)), [
          ['max.power', 'lost'],
          ['olga', 'good'],
        ]);
      });
    }

    it('is replaced by a sign-in, with the same id and label', async () => {
      const store = await open();
      const before = await store.signIn(platform, max, tokenSet('a'));
      await secrets.delete(`zeyos.account.${before.id}`);
      const after = await store.signIn(platform, max, tokenSet('b'));
      assert.deepEqual([after.id, after.account, after.lost], [before.id, before.account, false]);
    });

    it('because it is of a newer version is not overwritten', async () => {
      const store = await open();
      const { id } = await store.signIn(platform, max, tokenSet('a'));
      await secrets.store(`zeyos.account.${id}`, '{"version":99}');
      await assert.rejects(store.signIn(platform, max, tokenSet('b')), { name: 'NewerVersionError' });
      await assert.rejects(store.signOut(id), { name: 'NewerVersionError' });
      assert.equal(await secrets.get(`zeyos.account.${id}`), '{"version":99}');
    });

    it('because the index is of a newer version leaves everything unchanged', async () => {
      const store = await open();
      await store.signIn(platform, max, tokenSet('a'));
      const { accounts } = store;
      await secrets.store('zeyos.accounts', '{"version":99}');
      await assert.rejects(store.refresh(), { name: 'NewerVersionError' });
      await assert.rejects(store.signIn(platform, max, tokenSet('b')), { name: 'NewerVersionError' });
      assert.equal(store.accounts, accounts);
      assert.equal(await secrets.get('zeyos.accounts'), '{"version":99}');
    });
  });
});
