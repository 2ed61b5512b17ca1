import assert from 'node:assert/strict';
import { SecretStorageCheck } from '../../../src/diagnosis/secretStorage';
import type { Secrets } from '../../../src/session/storage/accountSecrets';
import { MemoryMemento } from '../../support/memoryMemento';
import { MemorySecrets, UnluckySecrets } from '../../support/memorySecrets';

describe('The check of the secret storage', () => {
  let memory: MemoryMemento;

  beforeEach(() => {
    memory = new MemoryMemento();
  });

  /** What is found in a start of the editor, which leaves its mark first, as the extension does. */
  async function inStart(start: string, secrets: Secrets, remembered = memory) {
    const check = new SecretStorageCheck({ secrets, memory: remembered, start });
    await check.leaveMark();
    return check.check(500);
  }

  it('cannot tell in the first start whether it outlives the editor', async () => {
    assert.deepEqual(await inStart('1', new MemorySecrets()), { code: 'secretStorage.works', verdict: 'good' });
  });

  it('tells one that has outlived the editor, in every window', async () => {
    const secrets = new MemorySecrets();
    await inStart('1', secrets);
    for (let window = 0; window < 2; window++)
      assert.equal((await inStart('2', secrets)).code, 'secretStorage.persists');
  });

  it('tells one that lost what was in it, and then one that keeps nothing', async () => {
    await inStart('1', new MemorySecrets());
    assert.deepEqual(await inStart('2', new MemorySecrets()), { code: 'secretStorage.lostOnce', verdict: 'warning' });
    assert.deepEqual(await inStart('3', new MemorySecrets()), {
      code: 'secretStorage.forgets',
      verdict: 'bad',
      facts: { starts: 2 },
    });
  });

  it('forgives what came once, as after a change of the keyring', async () => {
    await inStart('1', new MemorySecrets());
    const secrets = new MemorySecrets();
    await inStart('2', secrets);
    assert.equal((await inStart('3', secrets)).code, 'secretStorage.persists');
  });

  it('does not take the mark of another window for its own', async () => {
    const secrets = new MemorySecrets();
    await inStart('1', secrets);
    const stale = new MemoryMemento();
    await stale.update('zeyos.diagnosis.mark', memory.get('zeyos.diagnosis.mark'));
    await inStart('2', secrets);
    assert.equal((await inStart('2', secrets, stale)).code, 'secretStorage.works');
  });

  it('leaves nothing of its probe behind', async () => {
    const secrets = new MemorySecrets();
    await inStart('1', secrets);
    assert.deepEqual(secrets.keys(), ['zeyos.diagnosis.mark']);
  });

  for (const n of [1, 2, 3]) {
    it(`tells one that fails at operation ${n}`, async () => {
      const secrets = new UnluckySecrets(new MemorySecrets());
      const check = new SecretStorageCheck({ secrets, memory, start: '1' });
      secrets.failAt(n);
      assert.deepEqual(await check.check(500), {
        code: 'secretStorage.fails',
        verdict: 'bad',
        facts: { error: 'the keyring is locked' },
      });
    });
  }

  it('tells one that does not answer, within its deadline', async () => {
    const secrets = new UnluckySecrets(new MemorySecrets());
    void secrets.crashAt(1);
    assert.equal((await new SecretStorageCheck({ secrets, memory, start: '1' }).check(50)).code, 'secretStorage.late');
  });

  it('tells one that takes everything and keeps nothing', async () => {
    const secrets: Secrets = {
      get: () => Promise.resolve(undefined),
      store: () => Promise.resolve(),
      delete: () => Promise.resolve(),
    };
    assert.deepEqual(await new SecretStorageCheck({ secrets, memory, start: '1' }).check(500), {
      code: 'secretStorage.keepsNothing',
      verdict: 'bad',
    });
  });

  it('is not misled by what else may be remembered under its name', async () => {
    for (const value of [null, 7, 'x', { start: 7 }, { start: '0', kept: 'no', losses: 'many' }]) {
      await memory.update('zeyos.diagnosis.mark', value);
      assert.match((await inStart('1', new MemorySecrets())).code, /^secretStorage\.(works|lostOnce)$/);
    }
  });
});
