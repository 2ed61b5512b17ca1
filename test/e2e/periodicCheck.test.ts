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

// The tokens live for a day, so only the server ends the session. Both windows share one secret storage and one
// workspace.
describe('A user with two windows whose session is ended elsewhere', () => {
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
  const sessionEventCount = async (window: Window): Promise<number> =>
    (await consumerResults(window)).filter(({ name }) => name === 'onDidChangeSessions').length;
  const silent = async (window: Window): Promise<string | undefined> =>
    (await newConsumerResult(window, 'silent', () => execute(window, 'zeyosConsumer.silent'))).account;

  it('signs in, and allows an extension to use the session', async () => {
    await first.workbench.page.bringToFront();
    await first.workbench.statusClick(STATUS);
    await fillIn(first, 'demo', maxPower.name, maxPower.password);
    for (const window of [first, second]) await status(window, /demo: max\.power/);
    await first.workbench.run('ZeyOS Consumer: Who Am I');
    await allow(first, 'max.power', first.workbench.toast(/Signed in to .*demo as max\.power/));
    await clearNotifications(first);
    // The other window learns of the consent with a delay.
    for (const window of [first, second])
      await until('the session', async () => (await silent(window)) === `max.power (${host}/demo)`, 30_000);
  });

  it('causes one introspection an interval from both windows together', async () => {
    editor.sandbox.clearRequests();
    await until('five of them', () => introspections().length >= 5, 60_000);
    // Both windows believe to have the focus. Two independent windows would send two requests an interval. Once, their
    // requests may coincide.
    const [start = 0, , , , end = 0] = introspections();
    assert.ok(end - start > 2.5 * INTERVAL_MS, `five introspections came within ${end - start} ms`);
    assert.deepEqual(
      editor.sandbox.requests.filter(({ path }) => !path.endsWith('/introspect')),
      [],
    );
  });

  it('takes the focus from both windows, and no introspection is sent', async () => {
    for (const window of [first, second]) await focus(window, false);
    const before = introspections().length;
    // Only time can show that nothing happens.
    await delay(2.5 * INTERVAL_MS);
    // One introspection may have been in flight.
    assert.ok(introspections().length <= before + 1);
    for (const window of [first, second]) await status(window, /demo: max\.power/);
  });

  it('focuses one window, which detects that the session was ended, and both windows show it', async () => {
    const before = introspections().length;
    await focus(first, true);
    await until('a question right away', () => introspections().length > before);
    await status(first, /demo: max\.power/);
    const heardBefore = await Promise.all([first, second].map(sessionEventCount));
    editor.sandbox.revokeAll();
    await status(first, /demo: sign in again/);
    await first.shot('ended-elsewhere');
    assert.match((await first.workbench.statusItem(STATUS).getAttribute('class')) ?? '', /error-kind/);
    await status(second, /demo: sign in again/);
    for (const [index, window] of [first, second].entries()) {
      await accountsAre(window);
      assert.equal(await silent(window), undefined, 'no window may hand out the token');
      await until('the news', async () => (await sessionEventCount(window)) > (heardBefore[index] ?? 0));
      assert.deepEqual(await notifications(window), []);
    }
  });
});
