import assert from 'node:assert/strict';
import { Part } from '../../../src/base/part';

describe('A part that is loaded at its first use', () => {
  const counted = () => {
    const counts = { loads: 0, disposals: 0 };
    const loaded = { dispose: () => void counts.disposals++ };
    const part = new Part(() => {
      counts.loads++;
      return Promise.resolve(loaded);
    });
    return { counts, loaded, part };
  };

  it('is not loaded before it is used', () => {
    const { counts, part } = counted();
    assert.equal(part.loaded, undefined);
    assert.equal(counts.loads, 0);
  });

  it('is loaded once for all its uses, even at the same time', async () => {
    const { counts, loaded, part } = counted();
    assert.deepEqual(await Promise.all([part.get(), part.get()]), [loaded, loaded]);
    assert.equal(await part.get(), loaded);
    assert.equal(part.loaded, loaded);
    assert.equal(counts.loads, 1);
  });

  it('is loaded again at the next use if loading failed', async () => {
    let loads = 0;
    const part = new Part(() => (++loads === 1 ? Promise.reject(new Error('no file')) : Promise.resolve({ loads })));
    await assert.rejects(part.get(), { message: 'no file' });
    assert.equal(part.loaded, undefined);
    assert.deepEqual(await part.get(), { loads: 2 });
  });

  it('is disposed of if it has been loaded', async () => {
    const { counts, part } = counted();
    await part.get();
    part.dispose();
    assert.equal(counts.disposals, 1);
  });

  it('is neither loaded nor disposed of at the end if it was never used', () => {
    const { counts, part } = counted();
    part.dispose();
    assert.deepEqual(counts, { loads: 0, disposals: 0 });
  });

  it('is disposed of as soon as it is loaded if the extension has ended meanwhile', async () => {
    const { counts, part } = counted();
    const loading = part.get();
    part.dispose();
    await loading;
    assert.equal(counts.disposals, 1);
  });

  it('needs no dispose method', async () => {
    const part = new Part(() => Promise.resolve({}));
    await part.get();
    part.dispose();
  });
});
