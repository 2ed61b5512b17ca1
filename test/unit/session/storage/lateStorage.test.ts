import assert from 'node:assert/strict';
import { refreshTokenOf } from '../../../../src/session/model/grant';
import type { SecretStorage } from '../../../../src/session/storage/secretStorage';
import {
  BoundedSecretStorage,
  SecretStorageTimeoutError,
  STORAGE_MS,
} from '../../../../src/session/storage/boundedSecretStorage';
import { ClientSecrets } from '../../../../src/session/storage/clientSecrets';
import { readUntilAnswered } from '../../../../src/session/storage/firstRead';
import { publishedSessions } from '../../../../src/session/model/published';
import type { StoredAccount, TokenSet } from '../../../../src/session/model/session';
import type { SessionStore } from '../../../../src/session/storage/sessionStore';
import { ended, settled } from '../../../../src/session/model/transitions';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { pending, platform, tokenSet } from '../../../support/builders';
import { Clock, eventually, turns } from '../../../support/clock';
import { MemoryLease } from '../../../support/memoryLease';
import { MemorySecrets, TroubledSecrets, type KeyringTrouble } from '../../../support/memorySecrets';
import { hans, maxPower, vscodeApplication } from '../../../support/sandbox/fixtures';
import { OAuth2Client } from '../../../support/sandbox/oauth2Client';
import { startScene, type Scene, type SceneWindow } from '../../../support/scene';
import { openWindow, reopen } from '../../../support/window';

const HOUR_MS = 3_600_000;
const max = { userName: 'max.power' };
const ACCOUNT = 'zeyos.account.';

function tokensOf(store: SessionStore): unknown {
  return store.accounts.map(({ session, pendingRevocations }) => [
    session?.accessToken?.value,
    ...pendingRevocations.map(({ token }) => token),
  ]);
}

describe('A secret storage that does not answer', () => {
  let secrets: MemorySecrets;
  let lease: MemoryLease;
  let clock: Clock;
  let troubled: TroubledSecrets;
  let closeAll: (() => void)[];

  beforeEach(() => {
    secrets = new MemorySecrets();
    lease = new MemoryLease();
    clock = new Clock();
    troubled = new TroubledSecrets(secrets);
    closeAll = [];
  });

  afterEach(() => closeAll.forEach((close) => close()));

  const open = (through: SecretStorage = secrets) => {
    const window = openWindow(secrets, { through, lease, clock });
    closeAll.push(window.close);
    return window;
  };
  /** Opens a window whose secret storage can fail, and another whose storage works. Both have read everything. */
  const twoWindows = async (): Promise<{ here: SessionStore; there: SessionStore; close: () => void }> => {
    const { store: here, close } = open(troubled);
    const { store: there } = open();
    await Promise.all([here.refresh(), there.refresh()]);
    return { here, there, close };
  };
  const stored = async () => tokensOf(await reopen(secrets));

  const signIn =
    (token: string, userName = max.userName) =>
    (store: SessionStore) =>
      store.signIn(platform, { userName }, tokenSet(token));
  const idIn = (store: SessionStore): string => store.accounts[0]?.id ?? 'nobody';

  describe('during an operation that fails as a whole', () => {
    const deeds: readonly [string, (store: SessionStore) => Promise<unknown>][] = [
      ['a refresh', (store) => store.refresh()],
      ['a sign-in to a new account', signIn('b', 'olga')],
      ['a sign-out', (store) => store.signOut(idIn(store))],
      ['an end by the server', (store) => store.update(idIn(store), ended('a', 'revoked'))],
    ];
    for (const [what, deed] of deeds) {
      for (const trouble of ['hang', 'late'] satisfies KeyringTrouble[]) {
        it(`rejects ${what} within the time limit, changes nothing and blocks no later operation (${trouble})`, async () => {
          const { here, there } = await twoWindows();
          await signIn('a')(there);
          await here.refresh();
          const before = here.accounts;
          troubled.begin(trouble);
          await assert.rejects(clock.run(deed(here)), SecretStorageTimeoutError);
          assert.deepEqual(here.accounts, before);
          // The other window gets the lease, and this one continues when its storage works.
          await there.update(idIn(there), ended('a', 'revoked'));
          troubled.end();
          await clock.run(here.refresh());
          assert.equal(here.accounts[0]?.session?.ended, 'revoked');
        });
      }
    }

    for (const [operation, key] of [
      ['store', ACCOUNT],
      ['get', ACCOUNT],
      ['store', 'zeyos.accounts'],
      ['get', 'zeyos.accounts'],
    ] as const) {
      it(`rejects a sign-in to a new account whose ${operation} of ${key} hangs, and leaves no token in the storage`, async () => {
        const { here } = await twoWindows();
        troubled.begin('late', operation, key);
        await assert.rejects(clock.run(signIn('a')(here)), SecretStorageTimeoutError);
        troubled.end();
        await troubled.answer();
        await turns();
        assert.ok(!secrets.text.includes('"a"'), secrets.text);
        await signIn('b')(here);
        assert.deepEqual(await stored(), [['b']]);
      });
    }
  });

  describe('that completes a rejected sign-in to a new account late', () => {
    for (const trouble of ['late', 'lostAnswer'] satisfies KeyringTrouble[]) {
      it(`deletes the record, because its tokens were revoked (${trouble})`, async () => {
        const { here, there } = await twoWindows();
        troubled.begin(trouble, 'store', ACCOUNT);
        await assert.rejects(clock.run(signIn('a')(here)), SecretStorageTimeoutError);
        troubled.end();
        await troubled.answer();
        await turns();
        assert.deepEqual(secrets.keys(), ['zeyos.accounts']);
        assert.deepEqual([tokensOf(here), tokensOf(there)], [[[undefined]], [[undefined]]]);
      });
    }

    it('keeps the record that another window has stored for the account since then', async () => {
      const { here, there } = await twoWindows();
      troubled.begin('late', 'store', ACCOUNT);
      await assert.rejects(clock.run(signIn('a')(here)), SecretStorageTimeoutError);
      await signIn('b')(there);
      troubled.end();
      await troubled.answer();
      await turns();
      assert.deepEqual([await stored(), tokensOf(here), tokensOf(there)], [[['b']], [['b']], [['b']]]);
    });

    it('keeps the earlier pending revocations of the account', async () => {
      const { here, there } = await twoWindows();
      await signIn('a')(there);
      await there.signOut(idIn(there));
      await here.refresh();
      troubled.begin('late', 'store', ACCOUNT);
      await assert.rejects(clock.run(signIn('b')(here)), SecretStorageTimeoutError);
      troubled.end();
      await troubled.answer();
      await turns();
      assert.deepEqual(await stored(), [[undefined, 'a']]);
    });
  });

  describe('during a sign-in to an account with a session', () => {
    const troubles: readonly [KeyringTrouble, 'late' | 'failed'][] = [
      ['hang', 'late'],
      ['late', 'late'],
      ['fail', 'failed'],
      ['lostAnswer', 'late'],
    ];
    const places = [
      ['store', ACCOUNT],
      ['get', ACCOUNT],
      ['get', 'zeyos.accounts'],
      ['any', ''],
    ] as const;
    for (const [trouble, reason] of troubles) {
      for (const [operation, key] of places) {
        it(`keeps the tokens in memory, and writes them later (${trouble}, ${operation} ${key || 'key'})`, async () => {
          const { here, there } = await twoWindows();
          await signIn('a')(there);
          await here.refresh();
          clock.advance(1);
          troubled.begin(trouble, operation, key);
          const account = await clock.run(signIn('b')(here));
          assert.deepEqual([account.unsaved, account.session?.accessToken?.value], [reason, 'b']);
          assert.deepEqual(
            publishedSessions(here.accounts, [{ platform }], clock.now()).map(({ accessToken }) => accessToken),
            ['b'],
          );
          troubled.end();
          await clock.run(here.save());
          assert.deepEqual([await stored(), tokensOf(here)], [[['b', 'a']], [['b', 'a']]]);
          assert.equal(here.accounts[0]?.unsaved, undefined);
          await troubled.answer();
          await turns();
          assert.deepEqual([await stored(), tokensOf(here)], [[['b', 'a']], [['b', 'a']]]);
        });
      }
    }

    it('keeps the tokens of an account that only the index outside of the secret storage contains, as at start', async () => {
      const before = openWindow(secrets, { lease, clock });
      const { id } = await signIn('a')(before.store);
      const memento = {
        get: () =>
          JSON.stringify({
            version: 1,
            accounts: before.store.accounts.map(({ id: its, platform: at, account, signedIn }) => ({
              id: its,
              instance: at.href,
              account,
              signedIn,
            })),
          }),
        update: () => Promise.resolve(),
      };
      before.close();
      clock.advance(1);
      const { store, close } = openWindow(secrets, { through: troubled, lease, clock, memento });
      closeAll.push(close);
      troubled.begin('late');
      const account = await clock.run(signIn('b')(store));
      assert.deepEqual([account.id, account.session?.accessToken?.value, account.unsaved], [id, 'b', 'late']);
      troubled.end();
      await troubled.answer();
      await store.refresh();
      assert.deepEqual(await stored(), [['b', 'a']]);
    });

    const meanwhile: readonly [string, (store: SessionStore, id: string) => Promise<unknown>, readonly unknown[]][] = [
      ['has signed in again', signIn('c'), ['c', 'a', 'b']],
      ['has signed out', (store, id) => store.signOut(id), [undefined, 'a', 'b']],
      ['saw the server end the old session', (store, id) => store.update(id, ended('a', 'revoked')), ['b']],
      ['has done nothing', () => Promise.resolve(), ['b', 'a']],
    ];
    for (const [what, deed, expected] of meanwhile) {
      for (const order of ['before its late write', 'after the storage abandons its late write'] as const) {
        it(`keeps the right session if another window ${what} (${order})`, async () => {
          const { here, there } = await twoWindows();
          const { id } = await signIn('a')(there);
          await here.refresh();
          clock.advance(1);
          troubled.begin('late', 'store', ACCOUNT);
          await clock.run(signIn('b')(here));
          clock.advance(1);
          await deed(there, id);
          troubled.end();
          if (order === 'before its late write') await troubled.answer();
          await turns();
          await clock.run(here.save());
          await turns();
          assert.deepEqual([await stored(), tokensOf(here), tokensOf(there)], [[expected], [expected], [expected]]);
        });
      }
    }

    it('never replaces a newer record by a late write, even if the window that wrote late is closed', async () => {
      const { here, there, close } = await twoWindows();
      await signIn('a')(there);
      await here.refresh();
      clock.advance(1);
      troubled.begin('late', 'store', ACCOUNT);
      await clock.run(signIn('b')(here));
      troubled.begin('hang');
      close();
      clock.advance(1);
      await signIn('c')(there);
      await troubled.answer();
      await turns();
      assert.deepEqual([await stored(), tokensOf(there)], [[['c', 'a']], [['c', 'a']]]);
    });

    it('signs out from memory: unsaved tokens are revoked, and no session comes back', async () => {
      const { here, there } = await twoWindows();
      const { id } = await signIn('a')(there);
      await here.refresh();
      clock.advance(1);
      troubled.begin('late');
      await clock.run(signIn('b')(here));
      assert.equal(await here.signOut(id), true);
      assert.deepEqual(tokensOf(here), [[undefined, 'a', 'b']]);
      for (const token of ['a', 'b']) assert.equal(await here.update(id, settled(token)), true);
      troubled.end();
      await troubled.answer();
      await turns();
      await clock.run(here.save());
      assert.deepEqual(secrets.keys(), ['zeyos.accounts']);
      assert.deepEqual([tokensOf(here), tokensOf(there)], [[[undefined]], [[undefined]]]);
    });

    it('saves the session again if its stored record was lost meanwhile', async () => {
      const { here, there } = await twoWindows();
      const { id } = await signIn('a')(there);
      await here.refresh();
      clock.advance(1);
      troubled.begin('hang', 'store', ACCOUNT);
      await clock.run(signIn('b')(here));
      await secrets.delete(ACCOUNT + id);
      troubled.end();
      await here.refresh();
      assert.deepEqual(await stored(), [['b', 'a']]);
    });

    it('repeats the write with back-off until it succeeds', async () => {
      const { here, there } = await twoWindows();
      await signIn('a')(there);
      await here.refresh();
      troubled.begin('fail');
      await signIn('b')(here);
      const waits: number[] = [];
      for (let count = 0; count < 11; count++) {
        const [due = Infinity] = clock.due;
        waits.push((due - clock.now()) / 1_000);
        clock.advanceTo(due);
        await eventually(() => clock.due.length > 0);
      }
      assert.deepEqual(waits, [1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
      troubled.end();
      clock.advanceTo(clock.due[0] ?? Infinity);
      await eventually(() => here.accounts[0]?.unsaved === undefined);
      assert.deepEqual(await stored(), [['b', 'a']]);
      assert.deepEqual(clock.due, []);
    });
  });

  describe('during the write of a pending revocation', () => {
    for (const trouble of ['hang', 'late', 'fail', 'lostAnswer'] satisfies KeyringTrouble[]) {
      it(`keeps the revocation in memory, and writes it later (${trouble})`, async () => {
        const { here } = await twoWindows();
        troubled.begin(trouble);
        const account = await clock.run(here.setAside(platform, max, tokenSet('a')));
        assert.deepEqual(account.pendingRevocations, [pending('a')]);
        troubled.end();
        await troubled.answer();
        await clock.run(here.save());
        await turns();
        assert.deepEqual(await stored(), [[undefined, 'a']]);
      });
    }
  });

  describe('that completes other writes late', () => {
    it('leads to the restoration of a session whose sign-out was reported as failed', async () => {
      const { here, there } = await twoWindows();
      const { id } = await signIn('a')(there);
      await here.refresh();
      troubled.begin('late', 'store', ACCOUNT);
      await assert.rejects(clock.run(here.signOut(id)), SecretStorageTimeoutError);
      troubled.end();
      await troubled.answer();
      await turns();
      assert.deepEqual([await stored(), tokensOf(here), tokensOf(there)], [[['a']], [['a']], [['a']]]);
    });

    it('keeps the session that another window has stored before a late deletion', async () => {
      const { here, there } = await twoWindows();
      const { id } = await signIn('a')(there);
      await there.signOut(id);
      await here.refresh();
      troubled.begin('late', 'delete');
      await assert.rejects(clock.run(here.update(id, settled('a'))), SecretStorageTimeoutError);
      await signIn('b')(there);
      await here.refresh();
      troubled.end();
      await troubled.answer();
      await turns();
      assert.deepEqual(await stored(), [['b', 'a']]);
    });

    it('keeps the index of accounts that another window has written before an older index is written late', async () => {
      const { here, there } = await twoWindows();
      troubled.begin('late', 'store', 'zeyos.accounts');
      await assert.rejects(clock.run(signIn('a', 'olga')(here)), SecretStorageTimeoutError);
      await signIn('b')(there);
      await here.refresh();
      const index = await secrets.get('zeyos.accounts');
      troubled.end();
      await troubled.answer();
      await turns();
      assert.equal(await secrets.get('zeyos.accounts'), index);
    });
  });

  it('loses no account if a closed window writes an older index late', async () => {
    const { here, there, close } = await twoWindows();
    troubled.begin('late', 'store', 'zeyos.accounts');
    await assert.rejects(clock.run(signIn('a', 'olga')(here)), SecretStorageTimeoutError);
    close();
    troubled.begin('hang');
    await signIn('b')(there);
    await troubled.answer();
    await turns();
    assert.deepEqual(tokensOf(there), [['b'], [undefined]]);
    await signIn('c', 'anna')(there);
    assert.deepEqual(await stored(), [['c'], ['b'], [undefined]]);
  });

  describe('at start', () => {
    it('publishes the sessions when it answers later', async () => {
      await signIn('a')(open().store);
      const { store } = open(troubled);
      troubled.begin('late', 'get');
      let lateCount = 0;
      const firstRead = readUntilAnswered(
        () => store.refresh(),
        clock,
        () => lateCount++,
      );
      await turns();
      clock.elapse(STORAGE_MS);
      await turns();
      assert.deepEqual([lateCount, store.accounts], [1, []]);
      troubled.end();
      await troubled.answer();
      await firstRead;
      assert.deepEqual(tokensOf(store), [['a']]);
      assert.equal(lateCount, 1);
    });

    it('is read again when one account’s record answers late', async () => {
      await signIn('a')(open().store);
      const { store } = open(troubled);
      troubled.begin('late', 'get', ACCOUNT);
      await clock.run(store.refresh());
      assert.deepEqual(tokensOf(store), [[undefined]]);
      troubled.end();
      await troubled.answer();
      await turns();
      assert.deepEqual(tokensOf(store), [['a']]);
    });

    it('passes on the error if it cannot be read', async () => {
      const { store } = open(troubled);
      troubled.begin('fail');
      await assert.rejects(
        readUntilAnswered(
          () => store.refresh(),
          clock,
          () => assert.fail('it was reported as late'),
        ),
        { message: 'the keyring is locked' },
      );
    });
  });

  it('is written once more when the extension ends, although another operation hangs', async () => {
    await signIn('a')(open().store);
    const bounded = new BoundedSecretStorage(troubled, clock);
    const { store } = open(bounded);
    await store.refresh();
    clock.advance(1);
    troubled.begin('hang');
    const signingIn = signIn('b')(store);
    await turns();
    troubled.end();
    bounded.hurry();
    await clock.run(store.save());
    assert.deepEqual([(await signingIn).session?.accessToken?.value, await stored()], ['b', [['b', 'a']]]);
  });
});

describe('Client secrets while the secret storage does not answer', () => {
  const client = { clientId: 'app', clientSecret: 'old' };
  let memory: MemorySecrets;
  let troubled: TroubledSecrets;
  let clock: Clock;
  let clients: ClientSecrets;

  beforeEach(() => {
    memory = new MemorySecrets();
    troubled = new TroubledSecrets(memory);
    clock = new Clock();
    clients = new ClientSecrets(new BoundedSecretStorage(troubled, clock));
  });

  const operations: readonly [string, () => Promise<unknown>][] = [
    ['get', () => clients.get(platform, 'app')],
    ['store', () => clients.store(platform, client)],
    ['delete', () => clients.delete(platform, 'app')],
  ];
  for (const [name, run] of operations) {
    it(`rejects ${name} in time`, async () => {
      troubled.begin('hang');
      await assert.rejects(clock.run(run()), SecretStorageTimeoutError);
    });
  }

  for (const trouble of ['hang', 'fail'] satisfies KeyringTrouble[]) {
    it(`are provided from memory (${trouble})`, async () => {
      await clients.store(platform, client);
      troubled.begin(trouble);
      assert.deepEqual(await clock.run(clients.get(platform, 'app')), client);
    });

    it(`are not provided after they were deleted (${trouble})`, async () => {
      await clients.store(platform, client);
      await clients.delete(platform, 'app');
      troubled.begin(trouble);
      await assert.rejects(clock.run(clients.get(platform, 'app')));
    });

    it(`are deleted in memory after the server rejected them (${trouble})`, async () => {
      await clients.store(platform, client);
      troubled.begin(trouble);
      await clock.run(clients.deleteRejected(platform, client));
    });
  }

  it('survive a late deletion of the secret they replace', async () => {
    await clients.store(platform, client);
    troubled.begin('late', 'delete');
    await clock.run(clients.deleteRejected(platform, client));
    troubled.end();
    await clients.store(platform, { ...client, clientSecret: 'new' });
    await troubled.answer();
    await turns();
    assert.equal((await clients.get(platform, 'app'))?.clientSecret, 'new');
  });
});

describe('A renewal while the secret storage does not answer', () => {
  let scene: Scene;
  let troubled: TroubledSecrets;

  beforeEach(async () => {
    scene = await startScene();
    troubled = new TroubledSecrets(scene.secrets);
  });

  afterEach(async () => {
    assert.deepEqual(
      scene.sandbox.tokens().filter(({ value }) => scene.log.text.includes(value)),
      [],
    );
    assert.ok(!scene.log.text.includes(vscodeApplication.client_secret));
    await scene.end();
  });

  /** Opens a window whose secret storage fails as soon as the server has issued new tokens. */
  const windowInTrouble = (begin: () => void): SceneWindow =>
    scene.openWindow({
      through: troubled,
      fetch: async (url, init, platform) => {
        const response = await scene.fetch(url, init, platform);
        if (url.endsWith('/token')) begin();
        return response;
      },
    });
  /** Returns the id of an account whose access token has expired. */
  const expired = async (): Promise<string> => {
    const { id } = await scene.signInByBrowser();
    scene.clock.advance(HOUR_MS);
    return id;
  };
  const alive = (): readonly string[] =>
    scene.sandbox
      .tokens()
      .filter(({ active }) => active)
      .map(({ value }) => value);
  const tokenOf = (stored: StoredAccount | undefined): string | undefined => stored?.session?.accessToken?.value;
  const assertStored = async (renewed: StoredAccount): Promise<void> => {
    const { store } = scene.openWindow();
    await store.refresh();
    const { unsaved: _unsaved, ...expected } = renewed;
    assert.deepEqual(store.find(renewed.id), expected);
  };

  const troubles: readonly [KeyringTrouble, 'late' | 'failed'][] = [
    ['hang', 'late'],
    ['late', 'late'],
    ['fail', 'failed'],
    ['lostAnswer', 'late'],
  ];
  for (const [trouble, reason] of troubles) {
    for (const [operation, key] of [
      ['any', ''],
      ['store', ACCOUNT],
      ['get', 'zeyos.accounts'],
    ] as const) {
      it(`keeps the tokens in memory, uses them, and writes them later (${trouble}, ${operation} ${key || 'key'})`, async () => {
        const id = await expired();
        const { renewal, store } = windowInTrouble(() => troubled.begin(trouble, operation, key));
        const renewed = await scene.clock.run(renewal.renew(id));
        assert.equal(renewed.unsaved, reason);
        assert.ok(alive().includes(tokenOf(renewed) ?? ''));
        assert.equal(
          tokenOf(await scene.clock.run(renewal.renew(id))),
          tokenOf(renewed),
          'the token is valid, so it must not be renewed again',
        );
        troubled.end();
        await troubled.answer();
        await scene.clock.run(store.save());
        await turns();
        assert.deepEqual([store.find(id)?.unsaved, tokenOf(store.find(id))], [undefined, tokenOf(renewed)]);
        await assertStored(renewed);
      });
    }
  }

  it('keeps other windows from sending the old refresh token until the new one is stored', async () => {
    const id = await expired();
    const { renewal, store } = windowInTrouble(() => troubled.begin('hang'));
    const renewed = await scene.clock.run(renewal.renew(id));
    const other = scene.openWindow();
    let isOver = false;
    const adopted = other.renewal.renew(id).finally(() => (isOver = true));
    await turns();
    assert.equal(isOver, false);
    troubled.end();
    await scene.clock.run(store.save());
    assert.equal(tokenOf(await adopted), tokenOf(renewed));
    assert.equal(scene.sandbox.exchanges.filter(({ grant_type }) => grant_type === 'refresh_token').length, 1);
  });

  it('renews again when the unsaved tokens expire', async () => {
    const id = await expired();
    const { renewal, store } = windowInTrouble(() => troubled.begin('hang'));
    const first = await scene.clock.run(renewal.renew(id));
    scene.clock.advance(HOUR_MS);
    const second = await scene.clock.run(renewal.renew(id));
    assert.notEqual(tokenOf(second), tokenOf(first));
    assert.ok(alive().includes(tokenOf(second) ?? ''));
    troubled.end();
    await scene.clock.run(store.save());
    await assertStored(second);
    assert.equal(tokenOf(await scene.openWindow().renewal.renew(id)), tokenOf(second), 'the lease must be free');
  });

  it('revokes unsaved tokens at sign-out, and deletes a record that is written late', async () => {
    const id = await expired();
    const { renewal, store, revocations } = windowInTrouble(() => troubled.begin('late'));
    await scene.clock.run(renewal.renew(id));
    assert.equal(await store.signOut(id), true);
    assert.equal(await scene.clock.run(revocations.settleAccount(id)), true);
    assert.deepEqual(alive(), []);
    troubled.end();
    await troubled.answer();
    await turns();
    await scene.clock.run(store.save());
    assert.ok(!scene.secrets.keys().some((key) => key.startsWith(ACCOUNT)));
  });

  it('does not replace another window’s later sign-in, and revokes its own tokens', async () => {
    const id = await expired();
    const here = windowInTrouble(() => troubled.begin('late'));
    const renewed = await scene.clock.run(here.renewal.renew(id));
    const there = scene.openWindow();
    await there.store.refresh();
    scene.clock.advance(1);
    const again = await there.store.signIn(scene.platform, max, tokenSet('again'));
    troubled.end();
    await troubled.answer();
    await turns();
    await scene.clock.run(here.store.save());
    await turns();
    await there.store.refresh();
    assert.equal(tokenOf(there.store.find(again.id)), 'again');
    assert.ok(
      there.store.find(id)?.pendingRevocations.some(({ token }) => token === refreshTokenOf(renewed.session)?.value),
    );
  });

  it('sends nothing while the journal cannot be written', async () => {
    const id = await expired();
    const { renewal } = scene.openWindow({ through: troubled });
    for (const [operation, key] of [
      ['get', 'zeyos.accounts'],
      ['store', ACCOUNT],
      ['get', 'zeyos.client.'],
    ] as const) {
      troubled.begin('hang', operation, key);
      await assert.rejects(scene.clock.run(renewal.renew(id)), SecretStorageTimeoutError);
      troubled.end();
    }
    assert.deepEqual(
      scene.sandbox.exchanges.filter(({ grant_type }) => grant_type === 'refresh_token'),
      [],
    );
    const renewed = await renewal.renew(id);
    assert.ok(alive().includes(tokenOf(renewed) ?? ''));
  });

  it('with a saved password keeps the new token in memory, and revokes the old one only after it is stored', async () => {
    const { id, session } = await scene.signIn({ keepsPassword: true });
    const here = windowInTrouble(() => troubled.begin('hang'));
    await here.store.refresh();
    const renewed = await scene.clock.run(here.renewal.renew(id, { unwanted: session?.accessToken?.value }));
    assert.equal(renewed.unsaved, 'late');
    assert.equal(await here.revocations.settleAccount(id), false);
    assert.equal(alive().length, 2);
    troubled.end();
    await scene.clock.run(here.store.save());
    assert.equal(await here.revocations.settleAccount(id), true);
    assert.deepEqual(alive(), [tokenOf(renewed)]);
  });

  describe('and after a sign-in to a new account', () => {
    const ways: readonly [string, () => Promise<TokenSet>][] = [
      [
        'a password',
        async () =>
          (
            await scene.passwordRequests.request(scene.platform, {
              username: maxPower.name,
              password: maxPower.password,
            })
          ).value,
      ],
      ['the browser', browserTokens],
    ];
    async function browserTokens(): Promise<TokenSet> {
      const { access_token, refresh_token } = await new OAuth2Client(scene.sandbox).issued();
      return {
        api: 'oauth2',
        accessToken: { value: access_token, issuedAt: scene.clock.now() },
        grant: { kind: 'refreshToken', value: refresh_token },
        clientId: vscodeApplication.client_id,
      };
    }
    const client = { clientId: vscodeApplication.client_id, clientSecret: vscodeApplication.client_secret };
    /** Opens a window in which a sign-in fails because the storage fails after the client secret was stored. */
    const failedSignIn = async (tokens: TokenSet, trouble: KeyringTrouble): Promise<SceneWindow> => {
      const window = scene.openWindow({ through: troubled });
      await window.clientSecrets.store(scene.platform, client);
      troubled.begin(trouble);
      await assert.rejects(scene.clock.run(window.store.signIn(scene.platform, max, tokens)));
      return window;
    };
    const assertNothingStored = (): void =>
      assert.ok(!scene.secrets.keys().some((key) => key.startsWith(ACCOUNT)), scene.secrets.keys().join());

    const legacy = () => PlatformUrl.parse(scene.sandbox.url('legacy'));
    const legacyTokens = async () =>
      (await scene.passwordRequests.request(legacy(), { username: hans.name, password: hans.password })).value;

    it('revokes a legacy token at once', async () => {
      const tokens = await legacyTokens();
      const { revocations } = scene.openWindow({ through: troubled });
      troubled.begin('hang');
      await scene.clock.run(revocations.discard(legacy(), { userName: hans.name }, tokens));
      assert.deepEqual(alive(), []);
    });

    it('keeps a legacy token in memory that replaced the token of the session', async () => {
      const { id } = await scene.store.signIn(legacy(), { userName: hans.name }, await legacyTokens());
      const { revocations, store } = scene.openWindow({ through: troubled });
      await store.refresh();
      const tokens = await legacyTokens();
      troubled.begin('hang');
      await scene.clock.run(revocations.discard(legacy(), { userName: hans.name }, tokens));
      assert.deepEqual([tokenOf(store.find(id)), alive()], [tokens.accessToken.value, [tokens.accessToken.value]]);
      troubled.end();
      await scene.clock.run(store.save());
      await scene.store.refresh();
      assert.equal(tokenOf(scene.account(id)), tokens.accessToken.value);
    });

    for (const [way, issue] of ways) {
      for (const trouble of ['hang', 'late', 'fail', 'lostAnswer'] satisfies KeyringTrouble[]) {
        it(`revokes the tokens of ${way} at once, and deletes a record that is written late (${trouble})`, async () => {
          const tokens = await issue();
          const { revocations } = await failedSignIn(tokens, trouble);
          await scene.clock.run(revocations.discard(scene.platform, max, tokens));
          assert.deepEqual(alive(), []);
          troubled.end();
          await troubled.answer();
          await turns();
          assertNothingStored();
        });
      }

      it(`keeps a pending revocation for the tokens of ${way} in memory if the server does not answer either`, async () => {
        const tokens = await issue();
        const { revocations, store } = await failedSignIn(tokens, 'hang');
        const lift = scene.sandbox.fault(/\/revoke$/, { kind: 'status', status: 503 });
        await scene.clock.run(revocations.discard(scene.platform, max, tokens));
        assert.ok(alive().length > 0);
        lift();
        const [account] = store.accounts;
        assert.equal(account?.unsaved, 'late');
        assert.equal(await scene.clock.run(revocations.settleAccount(account.id)), true);
        assert.deepEqual(alive(), []);
        troubled.end();
        await scene.clock.run(store.save());
        assertNothingStored();
      });
    }
  });
});
