import assert from 'node:assert/strict';
import { Recovery } from '../../src/session/recovery';
import { eventually } from '../support/alarmTimers';
import { tokenSet } from '../support/builders';
import { maxPower } from '../support/sandbox/fixtures';
import { startScene, type Scene } from '../support/scene';

describe('An instance that could not be reached', () => {
  let scene: Scene;
  let recovery: Recovery;

  beforeEach(async () => {
    scene = await startScene();
    const { store, check, reachability, clock, log } = scene;
    recovery = new Recovery({ store, check, reachability, now: clock.now, log });
  });

  afterEach(async () => {
    recovery.dispose();
    await scene.end();
  });

  const outage = async (): Promise<string> => {
    const { id } = await scene.signIn();
    scene.sandbox.fault('/', { kind: 'status', status: 503 });
    await assert.rejects(scene.tokens.introspect(scene.account(id)));
    scene.sandbox.clearRequests();
    return id;
  };
  const isReachable = () => scene.reachability.isReachable(scene.platform.href);

  it('is asked again, and found when it is back', async () => {
    await outage();
    await recovery.tryNow();
    assert.deepEqual([isReachable(), scene.sandbox.requests.length], [false, 1]);
    scene.sandbox.clearFaults();
    await recovery.tryNow();
    assert.equal(isReachable(), true);
  });

  it('is asked at once when another window has got a token there since', async () => {
    const id = await outage();
    scene.sandbox.clearFaults();
    scene.clock.advance(1_000);
    const other = scene.openWindow();
    const { value } = await other.tokens.requestByPassword(scene.platform, { username: maxPower.name, password: maxPower.password });
    await other.store.update(id, (secret) => (secret.session ? { ...secret, session: { ...secret.session, accessToken: value.accessToken } } : secret));
    await eventually(isReachable);
  });

  it('is asked once, whoever is signed in to it', async () => {
    await outage();
    await scene.store.signIn(scene.platform, { userName: 'olga' }, tokenSet('abc'));
    await recovery.tryNow();
    assert.equal(scene.sandbox.requests.length, 1);
  });

  it('is left alone once it is back, or where nobody has a token for it', async () => {
    await scene.signIn();
    await recovery.tryNow();
    const id = await outage();
    await scene.store.signOut(id);
    await recovery.tryNow();
    assert.deepEqual(scene.sandbox.requests, []);
  });

  it('may have ended the session meanwhile', async () => {
    const id = await outage();
    scene.sandbox.clearFaults();
    scene.sandbox.revokeAll();
    await recovery.tryNow();
    assert.deepEqual([isReachable(), scene.account(id).session?.accessToken], [true, undefined]);
  });
});
