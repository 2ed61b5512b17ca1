import assert from 'node:assert/strict';
import { SecretStorageCheck } from '../../../src/diagnosis/secretStorageCheck';
import type { SecretStorage } from '../../../src/session/storage/secretStorage';
import { MemoryMemento } from '../../support/memoryMemento';
import { MemorySecrets, UnluckySecrets } from '../../support/memorySecrets';
import { Clock } from '../../support/clock';

describe('The check of the secret storage', () => {
  let memento: MemoryMemento;

  beforeEach(() => {
    memento = new MemoryMemento();
  });

  /** Runs the check in a start of the editor. The check leaves its mark first, as the extension does. */
  async function inStart(start: string, secrets: SecretStorage, remembered = memento) {
    const check = new SecretStorageCheck({ secrets, memento: remembered, start });
    await check.leaveMark();
    return check.check({ clock: new Clock(), ms: 500 });
  }

  it('says only that the storage works in the first start of the editor', async () => {
    assert.deepEqual(await inStart('1', new MemorySecrets()), { code: 'secretStorage.works', verdict: 'good' });
  });

  it('reports a storage that kept the mark of the last start, in every window', async () => {
    const secrets = new MemorySecrets();
    await inStart('1', secrets);
    for (let window = 0; window < 2; window++)
      assert.equal((await inStart('2', secrets)).code, 'secretStorage.persists');
  });

  it('warns when the storage lost the mark once, and reports a storage that loses it again', async () => {
    await inStart('1', new MemorySecrets());
    assert.deepEqual(await inStart('2', new MemorySecrets()), { code: 'secretStorage.lostOnce', verdict: 'warning' });
    assert.deepEqual(await inStart('3', new MemorySecrets()), {
      code: 'secretStorage.forgets',
      verdict: 'bad',
      facts: { starts: 2 },
    });
  });

  it('reports a persistent storage after a single loss, such as a change of the keyring', async () => {
    await inStart('1', new MemorySecrets());
    const secrets = new MemorySecrets();
    await inStart('2', secrets);
    assert.equal((await inStart('3', secrets)).code, 'secretStorage.persists');
  });

  it('does not mistake the mark of another window for its own', async () => {
    const secrets = new MemorySecrets();
    await inStart('1', secrets);
    const stale = new MemoryMemento();
    await stale.update('zeyos.diagnosis.mark', memento.get('zeyos.diagnosis.mark'));
    await inStart('2', secrets);
    assert.equal((await inStart('2', secrets, stale)).code, 'secretStorage.works');
  });

  it('leaves only its mark in the storage', async () => {
    const secrets = new MemorySecrets();
    await inStart('1', secrets);
    assert.deepEqual(secrets.keys(), ['zeyos.diagnosis.mark']);
  });

  for (const n of [1, 2, 3]) {
    it(`reports a storage that fails at operation ${n}`, async () => {
      const secrets = new UnluckySecrets(new MemorySecrets());
      const check = new SecretStorageCheck({ secrets, memento, start: '1' });
      secrets.failAt(n);
      assert.deepEqual(await check.check({ clock: new Clock(), ms: 500 }), {
        code: 'secretStorage.fails',
        verdict: 'bad',
        facts: { error: 'the keyring is locked' },
      });
    });
  }

  it('reports a storage that does not answer, within the deadline', async () => {
    const secrets = new UnluckySecrets(new MemorySecrets());
    void secrets.crashAt(1);
    const clock = new Clock();
    const finding = new SecretStorageCheck({ secrets, memento, start: '1' }).check({ clock, ms: 50 });
    assert.equal((await clock.run(finding)).code, 'secretStorage.late');
  });

  it('reports a storage that accepts every write and keeps none', async () => {
    const secrets: SecretStorage = {
      get: () => Promise.resolve(undefined),
      store: () => Promise.resolve(),
      delete: () => Promise.resolve(),
    };
    assert.deepEqual(
      await new SecretStorageCheck({ secrets, memento, start: '1' }).check({ clock: new Clock(), ms: 500 }),
      {
        code: 'secretStorage.keepsNothing',
        verdict: 'bad',
      },
    );
  });

  it('tolerates unexpected values under the key of its mark', async () => {
    for (const value of [null, 7, 'x', { start: 7 }, { start: '0', kept: 'no', losses: 'many' }]) {
      await memento.update('zeyos.diagnosis.mark', value);
      assert.match((await inStart('1', new MemorySecrets())).code, /^secretStorage\.(works|lostOnce)$/);
    }
  });
});
