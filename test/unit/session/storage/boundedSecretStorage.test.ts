import assert from 'node:assert/strict';
import {
  BoundedSecretStorage,
  SecretStorageTimeoutError,
  STORAGE_MS,
} from '../../../../src/session/storage/boundedSecretStorage';
import { MemorySecrets, TroubledSecrets, type KeyringTrouble } from '../../../support/memorySecrets';
import { Clock } from '../../../support/clock';
import { warningsDuring } from '../../../support/warnings';

const operations = [
  ['get', (secrets: BoundedSecretStorage) => secrets.get('key')],
  ['store', (secrets: BoundedSecretStorage) => secrets.store('key', 'new')],
  ['delete', (secrets: BoundedSecretStorage) => secrets.delete('key')],
] as const;

describe('The time limit of the secret storage', () => {
  let memory: MemorySecrets;
  let troubled: TroubledSecrets;
  let clock: Clock;
  let slow: Promise<unknown>[];
  let secrets: BoundedSecretStorage;

  beforeEach(async () => {
    memory = new MemorySecrets();
    await memory.store('key', 'old');
    troubled = new TroubledSecrets(memory);
    clock = new Clock();
    slow = [];
    secrets = new BoundedSecretStorage(troubled, clock, (operation) => slow.push(operation));
  });

  it('changes nothing and leaves no timer if the storage answers', async () => {
    assert.equal(await secrets.get('key'), 'old');
    await secrets.store('key', 'new');
    assert.equal(await memory.get('key'), 'new');
    await secrets.delete('key');
    assert.equal(await memory.get('key'), undefined);
    assert.deepEqual(clock.waits, []);
  });

  for (const [name, run] of operations) {
    for (const trouble of ['hang', 'late', 'lostAnswer'] satisfies KeyringTrouble[]) {
      it(`rejects ${name} when the storage does not answer (${trouble})`, async () => {
        troubled.begin(trouble);
        const result = run(secrets);
        assert.ok(clock.waits.includes(STORAGE_MS));
        clock.elapse(STORAGE_MS);
        await assert.rejects(Promise.resolve(result), SecretStorageTimeoutError);
        assert.deepEqual(clock.waits, []);
      });
    }

    it(`passes on the error if the storage rejects ${name}`, async () => {
      troubled.begin('fail');
      await assert.rejects(Promise.resolve(run(secrets)), { message: 'the keyring is locked' });
      assert.deepEqual(clock.waits, []);
    });

    it(`reports when ${name} is answered after the time limit`, async () => {
      troubled.begin('late');
      const result = run(secrets);
      clock.elapse(STORAGE_MS);
      const error = await Promise.resolve(result).catch((reason: unknown) => reason);
      assert.ok(error instanceof SecretStorageTimeoutError);
      await troubled.answer();
      await error.settled;
    });
  }

  it('reports an operation that takes longer than a second until it ends', async () => {
    troubled.begin('late');
    const result = secrets.get('key');
    clock.elapse(1_000);
    await Promise.resolve();
    assert.equal(slow.length, 1);
    await troubled.answer();
    assert.equal(await result, 'old');
    await slow[0];
  });

  it('does not report an operation that takes less than a second', async () => {
    await secrets.get('key');
    clock.elapse(STORAGE_MS);
    assert.deepEqual(slow, []);
  });

  it('ends all waits when the extension ends, and limits later ones to a second', async () => {
    troubled.begin('hang');
    const before = secrets.get('key');
    secrets.hurry();
    await assert.rejects(before, SecretStorageTimeoutError);
    const after = secrets.store('key', 'new');
    clock.elapse(1_000);
    await assert.rejects(after, SecretStorageTimeoutError);
  });

  it('causes no warning about a leak, and ends all of 50 simultaneous reads when the extension ends', async () => {
    troubled.begin('hang');
    const warnings = await warningsDuring(async () => {
      const outcomes = Promise.allSettled(Array.from({ length: 50 }, () => secrets.get('key')));
      secrets.hurry();
      for (const outcome of await outcomes)
        assert.ok(outcome.status === 'rejected' && outcome.reason instanceof SecretStorageTimeoutError);
    });
    assert.deepEqual(warnings, []);
    assert.deepEqual(clock.waits, []);
  });
});
