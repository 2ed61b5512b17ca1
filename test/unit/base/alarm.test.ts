import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Alarm } from '../../../src/base/alarm';
import { Clock } from '../../support/clock';

describe('An alarm', () => {
  let rung: number;
  let alarm: Alarm;

  beforeEach(() => {
    rung = 0;
    alarm = new Alarm(
      () => 1_000,
      () => rung++,
    );
  });

  afterEach(() => alarm.dispose());

  it('rings once when the set time is reached', async () => {
    alarm.set(1_005);
    while (rung === 0) await delay(1);
    await delay(10);
    assert.equal(rung, 1);
  });

  it('rings at once when the set time has passed', async () => {
    alarm.set(0);
    while (rung === 0) await delay(1);
  });

  for (const [what, at] of [
    ['never', Infinity],
    ['100 years ahead', 1_000 + 100 * 365 * 86_400_000],
  ] as const) {
    it(`does not ring soon when it is reset to ${what}`, async () => {
      alarm.set(1_001);
      alarm.set(at);
      await delay(20);
      assert.equal(rung, 0);
    });
  }

  describe('set far ahead', () => {
    const [minute, hour] = [60_000, 3_600_000];
    const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
    let clock: Clock;
    let pending: { readonly ring: () => void; readonly ms: number } | undefined;

    beforeEach(() => {
      clock = new Clock();
      alarm = new Alarm(clock.now, () => rung++);
      globalThis.setTimeout = ((ring: (...args: unknown[]) => void, ms: number, ...args: unknown[]) => {
        pending = { ring: () => ring(...args), ms };
        return { unref: () => undefined };
      }) as unknown as typeof setTimeout;
      globalThis.clearTimeout = () => (pending = undefined);
    });
    afterEach(() => Object.assign(globalThis, real));

    /**
     * Ends the pending timer. The clock advances by the timer’s time, or by `clockMs` to simulate sleep or a clock that
     * was set.
     */
    const pass = (clockMs = pending?.ms ?? 0): number => {
      const { ring, ms } = pending ?? assert.fail('no timer is pending');
      pending = undefined;
      clock.advance(clockMs);
      ring();
      return ms;
    };

    it('rings at the set time', () => {
      alarm.set(clock.now() + hour);
      let waited = 0;
      while (rung === 0) waited += pass();
      assert.deepEqual([waited, pending], [hour, undefined]);
    });

    it('rings within 5 minutes of waking when the time passed while the machine slept', () => {
      alarm.set(clock.now() + hour);
      assert.ok(pass(8 * hour) <= 5 * minute);
      assert.deepEqual([rung, pending], [1, undefined]);
    });

    it('rings at the set time when the machine wakes before it', () => {
      const start = clock.now();
      alarm.set(start + hour);
      pass(hour / 2);
      while (rung === 0) pass();
      assert.equal(clock.now(), start + hour);
    });

    it('rings after the original waiting time when the clock is set back', () => {
      alarm.set(clock.now() + hour);
      let waited = pass(-24 * hour);
      while (rung === 0) waited += pass();
      assert.equal(waited, hour);
    });

    it('does not ring after it is disposed of or set to never', () => {
      alarm.set(clock.now() + hour);
      pass();
      alarm.set(Infinity);
      assert.equal(pending, undefined);
      alarm.set(clock.now() + hour);
      pass();
      alarm.dispose();
      assert.equal(pending, undefined);
    });
  });

  it('does not ring after it is disposed of', async () => {
    alarm.set(1_001);
    alarm.dispose();
    await delay(20);
    assert.equal(rung, 0);
  });
});
