import assert from 'node:assert/strict';
import { PeriodicCheck } from '../../../../src/session/upkeep/periodicCheck';
import { sessionState } from '../../../../src/session/model/session';
import type { Turn } from '../../../../src/base/turn';
import type { Clock } from '../../../support/clock';
import { startScene, type Scene } from '../../../support/scene';
import { eventually } from '../../../support/clock';

const minute = 60_000;
const interval = 15 * minute;

/** A {@link FileTurn} in memory, with a test clock. */
class MemoryTurn implements Turn {
  readonly #last = new Map<string, number>();

  constructor(readonly clock: Clock) {}

  take(name: string, everyMs: number): Promise<number> {
    const now = this.clock.now();
    const waitMs = Math.max(0, (this.#last.get(name) ?? -Infinity) + everyMs - now);
    if (waitMs === 0) this.#last.set(name, now);
    return Promise.resolve(waitMs);
  }
}

describe('The periodic check of the active session', () => {
  let scene: Scene;
  let turn: Turn;
  let isActive: boolean;
  const checks: PeriodicCheck[] = [];

  beforeEach(async () => {
    scene = await startScene();
    turn = new MemoryTurn(scene.clock);
    isActive = true;
  });

  afterEach(async () => {
    checks.splice(0).forEach((check) => check.dispose());
    await scene.end();
  });

  const open = (window: {
    isFocused: boolean;
    intervalMs?: number;
    its?: Pick<Scene, 'store' | 'check'>;
  }): PeriodicCheck => {
    const { its = scene } = window;
    const check = new PeriodicCheck({
      check: its.check,
      turn,
      active: () => (isActive ? its.store.accounts[0] : undefined),
      isFocused: () => window.isFocused,
      intervalMs: () => window.intervalMs ?? interval,
      clock: scene.clock,
      log: scene.log,
    });
    checks.push(check);
    return check;
  };
  const asked = () => scene.sandbox.requests.length;
  const aims = () => scene.clock.due.map((at) => at - scene.clock.now());

  it('introspects the token, and sets the alarm for the next interval', async () => {
    await scene.signIn();
    await open({ isFocused: true }).tryNow();
    assert.deepEqual([asked(), aims()], [1, [interval]]);
    scene.clock.advanceTo(scene.clock.now() + interval);
    await eventually(() => asked() === 2);
    assert.deepEqual(aims(), [interval]);
  });

  it('pauses while the window has no focus', async () => {
    await scene.signIn();
    const window = { isFocused: false };
    const check = open(window);
    await check.tryNow();
    assert.deepEqual([asked(), aims()], [0, []]);
    window.isFocused = true;
    await check.tryNow();
    window.isFocused = false;
    scene.clock.advanceTo(scene.clock.now() + 10 * interval);
    assert.deepEqual([asked(), aims()], [1, []]);
  });

  it('introspects once an interval, even if the window loses and gets the focus in between', async () => {
    await scene.signIn();
    const check = open({ isFocused: true });
    await check.tryNow();
    scene.clock.advanceTo(scene.clock.now() + interval - 2 * minute);
    await check.tryNow();
    assert.equal(asked(), 1);
    await eventually(() => (aims()[0] ?? Infinity) <= 2 * minute);
    scene.clock.advanceTo(scene.clock.now() + 2 * minute);
    await eventually(() => asked() === 2);
  });

  it('never introspects if the interval is 0', async () => {
    await scene.signIn();
    await open({ isFocused: true, intervalMs: 0 }).tryNow();
    assert.deepEqual([asked(), aims()], [0, []]);
  });

  it('is made by one window at a time', async () => {
    await scene.signIn();
    const other = scene.openWindow();
    await other.store.refresh();
    const windows = [open({ isFocused: true }), open({ isFocused: true, its: other }), open({ isFocused: true })];
    await Promise.all(windows.map((window) => window.tryNow()));
    assert.equal(asked(), 1);
    // Timers may be a little early or late.
    scene.clock.advance(interval * 0.95);
    await Promise.all(windows.map((window) => window.tryNow()));
    assert.equal(asked(), 2);
    scene.clock.advance(interval * 0.5);
    await Promise.all(windows.map((window) => window.tryNow()));
    assert.equal(asked(), 2);
  });

  it('ends a session that the server has ended', async () => {
    const { id } = await scene.signIn();
    scene.sandbox.revokeAll();
    const check = open({ isFocused: true });
    await check.tryNow();
    assert.equal(sessionState(scene.account(id), scene.clock.now()), 'revoked');
    assert.equal(asked(), 2, 'two requests are needed to end a session');
    scene.clock.advance(interval);
    await check.tryNow();
    assert.equal(asked(), 2);
  });

  it('continues after a failure, and while no account is active', async () => {
    const check = open({ isFocused: true });
    await check.tryNow();
    assert.deepEqual([asked(), aims()], [0, [interval]]);
    const { id } = await scene.signIn();
    isActive = false;
    await check.tryNow();
    assert.equal(asked(), 0);
    isActive = true;
    scene.sandbox.fault('/', { kind: 'status', status: 503 });
    await check.tryNow();
    assert.equal(sessionState(scene.account(id), scene.clock.now()), 'good');
    assert.match(scene.log.text, /warn: .* the session could not be checked: HTTP status 503/);
    assert.deepEqual(aims(), [interval]);
  });
});
