import assert from 'node:assert/strict';
import type { SecretStorage } from '../../../../src/session/storage/secretStorage';
import { ClientSecrets } from '../../../../src/session/storage/clientSecrets';
import { sessionState, type StoredAccount } from '../../../../src/session/model/session';
import type { SessionStore } from '../../../../src/session/storage/sessionStore';
import { ended, expiryLearnt, settled } from '../../../../src/session/model/transitions';
import { platform, tokenSet } from '../../../support/builders';
import { MemorySecrets, UnluckySecrets } from '../../../support/memorySecrets';
import { openWindow, reopen } from '../../../support/window';

interface Operation {
  readonly what: string;
  readonly before?: (store: SessionStore) => Promise<unknown>;
  readonly deed: (store: SessionStore, id: string) => Promise<unknown>;
}

const max = { userName: 'max.power' };
const signIn = (token: string, sub?: string) => (store: SessionStore) =>
  store.signIn(platform, { ...max, ...(sub !== undefined && { sub }) }, tokenSet(token));
const signOut = async (store: SessionStore) => store.signOut((await signIn('a')(store)).id);

const operations: readonly Operation[] = [
  { what: 'a first sign-in', deed: signIn('new') },
  { what: 'a sign-in that replaces a token', before: signIn('a'), deed: signIn('new') },
  { what: 'a sign-in that learns the user id', before: signIn('a'), deed: signIn('new', '7') },
  { what: 'a sign-in after a sign-out', before: signOut, deed: signIn('new') },
  { what: 'a sign-out', before: signIn('a'), deed: (store, id) => store.signOut(id) },
  {
    what: 'abandoning a token',
    before: signIn('a'),
    deed: (store) => store.setAside(platform, max, tokenSet('new')),
  },
  {
    what: 'abandoning a token of a new user',
    deed: (store) => store.setAside(platform, max, tokenSet('new')),
  },
  {
    what: 'an end by the server',
    before: signIn('a'),
    deed: (store, id) => store.update(id, ended('a', 'revoked')),
  },
  {
    what: 'learning the end of a token',
    before: signIn('a'),
    deed: (store, id) => store.update(id, expiryLearnt('a', 5)),
  },
  { what: 'settling a revocation', before: signOut, deed: (store, id) => store.update(id, settled('a')) },
];

/** Summarizes sessions with their tokens and pending revocations. Accounts that are only known are left out. */
function summary(accounts: readonly StoredAccount[]): unknown {
  return accounts
    .filter(({ session, lost, pendingRevocations }) => session !== undefined || lost || pendingRevocations.length > 0)
    .map((stored) => [
      stored.account.label,
      sessionState(stored, 0),
      stored.session?.accessToken,
      stored.pendingRevocations,
    ]);
}

async function prepare(before: Operation['before']) {
  const secrets = new MemorySecrets();
  const unlucky = new UnluckySecrets(secrets);
  const { store, log, close } = openWindow(secrets, { through: unlucky });
  close();
  await before?.(store);
  await store.refresh();
  return { secrets, unlucky, store, log, id: store.accounts[0]?.id ?? 'nobody' };
}

describe('A secret storage', () => {
  for (const { what, before, deed } of operations) {
    const withoutTrouble = async () => {
      const { secrets, store, id } = await prepare(before);
      await deed(store, id);
      return summary((await reopen(secrets)).accounts);
    };

    it(`that fails at any point of ${what} changes nothing, or the operation succeeds`, async () => {
      const after = await withoutTrouble();
      for (let n = 1; ; n++) {
        const { secrets, unlucky, store, log, id } = await prepare(before);
        const { accounts } = store;
        const trouble = unlucky.failAt(n);
        const outcome = await deed(store, id).then(
          () => undefined,
          (error: Error) => error.message,
        );
        if (!trouble.hasFailed) {
          assert.ok(n > 2, 'the operation must read and write');
          return;
        }
        const stored = summary((await reopen(secrets)).accounts);
        if (outcome === undefined) {
          assert.deepEqual([stored, summary(store.accounts)], [after, after], `operation ${n} failed`);
          assert.match(log.text, /^warn: /);
        } else {
          // The caller revokes what was not stored. So nothing new may be stored, and everything old must be.
          assert.equal(outcome, 'the keyring is locked');
          assert.deepEqual(store.accounts, accounts);
          assert.deepEqual(stored, summary(accounts), `operation ${n} failed`);
          await deed(store, id);
          assert.deepEqual(
            summary((await reopen(secrets)).accounts),
            after,
            `operation ${n} failed, and the operation was repeated`,
          );
        }
      }
    });

    it(`whose window crashes at any point of ${what} contains the state before or after it`, async () => {
      const after = await withoutTrouble();
      for (let n = 1; ; n++) {
        const { secrets, unlucky, store, id } = await prepare(before);
        const crash = unlucky.crashAt(n);
        if ((await Promise.race([crash, deed(store, id)])) !== 'crashed') return;
        const next = await reopen(secrets);
        const stored = summary(next.accounts);
        const isOneOf = [summary(store.accounts), after].some(
          (state) => JSON.stringify(state) === JSON.stringify(stored),
        );
        assert.ok(isOneOf, `crashed at operation ${n}: ${JSON.stringify(stored)}`);
        await deed(next, next.accounts[0]?.id ?? 'nobody');
        assert.ok((await reopen(secrets)).accounts.every(({ lost }) => !lost));
      }
    });
  }

  it('whose index cannot be read leaves the accounts unchanged, and they are read later', async () => {
    const { secrets, unlucky, store } = await prepare(signIn('a'));
    await (await reopen(secrets)).signIn(platform, { userName: 'olga' }, tokenSet('b'));
    const { accounts } = store;
    unlucky.failAt(1);
    await assert.rejects(store.refresh(), { message: 'the keyring is locked' });
    assert.equal(store.accounts, accounts);
    await store.refresh();
    assert.equal(store.accounts.length, 2);
  });

  describe('that cannot read one account', () => {
    const stateOf = (store: SessionStore) =>
      store.accounts.map((stored) => [
        stored.account.userName,
        sessionState(stored, 0),
        stored.session?.accessToken?.value,
      ]);
    const [anna, olga] = [{ userName: 'anna' }, { userName: 'olga' }];
    /** Anna and Olga are signed in. Anna’s secret cannot be read through `through`. */
    const withUnreadableAccount = async () => {
      const secrets = new MemorySecrets();
      const before = await reopen(secrets);
      const { id } = await before.signIn(platform, anna, tokenSet('a'));
      await before.signIn(platform, olga, tokenSet('b'));
      const key = secrets.keys().find((each) => each.endsWith(id)) ?? assert.fail(id);
      const isLocked = { now: true };
      const through: SecretStorage = {
        get: (name) =>
          isLocked.now && name === key ? Promise.reject(new Error('the keyring is locked')) : secrets.get(name),
        store: (name, value) => secrets.store(name, value),
        delete: (name) => secrets.delete(name),
      };
      return { secrets, through, isLocked, id, key };
    };

    it('reads the other accounts, and shows this account neither as signed in nor as lost until it can be read', async () => {
      const { secrets, through, isLocked } = await withUnreadableAccount();
      const { store, log } = openWindow(secrets, { through });
      await store.refresh();
      assert.deepEqual(stateOf(store), [
        ['anna', 'signedOut', undefined],
        ['olga', 'good', 'b'],
      ]);
      assert.equal(log.text, 'warn: cannot read an account: the keyring is locked');
      isLocked.now = false;
      await store.refresh();
      assert.deepEqual(stateOf(store), [
        ['anna', 'good', 'a'],
        ['olga', 'good', 'b'],
      ]);
    });

    it('keeps the record of this account that was read before', async () => {
      const { secrets, through, isLocked } = await withUnreadableAccount();
      isLocked.now = false;
      const { store } = openWindow(secrets, { through });
      await store.refresh();
      isLocked.now = true;
      await (await reopen(secrets)).signIn(platform, olga, tokenSet('c'));
      await store.refresh();
      assert.deepEqual(stateOf(store), [
        ['anna', 'good', 'a'],
        ['olga', 'good', 'c'],
      ]);
    });

    it('does not overwrite the record of this account in any operation', async () => {
      const { secrets, through, id, key } = await withUnreadableAccount();
      const before = await secrets.get(key);
      const index = await secrets.get('zeyos.accounts');
      const { store, close } = openWindow(secrets, { through });
      close();
      await store.refresh();
      for (const deed of [
        signIn('new'),
        (its: SessionStore) => its.signIn(platform, anna, tokenSet('new')),
        (its: SessionStore) => its.setAside(platform, anna, tokenSet('new')),
        (its: SessionStore) => its.signOut(id),
        (its: SessionStore) => its.update(id, ended('a', 'revoked')),
      ]) {
        await Promise.resolve(deed(store)).catch((error: Error) =>
          assert.equal(error.message, 'the keyring is locked'),
        );
      }
      assert.equal(await secrets.get(key), before);
      assert.ok(
        (await secrets.get('zeyos.accounts'))?.startsWith(index?.slice(0, -2) ?? '-'),
        'only the new account was added to the index',
      );
      assert.deepEqual(stateOf(await reopen(secrets)).slice(0, 1), [['anna', 'good', 'a']]);
    });

    it('keeps every client secret of the instance, because this account may need any of them', async () => {
      const { secrets, through } = await withUnreadableAccount();
      const { store } = openWindow(secrets, { through });
      await store.refresh();
      const clients = new ClientSecrets(secrets);
      await clients.store(platform, { clientId: 'app', clientSecret: 'geheim' });
      await clients.deleteUnused(platform, ['app'], store.accounts);
      assert.ok(await clients.get(platform, 'app'));
      await clients.deleteUnused(platform, ['app'], (await reopen(secrets)).accounts);
      assert.equal(await clients.get(platform, 'app'), undefined);
    });
  });
});
