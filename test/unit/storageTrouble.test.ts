import assert from 'node:assert/strict';
import type { StoredAccount } from '../../src/session/session';
import { sessionState } from '../../src/session/session';
import type { SessionStore } from '../../src/session/sessionStore';
import { accessToken, platform } from '../support/builders';
import { crashingAt, failingAt, MemorySecrets } from '../support/memorySecrets';
import { openWindow, reopen } from '../support/window';

const max = { userName: 'max.power' };

/** What is done to a store, and what had been done before. `issued` is a token that is the caller's to revoke should it fail. */
interface Deed {
  readonly what: string;
  readonly before: (store: SessionStore) => Promise<unknown>;
  readonly deed: (store: SessionStore, id: string) => Promise<unknown>;
  readonly kept: readonly string[];
  readonly issued?: string;
}

const nothing = () => Promise.resolve();
const signIn = (token: string, more: { sub?: string } = {}) => (store: SessionStore) => store.signIn(platform, { ...max, ...more }, accessToken(token));
const signedOut = async (store: SessionStore) => store.signOut((await signIn('a')(store)).id);

const deeds: readonly Deed[] = [
  { what: 'a first sign-in', before: nothing, deed: signIn('new'), kept: [], issued: 'new' },
  { what: 'a sign-in that replaces a token', before: signIn('a'), deed: signIn('new'), kept: ['a'], issued: 'new' },
  { what: 'a sign-in that learns who it was', before: signIn('a'), deed: signIn('new', { sub: '7' }), kept: ['a'], issued: 'new' },
  { what: 'a sign-in after a sign-out', before: signedOut, deed: signIn('new'), kept: ['a'], issued: 'new' },
  { what: 'a sign-out', before: signIn('a'), deed: (store, id) => store.signOut(id), kept: ['a'] },
  { what: 'remembering an unwanted token', before: signIn('a'), deed: (store) => store.abandon(platform, max, accessToken('new')), kept: ['a'], issued: 'new' },
  { what: 'an ending by the server', before: signIn('a'), deed: (store, id) => store.markRevoked(id, 'a'), kept: [] },
  { what: 'a revocation that is settled', before: signedOut, deed: (store, id) => store.settle(id, 'a'), kept: [] },
];

const tokens = (accounts: readonly StoredAccount[]) => accounts.flatMap(({ session, pendingRevocations }) => [session?.accessToken?.value, ...pendingRevocations.map(({ token }) => token)]).filter((token) => token !== undefined);
/** What a user would notice. */
const looks = (accounts: readonly StoredAccount[]) => accounts.map((stored) => [stored.account.label, sessionState(stored, 0), stored.session?.accessToken?.value]);

/** A store in which `before` has been done, and what it looks like after `deed`, had nothing gone wrong. */
async function prepare({ before, deed }: Deed) {
  const start = async () => {
    const secrets = new MemorySecrets();
    const { store, close } = openWindow(secrets);
    close();
    await before(store);
    return { secrets, id: store.accounts[0]?.id ?? 'nobody', accounts: store.accounts };
  };
  const model = await start();
  const { store, close } = openWindow(model.secrets);
  close();
  model.secrets.operations.length = 0;
  await deed(store, model.id);
  const { accounts } = await reopen(model.secrets);
  return { start, operations: model.secrets.operations.length, done: looks(accounts) };
}

describe('Trouble with the secret storage', () => {
  for (const deed of deeds) {
    it(`at any point of ${deed.what} loses no token, and what rejects changes nothing here`, async () => {
      const { start, operations, done } = await prepare(deed);
      assert.ok(operations >= 2);
      for (let n = 1; n <= operations; n++) {
        const { secrets, id } = await start();
        const { store, close } = openWindow(secrets);
        close();
        await store.refresh();
        const before = store.accounts;
        // The same store, over a storage that fails from now on at the n-th operation.
        const { store: unlucky, close: closeUnlucky, log } = openWindow(secrets, { through: failingAt(n + 1 + before.length, secrets) });
        closeUnlucky();
        await unlucky.refresh();
        const outcome = await deed.deed(unlucky, id).then(() => 'done', (error: Error) => error.message);
        const { accounts } = await reopen(secrets);
        if (outcome === 'done') {
          assert.deepEqual(looks(accounts), done, `operation ${n} failed`);
          assert.deepEqual(looks(unlucky.accounts), done);
          assert.ok(log.lines.some((line) => line.startsWith('warn: ')));
        } else {
          assert.equal(outcome, 'the keyring is locked');
          assert.deepEqual(unlucky.accounts, before);
          if (deed.issued !== undefined) assert.ok(!tokens(accounts).includes(deed.issued), `operation ${n} failed, and the caller will revoke a token that was kept`);
        }
        for (const token of deed.kept) assert.ok(tokens(accounts).includes(token), `operation ${n} failed, and ${token} is nowhere`);
        // Whatever failed, it can be done after all, and what is stored is as if nothing had been.
        await unlucky.refresh();
        await deed.deed(unlucky, accounts[0]?.id ?? 'nobody');
        assert.ok(unlucky.accounts.every(({ lost }) => !lost));
        assert.deepEqual(looks((await reopen(secrets)).accounts), done);
      }
    });

    it(`at any point of ${deed.what}, should the window crash there, leaves what was before or what comes after`, async () => {
      const { start, operations, done } = await prepare(deed);
      for (let n = 1; n <= operations; n++) {
        const { secrets, id, accounts: before } = await start();
        const { store, close } = openWindow(secrets, { through: crashingAt(n, secrets) });
        close();
        void deed.deed(store, id);
        // The crashed window answers no more; all it could do is done when the operations stand still.
        while (secrets.operations.length < countBefore(secrets, n)) await new Promise((resolve) => setImmediate(resolve));
        const { accounts } = await reopen(secrets);
        const states = [looks(before), done];
        // An account that is known, and was never signed in to, is as good as none.
        const after = looks(accounts.filter(({ session, pendingRevocations, id: known }) => session ?? pendingRevocations.length > 0 ?? before.some((other) => other.id === known)));
        assert.ok(states.some((state) => JSON.stringify(state) === JSON.stringify(after)) || states.some((state) => JSON.stringify(state) === JSON.stringify(looks(accounts))), `crashed at operation ${n}: ${JSON.stringify(looks(accounts))}`);
        for (const token of deed.kept) assert.ok(tokens(accounts).includes(token), `crashed at operation ${n}, and ${token} is nowhere`);
      }
    });
  }
});
