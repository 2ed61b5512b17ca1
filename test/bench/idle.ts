import { systemClock } from '../../src/base/clock';
import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createBackground } from '../../src/background';
import { FileTurn } from '../../src/base/turn';
import { createServices } from '../../src/services';
import { PlatformUrl } from '../../src/zeyos/address/platform';
import { temporaryFolder } from '../support/cleanUp';
import { MemorySecrets } from '../support/memorySecrets';
import { memorySeams } from '../support/seams';
import { keptSession, renewingServer } from './sessions';

export interface IdleCosts {
  readonly windows: number;
  readonly areFocused: boolean;
  readonly minutes: number;
  /** Of all windows together. */
  readonly requests: number;
  readonly secretReads: number;
  /** Timers that were set, and those that rang. */
  readonly timers: number;
  readonly wakeUps: number;
}

const PLATFORM = PlatformUrl.parse('https://cloud.example.invalid/demo');
/** The default of the setting. */
const INTERVAL_MS = 15 * 60_000;

interface Counts {
  requests: number;
  timers: number;
  wakeUps: number;
}

/** Whose timers are counted. */
const counted = new AsyncLocalStorage<Counts>();

/**
 * Counts the timers that are set, and those that ring, of whatever runs within {@link counted}. Returns how to stop
 * that.
 */
function countTimers(): () => void {
  const original = globalThis.setTimeout;
  globalThis.setTimeout = ((callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
    const counts = counted.getStore();
    if (!counts) return original(callback, ms, ...args);
    counts.timers++;
    const ring = (...given: unknown[]): void => {
      counts.wakeUps++;
      callback(...given);
    };
    return original(ring, ms, ...args);
  }) as typeof setTimeout;
  return () => (globalThis.setTimeout = original);
}

/**
 * Lets windows with 100 accounts do nothing, side by side, and counts what each group of them does by itself: the core
 * and what runs in the background, in real time.
 */
export async function idleCosts(
  groups: readonly { readonly windows: number; readonly areFocused: boolean }[],
  minutes: number,
): Promise<readonly IdleCosts[]> {
  const stop = countTimers();
  try {
    return await Promise.all(groups.map(({ windows, areFocused }) => idleGroup(windows, areFocused, minutes)));
  } finally {
    stop();
  }
}

async function idleGroup(windows: number, areFocused: boolean, minutes: number): Promise<IdleCosts> {
  const folder = temporaryFolder('idle');
  const secrets = new MemorySecrets();
  const counts: Counts = { requests: 0, timers: 0, wakeUps: 0 };
  const first = createServices(memorySeams({ secrets, clock: systemClock }));
  for (let index = 0; index < 100; index++) await keptSession(first, PLATFORM, index);
  first.dispose();
  secrets.operations.length = 0;
  const open = async (): Promise<{ dispose(): void }[]> => {
    const services = createServices(
      memorySeams({
        secrets,
        clock: systemClock,
        fetch: (...request) => {
          counts.requests++;
          return renewingServer(...request);
        },
        turn: new FileTurn(join(folder.path, 'turns'), systemClock),
        isFocused: () => areFocused,
        settings: {
          instances: {
            read: () => [{ url: PLATFORM.href }],
            write: () => Promise.resolve(),
            onDidChange: () => ({ dispose: () => undefined }),
          },
          checkIntervalMs: () => INTERVAL_MS,
        },
      }),
    );
    const background = createBackground(services);
    await background.start();
    return [background, services];
  };
  const opened: { dispose(): void }[] = [];
  for (let window = 0; window < windows; window++) {
    opened.push(...(await counted.run(counts, open)));
    // Two windows of a person do not open in the same moment.
    await delay(100);
  }
  await delay(minutes * 60_000);
  opened.forEach((part) => part.dispose());
  folder.remove();
  const secretReads = secrets.operations.filter((operation) => operation.startsWith('get ')).length;
  return { windows, areFocused, minutes, ...counts, secretReads };
}
