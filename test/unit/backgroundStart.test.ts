import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { Background } from '../../src/background';
import { startBackground } from '../../src/backgroundStart';
import { Part } from '../../src/base/part';
import type { SecretStorage } from '../../src/session/storage/secretStorage';
import { createInitialServices } from '../../src/initialServices';
import { loadAtFirstSign } from '../../src/ui/notices/noticeSigns';
import { PlatformUrl } from '../../src/zeyos/address/platform';
import { MemorySecrets, UnluckySecrets } from '../support/memorySecrets';
import { memorySeams } from '../support/seams';
import { withEventsOf } from '../support/window';

const platform = PlatformUrl.parse('https://cloud.example.invalid/demo');

async function eventually(isSo: () => boolean): Promise<void> {
  for (let turns = 0; turns < 5_000 && !isSo(); turns++) await turn();
  assert.ok(isSo());
}

describe('The start of the background work', () => {
  let secrets: MemorySecrets;
  let calls: string[];
  let unreadable: unknown[];

  beforeEach(() => {
    secrets = new MemorySecrets();
    calls = [];
    unreadable = [];
  });

  const open = (through: SecretStorage = secrets) =>
    createInitialServices(memorySeams({ secrets: withEventsOf(secrets, through) }));
  const signIn = ({ store }: ReturnType<typeof open>) =>
    store.signIn(platform, { userName: 'max.power' }, { api: 'authV1', accessToken: { value: 'token', issuedAt: 0 } });
  const start = (initial: ReturnType<typeof open>) => {
    const background = {
      start: () => Promise.resolve(void calls.push('start')),
      schedule: () => void calls.push('schedule'),
    } as Partial<Background> as Background;
    const part = new Part(() => Promise.resolve(background));
    startBackground(initial, part, (error) => unreadable.push(error));
    return part;
  };

  it('runs once with all overdue work if the first read of the secret storage finds an account', async () => {
    await signIn(open());
    const initial = open();
    start(initial);
    await eventually(() => calls.length > 0);
    await signIn(initial);
    assert.deepEqual(calls, ['start']);
  });

  it('does not load the background work if there is no account', async () => {
    const initial = open();
    const part = start(initial);
    await initial.firstRead.read;
    await turn();
    assert.equal(part.loaded, undefined);
  });

  it('only sets the alarms after the first sign-in, because no work is overdue', async () => {
    const initial = open();
    start(initial);
    await initial.firstRead.read;
    await turn();
    await signIn(initial);
    await eventually(() => calls.length > 0);
    assert.deepEqual(calls, ['schedule']);
  });

  it('reports the reason if the secret storage cannot be read', async () => {
    const unlucky = new UnluckySecrets(secrets);
    unlucky.failAt(1);
    start(open(unlucky));
    await eventually(() => unreadable.length > 0);
    assert.match(String(unreadable[0]), /the keyring is locked/);
    assert.deepEqual(calls, []);
  });

  it('runs once with all overdue work if a later read finds an account after the first read has failed', async () => {
    await signIn(open());
    const unlucky = new UnluckySecrets(secrets);
    unlucky.failAt(1);
    const initial = open(unlucky);
    start(initial);
    await eventually(() => unreadable.length > 0);
    await initial.firstRead.done();
    await eventually(() => calls.length > 0);
    assert.deepEqual(calls, ['start']);
  });
});

describe('The notifications about accounts and settings', () => {
  let loads: number;
  const load = () => Promise.resolve(void loads++);
  beforeEach(() => {
    loads = 0;
  });

  it('are not loaded while there is nothing to report', async () => {
    const initial = createInitialServices(memorySeams());
    loadAtFirstSign(initial, load);
    await initial.firstRead.read;
    assert.equal(loads, 0);
  });

  it('are loaded once if the secret of an account is lost', async () => {
    const secrets = new MemorySecrets();
    const earlier = createInitialServices(memorySeams({ secrets }));
    const { id } = await earlier.store.signIn(
      platform,
      { userName: 'max.power' },
      { api: 'authV1', accessToken: { value: 'token', issuedAt: 0 } },
    );
    await secrets.delete(`zeyos.account.${id}`);
    const initial = createInitialServices(memorySeams({ secrets }));
    loadAtFirstSign(initial, load);
    await initial.firstRead.read;
    initial.shortLifetimes.note(id);
    assert.equal(loads, 1);
  });

  it('are loaded at once if zeyos.instances has an entry that cannot be used', () => {
    const instances = {
      read: () => [{ url: 'ftp://cloud.example.invalid/demo' }],
      write: () => Promise.resolve(),
      onDidChange: () => ({ dispose: () => undefined }),
    };
    loadAtFirstSign(createInitialServices(memorySeams({ settings: { instances } })), load);
    assert.equal(loads, 1);
  });

  it('are loaded when the server issues a token with a lifetime under a minute', () => {
    const initial = createInitialServices(memorySeams());
    loadAtFirstSign(initial, load);
    initial.shortLifetimes.note('id');
    assert.equal(loads, 1);
  });
});
