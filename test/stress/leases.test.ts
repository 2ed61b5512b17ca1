import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock';
import { FileLease } from '../../src/base/fileLease';
import { temporaryFolder } from '../support/cleanUp';
import { MemoryLog } from '../support/memoryLog';

const program = join(__dirname, '../support/leaseHolder.js');

/** Real processes that are killed and put to sleep, so these tests take real time. */
describe('A lease among processes', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  const children = new Set<ChildProcess>();

  beforeEach(() => {
    folder = temporaryFolder('lease');
  });

  afterEach(async () => {
    for (const child of children) await kill(child);
    children.clear();
    folder.remove();
  });

  const lease = (bounds: { waitMs: number; staleMs: number }) =>
    new FileLease(folder.path, 'test', { clock: systemClock, log: new MemoryLog(), bounds });
  const start = (...args: string[]): ChildProcess => {
    const child = fork(program, args, { execArgv: [] });
    children.add(child);
    return child;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };

  /** Moves what the holder wrote into the future, as if the clock had been set back afterwards. */
  const setClockBack = async (): Promise<void> => {
    const inAnHour = new Date(Date.now() + 3_600_000);
    for (const file of await readdir(folder.path)) await utimes(join(folder.path, file), inAnHour, inAnHour);
  };

  it('loses nothing among several processes', async function () {
    this.timeout(30_000);
    const [processes, times] = [4, 25];
    await writeFile(join(folder.path, 'counter'), '0');
    const codes = await Promise.all(
      Array.from({ length: processes }, () =>
        once(start('count', folder.path, String(times)), 'exit').then(([code]: unknown[]) => code),
      ),
    );
    assert.deepEqual(codes, Array(processes).fill(0));
    assert.equal(await readFile(join(folder.path, 'counter'), 'utf8'), String(processes * times));
  });

  it('whose holder was killed goes to the next, once it counts as dead', async function () {
    this.timeout(10_000);
    const holder = start('hold', folder.path);
    await once(holder, 'message');
    await kill(holder);
    await assert.rejects(
      lease({ waitMs: 100, staleMs: 30_000 }).hold(() => assert.fail('the holder may still be alive')),
      { name: 'LeaseError', reason: 'timeout' },
    );
    let holders = 0;
    const work = async (): Promise<void> => {
      assert.equal(++holders, 1);
      await delay(20);
      holders--;
    };
    const bounds = { waitMs: 8_000, staleMs: 1_000 };
    await Promise.all([lease(bounds), lease(bounds), lease(bounds)].map((one) => one.hold(work)));
  });

  it('of a holder that slept, as did all others, is still its own', async function () {
    // A laptop that is closed: no process runs, and the clock goes on.
    if (process.platform === 'win32') this.skip();
    this.timeout(20_000);
    const bounds = JSON.stringify({ waitMs: 60_000, staleMs: 2_000 });
    const holder = start('hold', folder.path, bounds);
    await once(holder, 'message');
    const waiter = start('hold', folder.path, bounds);
    let isTaken = false;
    waiter.on('message', () => (isTaken = true));
    await delay(500);
    for (const child of [holder, waiter]) child.kill('SIGSTOP');
    await delay(2_500);
    // The one that waits happens to be the first awake.
    waiter.kill('SIGCONT');
    await delay(150);
    holder.kill('SIGCONT');
    await delay(1_500);
    assert.equal(isTaken, false);
    await kill(holder);
    while (!isTaken) await delay(10);
  });

  it('of a holder that slept alone is lost to the next, which it is told before it does any harm', async function () {
    if (process.platform === 'win32') this.skip();
    this.timeout(20_000);
    const bounds = { waitMs: 15_000, staleMs: 1_000 };
    const holder = start('hold', folder.path, JSON.stringify(bounds));
    await once(holder, 'message');
    const ask = async (): Promise<unknown> => {
      holder.send('do you still hold it?');
      return (await once(holder, 'message'))[0];
    };
    assert.equal(await ask(), 'still held');
    holder.kill('SIGSTOP');
    await lease(bounds).hold(async (hold) => {
      holder.kill('SIGCONT');
      assert.equal(await ask(), 'lost');
      await hold.confirm();
    });
    assert.equal(await ask(), 'lost');
  });

  it('of a dead holder from before the clock was set back goes to the next', async () => {
    const holder = start('hold', folder.path);
    await once(holder, 'message');
    await kill(holder);
    await setClockBack();
    assert.equal(await lease({ waitMs: 4_000, staleMs: 1_000 }).hold(() => Promise.resolve(7)), 7);
  });
});
