import assert from 'node:assert/strict';
import { acme, maxPower } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, STATUS, status, statusIcon, until, type Window } from './editor';
import { closeEditors, clearNotifications, execute, fillIn } from './steps';

// The other stories use a dark theme.
describe('A user with a light theme', () => {
  let editor: Editor;
  let window: Window;

  before(async () => {
    editor = await Editor.start({
      colorScheme: 'light',
      settings: (sandbox) => ({
        'zeyos.instances': [{ url: sandbox.url('demo'), name: 'Demo' }, { url: sandbox.url('acme') }],
      }),
    });
    window = await editor.open();
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  const item = (): Promise<string | null> => window.workbench.statusItem(STATUS).getAttribute('class');
  const label = (): Promise<string | null> =>
    window.workbench.statusItem(STATUS).locator('a').first().getAttribute('aria-label');

  it('sees the status bar item in the theme’s colours', async () => {
    await window.workbench.page.locator('.monaco-workbench.vs').waitFor();
    await status(window, /Sign in to Demo/);
    await statusIcon(window, 'zeyos-logo');
    assert.match((await label()) ?? '', /ZeyOS: signed out of Demo\. Sign in\./);
    await window.shot('light-signed-out');
  });

  it('signs in', async () => {
    const { workbench } = window;
    await workbench.statusClick(STATUS);
    await workbench.quickInput.waitFor('Sign in to demo');
    await window.shot('light-user-name');
    await fillIn(window, 'demo', maxPower.name, 'wrong');
    await workbench.quickInput.widget.getByText('did not accept this user name and password').waitFor();
    await window.shot('light-wrong-password');
    await workbench.quickInput.answer('Sign in to demo', maxPower.password);
    await status(window, /Demo: max\.power/);
    assert.match((await label()) ?? '', /ZeyOS: signed in to Demo as max\.power, 23 h 5\d min left\./);
    await window.shot('light-signed-in');
  });

  it('sees the states of a session in the status bar', async () => {
    const { workbench } = window;
    await window.bridge.evaluate(
      `await vscode.workspace.getConfiguration().update('zeyos.expiryWarningMinutes', 2000, vscode.ConfigurationTarget.Global)`,
    );
    await status(window, /Demo: 23 h 5\d min left/);
    await statusIcon(window, 'clock');
    assert.match((await item()) ?? '', /warning-kind/);
    await workbench.page.mouse.move(640, 300);
    await window.shot('light-expiring');
    const lift = editor.sandbox.fault('/demo/', { kind: 'status', status: 503 });
    await execute(window, 'zeyos.introspectToken');
    await statusIcon(window, 'cloud-offline');
    assert.match((await label()) ?? '', /ZeyOS: Demo cannot be reached; max\.power stays signed in\./);
    await window.shot('light-cannot-reach');
    lift();
    await clearNotifications(window);
    await window.bridge.evaluate(
      `await vscode.workspace.getConfiguration().update('zeyos.expiryWarningMinutes', undefined, vscode.ConfigurationTarget.Global)`,
    );
    const slow = editor.sandbox.fault('/demo/auth/v1/token/introspect', { kind: 'delay', ms: 4000 }, 1);
    const asked = execute(window, 'zeyos.introspectToken');
    await status(window, /Checking token on demo…/);
    await window.shot('light-busy');
    await asked;
    slow();
    await until('the introspection', async () =>
      /Active: the server accepts this token/.test(await workbench.renderedText()),
    );
    await window.shot('light-introspection');
    await closeEditors(window);
  });

  it('sees the tooltip, Show Sessions, and the dialogs', async () => {
    const { workbench } = window;
    const result = execute(window, 'zeyos.signIn', { instance: editor.sandbox.url('acme') });
    await fillIn(window, 'acme', acme.users[0].name, acme.users[0].password);
    await result;
    await workbench.statusTooltip(STATUS);
    await window.shot('light-tooltip');
    await workbench.statusClick(STATUS);
    await workbench.quickInput.waitFor('ZeyOS Sessions');
    await window.shot('light-sessions');
    await workbench.quickInput.row('max.power').click();
    await workbench.quickInput.waitFor('max.power (');
    await window.shot('light-session-actions');
    await workbench.quickInput.cancel();
    const copied = execute(window, 'zeyos.copyAccessToken', { instance: 'acme' });
    await workbench.dialog.waitFor();
    await window.shot('light-copy-confirmation');
    await workbench.dialogClick('Copy');
    await copied;
    await window.shot('light-copied');
  });

  it('sees that the session was revoked', async () => {
    editor.sandbox.revokeAll();
    await execute(window, 'zeyos.introspectToken', { instance: 'Demo' });
    await status(window, /Demo: sign in again/);
    await statusIcon(window, 'error');
    assert.match((await item()) ?? '', /error-kind/);
    assert.match((await label()) ?? '', /ZeyOS: the session for max\.power on Demo was revoked\. Sign in again\./);
    await window.shot('light-revoked');
    await window.workbench.statusTooltip(STATUS);
    await window.shot('light-tooltip-revoked');
  });
});
