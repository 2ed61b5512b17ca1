import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import type { Page } from 'playwright-core';
import { maxPower, vscodeApplication } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import { freePort } from '../support/freePort';
import { clearNotifications, execute, notifications } from './steps';

describe('A user who signs in through the browser', () => {
  let editor: Editor;
  let window: Window;
  let port: number;

  before(async () => {
    port = await freePort();
    editor = await Editor.start({
      // A served editor would rewrite 127.0.0.1 in URLs that it opens.
      sandbox: { host: '127.0.0.2' },
      settings: (sandbox) => ({
        'zeyos.instances': [
          { url: sandbox.url('demo'), signIn: 'browser', clientId: vscodeApplication.client_id, redirectPort: port },
        ],
      }),
    });
    window = await editor.open();
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  it('enters the client secret once, and logs in on the instance’s page', async () => {
    const { workbench } = window;
    await workbench.statusClick(STATUS);
    await workbench.quickInput.widget.getByText('Client secret for client ID vscode').waitFor();
    assert.ok(await workbench.quickInput.isPassword());
    assert.ok(
      (await workbench.quickInput.message.innerText()).includes(`http://127.0.0.1:${port}/callback`),
      'the prompt must show the redirect URI to register',
    );
    await window.shot('browser-client-secret');
    const opened = editor.nextTab();
    await workbench.quickInput.answer('Sign in to demo', vscodeApplication.client_secret);
    const tab = await opened;
    await workbench.quickInput.widget.getByText('Waiting for').waitFor();
    await window.shot('browser-waiting');
    await tab.getByLabel('User name').fill(maxPower.name);
    await tab.getByLabel('Password').fill(maxPower.password);
    await tab.getByRole('button', { name: 'Log in' }).click();
    await tab.getByRole('heading', { name: 'Back to the editor' }).waitFor();
    await tab.screenshot({ path: `${editor.folder}/callback.png` });
    await tab.close();
    // A session with a refresh token lasts a hundred days, so no time is shown.
    await status(window, /demo: max\.power$/);
    await window.shot('browser-signed-in');
  });

  it('introspects the token, and reads name and groups', async () => {
    const { workbench } = window;
    const result = await execute<{ active: boolean; client_id: string }>(window, 'zeyos.introspectToken');
    assert.deepEqual([result?.active, result?.client_id], [true, 'vscode']);
    const text = await until('the document', async () => {
      const shown = await workbench.renderedText();
      return shown.includes('Name: Max Power') && shown;
    });
    for (const { value } of editor.sandbox.tokens()) assert.ok(!text.includes(value), 'the tokens must be masked');
    await window.shot('browser-introspection');
  });

  it('renews the token, and keeps the session', async () => {
    const [before] = editor.sandbox.tokens().filter(({ kind, active }) => kind === 'access' && active);
    await execute(window, 'zeyos.renewToken');
    const [after] = editor.sandbox.tokens().filter(({ kind, active }) => kind === 'access' && active);
    assert.ok(before && after && before.value !== after.value);
    assert.equal(editor.sandbox.exchanges.filter(({ grant_type }) => grant_type === 'refresh_token').length, 1);
    await status(window, /demo: max\.power$/);
  });

  it('denies access in the browser after the server ended the session, and reads why the sign-in has failed', async () => {
    const { workbench } = window;
    editor.sandbox.revokeAll();
    await execute(window, 'zeyos.introspectToken');
    await status(window, /demo: sign in again/);
    const opened = editor.nextTab();
    await workbench.statusClick(STATUS);
    const tab = await opened;
    await tab.getByRole('button', { name: 'Deny' }).click();
    await tab.getByRole('heading', { name: 'Not signed in' }).waitFor();
    await tab.close();
    await until('the notification', async () =>
      (await notifications(window)).some((text) => /Access to .+ was denied in the browser/.test(text)),
    );
    await window.shot('browser-denied');
  });

  it('tries again with one click after a server error, and is asked for a client secret that the server rejects', async () => {
    const { workbench } = window;
    await clearNotifications(window);
    const logIn = async (tab: Page): Promise<void> => {
      await tab.getByLabel('User name').fill(maxPower.name);
      await tab.getByLabel('Password').fill(maxPower.password);
      await tab.getByRole('button', { name: 'Log in' }).click();
      await tab.getByRole('heading', { name: 'Back to the editor' }).waitFor();
      await tab.close();
    };
    editor.sandbox.fault('/oauth2/v1/token', { kind: 'status', status: 503 }, 1);
    const first = editor.nextTab();
    await workbench.statusClick(STATUS);
    await logIn(await first);
    await workbench.quickInput.widget.getByText('reported a server error (503)').waitFor();
    await window.shot('browser-server-failed');
    const demo = editor.sandbox.instance('demo');
    const { applications } = demo;
    demo.applications = applications.map((application) => ({ ...application, client_secret: 'another-secret' }));
    const second = editor.nextTab();
    await workbench.quickInput.widget.getByRole('button', { name: 'Open Browser Again' }).click();
    await logIn(await second);
    await workbench.quickInput.widget.getByText('does not accept the client ID and client secret').waitFor();
    assert.ok(await workbench.quickInput.isPassword());
    await window.shot('browser-secret-refused');
    const third = editor.nextTab();
    await workbench.quickInput.answer('Sign in to demo', 'another-secret');
    await logIn(await third);
    await status(window, /demo: max\.power$/);
    editor.sandbox.revokeAll();
    await execute(window, 'zeyos.introspectToken');
    await status(window, /demo: sign in again/);
  });

  it('pastes the redirected URL if the redirect port is in use', async () => {
    const { workbench } = window;
    const other = await take(port);
    try {
      const opened = editor.nextTab();
      await workbench.statusClick(STATUS);
      const tab = await opened;
      await workbench.quickInput.widget.getByText(`Port ${port} is in use`).waitFor();
      await window.shot('browser-port-taken');
      const redirected = tab.waitForRequest((request) => request.url().startsWith(`http://127.0.0.1:${port}/callback`));
      await tab.getByLabel('User name').fill(maxPower.name);
      await tab.getByLabel('Password').fill(maxPower.password);
      await tab.getByRole('button', { name: 'Log in' }).click();
      const address = (await redirected).url();
      await tab.close();
      await workbench.quickInput.answer('Sign in to demo', address.replace(/state=[^&]*/, 'state=wrong'));
      await workbench.quickInput.widget.getByText('not the address where the browser ended up').waitFor();
      await workbench.quickInput.answer('Sign in to demo', address);
      await status(window, /demo: max\.power$/);
    } finally {
      other.close();
    }
  });
});

/** Listens on a port as soon as it is free. */
async function take(port: number): Promise<Server> {
  return until(`port ${port} to be free`, () => {
    const server = createServer((socket) => socket.destroy());
    return new Promise<Server | false>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(server));
    });
  });
}
