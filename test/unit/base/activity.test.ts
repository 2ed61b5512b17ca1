import assert from 'node:assert/strict';
import { Activity } from '../../../src/base/activity';

describe('Activity', () => {
  it('reports the operation that began last and has not ended, and each change, when operations overlap', async () => {
    const activity = new Activity();
    const seen: (string | undefined)[] = [];
    activity.onDidChange(() => seen.push(activity.current));
    const ends: (() => void)[] = [];
    const begin = (what: string) => activity.during(what, () => new Promise<void>((resolve) => ends.push(resolve)));
    const all = ['first', 'second', 'second'].map(begin);
    for (const end of [1, 0, 2]) {
      ends[end]?.();
      await all[end];
    }
    assert.deepEqual(seen, ['first', 'second', 'second', 'second', 'second', undefined]);
  });

  it('ends the operation and passes its error on when the operation fails', async () => {
    const activity = new Activity();
    const failed = new Error('failed');
    await assert.rejects(
      activity.during('work', () => Promise.reject(failed)),
      failed,
    );
    assert.equal(await activity.during('work', () => Promise.resolve(7)), 7);
    assert.equal(activity.current, undefined);
  });

  it('reports nothing to a listener that was disposed of', async () => {
    const activity = new Activity();
    activity.onDidChange(() => assert.fail('a disposed listener was called')).dispose();
    await activity.during('work', () => Promise.resolve());
  });
});
