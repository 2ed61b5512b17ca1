import assert from 'node:assert/strict';
import { Refusals } from '../../src/session/refusals';
import { sessionState } from '../../src/session/session';
import { startScene, type Scene } from '../support/scene';

describe('A token that ZeyOS refused to somebody', () => {
  let scene: Scene;
  let refusals: Refusals;

  beforeEach(async () => {
    scene = await startScene();
    refusals = new Refusals({ store: scene.store, check: scene.check, now: scene.clock.now });
  });

  afterEach(() => scene.end());

  it('is still good if the server says so', async () => {
    const { id } = await scene.signIn();
    assert.equal(await refusals.report(id), true);
    assert.equal(sessionState(scene.account(id), scene.clock.now()), 'good');
  });

  it('is not, and its session has ended, if the server says so', async () => {
    const { id } = await scene.signIn();
    scene.sandbox.revokeAll();
    assert.equal(await refusals.report(id), false);
    assert.equal(sessionState(scene.account(id), scene.clock.now()), 'revoked');
  });

  it('is asked about once a minute, however many complain', async () => {
    const { id } = await scene.signIn();
    assert.deepEqual(await Promise.all([refusals.report(id), refusals.report(id)]), [true, true]);
    scene.clock.advance(59_999);
    await refusals.report(id);
    assert.equal(scene.sandbox.requests.length, 1);
    scene.clock.advance(1);
    await refusals.report(id);
    assert.equal(scene.sandbox.requests.length, 2);
  });

  it('is asked about at once when it is a new one', async () => {
    const { id } = await scene.signIn();
    await refusals.report(id);
    await scene.signIn();
    await refusals.report(id);
    assert.equal(scene.sandbox.requests.length, 1);
  });

  it('is not judged while the server cannot be reached, and asked about again', async () => {
    const { id } = await scene.signIn();
    scene.sandbox.fault('/', { kind: 'status', status: 503 });
    await assert.rejects(refusals.report(id), { name: 'HttpError', status: 503 });
    assert.equal(sessionState(scene.account(id), scene.clock.now()), 'good');
    scene.sandbox.clearFaults();
    assert.equal(await refusals.report(id), true);
  });

  it('is not good, without a call, where there is none or it has expired', async () => {
    assert.equal(await refusals.report('nobody'), false);
    const { id } = await scene.signIn();
    scene.clock.advance(24 * 3_600_000);
    assert.equal(await refusals.report(id), false);
    await scene.store.signOut(id);
    assert.equal(await refusals.report(id), false);
    assert.deepEqual(scene.sandbox.requests, []);
  });
});
