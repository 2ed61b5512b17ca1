import assert from 'node:assert/strict';
import { juergen, maxPower, shop } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import {
  accounts,
  accountsAre,
  allow,
  answerPassword,
  clearNotifications,
  execute,
  fillIn,
  newConsumerResult,
  noQuickInput,
  notifications,
  passwordPrompt,
} from './steps';

// The served editor has a separate secret storage in each window. It is replaced by one that both windows share, as on
// the desktop.
describe('A user with two windows', () => {
  let editor: Editor;
  let first: Window;
  let second: Window;
  let host: string;

  before(async () => {
    editor = await Editor.start({
      sharesSecrets: true,
      settings: (sandbox) => ({ 'zeyos.instances': [{ url: sandbox.url('demo') }, { url: sandbox.url('shop') }] }),
    });
    first = await editor.open();
    second = await editor.open();
    host = new URL(editor.sandbox.origin).host;
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => first);

  const tokensOf = (user: string): readonly boolean[] =>
    editor.sandbox
      .tokens()
      .filter((token) => token.user === user)
      .map(({ active }) => active);

  it('signs in in one window, and is signed in in the other', async () => {
    await second.workbench.page.bringToFront();
    await status(second, /Sign in to demo/);
    await second.workbench.statusClick(STATUS);
    await fillIn(second, 'demo', maxPower.name, maxPower.password);
    await status(second, /demo: max\.power/);
    await status(first, /demo: max\.power/);
    await accountsAre(first, `max.power (${host}/demo)`);
    assert.deepEqual(await notifications(first), []);
  });

  it('signs out in one window, and is signed out in the other', async () => {
    await first.workbench.page.bringToFront();
    await first.workbench.run('ZeyOS: Sign Out');
    await first.workbench.dialogClick('Sign Out');
    await status(first, /Sign in to demo/);
    await status(second, /Sign in to demo/);
    await accountsAre(second);
    assert.deepEqual(await notifications(second), []);
    await until('the revocation', () => tokensOf('max.power').every((active) => !active));
  });

  it('signs in to two accounts in two windows at the same time, and has both accounts in both windows', async () => {
    const lift = editor.sandbox.fault('POST /demo/auth/v1/token', { kind: 'delay', ms: 300 });
    const windows = [
      [first, maxPower],
      [second, juergen],
    ] as const;
    for (const [window, user] of windows) {
      await window.workbench.page.bringToFront();
      await window.workbench.statusClick(STATUS);
      await window.workbench.quickInput.answer('Sign in to demo', user.name);
      await window.workbench.quickInput.widget.getByText(passwordPrompt(user.name)).waitFor();
      await window.workbench.quickInput.box.fill(user.password);
    }
    await Promise.all(windows.map(([window]) => window.workbench.quickInput.accept()));
    for (const [window] of windows) await accountsAre(window, `max.power (${host}/demo)`, `jürgen (${host}/demo)`);
    lift();
    await status(first, /demo: max\.power/);
    await status(second, /demo: jürgen/);
    assert.equal(tokensOf('max.power').at(-1), true);
    assert.deepEqual(tokensOf('jürgen'), [true]);
  });

  it('reloads a window during a sign-in without any effect', async () => {
    await first.workbench.page.bringToFront();
    const before = editor.sandbox.tokens().length;
    void execute(first, 'zeyos.signIn', { instance: editor.sandbox.url('shop') }).catch(() => undefined);
    await first.workbench.quickInput.answer('Sign in to shop', shop.users[0].name);
    const lift = editor.sandbox.fault('POST /shop/auth/v1/token', { kind: 'hang' });
    await answerPassword(first, 'shop', shop.users[0].name, shop.users[0].password);
    await until('the request', () => editor.sandbox.requests.some(({ path }) => path === '/shop/auth/v1/token'));
    first = await editor.reload(first);
    lift();
    await noQuickInput(first);
    // Unlike on the desktop, both windows have the same workspace and so the same active account.
    await status(first, /demo: (max\.power|jürgen) \(/);
    assert.equal(editor.sandbox.tokens().length, before);
    assert.deepEqual([...(await accounts(first))].sort(), [`jürgen (${host}/demo)`, `max.power (${host}/demo)`]);
    assert.deepEqual(await notifications(first), []);
  });

  it('sees a session expire in both windows, and no window hands out its token', async () => {
    for (const window of [first, second]) {
      await execute(window, 'zeyos.switchInstance', { instance: editor.sandbox.url('shop') });
      await status(window, /Sign in to shop/);
    }
    await first.workbench.page.bringToFront();
    await first.workbench.statusClick(STATUS);
    await fillIn(first, 'shop', shop.users[0].name, shop.users[0].password);
    await status(first, /shop: shopkeeper/);
    await newConsumerResult(first, 'whoAmI', async () => {
      await first.workbench.run('ZeyOS Consumer: Who Am I');
      await allow(first, 'shopkeeper', first.workbench.toast(/Signed in to .*shop as shopkeeper/));
    });
    await clearNotifications(first);
    // The next token lives as long as the test needs to look at it.
    editor.sandbox.instance('shop').lifetimeSeconds = 25;
    const result = execute(first, 'zeyos.signIn', {
      instance: editor.sandbox.url('shop'),
      account: shop.users[0].name,
    });
    await answerPassword(first, 'shop', shop.users[0].name, shop.users[0].password);
    assert.notEqual(await result, null);
    await status(first, /shop: less than 1 min left/);
    assert.match((await first.workbench.statusItem(STATUS).getAttribute('class')) ?? '', /warning-kind/);
    await first.shot('expiring');
    assert.ok(
      (await newConsumerResult(first, 'silent', () => execute(first, 'zeyosConsumer.silent'))).account?.startsWith(
        'shopkeeper',
      ),
      'the token must be handed out before its end',
    );
    for (const window of [first, second])
      await window.workbench.statusItem(STATUS).filter({ hasText: 'shop: sign in again' }).waitFor({ timeout: 40_000 });
    assert.match((await first.workbench.statusItem(STATUS).getAttribute('class')) ?? '', /error-kind/);
    await first.shot('expired');
    assert.equal(
      (await newConsumerResult(first, 'silent', () => execute(first, 'zeyosConsumer.silent'))).account,
      undefined,
    );
    assert.deepEqual(await notifications(first), []);
  });

  it('signs in again with one click and the user name filled in', async () => {
    editor.sandbox.instance('shop').lifetimeSeconds = 3600;
    await first.workbench.statusClick(STATUS);
    await answerPassword(first, 'shop', shop.users[0].name, shop.users[0].password);
    await status(first, /shop: shopkeeper \(5\d min\)/);
    await status(second, /shop: shopkeeper \(5\d min\)/);
    assert.ok(
      (await newConsumerResult(first, 'silent', () => execute(first, 'zeyosConsumer.silent'))).account?.startsWith(
        'shopkeeper',
      ),
      'the consent must last',
    );
  });
});
