import type { InitialServices } from '../../initialServices';

type Observed = Pick<InitialServices, 'store' | 'instances' | 'rejectedClientSecrets' | 'shortLifetimes'>;

/** Loads the notices when the state may need one. Each notice checks the state itself. */
export function loadAtFirstSign(
  { store, instances, rejectedClientSecrets, shortLifetimes }: Observed,
  load: () => Promise<unknown>,
): { dispose(): void } {
  const look = (): void => {
    const isTold =
      instances.problems.length + instances.warnings.length > 0 ||
      store.accounts.some(
        (stored) => stored.lost || stored.unsaved !== undefined || rejectedClientSecrets.has(stored),
      ) ||
      shortLifetimes.ids.length > 0;
    if (!isTold) return;
    dispose();
    void load();
  };
  const subscriptions = [store, instances, rejectedClientSecrets, shortLifetimes].map(({ onDidChange }) =>
    onDidChange(look),
  );
  const dispose = (): void => subscriptions.forEach((subscription) => subscription.dispose());
  look();
  return { dispose };
}
