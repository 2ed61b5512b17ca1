import assert from 'node:assert/strict';
import { soon } from '../../../src/base/soon';
import { Clock } from '../../support/clock';

describe('Work that starts soon', () => {
  const events: string[] = [];
  const start = (): { dispose(): void } => {
    events.push('started');
    return { dispose: () => events.push('disposed') };
  };
  beforeEach(() => void (events.length = 0));

  it('starts after the code that asks for it', () => {
    const clock = new Clock();
    soon(clock, start);
    events.push('asked');
    clock.elapse(1);
    assert.deepEqual(events, ['asked', 'started']);
  });

  it('is disposed of once it has started', () => {
    const clock = new Clock();
    const work = soon(clock, start);
    clock.elapse(1);
    work.dispose();
    assert.deepEqual(events, ['started', 'disposed']);
  });

  it('never starts if it is disposed of before', () => {
    const clock = new Clock();
    soon(clock, start).dispose();
    clock.elapse(1);
    assert.deepEqual(events, []);
  });
});
