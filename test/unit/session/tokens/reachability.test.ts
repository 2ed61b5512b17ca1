import assert from 'node:assert/strict';
import { Reachability } from '../../../../src/session/tokens/reachability';
import { HttpError, MalformedResponseError, NetworkError, OAuthError } from '../../../../src/zeyos/errors';
import { maxPower } from '../../../support/sandbox/fixtures';
import { startScene } from '../../../support/scene';
import { TimeoutError } from '../../../../src/base/deadline';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';

const [a, b] = [PlatformUrl.parse('a'), PlatformUrl.parse('b')];

describe('The reachability of an instance', () => {
  const refusal = new OAuthError({ status: 401, error: 'invalid_grant' });

  const watched = () => {
    const reachability = new Reachability();
    const changes: boolean[] = [];
    reachability.onDidChange(() => changes.push(reachability.isReachable(a)));
    const fail = (error: Error, platform = a) =>
      assert.rejects(reachability.watch(platform, Promise.reject(error)), error);
    const answer = (platform = a) => reachability.watch(platform, Promise.resolve(7));
    return { reachability, changes, fail, answer };
  };

  it('is assumed before the first request', () => assert.equal(new Reachability().isReachable(a), true));

  for (const error of [
    new NetworkError('ENOTFOUND', undefined),
    new TimeoutError(1),
    new HttpError(503),
    new HttpError(302),
    new MalformedResponseError('webPage', 200),
  ]) {
    it(`ends with the failure "${error.message}", returns with an answer, and fires one change for each`, async () => {
      const { changes, fail, answer } = watched();
      await fail(error);
      await fail(error);
      assert.equal(await answer(), 7);
      await answer();
      assert.deepEqual(changes, [false, true]);
    });
  }

  it('returns with a rejection, which is an answer', async () => {
    const { changes, fail } = watched();
    await fail(new TimeoutError(1));
    await fail(refusal);
    assert.deepEqual(changes, [false, true]);
  });

  for (const status of [404, 405, 429]) {
    it(`returns with ${status}, because only a server that was reached says that`, async () => {
      const { changes, fail } = watched();
      await fail(new TimeoutError(1));
      await fail(new HttpError(status));
      assert.deepEqual(changes, [false, true]);
    });
  }

  it('does not change if the caller aborts or another error occurs', async () => {
    const { reachability, changes, fail } = watched();
    await fail(new Error('given up'));
    assert.equal(reachability.isReachable(a), true);
    await fail(new TimeoutError(1));
    await fail(new Error('given up'));
    assert.deepEqual([reachability.isReachable(a), changes], [false, [false]]);
  });

  it('is tracked for each instance separately', async () => {
    const { reachability, fail } = watched();
    await fail(new TimeoutError(1), b);
    assert.deepEqual(
      [a, b].map((platform) => reachability.isReachable(platform)),
      [true, false],
    );
  });

  it('is not reported to a disposed listener', async () => {
    const { reachability, fail } = watched();
    let told = 0;
    reachability.onDidChange(() => told++).dispose();
    await fail(new TimeoutError(1));
    assert.equal(told, 0);
  });

  it('is updated by every request to a server', async () => {
    const scene = await startScene();
    const { platform } = scene;
    const { id } = await scene.signIn();
    scene.sandbox.fault('/', { kind: 'status', status: 503 });
    await assert.rejects(scene.accountTokens.introspect(scene.account(id)));
    assert.equal(scene.reachability.isReachable(platform), false);
    scene.sandbox.clearFaults();
    await assert.rejects(
      scene.passwordRequests.request(scene.platform, { username: maxPower.name, password: 'wrong' }),
    );
    assert.equal(scene.reachability.isReachable(platform), true);
    await scene.end();
  });
});
