import type { Clock } from './clock';

interface Disposable {
  dispose(): void;
}

/** Calls `start` after the current event. Disposing prevents or undoes it. */
export function soon(clock: Clock, start: () => Disposable): Disposable {
  let started: Disposable | undefined;
  const alarm = clock.at(clock.now(), () => (started = start()));
  return {
    dispose(): void {
      alarm.dispose();
      started?.dispose();
    },
  };
}
