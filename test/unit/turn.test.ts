import assert from 'node:assert/strict';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { FileTurn } from '../../src/session/turn';
import { temporaryFolder } from '../support/cleanUp';

const hour = 3_600_000;

describe('A turn', () => {
  let folder: ReturnType<typeof temporaryFolder>;

  beforeEach(() => {
    folder = temporaryFolder('turn');
  });

  afterEach(() => folder.remove());

  it('is one window’s, and nobody’s again before its time', async () => {
    const [here, there] = [new FileTurn(folder.path), new FileTurn(folder.path)];
    assert.deepEqual([await here.take('a', hour), await here.take('a', hour), await there.take('a', hour)], [true, false, false]);
    const anHourAgo = new Date(Date.now() - hour);
    await utimes(join(folder.path, 'turn.a'), anHourAgo, anHourAgo);
    assert.deepEqual([await there.take('a', hour), await here.take('a', hour)], [true, false]);
  });

  it('is another one for each name', async () => {
    const turn = new FileTurn(folder.path);
    assert.deepEqual([await turn.take('a', hour), await turn.take('b', hour)], [true, true]);
  });

  it('makes its folder', async () => {
    assert.equal(await new FileTurn(join(folder.path, 'a', 'b')).take('a', hour), true);
  });
});
