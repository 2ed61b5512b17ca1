import assert from 'node:assert/strict';
import { editorsAtATime } from '../../support/run/stages';

const GIB = 2 ** 30;

describe('How many editors the tests run at the same time', () => {
  for (const [cores, gib, editors] of [
    [1, 24, 2],
    [2, 24, 3],
    [2, 7, 3],
    [4, 7, 4],
    [16, 64, 4],
    [2, 4, 2],
    [2, 1, 1],
  ] as const) {
    it(`is ${editors} with ${cores} cores and ${gib} GiB of memory`, () => {
      assert.equal(editorsAtATime({ cores, memory: gib * GIB }), editors);
    });
  }
});
