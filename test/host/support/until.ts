import { setTimeout as delay } from 'node:timers/promises';

/** Polls until `what` returns a value. The test’s time-out is the limit. */
export async function until<T>(what: () => T | Promise<T>): Promise<Exclude<T, false | undefined>> {
  for (;;) {
    const found = await what();
    if (found !== false && found !== undefined) return found as Exclude<T, false | undefined>;
    await delay(20);
  }
}
