import assert from 'node:assert/strict';
import { TokenClipboard } from '../../../../src/ui/commands/tokenClipboard';
import { AlarmTimers, eventually } from '../../../support/alarmTimers';
import { Clock } from '../../../support/clock';

/** What a person and other programs share, and a browser may refuse to a window without the focus. */
class Clipboard {
  text = 'before';
  mood: 'willing' | 'refusing' | 'silent' | 'readOnly' = 'willing';
  reads = 0;

  readText(): Promise<string> {
    this.reads++;
    if (this.mood === 'refusing') return Promise.reject(new Error('Document is not focused.'));
    return Promise.resolve(this.mood === 'silent' ? '' : this.text);
  }

  writeText(text: string): Promise<void> {
    if (this.mood === 'refusing' || this.mood === 'readOnly')
      return Promise.reject(new Error('Document is not focused.'));
    this.text = text;
    return Promise.resolve();
  }
}

describe('A token in the clipboard', () => {
  let clock: Clock;
  let timers: AlarmTimers;
  let system: Clipboard;
  let clipboard: TokenClipboard;

  beforeEach(() => {
    clock = new Clock();
    timers = new AlarmTimers(clock);
    system = new Clipboard();
    clipboard = new TokenClipboard({ clipboard: () => system, now: clock.now });
  });
  afterEach(() => timers.restore());

  const pass = (seconds: number): void => timers.advanceTo(clock.now() + seconds * 1000);
  const aMinuteLater = async (): Promise<void> => {
    pass(60);
    await eventually(() => system.reads > 0);
    await new Promise(setImmediate);
  };

  it('is there for a minute', async () => {
    await clipboard.copy('token');
    pass(59);
    assert.deepEqual([system.text, system.reads], ['token', 0]);
    await aMinuteLater();
    assert.equal(system.text, '');
  });

  it('is there for another minute when it is copied again, or another one is', async () => {
    await clipboard.copy('token');
    pass(40);
    await clipboard.copy('another');
    pass(40);
    assert.deepEqual([system.text, system.reads], ['another', 0]);
    await aMinuteLater();
    assert.equal(system.text, '');
  });

  it('leaves alone what was copied since, now and later', async () => {
    await clipboard.copy('token');
    system.text = 'mine';
    await aMinuteLater();
    assert.equal(system.text, 'mine');
    // Forgotten, so that not even the same text is taken away from whoever copied it.
    system.text = 'token';
    await clipboard.clearIfDue();
    await clipboard.clear();
    assert.deepEqual([system.text, system.reads], ['token', 1]);
  });

  for (const mood of ['refusing', 'silent', 'readOnly'] as const) {
    it(`is taken out at the next focus where the window may not at its time (${mood})`, async () => {
      await clipboard.copy('token');
      system.mood = mood;
      await aMinuteLater();
      await clipboard.clearIfDue();
      system.mood = 'willing';
      assert.equal(system.text, 'token');
      await clipboard.clearIfDue();
      assert.equal(system.text, '');
    });

    it(`is taken out when the editor closes where the window might not at its time (${mood})`, async () => {
      await clipboard.copy('token');
      system.mood = mood;
      await aMinuteLater();
      system.mood = 'willing';
      await clipboard.clear();
      assert.equal(system.text, '');
    });
  }

  it('is taken out when the editor closes before its time, and not when the window gets the focus before', async () => {
    await clipboard.copy('token');
    await clipboard.clearIfDue();
    assert.equal(system.text, 'token');
    await clipboard.clear();
    assert.equal(system.text, '');
  });

  it('is no matter where none was copied', async () => {
    await clipboard.clear();
    await clipboard.clearIfDue();
    assert.deepEqual([system.text, system.reads], ['before', 0]);
  });

  it('is not taken away with the one before it', async () => {
    await clipboard.copy('token');
    const cleared = clipboard.clear();
    await clipboard.copy('another');
    await cleared;
    assert.equal(system.text, 'another');
  });

  it('that cannot be copied is a failure', async () => {
    system.mood = 'refusing';
    await assert.rejects(clipboard.copy('token'), /not focused/);
    system.mood = 'willing';
    await clipboard.clear();
    assert.equal(system.text, 'before');
  });
});
