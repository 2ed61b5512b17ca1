import assert from 'node:assert/strict';
import { refreshTokenOf } from '../../../../src/session/model/grant';
import { KeepAlive } from '../../../../src/session/upkeep/keepAlive';
import type { StoredAccount } from '../../../../src/session/model/session';
import { exchangeStarted, expiryLearnt } from '../../../../src/session/model/transitions';
import { tokenSet } from '../../../support/builders';
import { startScene, type Scene } from '../../../support/scene';
import { eventually } from '../../../support/clock';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('The automatic renewal of the active session', () => {
  let scene: Scene;
  let keepAlive: KeepAlive;
  let activeId: string | undefined;
  let start: number;

  beforeEach(async () => {
    scene = await startScene();
    start = scene.clock.now();
    activeId = undefined;
    const active = (): StoredAccount | undefined => scene.store.accounts.find(({ id }) => id === activeId);
    keepAlive = new KeepAlive({
      store: scene.store,
      renewal: scene.renewal,
      active,
      clock: scene.clock,
      log: scene.log,
    });
  });

  afterEach(async () => {
    keepAlive.dispose();
    await scene.end();
  });

  const activate = async (signIn: Promise<StoredAccount>): Promise<void> => {
    activeId = (await signIn).id;
    keepAlive.schedule();
  };
  const exchanges = () => scene.sandbox.exchanges.filter(({ grant_type }) => grant_type === 'refresh_token').length;
  const token = (): string | undefined => scene.account(activeId ?? '').session?.accessToken?.value;
  /** The time that the alarm is set for, relative to the start. */
  const aim = (): number | undefined => (scene.clock.due[0] === undefined ? undefined : scene.clock.due[0] - start);

  it('renews the token each time the token becomes unusable', async () => {
    await activate(scene.signInByBrowser());
    for (const at of [59 * minute, 118 * minute]) {
      const before = token();
      assert.equal(aim(), at);
      scene.clock.advanceTo(start + at - 1);
      assert.equal(token(), before);
      scene.clock.advanceTo(start + at);
      await eventually(() => token() !== before);
    }
    assert.equal(exchanges(), 2);
  });

  it('signs in again with a saved password', async () => {
    await activate(scene.signIn({ keepsPassword: true }));
    const before = token();
    assert.equal(aim(), day - minute);
    scene.clock.advanceTo(start + day - minute);
    await eventually(() => token() !== before);
  });

  it('does nothing for a session that cannot be renewed', async () => {
    await activate(scene.signIn());
    assert.equal(aim(), undefined);
    scene.clock.advanceTo(start + 2 * day);
    await keepAlive.tryNow();
    assert.deepEqual(scene.sandbox.requests, []);
  });

  it('does nothing for an account until it becomes the active one', async () => {
    const { id } = await scene.signInByBrowser();
    keepAlive.schedule();
    assert.equal(aim(), undefined);
    scene.clock.advanceTo(start + 2 * hour);
    await keepAlive.tryNow();
    assert.equal(exchanges(), 0);
    activeId = id;
    keepAlive.schedule();
    scene.clock.advanceTo(scene.clock.now() + 1);
    await eventually(() => exchanges() === 1);
  });

  it('resets the alarm when the user signs in again, and clears it when the user signs out', async () => {
    await activate(scene.signInByBrowser());
    scene.clock.advanceTo(start + 10 * minute);
    await scene.signInByBrowser();
    assert.equal(aim(), 69 * minute);
    await scene.store.signOut(activeId ?? '');
    assert.equal(aim(), undefined);
  });

  it('does not reset the alarm when other accounts change', async () => {
    await activate(scene.signInByBrowser());
    for (let i = 0; i < 3; i++) {
      scene.clock.advanceTo(start + i * minute);
      await scene.store.signIn(scene.platform, { userName: `user${i}` }, tokenSet(`token${i}`));
      assert.equal(aim(), 59 * minute);
    }
  });

  it('repeats a failed renewal with growing intervals', async () => {
    await activate(scene.signInByBrowser());
    scene.sandbox.fault('/token', { kind: 'status', status: 503 });
    const at: number[] = [];
    let due = start + 59 * minute;
    for (let tries = 1; tries <= 8; tries++) {
      scene.clock.advanceTo(due);
      at.push((due - start) / second - 59 * 60);
      await eventually(
        () =>
          scene.log.lines.filter((line) => line.includes('could not be renewed')).length === tries &&
          scene.clock.due.length === 1,
      );
      due = scene.clock.due[0] ?? assert.fail();
    }
    assert.deepEqual(at, [0, 15, 45, 105, 225, 465, 945, 1545]);
    scene.sandbox.clearFaults();
    const before = token();
    scene.clock.advanceTo(due);
    await eventually(() => token() !== before);
    assert.equal(exchanges(), 1);
  });

  it('stops after the server ended the session', async () => {
    await activate(scene.signInByBrowser());
    scene.sandbox.revokeAll();
    scene.clock.advanceTo(start + hour);
    await eventually(() => scene.account(activeId ?? '').session?.ended === 'revoked');
    const { length } = scene.sandbox.requests;
    scene.clock.advanceTo(start + 2 * hour);
    await keepAlive.tryNow();
    assert.equal(scene.sandbox.requests.length, length);
  });

  it('reports once that the client secret is needed, and once that the need has ended', async () => {
    await activate(scene.signInByBrowser());
    const { clientId, clientSecret } = (await scene.clientSecrets.get(scene.platform, 'vscode')) ?? assert.fail();
    await scene.clientSecrets.store(scene.platform, { clientId, clientSecret: 'outdated' });
    let changes = 0;
    const needed = () => scene.rejectedClientSecrets.has(scene.account(activeId ?? ''));
    scene.rejectedClientSecrets.onDidChange(() => changes++);
    scene.clock.advanceTo(start + 59 * minute);
    await eventually(needed);
    for (let tries = 2; tries <= 4; tries++) {
      await eventually(() => scene.clock.due.length === 1);
      scene.clock.advanceTo(scene.clock.due[0] ?? assert.fail());
      await eventually(() => scene.log.lines.filter((line) => line.includes('could not be renewed')).length === tries);
    }
    assert.deepEqual([needed(), changes], [true, 1]);
    assert.equal(scene.account(activeId ?? '').session?.ended, undefined);
    // Another window renews with the new secret.
    await scene.clientSecrets.store(scene.platform, { clientId, clientSecret });
    await scene.renewal.renew(activeId ?? '');
    assert.equal(needed(), false);
  });

  for (const [what, fault, afterMs] of [
    ['the server limits the rate', { kind: 'status', status: 429 }, 1],
    ['the result is unknown', { kind: 'status', status: 503 }, 15 * second],
  ] as const) {
    it(`renews soon after introspection reports the token as inactive, even if the first renewal failed because ${what}`, async () => {
      await activate(scene.signInByBrowser());
      scene.sandbox.revoke(token() ?? '');
      scene.sandbox.fault('/token', fault, 1);
      await assert.rejects(scene.check.run(scene.account(activeId ?? '')));
      scene.sandbox.clearFaults();
      const before = token();
      scene.clock.advanceTo(scene.clock.now() + afterMs);
      await eventually(() => token() !== before);
    });
  }

  it('waits as long as Retry-After demands', async () => {
    await activate(scene.signInByBrowser());
    scene.sandbox.fault('/token', { kind: 'status', status: 429, retryAfterSeconds: 120 });
    scene.clock.advanceTo(start + 59 * minute);
    await eventually(() => scene.clock.due.length === 1);
    assert.equal(aim(), 61 * minute);
  });

  it('completes an exchange that another window left unfinished', async () => {
    await activate(scene.signInByBrowser());
    scene.clock.advanceTo(start + 10 * minute);
    const refreshToken = refreshTokenOf(scene.account(activeId ?? '').session);
    await scene.store.update(activeId ?? '', exchangeStarted(refreshToken?.value ?? '', scene.clock.now()));
    assert.equal(aim(), 10 * minute + 15 * second);
    scene.clock.advanceTo(start + 10 * minute + 15 * second);
    await eventually(() => exchanges() === 1);
  });

  const failures: readonly [string, (s: Scene) => unknown][] = [
    ['a server error', ({ sandbox }) => sandbox.fault('/token', { kind: 'status', status: 503 })],
    ['a rate limit', ({ sandbox }) => sandbox.fault('/token', { kind: 'status', status: 429 })],
    ['a connection that is cut', ({ sandbox }) => sandbox.fault('/token', { kind: 'reset' })],
    ['a captive portal', ({ sandbox }) => sandbox.fault('/token', { kind: 'html', status: 200 })],
    ['a missing client secret', ({ clientSecrets, platform }) => clientSecrets.delete(platform, 'vscode')],
  ];
  for (const [what, spoil] of failures) {
    it(`does not change the intervals of another window after ${what}`, async () => {
      await activate(scene.signInByBrowser());
      const other = scene.openWindow();
      await other.store.refresh();
      const active = (): StoredAccount | undefined => other.store.accounts.find(({ id }) => id === activeId);
      const its = new KeepAlive({
        store: other.store,
        renewal: other.renewal,
        active,
        clock: scene.clock,
        log: scene.log,
      });
      its.schedule();
      await spoil(scene);
      const tries = () => scene.log.lines.filter((line) => line.includes('could not be renewed')).length;
      let writes = 0;
      scene.secrets.onDidChange(() => writes++);
      for (const [round, at] of [59 * minute, 59 * minute + 15 * second, 59 * minute + 45 * second].entries()) {
        scene.clock.advanceTo(start + at);
        await eventually(() => tries() === 2 * (round + 1) && scene.clock.due.length === 2);
      }
      assert.deepEqual(scene.clock.due, [start + 61 * minute - 15 * second, start + 61 * minute - 15 * second]);
      assert.ok(writes <= 12, `${writes} writes to the secret storage`);
      its.dispose();
    });
  }

  it('sets the alarm when the end of the token becomes known', async () => {
    const { id, session } = await scene.signIn({ knowsExpiry: false, keepsPassword: true });
    activeId = id;
    keepAlive.schedule();
    assert.equal(aim(), undefined);
    await scene.store.update(id, expiryLearnt(session?.accessToken?.value ?? '', start + hour));
    assert.equal(aim(), 59 * minute);
  });

  it('does not renew a token that is still usable', async () => {
    await activate(scene.signInByBrowser());
    await keepAlive.tryNow();
    assert.deepEqual([exchanges(), aim()], [0, 59 * minute]);
  });

  it('does nothing after it is disposed of', async () => {
    await activate(scene.signInByBrowser());
    keepAlive.dispose();
    assert.equal(aim(), undefined);
    await scene.signInByBrowser();
    assert.equal(aim(), undefined);
  });
});
