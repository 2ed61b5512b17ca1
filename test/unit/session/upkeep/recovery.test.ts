import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { Recovery } from '../../../../src/session/upkeep/recovery';
import { ended } from '../../../../src/session/model/transitions';
import { NetworkError } from '../../../../src/zeyos/errors';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { probe } from '../../../../src/zeyos/api';
import { tokenSet } from '../../../support/builders';
import { NoRetryClient } from '../../../support/noRetryClient';
import { maxPower } from '../../../support/sandbox/fixtures';
import { startScene, type Scene } from '../../../support/scene';
import { eventually } from '../../../support/clock';

const second = 1_000;
const minute = 60 * second;

describe('An unreachable instance', () => {
  let scene: Scene;
  let recovery: Recovery;
  let recoveries: number;

  beforeEach(async () => {
    scene = await startScene();
    const { store, reachability, clock, log } = scene;
    const http = new NoRetryClient({ fetch, clock, log });
    recovery = new Recovery({ store, probe: (platform) => probe(http, platform), reachability, clock, log });
    recoveries = 0;
    recovery.onDidRecover(() => recoveries++);
  });

  afterEach(async () => {
    recovery.dispose();
    await scene.end();
  });

  const fail = (instance: string) =>
    scene.reachability
      .watch(PlatformUrl.parse(instance), Promise.reject(new NetworkError('ECONNRESET', undefined)))
      .catch(() => undefined);
  const outage = async (): Promise<string> => {
    const { id } = await scene.signIn();
    scene.sandbox.fault('/', { kind: 'status', status: 503 });
    await assert.rejects(scene.accountTokens.introspect(scene.account(id)));
    scene.sandbox.clearRequests();
    return id;
  };
  const isReachable = () => scene.reachability.isReachable(scene.platform);
  const asked = () => scene.sandbox.requests.length;
  const waits = () => scene.clock.due.map((at) => at - scene.clock.now());
  /** Advances the clock to the alarm, and waits for its effects. */
  const ring = async (): Promise<void> => {
    const before = asked();
    scene.clock.advanceTo(scene.clock.due[0] ?? assert.fail('no alarm is set'));
    await eventually(() => asked() > before && (isReachable() || scene.clock.due.length > 0));
  };

  it('is probed again, and reported when it is back', async () => {
    await outage();
    await recovery.tryNow();
    assert.deepEqual([isReachable(), asked(), recoveries], [false, 1, 0]);
    scene.sandbox.clearFaults();
    await recovery.tryNow();
    assert.deepEqual([isReachable(), recoveries, waits()], [true, 1, []]);
  });

  it('is probed without credentials, even if no account is signed in', async () => {
    const id = await outage();
    await scene.store.update(id, ended(scene.account(id).session?.accessToken?.value ?? '', 'revoked'));
    scene.sandbox.clearFaults();
    await ring();
    assert.equal(isReachable(), true);
    assert.ok(scene.sandbox.requests.every(({ headers }) => headers.authorization === undefined));
  });

  it('is probed with growing intervals', async () => {
    await outage();
    const seen: number[] = [];
    for (let tries = 0; tries < 8; tries++) {
      seen.push(...waits().map((ms) => ms / second));
      await ring();
    }
    assert.deepEqual(seen, [15, 30, 60, 120, 240, 480, 600, 600]);
  });

  it('is not probed later because another instance has been unreachable for long', async () => {
    await scene.signIn();
    const vpn = PlatformUrl.parse('http://127.0.0.1:2/away');
    await scene.store.signIn(vpn, { userName: 'max' }, tokenSet('token'));
    await fail(vpn.href);
    for (let tries = 0; tries < 6; tries++) {
      scene.clock.advanceTo(scene.clock.due[0] ?? assert.fail());
      await eventually(() => scene.clock.due.length > 0);
    }
    assert.ok((waits()[0] ?? 0) > 5 * minute);
    await fail(scene.platform.href);
    assert.deepEqual(waits(), [15 * second]);
  });

  it('that comes and goes keeps its interval until it has been reachable for a while', async () => {
    await outage();
    for (let tries = 0; tries < 3; tries++) await ring();
    scene.sandbox.clearFaults();
    await ring();
    assert.equal(isReachable(), true);
    await fail(scene.platform.href);
    assert.deepEqual(waits(), [240 * second]);
    await recovery.tryNow();
    scene.clock.advanceTo(scene.clock.now() + 11 * minute);
    await fail(scene.platform.href);
    assert.deepEqual(waits(), [15 * second]);
  });

  it('is probed at once when another window has got a token from it since', async () => {
    const id = await outage();
    scene.sandbox.clearFaults();
    scene.clock.advance(1_000);
    const other = scene.openWindow();
    const { value } = await other.passwordRequests.request(scene.platform, {
      username: maxPower.name,
      password: maxPower.password,
    });
    await other.store.update(id, (secret) =>
      secret.session ? { ...secret, session: { ...secret.session, accessToken: value.accessToken } } : secret,
    );
    await eventually(isReachable);
  });

  it('is probed once for several accounts', async () => {
    await outage();
    await scene.store.signIn(scene.platform, { userName: 'olga' }, tokenSet('abc'));
    await recovery.tryNow();
    assert.equal(asked(), 1);
  });

  it('is not probed after it is back, or if it has no account', async () => {
    await scene.signIn();
    await recovery.tryNow();
    await fail('https://mistyped.example.com/demo');
    await recovery.tryNow();
    await turn();
    assert.deepEqual([asked(), waits()], [0, []]);
  });
});
