import assert from 'node:assert/strict';
import { Alarm } from '../../../src/base/alarm';
import { Clock } from '../../support/clock';

describe('An alarm', () => {
  let clock: Clock;
  let rung: number;
  let alarm: Alarm;

  beforeEach(() => {
    clock = new Clock(1_000);
    rung = 0;
    alarm = new Alarm(clock, () => rung++);
  });

  afterEach(() => alarm.dispose());

  it('rings once when the set time is reached', () => {
    alarm.set(1_005);
    clock.advanceTo(1_004);
    assert.equal(rung, 0);
    clock.advanceTo(1_005);
    clock.advanceTo(9_999);
    assert.equal(rung, 1);
  });

  it('rings at once when the set time has passed', () => {
    alarm.set(0);
    clock.elapse(1);
    assert.equal(rung, 1);
  });

  it('does not ring for a moment that was replaced by "never"', () => {
    alarm.set(1_001);
    alarm.set(Infinity);
    clock.elapse(100 * 365 * 86_400_000);
    assert.equal(rung, 0);
  });

  it('does not ring for a moment that was replaced by a later one', () => {
    alarm.set(1_001);
    alarm.set(2_000);
    clock.advanceTo(1_999);
    assert.equal(rung, 0);
    clock.advanceTo(2_000);
    assert.equal(rung, 1);
  });

  it('does not ring after it is disposed of', () => {
    alarm.set(1_001);
    alarm.dispose();
    clock.elapse(1_000);
    assert.equal(rung, 0);
  });
});
