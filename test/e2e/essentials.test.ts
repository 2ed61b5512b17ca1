import assert from 'node:assert/strict';
import { maxPower } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import {
  allow,
  answerPassword,
  chooseMethod,
  clearNotifications,
  execute,
  fillIn,
  newConsumerResult,
  passwordPrompt,
} from './steps';

describe('A user who signs in for the first time', () => {
  let editor: Editor;
  let window: Window;

  before(async () => {
    editor = await Editor.start();
    window = await editor.open();
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  it('sees that no instance is configured, and adds one with a click on the status bar', async () => {
    const { workbench } = window;
    await status(window, /ZeyOS/);
    await window.shot('first-run');
    await workbench.statusClick(STATUS);
    await workbench.quickInput.waitFor('Add a ZeyOS Instance');
    await workbench.quickInput.box.fill('ftp://cloud.zeyos.com/demo');
    await workbench.quickInput.accept();
    await workbench.quickInput.widget.getByText('The URL must begin with https://').waitFor();
    await window.shot('add-instance-refused');
    await workbench.quickInput.answer('Add a ZeyOS Instance', editor.sandbox.url('demo'));
    assert.match(
      await workbench.dialogText(),
      new RegExp(`Add the ZeyOS instance demo\\?.*${editor.sandbox.url('demo')}`),
    );
    await window.shot('add-instance-confirmation');
    await workbench.dialogClick('Add');
    await status(window, /Sign in to demo/);
    await workbench.toast('The instance demo has been added').waitFor();
    await window.shot('instance-added');
  });

  it('enters a wrong password, sees the error in the prompt, and corrects it', async () => {
    const { workbench } = window;
    await workbench.toastClick('The instance demo has been added', 'Sign In');
    await workbench.quickInput.waitFor('Sign in to demo');
    await window.shot('method');
    await chooseMethod(window, 'demo', 'User Name and Password');
    await workbench.quickInput.widget.getByText('User name on').waitFor();
    await window.shot('user-name');
    await workbench.quickInput.answer('Sign in to demo', maxPower.name);
    await workbench.quickInput.widget.getByText(passwordPrompt('max.power')).waitFor();
    assert.ok(await workbench.quickInput.isPassword());
    assert.ok((await workbench.quickInput.message.innerText()).includes(editor.sandbox.url('demo')));
    await window.shot('password');
    await workbench.quickInput.answer('Sign in to demo', 'wrong');
    await workbench.quickInput.widget.getByText('did not accept this user name and password').waitFor();
    await window.shot('wrong-password');
    await workbench.quickInput.answer('Sign in to demo', maxPower.password);
    await status(window, /demo: max\.power \(23 h 5\d min\)/);
    await window.shot('signed-in');
  });

  it('allows another extension to use the session', async () => {
    const { workbench } = window;
    const { username } = await newConsumerResult(window, 'whoAmI', async () => {
      await workbench.run('ZeyOS Consumer: Who Am I');
      assert.match(await workbench.dialogText(), /The extension 'ZeyOS Consumer Sample' wants to sign in using ZeyOS/);
      await window.shot('consent');
      await allow(window, 'max.power', workbench.toast(/Signed in to .*demo as max\.power/));
    });
    assert.equal(username, 'max.power');
    await window.shot('consumer');
  });

  it('reads the states of all sessions in the tooltip', async () => {
    const { workbench } = window;
    const tooltip = await workbench.statusTooltip(STATUS);
    const text = (await tooltip.innerText()).replace(/\u00a0/g, ' ');
    for (const part of ['demo', 'max.power', '23 h', 'Introspect', 'Revoke', 'Sign Out'])
      assert.ok(text.includes(part), `${part} is missing in ${text}`);
    await window.shot('tooltip');
  });

  it('introspects the token from the tooltip, and reads the server’s answer', async () => {
    const { workbench } = window;
    const tooltip = await workbench.statusTooltip(STATUS);
    await tooltip.getByRole('link', { name: 'Introspect' }).click();
    const text = await until('the document', async () => {
      const shown = await workbench.renderedText();
      return /Active: the server accepts this token/.test(shown) && shown;
    });
    const [token] = editor.sandbox.tokens();
    assert.ok(token && !text.includes(token.value), 'the token must be masked');
    await window.shot('introspection');
  });

  it('is signed in after reloading the window, with the editor’s own secret storage', async () => {
    window = await editor.reload(window);
    await status(window, /demo: max\.power/);
    assert.deepEqual(
      editor.sandbox.tokens().map(({ active }) => active),
      [true],
    );
    assert.equal(
      (await execute<{ active: boolean }>(window, 'zeyos.introspectToken'))?.active,
      true,
      'the token must be the stored one',
    );
    assert.ok(
      (await newConsumerResult(window, 'silent', () => execute(window, 'zeyosConsumer.silent'))).account?.startsWith(
        'max.power',
      ),
      'the consent must last',
    );
    await clearNotifications(window);
  });

  it('revokes the token after confirmation', async () => {
    const { workbench } = window;
    await workbench.run('ZeyOS: Revoke Token');
    assert.match(await workbench.dialogText(), /Revoke the token for max\.power \(127\.0\.0\.1:\d+\/demo\)\?/);
    await window.shot('revoke-confirmation');
    await workbench.dialogClick('Revoke');
    await status(window, /demo: sign in again/);
    await window.shot('revoked');
    assert.deepEqual(
      editor.sandbox.tokens().map(({ active }) => active),
      [false],
    );
  });

  it('signs in again with one click and the user name filled in', async () => {
    const { workbench } = window;
    await workbench.statusClick(STATUS);
    await workbench.quickInput.widget.getByText(passwordPrompt('max.power')).waitFor();
    await window.shot('sign-in-again');
    await workbench.quickInput.answer('Sign in to demo', maxPower.password);
    await status(window, /demo: max\.power/);
  });
});

// Both windows share one secret storage, as on the desktop.
describe('A user who opens a second window', () => {
  let editor: Editor;
  let first: Window;
  let second: Window;

  before(async () => {
    editor = await Editor.start({
      sharesSecrets: true,
      settings: (sandbox) => ({ 'zeyos.instances': [{ url: sandbox.url('demo') }] }),
    });
    first = await editor.open();
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => first);

  it('is signed in in both windows', async () => {
    await first.workbench.statusClick(STATUS);
    await fillIn(first, 'demo', maxPower.name, maxPower.password);
    await status(first, /demo: max\.power/);
    second = await editor.open();
    await status(second, /demo: max\.power/);
  });

  it('revokes the token in one window, and sees it in both', async () => {
    await first.workbench.page.bringToFront();
    const revoked = execute(first, 'zeyos.revokeToken');
    await first.workbench.dialogClick('Revoke');
    assert.equal(await revoked, true);
    for (const window of [first, second]) await status(window, /demo: sign in again/);
    assert.deepEqual(
      editor.sandbox.tokens().map(({ active }) => active),
      [false],
    );
  });

  it('signs in again in one window, and is signed in in both', async () => {
    await first.workbench.statusClick(STATUS);
    await answerPassword(first, 'demo', maxPower.name, maxPower.password);
    for (const window of [first, second]) await status(window, /demo: max\.power/);
  });
});
