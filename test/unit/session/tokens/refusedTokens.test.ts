import assert from 'node:assert/strict';
import { FirstRead } from '../../../../src/session/storage/firstRead';
import { RefusedTokens } from '../../../../src/session/tokens/refusedTokens';
import { sessionState } from '../../../../src/session/model/session';
import { startScene, type Scene } from '../../../support/scene';

describe('The call "reportRefused" of another extension', () => {
  let scene: Scene;
  let refusedTokens: RefusedTokens;

  beforeEach(async () => {
    scene = await startScene();
    refusedTokens = new RefusedTokens({
      firstRead: new FirstRead(() => Promise.resolve(), scene.clock),
      store: scene.store,
      check: scene.check,
      clock: scene.clock,
    });
  });

  afterEach(() => scene.end());

  it('resolves to true if the server says that the token is active', async () => {
    const { id } = await scene.signIn();
    assert.equal(await refusedTokens.report(id), true);
    assert.equal(sessionState(scene.account(id), scene.clock.now()), 'good');
  });

  it('introspects after the secret storage was read', async () => {
    const { id } = await scene.signIn();
    const { store, check } = scene.openWindow();
    const firstRead = new FirstRead(() => store.refresh(), scene.clock);
    assert.equal(await new RefusedTokens({ firstRead, store, check, clock: scene.clock }).report(id), true);
  });

  it('rejects if the secret storage cannot be read', async () => {
    const { id } = await scene.signIn();
    const { store, check } = scene.openWindow();
    const firstRead = new FirstRead(() => Promise.reject(new Error('the keyring is locked')), scene.clock);
    await assert.rejects(new RefusedTokens({ firstRead, store, check, clock: scene.clock }).report(id), /locked/);
  });

  it('reports the server’s answer each time it says that the token is active', async () => {
    const noted: unknown[] = [];
    const { store, check, clock } = scene;
    const noting = new RefusedTokens({
      firstRead: new FirstRead(() => Promise.resolve(), scene.clock),
      store,
      check,
      clock,
    });
    noting.onDidFindActive(({ id }, { active }) => noted.push([id, active]));
    const { id } = await scene.signIn();
    await Promise.all([noting.report(id), noting.report(id)]);
    assert.deepEqual(noted, [[id, true]]);
    clock.advance(60_000);
    scene.sandbox.fault('/', { kind: 'status', status: 503 }, 1);
    await assert.rejects(noting.report(id));
    scene.sandbox.revokeAll();
    await noting.report(id);
    assert.equal(noted.length, 1);
  });

  it('resolves to false and ends the session if the server says that the token is not active', async () => {
    const { id } = await scene.signIn();
    scene.sandbox.revokeAll();
    assert.equal(await refusedTokens.report(id), false);
    assert.equal(sessionState(scene.account(id), scene.clock.now()), 'revoked');
  });

  it('introspects once a minute, however often it is called', async () => {
    const { id } = await scene.signIn();
    assert.deepEqual(await Promise.all([refusedTokens.report(id), refusedTokens.report(id)]), [true, true]);
    scene.clock.advance(59_999);
    await refusedTokens.report(id);
    assert.equal(scene.sandbox.requests.length, 1);
    scene.clock.advance(1);
    await refusedTokens.report(id);
    assert.equal(scene.sandbox.requests.length, 2);
  });

  it('introspects a new token at once', async () => {
    const { id } = await scene.signIn();
    await refusedTokens.report(id);
    await scene.signIn();
    await refusedTokens.report(id);
    assert.equal(scene.sandbox.requests.length, 1);
  });

  it('rejects while the server cannot be reached, and introspects again at the next call', async () => {
    const { id } = await scene.signIn();
    scene.sandbox.fault('/', { kind: 'status', status: 503 });
    await assert.rejects(refusedTokens.report(id), { name: 'HttpError', status: 503 });
    assert.equal(sessionState(scene.account(id), scene.clock.now()), 'good');
    scene.sandbox.clearFaults();
    assert.equal(await refusedTokens.report(id), true);
  });

  it('resolves to false without a request if there is no token or it has expired', async () => {
    assert.equal(await refusedTokens.report('nobody'), false);
    const { id } = await scene.signIn();
    scene.clock.advance(24 * 3_600_000);
    assert.equal(await refusedTokens.report(id), false);
    await scene.store.signOut(id);
    assert.equal(await refusedTokens.report(id), false);
    assert.deepEqual(scene.sandbox.requests, []);
  });
});
