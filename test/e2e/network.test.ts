import assert from 'node:assert/strict';
import { maxPower } from '../support/sandbox/fixtures';
import { HOST, INSTANCE, startCompany, type Company } from './company';
import { oneAfterTheOther, status, until, type Window } from './editor';
import { clearNotifications, configure, execute, fillIn, notification } from './steps';

const company = { kind: 'basic', user: 'anna', password: 'proxy-secret' } as const;

async function waitForPasswordMessage({ workbench }: Window, message: RegExp): Promise<void> {
  await workbench.quickInput.message.filter({ hasText: message }).waitFor();
}

async function tryAgain({ workbench }: Window): Promise<void> {
  await workbench.quickInput.answer('Sign in to demo', maxPower.password);
}

/** Introspects without success, and waits for the reason and a button in the notification. */
async function introspectInVain(window: Window, message: RegExp, button?: string): Promise<void> {
  await clearNotifications(window);
  assert.equal(await execute(window, 'zeyos.introspectToken'), null);
  const listed = await notification(window, message);
  if (button !== undefined) await listed.getByRole('button', { name: button, exact: true }).waitFor();
}

/** Sets a setting, and waits until the extension host has its value. */
async function applySetting(window: Window, key: string, value: unknown): Promise<void> {
  await configure(window, key, value);
  await until(
    `${key} to be set`,
    async () =>
      JSON.stringify(
        await window.bridge.evaluate(`return vscode.workspace.getConfiguration().get(arg) ?? null`, key),
      ) === JSON.stringify(value ?? null),
  );
}

describe('A user behind a company’s proxy', () => {
  let here: Company;
  let window: Window;

  before(async () => {
    here = await startCompany({ isTrusted: true });
    window = await here.editor.open();
  });
  after(() => here.stop());
  oneAfterTheOther(() => window);

  it('reads that the proxy rejects the password, with a button for the setting, and signs in in the same prompt', async () => {
    here.proxy.behaviour = company;
    await applySetting(window, 'http.proxy', here.proxy.url('anna:wrong'));
    const result = execute(window, 'zeyos.signIn', { instance: INSTANCE });
    await fillIn(window, 'demo', maxPower.name, maxPower.password);
    await waitForPasswordMessage(
      window,
      /The proxy used for zeyos\.invalid\/demo requires authentication \(407\)\. Put the user name and password into the URL in "http\.proxy"/,
    );
    await window.workbench.quickInput.button('Open Proxy Settings').waitFor();
    await window.shot('proxy-407');
    assert.deepEqual(here.editor.sandbox.requests, []);
    here.proxy.requests.splice(0);
    await applySetting(window, 'http.proxy', here.proxy.url(`${company.user}:${company.password}`));
    await tryAgain(window);
    await status(window, /demo: max\.power/);
    assert.ok(await result);
    assert.equal(here.editor.sandbox.tokens().length, 1);
    assert.ok(here.proxy.requests.length > 0);
    assert.ok(here.proxy.requests.every(({ method, target }) => method === 'CONNECT' && target === `${HOST}:443`));
  });

  it('sees that the proxy refuses, does not answer or does not exist, and stays signed in', async () => {
    here.proxy.behaviour = { kind: 'refusing', status: 403 };
    await introspectInVain(
      window,
      /The proxy used for zeyos\.invalid\/demo refused to connect \(403\)\./,
      'Open Proxy Settings',
    );
    await window.shot('proxy-refuses');
    here.proxy.behaviour = { kind: 'hanging' };
    await introspectInVain(window, /zeyos\.invalid\/demo did not respond within \d+ s\./);
    here.proxy.behaviour = { kind: 'willing' };
    await applySetting(window, 'http.proxy', 'http://127.0.0.1:9');
    await introspectInVain(
      window,
      /The proxy 127\.0\.0\.1:9 used for zeyos\.invalid\/demo cannot be reached \(ECONNREFUSED\)\./,
      'Open Proxy Settings',
    );
    await status(window, /demo: max\.power/);
  });

  it('reaches the host directly if http.noProxy exempts it', async () => {
    await applySetting(window, 'http.proxy', here.proxy.url());
    await applySetting(window, 'http.noProxy', [HOST]);
    here.proxy.requests.splice(0);
    await introspectInVain(window, /The host zeyos\.invalid was not found\./, 'Open Settings');
    assert.deepEqual(here.proxy.requests, []);
    await applySetting(window, 'http.noProxy', []);
    assert.ok(await execute(window, 'zeyos.introspectToken'));
  });

  it('sends no password in clear text through the proxy, as the editor would for most loopback addresses', async () => {
    const instance = 'http://127.0.0.2:8123/demo';
    // Esc would close the notifications first.
    await clearNotifications(window);
    await applySetting(window, 'zeyos.instances', [{ signIn: 'password', url: instance }]);
    here.proxy.requests.splice(0);
    const result = execute(window, 'zeyos.signIn', { instance });
    await fillIn(window, 'demo', maxPower.name, maxPower.password);
    await waitForPasswordMessage(
      window,
      /127\.0\.0\.2:8123\/demo is an HTTP address behind a proxy, .+ nothing was sent\. Add the host to "http\.noProxy"/,
    );
    await window.workbench.quickInput.button('Open Proxy Settings').waitFor();
    await window.shot('proxy-clear-text');
    assert.deepEqual(here.proxy.requests, []);
    await window.workbench.quickInput.cancel();
    assert.equal(await result, null);
    // The diagnosis sends no credentials, so it may use the proxy.
    await execute(window, 'zeyos.diagnose', { instance });
    assert.deepEqual([...new Set(here.proxy.requests.map(({ target }) => target))], ['127.0.0.2:8123']);
  });
});

describe('A user whose company has a certificate authority that the system does not trust', () => {
  let here: Company;
  let window: Window;
  const instances = (entry: object) =>
    applySetting(window, 'zeyos.instances', [{ signIn: 'password', url: INSTANCE, ...entry }]);

  before(async () => {
    here = await startCompany();
    window = await here.editor.open();
  });
  after(() => here.stop());
  oneAfterTheOther(() => window);

  it('sees that caFile is needed, sets it, and signs in through the proxy in the same prompt', async () => {
    const result = execute(window, 'zeyos.signIn', { instance: INSTANCE });
    await fillIn(window, 'demo', maxPower.name, maxPower.password);
    await waitForPasswordMessage(
      window,
      /The certificate of zeyos\.invalid comes from an authority that is not trusted here \(.+\)\. Set "caFile" for the instance to a file/,
    );
    await window.workbench.quickInput.button('Open Settings').waitFor();
    await window.shot('unknown-authority');
    assert.deepEqual(here.editor.sandbox.requests, []);
    here.proxy.requests.splice(0);
    await instances({ caFile: here.caFile });
    await tryAgain(window);
    await status(window, /demo: max\.power/);
    assert.ok(await result);
    assert.equal(here.editor.sandbox.tokens().length, 1);
    assert.deepEqual(
      [...new Set(here.proxy.requests.map(({ method, target }) => `${method} ${target}`))],
      [`CONNECT ${HOST}:443`],
    );
  });

  it('sees that the proxy requires a password', async () => {
    here.proxy.behaviour = company;
    await introspectInVain(
      window,
      /The proxy used for zeyos\.invalid\/demo requires authentication \(407\)\./,
      'Open Proxy Settings',
    );
    await applySetting(
      window,
      'http.proxyAuthorization',
      `Basic ${Buffer.from(`${company.user}:${company.password}`).toString('base64')}`,
    );
    assert.ok(await execute(window, 'zeyos.introspectToken'));
    await applySetting(window, 'http.proxyAuthorization', undefined);
    here.proxy.behaviour = { kind: 'willing' };
  });

  it('sees which caFile does not exist, and stays signed in', async () => {
    await instances({ caFile: '/nowhere/company.pem' });
    await introspectInVain(
      window,
      /The "caFile" of zeyos\.invalid\/demo does not exist: \/nowhere\/company\.pem\./,
      'Open Settings',
    );
    await window.shot('ca-file-missing');
    await status(window, /demo: max\.power/);
  });

  it('sends no token while the editor does not verify certificates, unless a caFile does', async () => {
    await applySetting(window, 'http.proxyStrictSSL', false);
    await instances({});
    const before = here.editor.sandbox.requests.length;
    await introspectInVain(
      window,
      /The editor does not verify certificates \("http\.proxyStrictSSL" is off\), so nothing was sent to zeyos\.invalid\/demo\..+"caFile"/,
      'Open Settings',
    );
    await window.shot('unverified');
    assert.equal(here.editor.sandbox.requests.length, before);
    await instances({ caFile: here.caFile });
    assert.ok(await execute(window, 'zeyos.introspectToken'));
  });
});
