import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Alarm } from '../../src/session/alarm';

describe('An alarm', () => {
  let rung: number;
  let alarm: Alarm;

  beforeEach(() => {
    rung = 0;
    alarm = new Alarm(() => 1_000, () => rung++);
  });

  afterEach(() => alarm.dispose());

  it('rings once when its moment has come', async () => {
    alarm.set(1_005);
    while (rung === 0) await delay(1);
    await delay(10);
    assert.equal(rung, 1);
  });

  it('rings for a moment that has passed', async () => {
    alarm.set(0);
    while (rung === 0) await delay(1);
  });

  for (const [what, at] of [['never', Infinity], ['in years', 1_000 + 100 * 365 * 86_400_000]] as const) {
    it(`set to ${what}, does not ring now`, async () => {
      alarm.set(1_001);
      alarm.set(at);
      await delay(20);
      assert.equal(rung, 0);
    });
  }

  it('does not ring once it is disposed of', async () => {
    alarm.set(1_001);
    alarm.dispose();
    await delay(20);
    assert.equal(rung, 0);
  });
});
