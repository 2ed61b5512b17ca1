import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { nextChange } from '../../../../src/ui/status/statusBarModel';
import type { AccountsInput } from '../../../../src/ui/status/accountsInput';
import { accountsModel } from '../../../../src/ui/view/accountsModel';
import { badgeOf } from '../../../../src/ui/view/badge';
import { accountsInput, HOUR_MS, instance, signedIn } from '../../../support/accountsInput';

const DAY_MS = 24 * HOUR_MS;
const [demo, acme] = [instance('demo'), instance('acme')];

describe('The Accounts view and its badge', () => {
  const lastsMs = fc.oneof(
    fc.integer({ min: -HOUR_MS, max: 2 * HOUR_MS }),
    fc.integer({ min: -DAY_MS, max: 10 * DAY_MS }),
    fc.constantFrom(0, 1, HOUR_MS, DAY_MS, 6 * DAY_MS, 6 * DAY_MS - 1, 6 * DAY_MS + 1),
  );
  const input: fc.Arbitrary<AccountsInput> = fc
    .record({
      lasts: fc.array(lastsMs, { minLength: 1, maxLength: 3 }),
      warningMs: fc.constantFrom(0, HOUR_MS / 2, 5 * HOUR_MS, 3 * DAY_MS, 90_001),
      isReachable: fc.boolean(),
      needsSecret: fc.boolean(),
      now: fc.integer({ min: 0, max: HOUR_MS }),
    })
    .map(({ lasts, warningMs, isReachable, needsSecret, now }) =>
      accountsInput(
        [demo, acme],
        lasts.map((each, index) => signedIn(`user ${index}`, index === 1 ? acme : demo, each)),
        { warningMs, isReachable: () => isReachable, needsSecret: () => needsSecret, now },
      ),
    );

  it('do not change before the moment that the timer of the status bar is set for', () => {
    const drawn = (state: AccountsInput): unknown => [accountsModel(state, 'en'), badgeOf(state)];
    fc.assert(
      fc.property(input, fc.double({ min: 0, max: 1, noNaN: true }), (state, part) => {
        const next = nextChange(state);
        const until = next === Infinity ? state.now + 30 * DAY_MS : next - 1;
        const before = drawn(state);
        assert.deepEqual(drawn({ ...state, now: until }), before);
        assert.deepEqual(drawn({ ...state, now: Math.floor(state.now + (until - state.now) * part) }), before);
      }),
      { numRuns: 200 },
    );
  });
});
