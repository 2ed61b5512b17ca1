import assert from 'node:assert/strict';
import { Activity } from '../../../src/base/activity';

describe('What is going on', () => {
  it('is the latest of what has begun and not ended, and each change is told', async () => {
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

  it('ends with a failure, too, and passes it on', async () => {
    const activity = new Activity();
    const failed = new Error('failed');
    await assert.rejects(
      activity.during('work', () => Promise.reject(failed)),
      failed,
    );
    assert.equal(await activity.during('work', () => Promise.resolve(7)), 7);
    assert.equal(activity.current, undefined);
  });

  it('is told to nobody who no longer listens', async () => {
    const activity = new Activity();
    activity.onDidChange(() => assert.fail('told')).dispose();
    await activity.during('work', () => Promise.resolve());
  });
});
