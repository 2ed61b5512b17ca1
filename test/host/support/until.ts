import { setTimeout as delay } from 'node:timers/promises';

/** Waits for what takes as long as it takes; the test's own bound is what ends it. */
export async function until<T>(what: () => T | Promise<T>): Promise<Exclude<T, false | undefined>> {
  for (;;) {
    const found = await what();
    if (found !== false && found !== undefined) return found as Exclude<T, false | undefined>;
    await delay(20);
  }
}
