import assert from 'node:assert/strict';
import { DemandedRenewals } from '../../../../src/session/tokens/demandedRenewals';
import { Clock } from '../../../support/clock';

describe('Renewals on demand of other extensions', () => {
  const clock = new Clock();
  let asked: string[];
  let outcome: (id: string) => Promise<unknown>;
  let renewals: DemandedRenewals;

  beforeEach(() => {
    asked = [];
    outcome = () => Promise.resolve();
    renewals = new DemandedRenewals({
      renew: (id) => {
        asked.push(id);
        return outcome(id);
      },
      clock,
    });
  });

  it('all start at once, and the caller waits for all of them', async () => {
    const done: string[] = [];
    outcome = async (id) => {
      for (let turns = id === 'other' ? 5 : 1; turns > 0; turns--)
        await new Promise((resolve) => setImmediate(resolve));
      if (id === 'failing') throw new Error('away');
      done.push(id);
      return undefined;
    };
    await renewals.run(['first', 'failing', 'other']);
    assert.deepEqual(
      [asked, done],
      [
        ['first', 'failing', 'other'],
        ['first', 'other'],
      ],
    );
  });

  it('that failed are not repeated for a while, so that callers do not wait for an unreachable server each time', async () => {
    outcome = () => Promise.reject(new Error('away'));
    for (let count = 0; count < 3; count++) await renewals.run(['a']);
    assert.deepEqual(asked, ['a']);
    clock.advance(15_000);
    outcome = () => Promise.resolve();
    await renewals.run(['a']);
    await renewals.run(['a']);
    assert.deepEqual(asked, ['a', 'a', 'a']);
  });

  it('that failed for one session do not affect another one', async () => {
    outcome = (id) => (id === 'a' ? Promise.reject(new Error('away')) : Promise.resolve());
    await renewals.run(['a']);
    await renewals.run(['a', 'b']);
    assert.deepEqual(asked, ['a', 'b']);
  });
});
