import assert from 'node:assert/strict';
import { sessionState, type StoredAccount } from '../../src/session/session';
import type { SessionStore } from '../../src/session/sessionStore';
import { ended, expiryLearnt, settled } from '../../src/session/transitions';
import { platform, tokenSet } from '../support/builders';
import { MemorySecrets, UnluckySecrets } from '../support/memorySecrets';
import { openWindow, reopen } from '../support/window';

interface Deed {
  readonly what: string;
  /** What had been done before. */
  readonly before?: (store: SessionStore) => Promise<unknown>;
  readonly deed: (store: SessionStore, id: string) => Promise<unknown>;
}

const max = { userName: 'max.power' };
const signIn = (token: string, sub?: string) => (store: SessionStore) => store.signIn(platform, { ...max, ...(sub !== undefined && { sub }) }, tokenSet(token));
const signOut = async (store: SessionStore) => store.signOut((await signIn('a')(store)).id);

const deeds: readonly Deed[] = [
  { what: 'a first sign-in', deed: signIn('new') },
  { what: 'a sign-in that replaces a token', before: signIn('a'), deed: signIn('new') },
  { what: 'a sign-in that learns who it was', before: signIn('a'), deed: signIn('new', '7') },
  { what: 'a sign-in after a sign-out', before: signOut, deed: signIn('new') },
  { what: 'a sign-out', before: signIn('a'), deed: (store, id) => store.signOut(id) },
  { what: 'remembering an unwanted token', before: signIn('a'), deed: (store) => store.abandon(platform, max, tokenSet('new')) },
  { what: 'remembering an unwanted token of somebody new', deed: (store) => store.abandon(platform, max, tokenSet('new')) },
  { what: 'an ending by the server', before: signIn('a'), deed: (store, id) => store.update(id, ended('a', 'revoked')) },
  { what: 'learning an expiry', before: signIn('a'), deed: (store, id) => store.update(id, expiryLearnt('a', 5)) },
  { what: 'settling a revocation', before: signOut, deed: (store, id) => store.update(id, settled('a')) },
];

/** All that matters of the accounts: the sessions with their tokens, and the tokens that are to be revoked. One that is merely known counts for nothing. */
function picture(accounts: readonly StoredAccount[]): unknown {
  return accounts
    .filter(({ session, lost, pendingRevocations }) => session !== undefined || lost || pendingRevocations.length > 0)
    .map((stored) => [stored.account.label, sessionState(stored, 0), stored.session?.accessToken, stored.pendingRevocations]);
}

async function prepare(before: Deed['before']) {
  const secrets = new MemorySecrets();
  const unlucky = new UnluckySecrets(secrets);
  const { store, log, close } = openWindow(secrets, { through: unlucky });
  close();
  await before?.(store);
  await store.refresh();
  return { secrets, unlucky, store, log, id: store.accounts[0]?.id ?? 'nobody' };
}

describe('Trouble with the secret storage', () => {
  for (const { what, before, deed } of deeds) {
    const withoutTrouble = async () => {
      const { secrets, store, id } = await prepare(before);
      await deed(store, id);
      return picture((await reopen(secrets)).accounts);
    };

    it(`at any point of ${what} leaves everything as it was, or is overcome`, async () => {
      const after = await withoutTrouble();
      for (let n = 1; ; n++) {
        const { secrets, unlucky, store, log, id } = await prepare(before);
        const { accounts } = store;
        const trouble = unlucky.failAt(n);
        const outcome = await deed(store, id).then(() => undefined, (error: Error) => error.message);
        if (!trouble.hasFailed) {
          assert.ok(n > 2, 'something is read and something is written');
          return;
        }
        const stored = picture((await reopen(secrets)).accounts);
        if (outcome === undefined) {
          assert.deepEqual([stored, picture(store.accounts)], [after, after], `operation ${n} failed`);
          assert.match(log.text, /^warn: /);
        } else {
          // What was not kept is the caller's to revoke, so none of it may be there; and all that was there still is.
          assert.equal(outcome, 'the keyring is locked');
          assert.deepEqual(store.accounts, accounts);
          assert.deepEqual(stored, picture(accounts), `operation ${n} failed`);
          await deed(store, id);
          assert.deepEqual(picture((await reopen(secrets)).accounts), after, `operation ${n} failed, and it was tried again`);
        }
      }
    });

    it(`that ends the window at any point of ${what} leaves what was before, or what comes after`, async () => {
      const after = await withoutTrouble();
      for (let n = 1; ; n++) {
        const { secrets, unlucky, store, id } = await prepare(before);
        const crash = unlucky.crashAt(n);
        if ((await Promise.race([crash, deed(store, id)])) !== 'crashed') return;
        const next = await reopen(secrets);
        const stored = picture(next.accounts);
        const isOneOf = [picture(store.accounts), after].some((state) => JSON.stringify(state) === JSON.stringify(stored));
        assert.ok(isOneOf, `crashed at operation ${n}: ${JSON.stringify(stored)}`);
        await deed(next, next.accounts[0]?.id ?? 'nobody');
        assert.ok((await reopen(secrets)).accounts.every(({ lost }) => !lost));
      }
    });
  }

  it('lets nothing be read: the accounts are as before, and are read later', async () => {
    const { secrets, unlucky, store } = await prepare(signIn('a'));
    await (await reopen(secrets)).signIn(platform, { userName: 'olga' }, tokenSet('b'));
    for (const n of [1, 2, 3]) {
      const { accounts } = store;
      unlucky.failAt(n);
      await assert.rejects(store.refresh(), { message: 'the keyring is locked' });
      assert.equal(store.accounts, accounts);
    }
    await store.refresh();
    assert.equal(store.accounts.length, 2);
  });
});
