import assert from 'node:assert/strict';
import { noise, spread } from '../../bench/statistics';

describe('The spread of the measurements of a benchmark', () => {
  it('has the middle value as the median of an odd number of values', () =>
    assert.deepEqual(spread([10, 2, 3]), { min: 2, median: 3, max: 10, count: 3 }));
  it('has the mean of the two middle values as the median of an even number of values', () =>
    assert.equal(spread([10, 2, 3, 5]).median, 4));
  it('of one value has that value as minimum, median and maximum', () =>
    assert.deepEqual(spread([7]), { min: 7, median: 7, max: 7, count: 1 }));
  it('of no values cannot be computed', () => assert.throws(() => spread([])));
});

describe('A benchmark', () => {
  const quiet = { average: 0.5, processors: 2 };
  it('is not noisy on a quiet machine with even times', () =>
    assert.equal(noise(quiet, spread([10, 12, 14])), undefined));
  it('is noisy if more processes wait than there are processors', () =>
    assert.match(noise({ average: 3, processors: 2 }, spread([10])) ?? '', /load average was 3\.0 on 2 processors/));
  it('is noisy if the same work takes very different times', () =>
    assert.match(noise(quiet, spread([10, 26])) ?? '', /between 10 and 26 ms/));
});
