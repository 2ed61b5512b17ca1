import { performance } from 'node:perf_hooks';
import { accountsModel } from '../../src/ui/view/accountsModel';
import { AccountsTree } from '../../src/ui/view/accountsTree';
import { accountsInput, HOUR_MS, instance, signedIn } from '../support/accountsInput';
import { spread, type Spread } from './statistics';

export const BENCH_ACCOUNTS = 500;
const RUNS = 21;
/** How long building one instance with all of its accounts may take, in milliseconds. */
export const ACCOUNTS_BUDGET_MS = 50;

/** Measures how long the Accounts view takes to build one instance with 500 accounts, in milliseconds. */
export function accountsViewTimes(): Spread {
  const demo = instance('demo');
  const accounts = Array.from({ length: BENCH_ACCOUNTS }, (_, index) =>
    signedIn(`user ${index}`, demo, ((index % 100) - 5) * HOUR_MS),
  );
  const input = accountsInput([demo], accounts);
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    new AccountsTree().update(accountsModel(input, 'en'));
    return performance.now() - start;
  });
  return spread(times);
}
