import type { Bound } from '../../../src/base/deadline';

/**
 * Resolves when `progress` has returned the same number for the time of the bound.
 * @throws when the signal of the bound is aborted
 */
export async function whenStalled({ clock, ms, signal }: Bound, progress: () => number): Promise<void> {
  for (let before, now = progress(); now !== before; now = progress()) {
    before = now;
    await clock.wait(ms, signal);
  }
}
