import assert from 'node:assert/strict';
import { Alarm } from '../../../src/base/alarm';
import { systemClock } from '../../../src/base/clock';
import { Clock } from '../../support/clock';

describe('The clock of the machine', () => {
  const [minute, hour] = [60_000, 3_600_000];
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: Date.now };
  let clock: Clock;
  let rung: number;
  let alarm: Alarm;
  let pending: { readonly ring: () => void; readonly ms: number } | undefined;

  beforeEach(() => {
    clock = new Clock();
    rung = 0;
    alarm = new Alarm(systemClock, () => rung++);
    Date.now = clock.now;
    globalThis.setTimeout = ((ring: (...args: unknown[]) => void, ms: number, ...args: unknown[]) => {
      pending = { ring: () => ring(...args), ms };
      return { unref: () => undefined };
    }) as unknown as typeof setTimeout;
    globalThis.clearTimeout = () => (pending = undefined);
  });

  afterEach(() => {
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
    Date.now = real.now;
  });

  /** Ends the timer. The clock moves by as much, unless the machine sleeps or the clock is set. */
  const pass = (clockMs = pending?.ms ?? 0): number => {
    const { ring, ms } = pending ?? assert.fail('no timer');
    pending = undefined;
    clock.advance(clockMs);
    ring();
    return ms;
  };

  it('rings an alarm at its moment, an hour ahead', () => {
    alarm.set(clock.now() + hour);
    let waited = 0;
    while (rung === 0) waited += pass();
    assert.deepEqual([waited, pending], [hour, undefined]);
  });

  it('rings an alarm whose moment has passed', () => {
    alarm.set(clock.now() - 1);
    assert.equal(pass(), 0);
    assert.equal(rung, 1);
  });

  it('sets no timer for an alarm that never rings', () => {
    alarm.set(Infinity);
    assert.equal(pending, undefined);
  });

  it('does not ring an alarm at once that is set to a moment in a hundred years', () => {
    alarm.set(clock.now() + 100 * 365 * 86_400_000);
    pass();
    assert.equal(rung, 0);
  });

  it('rings an alarm soon after the machine wakes, if its moment came while the machine slept', () => {
    alarm.set(clock.now() + hour);
    assert.ok(pass(8 * hour) <= 5 * minute);
    assert.deepEqual([rung, pending], [1, undefined]);
  });

  it('rings an alarm at its moment after a shorter sleep', () => {
    const start = clock.now();
    alarm.set(start + hour);
    pass(hour / 2);
    while (rung === 0) pass();
    assert.equal(clock.now(), start + hour);
  });

  it('rings an alarm no later if the clock is set back', () => {
    alarm.set(clock.now() + hour);
    let waited = pass(-24 * hour);
    while (rung === 0) waited += pass();
    assert.equal(waited, hour);
  });

  it('keeps no timer of an alarm that is disposed of or set anew', () => {
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

describe('A wait by the clock of the machine', () => {
  it('ends after its time', () => systemClock.wait(0));

  it('rejects with the reason of a signal that aborts it', async () => {
    const controller = new AbortController();
    const waiting = systemClock.wait(60_000, controller.signal);
    const reason = new Error('cancelled');
    controller.abort(reason);
    await assert.rejects(waiting, reason);
  });

  it('rejects at once if its signal has aborted before', () =>
    assert.rejects(systemClock.wait(60_000, AbortSignal.abort(new Error('cancelled'))), { message: 'cancelled' }));

  it('does not end at once if it is longer than a timer of Node can be', async () => {
    const controller = new AbortController();
    const waiting = systemClock.wait(2 ** 40, controller.signal);
    const outcome = await Promise.race([waiting, Promise.resolve('pending')]);
    controller.abort(new Error('over'));
    await assert.rejects(waiting, { message: 'over' });
    assert.equal(outcome, 'pending');
  });
});
