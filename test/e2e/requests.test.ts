import assert from 'node:assert/strict';
import { acme, maxPower } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import {
  answerPassword,
  chooseMethod,
  clearNotifications,
  configure,
  execute,
  fillIn,
  newConsumerResult,
  noQuickInput,
  notifications,
} from './steps';

interface Session {
  readonly id: string;
  readonly account: { readonly id: string; readonly label: string };
  readonly scopes: readonly string[];
}

describe('A user of an extension that requests a session', () => {
  let editor: Editor;
  let window: Window;

  before(async () => {
    editor = await Editor.start();
    window = await editor.open();
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  /** Resolves to the session without its token, or to the error’s name and message. */
  const getSession = (
    scopes: readonly string[],
    options: unknown,
  ): Promise<Session | { readonly error: string } | null> =>
    window.bridge.evaluate(
      `try {
        const session = await vscode.authentication.getSession('zeyos', arg.scopes, arg.options);
        return session && { id: session.id, account: session.account, scopes: session.scopes };
      } catch (error) { return { error: error.name + ': ' + error.message }; }`,
      { scopes, options },
    );

  it('cancels while no instance is configured, without further prompts or messages', async () => {
    const { workbench } = window;
    const result = await newConsumerResult(window, 'whoAmI', async () => {
      await workbench.run('ZeyOS Consumer: Who Am I');
      await workbench.dialogClick('Allow');
      await workbench.quickInput.waitFor('Add a ZeyOS Instance');
      await window.shot('session-without-instance');
      await workbench.quickInput.cancel();
    });
    assert.match(result.error ?? '', /^Cancell?ed$/);
    assert.deepEqual(await notifications(window), []);
    assert.equal(editor.sandbox.requests.length, 0);
  });

  it('adds an instance, signs in, and the extension gets its session', async () => {
    const { workbench } = window;
    const result = await newConsumerResult(window, 'whoAmI', async () => {
      await workbench.run('ZeyOS Consumer: Who Am I');
      await workbench.dialogClick('Allow');
      await workbench.quickInput.answer('Add a ZeyOS Instance', editor.sandbox.url('demo'));
      await workbench.dialogClick('Add');
      await chooseMethod(window, 'demo', 'User Name and Password');
      await fillIn(window, 'demo', maxPower.name, maxPower.password);
      await workbench.toast(/Signed in to .*demo as max\.power/).waitFor();
    });
    assert.equal(result.username, 'max.power');
    await status(window, /demo: max\.power/);
    await clearNotifications(window);
  });

  it('sees the host of an instance that is not configured, and cancels', async () => {
    const { workbench } = window;
    const result = getSession([editor.sandbox.url('acme')], { createIfNone: true });
    assert.match(await workbench.dialogText(), /The extension 'ZeyOS Test Bridge' wants to sign in using ZeyOS/);
    await workbench.dialogClick('Allow');
    await workbench.dialog.filter({ hasText: 'Add the ZeyOS instance acme?' }).waitFor();
    assert.ok(
      (await workbench.dialogText()).includes(`your password is sent to ${new URL(editor.sandbox.origin).host}`),
    );
    await window.shot('session-of-an-unknown-instance');
    await workbench.dialogClick('Cancel');
    assert.match(JSON.stringify(await result), /Cancell?ed/);
    assert.deepEqual(await notifications(window), []);
    await noQuickInput(window);
  });

  it('adds an instance that is not configured at the next request, and signs in', async () => {
    const { workbench } = window;
    const result = getSession([editor.sandbox.url('acme')], { createIfNone: true });
    await workbench.dialog.filter({ hasText: 'wants to sign in using ZeyOS' }).waitFor();
    await workbench.dialogClick('Allow');
    await workbench.dialog.filter({ hasText: 'Add the ZeyOS instance acme?' }).waitFor();
    await workbench.dialogClick('Add');
    await chooseMethod(window, 'acme', 'User Name and Password');
    await fillIn(window, 'acme', acme.users[0].name, acme.users[0].password);
    const session = (await result) as Session;
    assert.equal(session.account.id, `${editor.sandbox.url('acme')}#${acme.users[0].sub}`);
    assert.deepEqual(session.scopes, [editor.sandbox.url('acme')]);
    await status(window, /demo: max\.power/);
  });

  it('signs in to the same session again if the extension forces a new session', async () => {
    const { workbench } = window;
    const url = editor.sandbox.url('acme');
    const before = (await getSession([url], { silent: true })) as Session;
    const result = getSession([url], { forceNewSession: { detail: 'The order has to be confirmed.' } });
    assert.match(await workbench.dialogText(), /wants you to sign in again using ZeyOS/);
    await window.shot('force-new-session');
    await workbench.dialogClick('Allow');
    // User and method are known, so only the password is asked for.
    await answerPassword(window, 'acme', acme.users[0].name, acme.users[0].password);
    assert.deepEqual(await result, before);
    const tokens = editor.sandbox.tokens().filter(({ instance }) => instance === 'acme');
    await until(
      'the revocation of the replaced token',
      () => editor.sandbox.tokens().filter(({ instance, active }) => instance === 'acme' && active).length === 1,
    );
    assert.equal(tokens.length, 2);
  });

  it('sees the extension’s request in the Accounts menu until signed in', async () => {
    const { workbench } = window;
    await execute(window, 'zeyos.switchInstance', { instance: 'demo' });
    const signedOut = execute(window, 'zeyos.signOut', { instance: 'demo' });
    await workbench.dialog.waitFor();
    await workbench.dialogClick('Sign Out');
    assert.equal(await signedOut, 1);
    await newConsumerResult(window, 'passive', () =>
      workbench.run('ZeyOS Consumer: Ask for a Session in the Accounts Menu'),
    );
    await until('the badge', async () => (await workbench.accountsBadge()) === '1');
    await workbench.openAccounts();
    assert.ok(
      (await workbench.menuItems()).some((item) =>
        item.includes('Sign in with ZeyOS to use ZeyOS Consumer Sample (1)'),
      ),
    );
    await window.shot('badge');
    await workbench.page.keyboard.press('Escape');
    await workbench.statusClick(STATUS);
    await chooseMethod(window, 'demo', 'User Name and Password');
    await fillIn(window, 'demo', maxPower.name, maxPower.password);
    await status(window, /demo: max\.power/);
    await until('no badge', async () => (await workbench.accountsBadge()) === undefined);
  });

  it('gets no prompt for scopes that are ambiguous or not a platform URL', async () => {
    const { workbench } = window;
    const tooMany = getSession([editor.sandbox.url('acme'), editor.sandbox.url('demo')], { createIfNone: true });
    await workbench.dialogClick('Allow');
    assert.match(JSON.stringify(await tooMany), /The scopes name several ZeyOS instances\. Request one at a time\./);
    const insecure = getSession(['http://zeyos.example.com/demo'], { createIfNone: true });
    await workbench.dialogClick('Allow');
    assert.match(
      JSON.stringify(await insecure),
      /The scope http:\/\/zeyos\.example\.com\/demo is not the URL of a ZeyOS instance\./,
    );
    await configure(window, 'zeyos.instances', [
      { url: editor.sandbox.url('demo') },
      { url: 'https://zeyos.invalid/demo' },
    ]);
    await status(window, /demo/);
    const ambiguous = getSession(['demo'], { createIfNone: true });
    await workbench.dialogClick('Allow');
    assert.match(JSON.stringify(await ambiguous), /Several ZeyOS instances are named demo\. Request one by its URL\./);
    assert.deepEqual(await notifications(window), []);
  });
});
