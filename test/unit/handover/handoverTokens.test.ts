import assert from 'node:assert/strict';
import { HandoverTokens } from '../../../src/handover/handoverTokens';
import { FirstRead } from '../../../src/session/storage/firstRead';
import { TimeoutError } from '../../../src/base/deadline';
import { startScene, type Scene } from '../../support/scene';

const DAY_MS = 24 * 3_600_000;

describe('The token that a program gets', () => {
  let scene: Scene;
  let tokens: HandoverTokens;

  beforeEach(async () => {
    scene = await startScene();
    tokens = handoverTokens();
  });

  afterEach(() => scene.end());

  function handoverTokens(firstRead = new FirstRead(() => Promise.resolve(), scene.clock)): HandoverTokens {
    const { store, instances, renewal, clock } = scene;
    const renew = (id: string): Promise<unknown> => renewal.renew(id, { isAutomatic: true });
    return new HandoverTokens({ store, instances, firstRead, renew, clock });
  }

  it('is the token in memory while that is valid, without a request to the server', async () => {
    const { id, session } = await scene.signIn();
    assert.equal((await tokens.token(id)).token, session?.accessToken?.value);
    assert.deepEqual(scene.sandbox.requests, []);
  });

  it('is a new token if the last token has expired and the session can be renewed', async () => {
    const { id, session } = await scene.signInByBrowser();
    scene.clock.advance(3_600_000);
    const { token, stored } = await tokens.token(id);
    assert.notEqual(token, session?.accessToken?.value);
    assert.equal(token, scene.account(id).session?.accessToken?.value);
    assert.equal(stored.platform.href, scene.platform.href);
  });

  it('is renewed once for several programs that ask at a time', async () => {
    const { id } = await scene.signInByBrowser();
    scene.clock.advance(3_600_000);
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.token(id)));
    assert.equal(new Set(all.map(({ token }) => token)).size, 1);
    assert.equal(scene.sandbox.requests.length, 1);
  });

  it('is the new token if another window has renewed the session meanwhile', async () => {
    const { id } = await scene.signInByBrowser();
    scene.clock.advance(3_600_000);
    const other = scene.openWindow();
    await other.store.refresh();
    const renewed = await other.renewal.renew(id);
    assert.equal((await tokens.token(id)).token, renewed.session?.accessToken?.value);
    assert.equal(scene.sandbox.requests.length, 1);
  });

  it('is not given after the account was signed out', async () => {
    const { id } = await scene.signIn();
    await scene.store.signOut(id);
    await assert.rejects(tokens.token(id), { name: 'HandoverError', reason: 'signedOut' });
  });

  it('is not given after the account was signed out while the token was renewed', async () => {
    const { id } = await scene.signInByBrowser();
    scene.clock.advance(3_600_000);
    const { store, instances, renewal, clock } = scene;
    const signingOut = new HandoverTokens({
      store,
      instances,
      firstRead: new FirstRead(() => Promise.resolve(), scene.clock),
      renew: async () => {
        await renewal.renew(id);
        await store.signOut(id);
      },
      clock,
    });
    await assert.rejects(signingOut.token(id), { reason: 'signedOut' });
  });

  it('is not given for an account that is not known', async () => {
    await assert.rejects(tokens.token('unknown'), { reason: 'signedOut' });
  });

  it('is not given while the instance is removed from the settings', async () => {
    const { id } = await scene.signIn();
    scene.configure([]);
    await assert.rejects(tokens.token(id), { reason: 'removed' });
    scene.configure([{ url: scene.platform.href }]);
    assert.ok((await tokens.token(id)).token);
  });

  it('is not given if it has expired and nothing renews the session', async () => {
    const { id } = await scene.signIn();
    scene.clock.advance(DAY_MS);
    await assert.rejects(tokens.token(id), { reason: 'ended' });
  });

  it('is not given if the server has ended the session', async () => {
    const { id } = await scene.signInByBrowser();
    scene.sandbox.revokeAll();
    scene.clock.advance(3_600_000);
    await assert.rejects(tokens.token(id), { reason: 'ended' });
  });

  it('is given again after the user has signed in again', async () => {
    const { id } = await scene.signIn();
    scene.clock.advance(DAY_MS);
    await assert.rejects(tokens.token(id), { reason: 'ended' });
    await scene.signIn();
    assert.ok((await tokens.token(id)).token);
  });

  it('is not given while the keyring does not answer the first read', async () => {
    const { id } = await scene.signIn();
    const locked = handoverTokens(new FirstRead(() => Promise.reject(new TimeoutError(5_000)), scene.clock));
    await assert.rejects(locked.token(id), { reason: 'keyring' });
  });

  it('is refused with the failure of the server, to which at most one request is sent in five seconds', async () => {
    const { id } = await scene.signInByBrowser();
    scene.clock.advance(3_600_000);
    scene.sandbox.fault('/', { kind: 'status', status: 503 });
    for (let tries = 0; tries < 3; tries++) await assert.rejects(tokens.token(id), { name: 'HttpError', status: 503 });
    assert.equal(scene.sandbox.requests.length, 1);
    scene.sandbox.clearFaults();
    scene.clock.advance(5_000);
    assert.ok((await tokens.token(id)).token);
  });
});
