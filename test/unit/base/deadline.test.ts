import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { sharedController, TimeoutError, within } from '../../../src/base/deadline';
import { Clock, turns } from '../../support/clock';
import { warningsDuring } from '../../support/warnings';

describe('A deadline', () => {
  let clock: Clock;
  const never = (): Promise<never> => new Promise(() => undefined);

  beforeEach(() => (clock = new Clock()));

  it('resolves to the result of the work, and leaves no timer', async () => {
    assert.equal(await within({ clock, ms: 5 }, () => Promise.resolve('done')), 'done');
    await turns();
    assert.deepEqual(clock.waits, []);
  });

  it('rejects at its time if the work ignores its signal, and aborts the signal', async () => {
    let given: AbortSignal | undefined;
    let outcome: unknown;
    const late = within({ clock, ms: 5 }, (signal) => ((given = signal), never())).catch((error: unknown) => {
      outcome = error;
    });
    clock.elapse(4);
    await turns();
    assert.deepEqual([outcome, given?.aborted], [undefined, false]);
    clock.elapse(1);
    await late;
    assert.ok(outcome instanceof TimeoutError && outcome.afterMs === 5);
    assert.equal(given?.reason, outcome);
  });

  it('rejects with the reason of a signal that has aborted before, and begins no work', async () => {
    const reason = new Error('cancelled');
    const signal = AbortSignal.abort(reason);
    await assert.rejects(
      within({ clock, ms: 5, signal }, () => assert.fail('the work has begun')),
      reason,
    );
  });

  it('shares a signal with 50 others without a warning about a leak: the signal ends all of them', async () => {
    const controller = sharedController();
    const { signal } = controller;
    const reason = new Error('cancelled');
    const warnings = await warningsDuring(async () => {
      const outcomes = Promise.allSettled(Array.from({ length: 50 }, () => within({ clock, ms: 5, signal }, never)));
      controller.abort(reason);
      for (const outcome of await outcomes) assert.deepEqual(outcome, { status: 'rejected', reason });
    });
    assert.deepEqual(warnings, []);
  });

  it('removes its listener from a shared signal when the work ends', async () => {
    const { signal } = sharedController();
    await Promise.all(Array.from({ length: 50 }, () => within({ clock, ms: 5, signal }, () => Promise.resolve())));
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
  });
});
