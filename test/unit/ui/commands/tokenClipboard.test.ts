import assert from 'node:assert/strict';
import { TokenClipboard } from '../../../../src/ui/commands/tokenClipboard';
import { Clock, eventually } from '../../../support/clock';

/** A clipboard that other programs can change. In a browser it may refuse a window without the focus. */
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

describe('A copied token', () => {
  let clock: Clock;
  let system: Clipboard;
  let clipboard: TokenClipboard;

  beforeEach(() => {
    clock = new Clock();
    system = new Clipboard();
    clipboard = new TokenClipboard({ clipboard: () => system, clock });
  });

  const pass = (seconds: number): void => clock.advanceTo(clock.now() + seconds * 1000);
  const aMinuteLater = async (): Promise<void> => {
    pass(60);
    await eventually(() => system.reads > 0);
    await new Promise(setImmediate);
  };

  it('is cleared from the clipboard after a minute', async () => {
    await clipboard.copy('token');
    pass(59);
    assert.deepEqual([system.text, system.reads], ['token', 0]);
    await aMinuteLater();
    assert.equal(system.text, '');
  });

  it('stays for another minute when a token is copied again', async () => {
    await clipboard.copy('token');
    pass(40);
    await clipboard.copy('another');
    pass(40);
    assert.deepEqual([system.text, system.reads], ['another', 0]);
    await aMinuteLater();
    assert.equal(system.text, '');
  });

  it('is forgotten when the clipboard holds something else after a minute', async () => {
    await clipboard.copy('token');
    system.text = 'mine';
    await aMinuteLater();
    assert.equal(system.text, 'mine');
    // The token is forgotten: a later copy of the same text by another program stays.
    system.text = 'token';
    await clipboard.clearIfDue();
    await clipboard.clear();
    assert.deepEqual([system.text, system.reads], ['token', 1]);
  });

  for (const mood of ['refusing', 'silent', 'readOnly'] as const) {
    it(`is cleared when the window gets the focus if the clipboard is ${mood} after a minute`, async () => {
      await clipboard.copy('token');
      system.mood = mood;
      await aMinuteLater();
      await clipboard.clearIfDue();
      system.mood = 'willing';
      assert.equal(system.text, 'token');
      await clipboard.clearIfDue();
      assert.equal(system.text, '');
    });

    it(`is cleared when the editor closes if the clipboard was ${mood} after a minute`, async () => {
      await clipboard.copy('token');
      system.mood = mood;
      await aMinuteLater();
      system.mood = 'willing';
      await clipboard.clear();
      assert.equal(system.text, '');
    });
  }

  it('is cleared when the editor closes within the minute, but not at a focus within the minute', async () => {
    await clipboard.copy('token');
    await clipboard.clearIfDue();
    assert.equal(system.text, 'token');
    await clipboard.clear();
    assert.equal(system.text, '');
  });

  it('does not exist at first: the clipboard is neither read nor changed', async () => {
    await clipboard.clear();
    await clipboard.clearIfDue();
    assert.deepEqual([system.text, system.reads], ['before', 0]);
  });

  it('stays when it is copied while an earlier token is cleared', async () => {
    await clipboard.copy('token');
    const cleared = clipboard.clear();
    await clipboard.copy('another');
    await cleared;
    assert.equal(system.text, 'another');
  });

  it('rejects when the clipboard refuses it, and is not cleared later', async () => {
    system.mood = 'refusing';
    await assert.rejects(clipboard.copy('token'), /not focused/);
    system.mood = 'willing';
    await clipboard.clear();
    assert.equal(system.text, 'before');
  });
});
