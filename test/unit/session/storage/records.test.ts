import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccountReads } from '../../../../src/session/storage/accountReads';
import { AccountRecords } from '../../../../src/session/storage/accountRecords';
import {
  parseIndex,
  parseRecord,
  serializeIndex,
  serializeRecord,
} from '../../../../src/session/storage/serialization';
import { Clock } from '../../../support/clock';
import { MemoryLog } from '../../../support/memoryLog';
import { MemoryMemento } from '../../../support/memoryMemento';
import { MemorySecrets } from '../../../support/memorySecrets';
import { root } from '../../../support/paths';

// Stored by version 1 of the format. The files never change: they stand for what users have in their secret storage.
const folder = join(root, 'test/fixtures/records');
const read = (name: string): string => readFileSync(join(folder, `${name}.json`), 'utf8');
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
const INDEX = 'zeyos.accounts';
const keyOf = (id: string): string => `zeyos.account.${id}`;

/** The record of each user in the index; that of lena was lost. */
const recordOf: Readonly<Record<string, string | undefined>> = {
  anna: 'authV1-saved-password-renewed',
  bert: 'authV1-saved-password-without-login',
  carl: 'authV1',
  dora: 'oauth2-renewed',
  emil: 'oauth2-interrupted',
  frida: 'oauth2-replaced-set',
  gerd: 'authV1-revoked',
  hans: 'legacy-saved-password',
  inge: 'pasted-token',
  jens: 'signed-out-password',
  karl: 'signed-out-oauth2',
};

describe('A stored record', () => {
  const secrets = new MemorySecrets();
  /** A window whose clock shows the time at which the record was written, which is the record's generation. */
  const openWindow = (generation = 0): AccountRecords => {
    const clock = new Clock();
    clock.advance(generation - clock.now());
    return new AccountRecords({ secrets, memento: new MemoryMemento(), clock, log: new MemoryLog() });
  };

  for (const name of names.filter((one) => one !== 'index'))
    it(`${name} is written back byte for byte by the window that read it`, async () => {
      await secrets.store(keyOf('id'), read(name));
      const secret = await openWindow().get('id');
      assert.ok(secret, 'the record must be readable');
      const { generation } = JSON.parse(read(name)) as { generation: number };
      await openWindow(generation).store('id', secret);
      assert.equal(await secrets.get(keyOf('id')), read(name));
      const withoutGeneration = read(name).replace(/,"generation":\d+\}$/, '}');
      assert.equal(serializeRecord(parseRecord(read(name)) ?? assert.fail()), withoutGeneration);
    });

  it('that is the index of accounts is written back byte for byte', async () => {
    await secrets.store(INDEX, read('index'));
    const window = openWindow();
    const accounts = await window.index();
    await secrets.delete(INDEX);
    await window.storeIndex(accounts);
    assert.equal(await secrets.get(INDEX), read('index'));
    assert.equal(serializeIndex(parseIndex(read('index'))), read('index'));
  });

  it('that the index names and the storage has lost makes only its own account lost', async () => {
    const index = parseIndex(read('index'));
    await secrets.store(INDEX, read('index'));
    for (const { id, account } of index) {
      const record = recordOf[account.userName];
      if (record !== undefined) await secrets.store(keyOf(id), read(record));
    }
    const clock = new Clock();
    const log = new MemoryLog();
    const window = new AccountRecords({ secrets, memento: new MemoryMemento(), clock, log });
    const accounts = await clock.run(new AccountReads({ records: window, clock, log }).everything([]));
    assert.deepEqual(
      accounts.filter(({ lost }) => lost).map(({ account }) => account.userName),
      ['lena'],
    );
    assert.deepEqual(
      accounts.filter(({ session }) => session === undefined).map(({ account }) => account.userName),
      ['jens', 'karl', 'lena', 'mona'],
    );
  });
});
