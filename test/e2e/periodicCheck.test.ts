import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { maxPower } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import {
  accountsAre,
  allow,
  clearNotifications,
  consumerResults,
  execute,
  fillIn,
  focus,
  newConsumerResult,
  notifications,
} from './steps';

const INTERVAL_MS = 2000;

// The tokens live for a day: what ends the session is the server. Both windows have one store, as the desktop's do, and one workspace.
describe('a person whose session is ended elsewhere, with two windows', () => {
  let editor: Editor;
  let first: Window;
  let second: Window;
  let host: string;

  before(async () => {
    editor = await Editor.start({
      sharesSecrets: true,
      settings: (sandbox) => ({
        'zeyos.instances': [{ url: sandbox.url('demo') }],
        'zeyos.checkIntervalMinutes': INTERVAL_MS / 60_000,
      }),
    });
    first = await editor.open();
    second = await editor.open();
    host = new URL(editor.sandbox.origin).host;
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => first);

  const introspections = (): readonly number[] =>
    editor.sandbox.requests.filter(({ path }) => path.endsWith('/introspect')).map(({ at }) => at);
  /** How often the extension that has the session heard that something is different. */
  const heard = async (window: Window): Promise<number> =>
    (await consumerResults(window)).filter(({ name }) => name === 'onDidChangeSessions').length;
  const silent = async (window: Window): Promise<string | undefined> =>
    (await newConsumerResult(window, 'silent', () => execute(window, 'zeyosConsumer.silent'))).account;

  it('signs in, and lets an extension have the session', async () => {
    await first.workbench.page.bringToFront();
    await first.workbench.statusClick(STATUS);
    await fillIn(first, 'demo', maxPower.name, maxPower.password);
    for (const window of [first, second]) await status(window, /demo: max\.power/);
    await first.workbench.run('ZeyOS Consumer: Who Am I');
    await allow(first, 'max.power', first.workbench.toast(/Signed in to .*demo as max\.power/));
    await clearNotifications(first);
    // That it was let in gets to the other window in its own time.
    for (const window of [first, second])
      await until('the session', async () => (await silent(window)) === `max.power (${host}/demo)`, 30_000);
  });

  it('has the server asked by itself, once an interval, by only one of the windows', async () => {
    editor.sandbox.clearRequests();
    await until('five of them', () => introspections().length >= 5, 60_000);
    // Both have the focus, as far as they know. If each went by itself, there would be two an interval; once, they may meet.
    const [start = 0, , , , end = 0] = introspections();
    assert.ok(end - start > 2.5 * INTERVAL_MS, `five within ${end - start} ms`);
    assert.deepEqual(
      editor.sandbox.requests.filter(({ path }) => !path.endsWith('/introspect')),
      [],
    );
  });

  it('looks at neither, and nothing is asked', async () => {
    for (const window of [first, second]) await focus(window, false);
    const before = introspections().length;
    // That nothing happens is to be seen only after a while.
    await delay(2.5 * INTERVAL_MS);
    // One may have been under way.
    assert.ok(introspections().length <= before + 1);
    for (const window of [first, second]) await status(window, /demo: max\.power/);
  });

  it('comes back to one, which sees by itself that the session has been ended, and tells the other', async () => {
    const before = introspections().length;
    await focus(first, true);
    await until('a question right away', () => introspections().length > before);
    await status(first, /demo: max\.power/);
    const heardBefore = await Promise.all([first, second].map(heard));
    editor.sandbox.revokeAll();
    await status(first, /demo: sign in again/);
    await first.shot('ended-elsewhere');
    assert.match((await first.workbench.statusItem(STATUS).getAttribute('class')) ?? '', /error-kind/);
    await status(second, /demo: sign in again/);
    for (const [index, window] of [first, second].entries()) {
      await accountsAre(window);
      assert.equal(await silent(window), undefined, 'nobody gets the token any more');
      await until('the news', async () => (await heard(window)) > (heardBefore[index] ?? 0));
      assert.deepEqual(await notifications(window), []);
    }
  });
});
