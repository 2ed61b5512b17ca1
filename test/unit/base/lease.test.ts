import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs, { mkdir, readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FileLease, LeaseTimeoutError } from '../../../src/base/lease';
import { temporaryFolder } from '../../support/cleanUp';
import { MemoryLog } from '../../support/memoryLog';

const program = join(__dirname, '../../support/leaseHolder.js');

describe('The file lease', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let log: MemoryLog;
  const children = new Set<ChildProcess>();

  beforeEach(() => {
    folder = temporaryFolder('lease');
    log = new MemoryLog();
  });

  afterEach(async () => {
    for (const child of children) await kill(child);
    children.clear();
    folder.remove();
  });

  const lease = (bounds = { waitMs: 10_000, staleMs: 30_000 }) => new FileLease(folder.path, 'test', log, bounds);
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

  /** Moves the time of each lease file into the future, as if the clock had been set back since. */
  const setClockBack = async (): Promise<void> => {
    const inAnHour = new Date(Date.now() + 3_600_000);
    for (const file of await readdir(folder.path)) await utimes(join(folder.path, file), inAnHour, inAnHour);
  };

  it('returns the result of the work, and passes its error on', async () => {
    assert.equal(await lease().hold(() => Promise.resolve(7)), 7);
    const failed = new Error('failed');
    await assert.rejects(
      lease().hold(() => Promise.reject(failed)),
      failed,
    );
    assert.equal(await lease().hold(() => Promise.resolve('free again')), 'free again');
    assert.deepEqual(log.lines, []);
  });

  it('has one holder at a time, in one window and in several', async () => {
    let holders = 0;
    let most = 0;
    let done = 0;
    const window = lease();
    const work = async (): Promise<void> => {
      most = Math.max(most, ++holders);
      await delay(2);
      holders--;
      done++;
    };
    // The same window three times, and three other windows.
    await Promise.all([window, window, window, lease(), lease(), lease()].map((one) => one.hold(work)));
    assert.deepEqual([most, done], [1, 6]);
  });

  it('lets leases of different names be held at the same time', async () => {
    await lease().hold(() =>
      new FileLease(folder.path, 'test.other', log).hold(() =>
        new FileLease(folder.path, 'other', log).hold(() => Promise.resolve()),
      ),
    );
  });

  it('leaves one empty file behind after five holds', async () => {
    for (let i = 0; i < 5; i++) await lease().hold(() => Promise.resolve());
    const files = await readdir(folder.path);
    assert.equal(files.length, 1);
    assert.equal(await readFile(join(folder.path, files[0] ?? ''), 'utf8'), '');
  });

  it('loses no update when several processes count', async function () {
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

  it('passes to the next window when its holder was killed and the stale time is over', async function () {
    this.timeout(10_000);
    const holder = start('hold', folder.path);
    await once(holder, 'message');
    await kill(holder);
    await assert.rejects(
      lease({ waitMs: 100, staleMs: 30_000 }).hold(() =>
        assert.fail('obtained although the holder may still be alive'),
      ),
      LeaseTimeoutError,
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

  it('stays with a holder that works longer than the stale time', async () => {
    const bounds = { waitMs: 4_000, staleMs: 1_000 };
    const order: string[] = [];
    let begun = (): void => undefined;
    const holding = new Promise<void>((resolve) => (begun = resolve));
    const slow = lease(bounds).hold(async () => {
      begun();
      await delay(1_300);
      order.push('slow');
    });
    await holding;
    await lease(bounds).hold(() => Promise.resolve(order.push('next')));
    await slow;
    assert.deepEqual(order, ['slow', 'next']);
  });

  it('stays with its holder when all processes slept longer than the stale time', async function () {
    // Simulates a closed laptop: no process runs while the clock goes on.
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
    // The waiting process wakes before the holder.
    waiter.kill('SIGCONT');
    await delay(150);
    holder.kill('SIGCONT');
    await delay(1_500);
    assert.equal(isTaken, false);
    await kill(holder);
    while (!isTaken) await delay(10);
  });

  it('passes to the next window when only its holder slept, and the holder learns of it before it writes', async function () {
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
      assert.equal(await ask(), 'LeaseLostError');
      await hold.confirm();
    });
    assert.equal(await ask(), 'LeaseLostError');
  });

  it('stays with its holder when the clock was set back', async () => {
    const bounds = { waitMs: 400, staleMs: 1_000 };
    await lease(bounds).hold(async () => {
      await setClockBack();
      await assert.rejects(
        lease(bounds).hold(() => assert.fail('obtained although it is held')),
        LeaseTimeoutError,
      );
    });
  });

  it('passes to the next window when its holder died before the clock was set back', async () => {
    const holder = start('hold', folder.path);
    await once(holder, 'message');
    await kill(holder);
    await setClockBack();
    assert.equal(await lease({ waitMs: 4_000, staleMs: 1_000 }).hold(() => Promise.resolve(7)), 7);
  });

  it('is obtained when the file of an earlier holder cannot be removed', async () => {
    const old = join(folder.path, 'test.1');
    await mkdir(old);
    await utimes(old, 0, 0);
    await lease().hold(async () => {
      assert.deepEqual((await readdir(folder.path)).sort(), ['test.1', 'test.2']);
      await assert.rejects(
        lease({ waitMs: 30, staleMs: 30_000 }).hold(() => assert.fail('obtained although it is held')),
        LeaseTimeoutError,
      );
    });
    assert.equal(await lease().hold(() => Promise.resolve('free again')), 'free again');
    assert.deepEqual(log.lines, []);
  });

  describe('when the system refuses to create its file', () => {
    const { open } = fs;
    let refusals: number;

    /** Refuses to create files, as Windows does while a file of that name is being deleted. */
    const refuse = (code: string, times: number): void => {
      refusals = 0;
      fs.open = (...args) =>
        ++refusals > times ? open(...args) : Promise.reject(Object.assign(new Error(code), { code }));
    };
    afterEach(() => (fs.open = open));

    for (const code of ['EPERM', 'EACCES', 'EBUSY']) {
      it(`is obtained after a temporary refusal (${code})`, async () => {
        refuse(code, 3);
        await lease().hold(() =>
          assert.rejects(
            lease({ waitMs: 30, staleMs: 30_000 }).hold(() => assert.fail('obtained although it is held')),
            LeaseTimeoutError,
          ),
        );
        assert.deepEqual([refusals > 3, log.lines], [true, []]);
      });
    }

    it('runs the work without a lease, with a warning, if the refusal lasts', async () => {
      refuse('EPERM', Infinity);
      assert.equal(await lease({ waitMs: 100, staleMs: 30_000 }).hold(() => Promise.resolve(7)), 7);
      assert.deepEqual([refusals > 1, log.lines], [true, ['warn: cannot keep other windows out: EPERM']]);
    });

    it('does not run the work without a lease while another window holds it', async () => {
      await lease().hold(() => {
        refuse('EPERM', Infinity);
        return assert.rejects(
          lease({ waitMs: 100, staleMs: 30_000 }).hold(() => assert.fail('obtained although it is held')),
          LeaseTimeoutError,
        );
      });
    });
  });

  it('rejects without starting the work when the lease is not free in time', async () => {
    await lease().hold(() =>
      assert.rejects(
        lease({ waitMs: 30, staleMs: 30_000 }).hold(() => assert.fail('the work was started')),
        LeaseTimeoutError,
      ),
    );
  });

  it('runs the work without a lease, with a warning, when its folder cannot be written', async () => {
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    assert.equal(
      await new FileLease(join(file, 'leases'), 'test', log).hold((hold) => hold.confirm().then(() => 7)),
      7,
    );
    assert.deepEqual(
      log.lines.map((line) => line.replace(/: [A-Z]+$/, '')),
      ['warn: cannot keep other windows out'],
    );
  });

  it('creates its folder', async () => {
    const nested = join(folder.path, 'a', 'b');
    await new FileLease(nested, 'test', log).hold(() => Promise.resolve());
    assert.equal((await readdir(nested)).length, 1);
  });
});
