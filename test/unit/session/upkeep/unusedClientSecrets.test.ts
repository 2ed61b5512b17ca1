import assert from 'node:assert/strict';
import { refreshTokenOf } from '../../../../src/session/model/grant';
import type { StoredAccount } from '../../../../src/session/model/session';
import { ended } from '../../../../src/session/model/transitions';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { oauth2TokenSet, tokenSet } from '../../../support/builders';
import { startScene, type Scene } from '../../../support/scene';

const me = { userName: 'max.power' };

describe('A client secret', () => {
  let scene: Scene;
  let stored: StoredAccount;

  beforeEach(async () => {
    scene = await startScene();
    stored = await scene.signInByBrowser();
  });

  afterEach(() => scene.end());

  const isKept = (clientId = 'vscode') =>
    scene.clientSecrets.get(scene.platform, clientId).then((client) => client !== undefined);
  const keep = (clientId: string) =>
    scene.clientSecrets.store(scene.platform, { clientId, clientSecret: `secret of ${clientId}` });
  const settleChanges = async (): Promise<void> => {
    for (let turns = 0; turns < 20; turns++) await scene.secrets.get('nothing');
  };
  const removeInstance = () => scene.configure([]);
  const signOutOffline = async (): Promise<void> => {
    scene.sandbox.fault('/', { kind: 'reset' });
    await scene.store.signOut(stored.id);
    assert.equal(await scene.revocations.settleAccount(stored.id), false);
    scene.sandbox.clearFaults();
  };

  const ends: readonly [string, () => Promise<unknown>][] = [
    [
      'the last pending revocation is settled',
      async () => {
        await signOutOffline();
        removeInstance();
        await scene.unusedSecrets.delete(scene.platform, ['vscode']);
        assert.ok(await isKept(), 'it is needed until the revocation');
        await scene.revocations.settle();
      },
    ],
    [
      'the last pending revocation has expired',
      async () => {
        await signOutOffline();
        removeInstance();
        scene.clock.advance(101 * 24 * 3_600_000);
        await scene.revocations.settle();
      },
    ],
    [
      'the user signs out of its hidden session',
      async () => {
        removeInstance();
        await scene.store.signOut(stored.id);
        await scene.revocations.settle();
      },
    ],
    [
      'the user signs out of its session that has ended',
      async () => {
        removeInstance();
        await scene.store.update(stored.id, ended(stored.session?.accessToken?.value ?? '', 'revoked'));
        assert.ok(await isKept(), 'it is needed to sign in again');
        await scene.store.signOut(stored.id);
      },
    ],
    [
      'the session is replaced by one without a client',
      async () => {
        removeInstance();
        await scene.store.signIn(scene.platform, me, tokenSet('by password'));
        await scene.revocations.settle();
      },
    ],
    [
      'another window settles the last pending revocation',
      async () => {
        await signOutOffline();
        removeInstance();
        const other = scene.openWindow();
        other.unusedSecrets.dispose();
        await other.store.refresh();
        await other.revocations.settle();
        await scene.store.refresh();
      },
    ],
  ];
  for (const [what, happens] of ends) {
    it(`is deleted when ${what} after its instance was removed`, async () => {
      await happens();
      await settleChanges();
      assert.equal(await isKept(), false);
      assert.deepEqual(
        scene.secrets.keys().filter((key) => key.startsWith('zeyos.client.')),
        [],
      );
    });
  }

  it('is deleted when the last session ends if the setting names another client', async () => {
    scene.configure([{ url: scene.platform.href, clientId: 'other' }]);
    await keep('other');
    await scene.store.signOut(stored.id);
    assert.equal(await scene.revocations.settleAccount(stored.id), true);
    await settleChanges();
    assert.deepEqual([await isKept(), await isKept('other')], [false, true]);
  });

  it('is deleted when the session has another client and the old token is revoked', async () => {
    scene.configure([{ url: scene.platform.href, clientId: 'other' }]);
    await scene.store.signIn(scene.platform, me, { ...oauth2TokenSet('new'), clientId: 'other' });
    assert.ok(await isKept(), 'it is needed to revoke the old token');
    assert.equal(await scene.revocations.settleAccount(stored.id), true);
    await settleChanges();
    assert.equal(await isKept(), false);
  });

  const keptCases: readonly [string, () => Promise<unknown>][] = [
    ['the setting names it', () => scene.store.signOut(stored.id).then(() => scene.revocations.settle())],
    [
      'a session still needs it',
      async () => {
        removeInstance();
        await scene.unusedSecrets.delete(scene.platform, ['vscode']);
      },
    ],
    [
      'the session of another user needs it',
      async () => {
        removeInstance();
        await scene.store.signIn(scene.platform, { userName: 'olga' }, oauth2TokenSet('of olga'));
        await scene.store.signOut(stored.id);
        await scene.revocations.settle();
      },
    ],
    [
      'the session of another user needs it, to which another window has signed in without a hint',
      async () => {
        removeInstance();
        await scene.store.signIn(scene.platform, { userName: 'olga' }, tokenSet('by password'));
        const other = scene.openWindow();
        other.unusedSecrets.dispose();
        await other.store.refresh();
        scene.secrets.losesHints = true;
        await other.store.signIn(scene.platform, { userName: 'olga' }, oauth2TokenSet('of olga'));
        scene.secrets.losesHints = false;
        await scene.store.signOut(stored.id);
        assert.equal(await scene.revocations.settleAccount(stored.id), true);
      },
    ],
    [
      'the session that needs it is lost, because it may come back',
      async () => {
        removeInstance();
        await scene.secrets.delete(`zeyos.account.${stored.id}`);
        await scene.store.refresh();
        assert.ok(scene.account(stored.id).lost);
        await scene.unusedSecrets.delete(scene.platform, ['vscode']);
      },
    ],
    [
      'the session on another instance ends',
      async () => {
        const acme = PlatformUrl.parse(scene.sandbox.url('acme'));
        const other = await scene.store.signIn(acme, me, oauth2TokenSet('on acme'));
        removeInstance();
        await scene.store.update(other.id, ended('on acme', 'revoked'));
        await scene.store.signOut(other.id);
      },
    ],
  ];
  for (const [what, happens] of keptCases) {
    it(`is kept if ${what}`, async () => {
      await happens();
      await settleChanges();
      assert.ok(await isKept());
    });
  }
});

describe('A pending revocation', () => {
  let scene: Scene;
  let stored: StoredAccount;

  beforeEach(async () => {
    scene = await startScene();
    stored = await scene.signInByBrowser();
    await scene.store.signOut(stored.id);
  });

  afterEach(() => scene.end());

  const alive = () => scene.sandbox.tokens().filter(({ active }) => active);
  const needed = () => scene.missingClientSecrets.clientIdFor(scene.account(stored.id));
  const storeSecret = (clientSecret: string) =>
    scene.clientSecrets.store(scene.platform, { clientId: 'vscode', clientSecret });

  it('whose client secret is missing reports this without a request until the secret is entered', async () => {
    await scene.clientSecrets.delete(scene.platform, 'vscode');
    let changes = 0;
    scene.missingClientSecrets.onDidChange(() => changes++);
    scene.sandbox.clearRequests();
    for (let tries = 0; tries < 3; tries++) assert.equal(await scene.revocations.settleAccount(stored.id), false);
    assert.deepEqual([needed(), changes, scene.sandbox.requests], ['vscode', 1, []]);
    await storeSecret('vscode-secret');
    assert.equal(await scene.revocations.settleAccount(stored.id), true);
    assert.deepEqual([needed(), changes, alive()], [undefined, 2, []]);
  });

  it('whose client secret is rejected reports this and deletes the secret', async () => {
    await storeSecret('outdated');
    assert.equal(await scene.revocations.settleAccount(stored.id), false);
    assert.deepEqual([needed(), await scene.clientSecrets.get(scene.platform, 'vscode')], ['vscode', undefined]);
  });

  it('whose client secret exists reports nothing while the server cannot be reached', async () => {
    scene.sandbox.fault('/', { kind: 'reset' });
    assert.equal(await scene.revocations.settleAccount(stored.id), false);
    assert.equal(needed(), undefined);
  });

  it('whose client secret is missing reports this after the user signed in again, and ends no session', async () => {
    const again = await scene.signInByBrowser();
    await scene.clientSecrets.delete(scene.platform, 'vscode');
    assert.equal(await scene.revocations.settleAccount(stored.id), false);
    assert.equal(needed(), 'vscode');
    await storeSecret('vscode-secret');
    assert.equal(await scene.revocations.settleAccount(stored.id), true);
    assert.deepEqual(
      alive()
        .map(({ value }) => value)
        .sort(),
      [again.session?.accessToken?.value, refreshTokenOf(again.session)?.value].sort(),
    );
  });

  it('whose client secret is missing is dropped when its token has expired', async () => {
    await scene.clientSecrets.delete(scene.platform, 'vscode');
    await scene.revocations.settleAccount(stored.id);
    scene.clock.advance(101 * 24 * 3_600_000);
    assert.equal(await scene.revocations.settleAccount(stored.id), true);
    assert.equal(needed(), undefined);
  });
});
