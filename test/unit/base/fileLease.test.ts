import assert from 'node:assert/strict';
import fs, { mkdir, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileLease, type LeaseBounds } from '../../../src/base/fileLease';
import type { Hold } from '../../../src/base/lease';
import { Clock, eventually, turns } from '../../support/clock';
import { temporaryFolder } from '../../support/cleanUp';
import { MemoryLog } from '../../support/memoryLog';

describe('A lease', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let log: MemoryLog;
  let clock: Clock;

  beforeEach(() => {
    folder = temporaryFolder('lease');
    log = new MemoryLog();
    clock = new Clock(undefined, { holdsPauses: true });
  });

  afterEach(() => folder.remove());

  const fileLease = (bounds: LeaseBounds, its = clock): FileLease =>
    new FileLease(folder.path, 'test', { clock: its, log, bounds });
  /** A lease for which the clock moves as long as anything waits for it. */
  const lease = (bounds: LeaseBounds = { waitMs: 10_000, staleMs: 30_000 }) => ({
    hold: <T>(work: (hold: Hold) => Promise<T>): Promise<T> => clock.run(fileLease(bounds).hold(work)),
  });

  /** Moves the time of each lease file into the future, as if the clock had been set back since. */
  const setClockBack = async (): Promise<void> => {
    const inAnHour = new Date(clock.now() + 3_600_000);
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
      await clock.wait(2);
      holders--;
      done++;
    };
    // The same window three times, and three other windows.
    await Promise.all([window, window, window, lease(), lease(), lease()].map((one) => one.hold(work)));
    assert.deepEqual([most, done], [1, 6]);
  });

  it('lets leases of different names be held at the same time', async () => {
    await lease().hold(() =>
      new FileLease(folder.path, 'test.other', { clock, log }).hold(() =>
        new FileLease(folder.path, 'other', { clock, log }).hold(() => Promise.resolve()),
      ),
    );
  });

  it('leaves one empty file behind after five holds', async () => {
    for (let i = 0; i < 5; i++) await lease().hold(() => Promise.resolve());
    const files = await readdir(folder.path);
    assert.equal(files.length, 1);
    assert.equal(await readFile(join(folder.path, files[0] ?? ''), 'utf8'), '');
  });

  it('that its holder keeps for a long time is not taken over', async () => {
    const bounds = { waitMs: 4_000, staleMs: 1_000 };
    const order: string[] = [];
    let begun = (): void => undefined;
    const holding = new Promise<void>((resolve) => (begun = resolve));
    const slow = lease(bounds).hold(async () => {
      begun();
      await clock.wait(1_300);
      order.push('slow');
    });
    await holding;
    await lease(bounds).hold(() => Promise.resolve(order.push('next')));
    await slow;
    assert.deepEqual(order, ['slow', 'next']);
  });

  describe('whose holder died', () => {
    /** Creates the holder's file. Its clock stands still, so it has no heartbeat. */
    const die = (bounds: LeaseBounds): Promise<void> =>
      new Promise((resolve) => {
        void fileLease(bounds, new Clock()).hold(() => {
          resolve();
          return new Promise<never>(() => undefined);
        });
      });

    it('is not taken over while the holder may still be alive', async () => {
      await die({ waitMs: 100, staleMs: 30_000 });
      await assert.rejects(
        lease({ waitMs: 100, staleMs: 30_000 }).hold(() => assert.fail('taken over')),
        { name: 'LeaseError', reason: 'timeout' },
      );
    });

    it('is taken over by one waiting holder at a time after it was stale', async () => {
      await die({ waitMs: 100, staleMs: 30_000 });
      let holders = 0;
      const work = async (): Promise<void> => {
        assert.equal(++holders, 1);
        await clock.wait(20);
        holders--;
      };
      const bounds = { waitMs: 80_000, staleMs: 30_000 };
      await Promise.all([lease(bounds), lease(bounds), lease(bounds)].map((one) => one.hold(work)));
    });

    it('is taken over although the clock was set back since', async () => {
      await die({ waitMs: 100, staleMs: 1_000 });
      await setClockBack();
      assert.equal(await lease({ waitMs: 4_000, staleMs: 1_000 }).hold(() => Promise.resolve(7)), 7);
    });
  });

  it('is lost if only the process of its holder slept, and the holder gets to know that before its next write', async () => {
    const bounds = { waitMs: 15_000, staleMs: 1_000 };
    const asleep = new Clock();
    let confirm = (): Promise<void> => assert.fail('not held');
    await new Promise<void>((resolve) => {
      void fileLease(bounds, asleep).hold((hold) => {
        confirm = () => hold.confirm();
        resolve();
        return new Promise<never>(() => undefined);
      });
    });
    await confirm();
    await lease(bounds).hold(async (hold) => {
      await assert.rejects(confirm(), { name: 'LeaseError', reason: 'lost' });
      await hold.confirm();
    });
    await assert.rejects(confirm(), { name: 'LeaseError', reason: 'lost' });
  });

  it('stays with its holder if the holder and the waiting window slept at the same time', async () => {
    const bounds = { waitMs: 60_000, staleMs: 2_000 };
    const clockOfHolder = new Clock(undefined, { holdsPauses: true });
    let isTaken = false;
    let letGo: (() => void) | undefined;
    const holding = fileLease(bounds, clockOfHolder).hold(() => new Promise<void>((resolve) => (letGo = resolve)));
    await eventually(() => letGo !== undefined);
    const waiting = fileLease(bounds).hold(() => Promise.resolve((isTaken = true)));
    /** Lets the waiting window look at the file several times. A pause between two looks lasts 50 ms at most. */
    const look = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) {
        await eventually(() => clock.waits.length > 0 || isTaken);
        clock.elapse(50);
      }
      await eventually(() => clock.waits.length > 0 || isTaken);
    };
    /** Lets the holder write each heartbeat that is due. */
    const beat = async (ms: number): Promise<void> => {
      clockOfHolder.elapse(ms);
      const lastBeat = (clockOfHolder.due[0] ?? 0) - bounds.staleMs / 5;
      while (Math.round((await stat(join(folder.path, 'test.1'))).mtimeMs) < lastBeat) await turns(1);
    };
    await look(2);
    await beat(100);
    // The machine sleeps: time passes without timers.
    clock.advance(2_500);
    clockOfHolder.advance(2_500);
    await look(10);
    assert.equal(isTaken, false, 'the window that waits woke up first, and took the lease over');
    for (let i = 0; i < 40; i++) {
      await beat(50);
      await look(1);
    }
    assert.equal(isTaken, false);
    letGo?.();
    await clock.run(Promise.all([holding, waiting]));
  });

  it('stays with its holder when the clock was set back', async () => {
    const bounds = { waitMs: 400, staleMs: 1_000 };
    await lease(bounds).hold(async () => {
      await setClockBack();
      await assert.rejects(
        lease(bounds).hold(() => assert.fail('obtained although it is held')),
        { name: 'LeaseError', reason: 'timeout' },
      );
    });
  });

  it('is obtained although the file of an earlier holder cannot be removed', async () => {
    const old = join(folder.path, 'test.1');
    await mkdir(old);
    await utimes(old, 0, 0);
    await lease().hold(async () => {
      assert.deepEqual((await readdir(folder.path)).sort(), ['test.1', 'test.2']);
      await assert.rejects(
        lease({ waitMs: 30, staleMs: 30_000 }).hold(() => assert.fail('obtained although it is held')),
        { name: 'LeaseError', reason: 'timeout' },
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
            { name: 'LeaseError', reason: 'timeout' },
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
          { name: 'LeaseError', reason: 'timeout' },
        );
      });
    });
  });

  it('rejects without starting the work when the lease is not free in time', async () => {
    await lease().hold(() =>
      assert.rejects(
        lease({ waitMs: 30, staleMs: 30_000 }).hold(() => assert.fail('the work was started')),
        { name: 'LeaseError', reason: 'timeout' },
      ),
    );
  });

  it('runs the work without a lease, with a warning, when its folder cannot be written', async () => {
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    assert.equal(
      await new FileLease(join(file, 'leases'), 'test', { clock, log }).hold((hold) => hold.confirm().then(() => 7)),
      7,
    );
    assert.deepEqual(
      log.lines.map((line) => line.replace(/: [A-Z]+$/, '')),
      ['warn: cannot keep other windows out'],
    );
  });

  it('creates its folder', async () => {
    const nested = join(folder.path, 'a', 'b');
    await new FileLease(nested, 'test', { clock, log }).hold(() => Promise.resolve());
    assert.equal((await readdir(nested)).length, 1);
  });
});
