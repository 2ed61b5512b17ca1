import assert from 'node:assert/strict';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileTurn } from '../../../src/base/turn';
import { temporaryFolder } from '../../support/cleanUp';

const hour = 3_600_000;

describe('A turn', () => {
  let folder: ReturnType<typeof temporaryFolder>;

  beforeEach(() => {
    folder = temporaryFolder('turn');
  });

  afterEach(() => folder.remove());

  /** Whether each was given one. */
  const given = (...waits: readonly number[]): readonly boolean[] => waits.map((ms) => ms === 0);

  /** Has the last turn be at another time, in milliseconds from now. */
  const taken = async (fromNow: number): Promise<void> => {
    const at = new Date(Date.now() + fromNow);
    await utimes(join(folder.path, 'turn.a'), at, at);
  };

  it('is one window’s, and nobody’s again before its time', async () => {
    const [here, there] = [new FileTurn(folder.path), new FileTurn(folder.path)];
    assert.deepEqual(given(await here.take('a', hour), await here.take('a', hour), await there.take('a', hour)), [
      true,
      false,
      false,
    ]);
    await taken(-hour);
    assert.deepEqual(given(await there.take('a', hour), await here.take('a', hour)), [true, false]);
  });

  it('comes again after the rest of the time, which whoever is too early is told', async () => {
    await new FileTurn(folder.path).take('a', hour);
    await taken(-hour / 4);
    const rest = await new FileTurn(folder.path).take('a', hour);
    assert.ok(Math.abs(rest - (3 * hour) / 4) < 60_000, String(rest));
  });

  it('comes although the last one is in the future, by a clock that was set back since', async () => {
    await new FileTurn(folder.path).take('a', hour);
    await taken(24 * hour);
    const turn = new FileTurn(folder.path);
    assert.deepEqual(given(await turn.take('a', hour), await turn.take('a', hour)), [true, false]);
  });

  it('is this window’s, every so often, where nothing can be written', async () => {
    await writeFile(join(folder.path, 'file'), '');
    const turn = new FileTurn(join(folder.path, 'file', 'turns'));
    assert.deepEqual(given(await turn.take('a', hour), await turn.take('a', hour), await turn.take('a', 0)), [
      true,
      false,
      true,
    ]);
  });

  it('is another one for each name', async () => {
    const turn = new FileTurn(folder.path);
    assert.deepEqual(given(await turn.take('a', hour), await turn.take('b', hour)), [true, true]);
  });

  it('makes its folder', async () => {
    assert.equal(await new FileTurn(join(folder.path, 'a', 'b')).take('a', hour), 0);
  });
});
