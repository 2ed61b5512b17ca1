import assert from 'node:assert/strict';
import { Clock } from '../../support/clock';
import { whenStalled } from '../../support/run/stalled';

describe('A test suite without a time limit', () => {
  it('counts as stalled if nothing was reported for the whole waiting time', async () => {
    const clock = new Clock();
    const reported = [10, 20, 20, 35, 35];
    let reads = 0;
    const { signal } = new AbortController();
    await clock.run(whenStalled({ clock, ms: 180_000, signal }, () => reported[reads++] ?? 35));
    assert.equal(reads, 3);
  });

  it('continues as long as results are reported', async () => {
    const clock = new Clock();
    let size = 0;
    const { signal } = new AbortController();
    const start = clock.now();
    await clock.run(whenStalled({ clock, ms: 180_000, signal }, () => (size < 100 ? ++size : size)));
    assert.equal(clock.now() - start, 100 * 180_000);
  });

  it('is not watched after its end', async () => {
    const clock = new Clock();
    const ending = new AbortController();
    const watch = whenStalled({ clock, ms: 180_000, signal: ending.signal }, () => 1);
    ending.abort(new Error('ended'));
    await assert.rejects(watch, /ended/);
    assert.deepEqual(clock.due, []);
  });
});
