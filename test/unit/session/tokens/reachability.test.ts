import assert from 'node:assert/strict';
import { Reachability } from '../../../../src/session/tokens/reachability';
import {
  HttpError,
  MalformedResponseError,
  NetworkError,
  OAuthError,
  TimeoutError,
} from '../../../../src/zeyos/errors';
import { maxPower } from '../../../support/sandbox/fixtures';
import { startScene } from '../../../support/scene';

describe('Reachability', () => {
  const refusal = new OAuthError({ status: 401, error: 'invalid_grant' });

  const watched = () => {
    const reachability = new Reachability();
    const changes: boolean[] = [];
    reachability.onDidChange(() => changes.push(reachability.isReachable('a')));
    const fail = (error: Error, instance = 'a') =>
      assert.rejects(reachability.watch(instance, Promise.reject(error)), error);
    const answer = (instance = 'a') => reachability.watch(instance, Promise.resolve(7));
    return { reachability, changes, fail, answer };
  };

  it('is taken for granted', () => assert.equal(new Reachability().isReachable('a'), true));

  for (const error of [
    new NetworkError('ENOTFOUND', undefined),
    new TimeoutError(1),
    new HttpError(503),
    new HttpError(302),
    new MalformedResponseError('webPage', 200),
  ]) {
    it(`ends with a ${error.name}, comes back with an answer, and both are told once`, async () => {
      const { changes, fail, answer } = watched();
      await fail(error);
      await fail(error);
      assert.equal(await answer(), 7);
      await answer();
      assert.deepEqual(changes, [false, true]);
    });
  }

  it('comes back with a refusal, which is an answer', async () => {
    const { changes, fail } = watched();
    await fail(new TimeoutError(1));
    await fail(refusal);
    assert.deepEqual(changes, [false, true]);
  });

  for (const status of [404, 405, 429]) {
    it(`comes back with ${status}, which only a server says that was reached`, async () => {
      const { changes, fail } = watched();
      await fail(new TimeoutError(1));
      await fail(new HttpError(status));
      assert.deepEqual(changes, [false, true]);
    });
  }

  it('is not in doubt when the caller gave up, or something else went wrong', async () => {
    const { reachability, changes, fail } = watched();
    await fail(new Error('given up'));
    assert.equal(reachability.isReachable('a'), true);
    await fail(new TimeoutError(1));
    await fail(new Error('given up'));
    assert.deepEqual([reachability.isReachable('a'), changes], [false, [false]]);
  });

  it('is told of each instance by itself', async () => {
    const { reachability, fail } = watched();
    await fail(new TimeoutError(1), 'b');
    assert.deepEqual(
      ['a', 'b'].map((instance) => reachability.isReachable(instance)),
      [true, false],
    );
  });

  it('is told to nobody who no longer listens', async () => {
    const { reachability, fail } = watched();
    let told = 0;
    reachability.onDidChange(() => told++).dispose();
    await fail(new TimeoutError(1));
    assert.equal(told, 0);
  });

  it('is noticed by whatever is asked of a server', async () => {
    const scene = await startScene();
    const { href } = scene.platform;
    const { id } = await scene.signIn();
    scene.sandbox.fault('/', { kind: 'status', status: 503 });
    await assert.rejects(scene.tokens.introspect(scene.account(id)));
    assert.equal(scene.reachability.isReachable(href), false);
    scene.sandbox.clearFaults();
    await assert.rejects(
      scene.tokens.requestByPassword(scene.platform, { username: maxPower.name, password: 'wrong' }),
    );
    assert.equal(scene.reachability.isReachable(href), true);
    await scene.end();
  });
});
