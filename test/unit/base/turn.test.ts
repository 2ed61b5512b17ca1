import assert from 'node:assert/strict';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileTurn } from '../../../src/base/turn';
import { temporaryFolder } from '../../support/cleanUp';
import { Clock } from '../../support/clock';

const hour = 3_600_000;

describe('The permission for work that only one window does in each interval', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let clock: Clock;

  beforeEach(() => {
    folder = temporaryFolder('turn');
    clock = new Clock();
  });

  afterEach(() => folder.remove());

  /** Whether each call was granted the turn. */
  const given = (...waits: readonly number[]): readonly boolean[] => waits.map((ms) => ms === 0);

  /** Moves the time at which the turn was last taken. The unit is milliseconds from the real time. */
  const taken = async (fromNow: number): Promise<void> => {
    const at = new Date(clock.now() + fromNow);
    await utimes(join(folder.path, 'turn.a'), at, at);
  };

  it('is granted to one window, and to no window again before the interval is over', async () => {
    const [here, there] = [new FileTurn(folder.path, clock), new FileTurn(folder.path, clock)];
    assert.deepEqual(given(await here.take('a', hour), await here.take('a', hour), await there.take('a', hour)), [
      true,
      false,
      false,
    ]);
    await taken(-hour);
    assert.deepEqual(given(await there.take('a', hour), await here.take('a', hour)), [true, false]);
  });

  it('tells a window that asks too early how long the rest of the interval is', async () => {
    await new FileTurn(folder.path, clock).take('a', hour);
    await taken(-hour / 4);
    const rest = await new FileTurn(folder.path, clock).take('a', hour);
    assert.equal(rest, (3 * hour) / 4);
  });

  it('is granted when the last time lies in the future because the clock was set back', async () => {
    await new FileTurn(folder.path, clock).take('a', hour);
    await taken(24 * hour);
    const turn = new FileTurn(folder.path, clock);
    assert.deepEqual(given(await turn.take('a', hour), await turn.take('a', hour)), [true, false]);
  });

  it('is granted once an interval to this window when its folder cannot be written', async () => {
    await writeFile(join(folder.path, 'file'), '');
    const turn = new FileTurn(join(folder.path, 'file', 'turns'), clock);
    assert.deepEqual(given(await turn.take('a', hour), await turn.take('a', hour), await turn.take('a', 0)), [
      true,
      false,
      true,
    ]);
  });

  it('is granted for each name separately', async () => {
    const turn = new FileTurn(folder.path, clock);
    assert.deepEqual(given(await turn.take('a', hour), await turn.take('b', hour)), [true, true]);
  });

  it('creates its folder', async () => {
    assert.equal(await new FileTurn(join(folder.path, 'a', 'b'), clock).take('a', hour), 0);
  });
});
