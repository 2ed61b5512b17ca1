import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { freePort } from '../support/freePort';
import { example } from '../support/paths';
import { acme, demo, maxPower, vscodeApplication } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, status, until, type Window } from './editor';
import { answerPassword, clearNotifications, execute, fillIn, noQuickInput, notifications } from './steps';

describe('A person who uses the example extension “My ZeyOS Tickets”', () => {
  let editor: Editor;
  let window: Window;

  before(async () => {
    const redirectPort = await freePort();
    editor = await Editor.start({
      extensions: [example],
      // 127.0.0.1 would be rewritten on its way to the browser by an editor that is served itself.
      sandbox: {
        host: '127.0.0.2',
        instances: [demo, { ...acme, apis: ['authV1', 'oauth2'], applications: [vscodeApplication] }],
      },
      settings: (sandbox) => ({
        'zeyos.instances': [
          { url: sandbox.url('demo') },
          { url: sandbox.url('acme'), signIn: 'browser', clientId: vscodeApplication.client_id, redirectPort },
        ],
      }),
    });
    window = await editor.open();
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  const pane = (): Locator =>
    window.workbench.page.locator('.pane').filter({ has: window.workbench.page.getByText('My ZeyOS Tickets') });
  const button = (name: string): Locator => pane().getByRole('button', { name, exact: true });
  const rows = async (): Promise<(string | null)[]> =>
    Promise.all((await pane().locator('.monaco-list-row').all()).map((row) => row.getAttribute('aria-label')));
  const rowsAre = (...labels: readonly RegExp[]): Promise<boolean> =>
    until(`the tickets ${labels.join(' ')}`, async () => {
      const shown = await rows();
      return shown.length === labels.length && labels.every((label, index) => label.test(shown[index] ?? ''));
    });
  const ticketsOfDemo = [/^Ticket T-3002, Invoice 4711 is missing, not started, highest/, /^Ticket T-3001, Printer/];
  const refresh = (): Promise<unknown> => execute(window, 'zeyosTickets.refresh');
  let seen = 0;
  /** The requests since the last call, with the status of each. */
  function newRequests(): readonly string[] {
    const requests = editor.sandbox.requests.slice(seen);
    seen += requests.length;
    return requests.map(({ method, path, status: answer }) => `${method} ${path} ${answer}`);
  }

  it('sees that the extension needs a session, without a prompt', async () => {
    await execute(window, 'zeyosTickets.focus');
    await button('Sign In').waitFor();
    await window.shot('tickets-signed-out');
    assert.deepEqual([editor.sandbox.requests, await notifications(window)], [[], []]);
    assert.equal(await window.workbench.accountsBadge(), undefined);
  });

  it('refuses the consent, and sees no further message', async () => {
    await button('Sign In').click();
    assert.match(await window.workbench.dialogText(), /The extension 'My ZeyOS Tickets' wants to sign in using ZeyOS/);
    await window.shot('tickets-consent');
    await window.workbench.dialogClick('Cancel');
    await button('Sign In').waitFor();
    assert.deepEqual(await notifications(window), []);
  });

  it('cancels the sign-in, and sees no further message', async () => {
    await button('Sign In').click();
    await window.workbench.dialogClick('Allow');
    await window.workbench.quickInput.widget.getByText('User name on').waitFor();
    await window.workbench.quickInput.cancel();
    await noQuickInput(window);
    await button('Sign In').waitFor();
    assert.deepEqual([editor.sandbox.requests, await notifications(window)], [[], []]);
  });

  it('signs in, and sees the open tickets that are assigned to them, the most urgent first', async () => {
    await button('Sign In').click();
    await window.workbench.dialogClick('Allow');
    await fillIn(window, 'demo', maxPower.name, maxPower.password);
    await rowsAre(...ticketsOfDemo);
    await window.shot('tickets');
    assert.ok(newRequests().includes('POST /demo/api/v1/tickets 200'));
  });

  it('reads why the tickets cannot be loaded, and tries again', async () => {
    for (const [fault, text] of [
      [{ kind: 'status', status: 503 }, 'ZeyOS answered 503.'],
      [{ kind: 'status', status: 429, retryAfterSeconds: 7 }, 'ZeyOS asks to wait 7 seconds.'],
      [{ kind: 'redirect', location: editor.sandbox.url('acme') }, 'redirects this request (302)'],
      [{ kind: 'json', body: { tickets: [] } }, 'something else than a list of tickets'],
    ] as const) {
      const lift = editor.sandbox.fault('/api/v1/tickets', fault);
      await refresh();
      await until(`the problem ${text}`, async () => (await rows()).some((label) => label?.includes(text)));
      lift();
    }
    await window.shot('tickets-failed');
    await pane().locator('.monaco-list-row', { hasText: 'Try Again' }).click();
    await rowsAre(...ticketsOfDemo);
    assert.ok(!newRequests().some((request) => request.includes('/acme')), 'no redirect is followed');
  });

  it('is shown that the session has ended when the token has expired, and signs in again', async () => {
    for (const { value, active } of editor.sandbox.tokens()) if (active) editor.sandbox.expire(value);
    await refresh();
    await button('Sign In').waitFor();
    await status(window, /demo: sign in again/);
    await window.shot('tickets-expired');
    assert.equal(
      newRequests().filter((request) => request === 'POST /demo/api/v1/tickets 401').length,
      1,
      'a token that was refused is not sent again',
    );
    await button('Sign In').click();
    await window.workbench.dialogClick('Allow');
    await answerPassword(window, 'demo', maxPower.name, maxPower.password);
    await rowsAre(...ticketsOfDemo);
  });

  it('is shown that the session has ended when an administrator has revoked the token, and signs in again', async () => {
    editor.sandbox.revokeAll();
    await refresh();
    await button('Sign In').waitFor();
    await status(window, /demo: sign in again/);
    await button('Sign In').click();
    await window.workbench.dialogClick('Allow');
    await answerPassword(window, 'demo', maxPower.name, maxPower.password);
    await rowsAre(...ticketsOfDemo);
  });

  it('sees the tickets disappear at sign-out, without refreshing', async () => {
    await clearNotifications(window);
    const signedOut = execute(window, 'zeyos.signOut', { instance: 'demo' });
    await window.workbench.dialogClick('Sign Out');
    assert.equal(await signedOut, 1);
    await button('Sign In').waitFor();
    assert.deepEqual(await rows(), []);
  });

  it('switches the instance, and signs in to the other instance in the browser', async () => {
    const { workbench } = window;
    await execute(window, 'zeyos.switchInstance', { instance: 'acme' });
    await button('Sign In').click();
    await workbench.dialogClick('Allow');
    await workbench.quickInput.widget.getByText('Client secret for client ID vscode').waitFor();
    const opened = editor.nextTab();
    await workbench.quickInput.answer('Sign in to acme', vscodeApplication.client_secret);
    const tab = await opened;
    await tab.getByLabel('User name').fill(acme.users[0].name);
    await tab.getByLabel('Password').fill(acme.users[0].password);
    await tab.getByRole('button', { name: 'Log in' }).click();
    await tab.getByRole('heading', { name: 'Back to the editor' }).waitFor();
    await tab.close();
    await rowsAre(/^Ticket A-1, Rocket skates arrived late, active/);
    await window.shot('tickets-of-acme');
  });

  it('sees no message when a renewable token has ended, which is reported and renewed before the request is repeated', async () => {
    newRequests();
    for (const { value, kind, active } of editor.sandbox.tokens())
      if (active && kind === 'access') editor.sandbox.expire(value);
    await refresh();
    await until('a request that is repeated', () =>
      editor.sandbox.requests
        .slice(seen)
        .some(({ path, status: answer }) => path === '/acme/api/v1/tickets' && answer === 200),
    );
    await rowsAre(/^Ticket A-1, /);
    const requests = newRequests();
    assert.equal(requests.filter((request) => request === 'POST /acme/api/v1/tickets 401').length, 1);
    assert.equal(requests.filter((request) => request === 'POST /acme/oauth2/v1/token 200').length, 1);
    assert.deepEqual(await notifications(window), []);
  });

  it('selects an account for the workspace, which takes precedence over the active instance', async () => {
    const { workbench } = window;
    void execute(window, 'zeyosTickets.chooseAccount');
    const { host } = new URL(editor.sandbox.origin);
    await workbench.quickInput.pick('Show the tickets of', `max.power (${host}/acme)`);
    await execute(window, 'zeyos.switchInstance', { instance: 'demo' });
    await refresh();
    await rowsAre(/^Ticket A-1, /);
  });

  it('has sent each token only to the instance that issued the token', () => {
    const sent = editor.sandbox.requests.flatMap(({ path, headers }) => {
      const bearer = /^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1];
      const token = editor.sandbox.tokens().find(({ value }) => value === bearer);
      return token ? [`${token.instance} at /${path.split('/')[1]}`] : [];
    });
    assert.deepEqual([...new Set(sent)].sort(), ['acme at /acme', 'demo at /demo']);
  });
});
