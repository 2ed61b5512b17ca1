import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { maxPower, vscodeApplication } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, STATUS, status, statusIcon, until, type Window } from './editor';
import { freePort } from '../support/freePort';
import { clearNotifications, execute, notifications } from './steps';

/** Lifetime of access tokens. They are renewed a tenth of it before their end, but at most once a minute. */
const LIFETIME_SECONDS = 67;
/** From a renewal until the next one is due, in milliseconds. */
const UNTIL_RENEWAL_MS = 61_000;
/** Until a lease counts as abandoned, and until an exchange with an unknown outcome is tried again, in milliseconds. */
const UNTIL_TAKEN_OVER_MS = 31_000;
const PATIENCE_MS = 90_000;

// Both windows have the same workspace, account and secret storage, as on the desktop.
describe('A user with two windows whose session renews itself', function () {
  this.timeout(420_000);
  let editor: Editor;
  let first: Window;
  let second: Window;

  before(async () => {
    const redirectPort = await freePort();
    editor = await Editor.start({
      sharesSecrets: true,
      turnsTime: true,
      // A served editor would rewrite 127.0.0.1 in URLs that it opens.
      sandbox: { host: '127.0.0.2' },
      settings: (sandbox) => ({
        'zeyos.instances': [
          { url: sandbox.url('demo'), signIn: 'browser', clientId: vscodeApplication.client_id, redirectPort },
        ],
      }),
    });
    editor.sandbox.instance('demo').oauth2.accessLifetimeSeconds = LIFETIME_SECONDS;
    first = await editor.open();
    second = await editor.open();
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => first);

  const renewals = () => editor.sandbox.exchanges.filter(({ grant_type }) => grant_type === 'refresh_token');
  const activeTokens = (): readonly string[] =>
    editor.sandbox
      .tokens()
      .filter(({ kind, active }) => kind === 'access' && active)
      .map(({ value }) => value);
  const session = ({ bridge }: Window): Promise<{ id: string; accessToken: string } | null> =>
    bridge.evaluate(
      `const session = await vscode.authentication.getSession('zeyos', [arg], { silent: true }); return session ? { id: session.id, accessToken: session.accessToken } : null;`,
      editor.sandbox.url('demo'),
    );
  /** Resolves to the session that both windows hand out, as soon as it has the only valid token. */
  const sessionOfBoth = (): Promise<{ id: string; accessToken: string }> =>
    until(
      'one good session in both windows',
      async () => {
        const [one, other] = [await session(first), await session(second)];
        const active = activeTokens();
        return one !== null &&
          JSON.stringify(one) === JSON.stringify(other) &&
          active.length === 1 &&
          active[0] === one.accessToken
          ? one
          : undefined;
      },
      PATIENCE_MS,
    );
  const logIn = async (tab: Awaited<ReturnType<Editor['nextTab']>>): Promise<void> => {
    await tab.getByLabel('User name').fill(maxPower.name);
    await tab.getByLabel('Password').fill(maxPower.password);
    await tab.getByRole('button', { name: 'Log in' }).click();
    await tab.getByRole('heading', { name: 'Back to the editor' }).waitFor();
    await tab.close();
  };

  it('signs in in one window', async () => {
    const { workbench } = first;
    await workbench.page.bringToFront();
    await workbench.statusClick(STATUS);
    await workbench.quickInput.widget.getByText('Client secret for client ID vscode').waitFor();
    const opened = editor.nextTab();
    await workbench.quickInput.answer('Sign in to demo', vscodeApplication.client_secret);
    await logIn(await opened);
    for (const window of [first, second]) await status(window, /demo: max\.power$/);
    const allowed = first.bridge.evaluate(
      `return (await vscode.authentication.getSession('zeyos', [arg], { createIfNone: true })).id`,
      editor.sandbox.url('demo'),
    );
    await workbench.dialogClick('Allow');
    await workbench.quickInput.pick('wants to access a ZeyOS account', 'max.power');
    assert.equal(typeof (await allowed), 'string');
  });

  it('has a valid token in both windows during several renewals, each of which exchanges once', async () => {
    const { id, accessToken } = await sessionOfBoth();
    const seen = new Set([accessToken]);
    for (let count = 1; count <= 3; count++) {
      const before = renewals().length;
      // The first renewal comes in real time, by the timers of the machine.
      if (count > 1) await editor.turn(UNTIL_RENEWAL_MS);
      await until(`renewal ${count}`, () => renewals().length > before, PATIENCE_MS);
      const now = await sessionOfBoth();
      assert.equal(now.id, id, 'the session must be the same');
      seen.add(now.accessToken);
    }
    assert.ok(seen.size >= 4);
    const from = renewals().map((exchange) => exchange.from);
    assert.equal(new Set(from).size, from.length);
    assert.ok(
      editor.sandbox.requests.filter(({ path, status: code }) => path.endsWith('/oauth2/v1/token') && code !== 200)
        .length === 0,
      'no exchange may be rejected',
    );
    for (const window of [first, second]) assert.deepEqual(await notifications(window), []);
  });

  it('reloads a window during a renewal that the server did not receive, and stays signed in', async () => {
    await first.workbench.page.bringToFront();
    const { id } = await sessionOfBoth();
    const before = editor.sandbox.requests.length;
    const lift = editor.sandbox.fault('POST /demo/oauth2/v1/token', { kind: 'hang' });
    void execute(first, 'zeyos.renewToken').catch(() => undefined);
    await until('the request', () =>
      editor.sandbox.requests.slice(before).some(({ path }) => path.endsWith('/oauth2/v1/token')),
    );
    first = await editor.reload(first);
    lift();
    await editor.turn(UNTIL_TAKEN_OVER_MS);
    const after = await until(
      'the session again',
      async () => {
        const [one, other] = [await session(first), await session(second)];
        return one?.id === id && other?.id === id && activeTokens().includes(one.accessToken) ? one : undefined;
      },
      2 * PATIENCE_MS,
    );
    assert.equal(after.id, id);
    await status(first, /demo: max\.power$/);
    await status(second, /demo: max\.power$/);
  });

  it('reloads a window before it has received the only valid token, sees that the session has ended, and signs in again', async () => {
    const { id } = await sessionOfBoth();
    const before = renewals().length;
    editor.sandbox.fault('POST /demo/oauth2/v1/token', { kind: 'lostAnswer', how: 'hang' }, 1);
    void execute(first, 'zeyos.renewToken').catch(() => undefined);
    await until('the exchange', () => renewals().length > before, PATIENCE_MS);
    first = await editor.reload(first);
    await editor.turn(UNTIL_TAKEN_OVER_MS);
    for (const window of [first, second])
      await window.workbench
        .statusItem(STATUS)
        .filter({ hasText: 'demo: sign in again' })
        .waitFor({ timeout: 2 * PATIENCE_MS });
    await first.workbench.page.bringToFront();
    void execute(first, 'zeyos.showSessions').catch(() => undefined);
    await first.workbench.quickInput.rows.filter({ hasText: 'max.power' }).waitFor();
    await first.shot('renewal-interrupted');
    await first.workbench.quickInput.cancel();
    const opened = editor.nextTab();
    await first.workbench.statusClick(STATUS);
    await logIn(await opened);
    for (const window of [first, second]) await status(window, /demo: max\.power$/);
    assert.equal((await sessionOfBoth()).id, id, 'signing in again must keep the session');
  });

  it('stays signed in while the server is away, and has a new token when it is back', async () => {
    const { id } = await sessionOfBoth();
    const before = renewals().length;
    editor.sandbox.clearRequests();
    const lift = editor.sandbox.fault('/', { kind: 'status', status: 503 });
    await editor.turn(UNTIL_RENEWAL_MS);
    for (const window of [first, second]) await statusIcon(window, 'cloud-offline', PATIENCE_MS);
    // A failed renewal of one window must not cause another window to try. Only time can show that nothing happens.
    for (let second = 1; second <= 10; second++) {
      await editor.turn(1_000);
      await delay(200);
    }
    const tries = editor.sandbox.requests.filter(({ path }) => path.endsWith('/oauth2/v1/token')).length;
    assert.ok(tries >= 1 && tries <= 4, `two windows tried ${tries} times within some seconds`);
    await status(first, /demo: max\.power/);
    await first.shot('renewal-server-away');
    assert.equal(await session(first), null, 'an expired token must not be handed out');
    assert.equal(renewals().length, before);
    lift();
    await editor.turn(UNTIL_TAKEN_OVER_MS);
    const after = await sessionOfBoth();
    assert.equal(after.id, id);
    for (const { workbench } of [first, second])
      await until(
        'no crossed-out cloud',
        async () => (await workbench.statusItem(STATUS).locator('.codicon-cloud-offline').count()) === 0,
      );
    for (const window of [first, second]) assert.deepEqual(await notifications(window), []);
  });

  it('is asked for the client secret when the server has a new client secret, and stays signed in with it', async () => {
    const { workbench } = first;
    const { id } = await sessionOfBoth();
    const demo = editor.sandbox.instance('demo');
    const { applications } = demo;
    demo.applications = applications.map((application) => ({ ...application, client_secret: 'another-secret' }));
    await workbench.page.bringToFront();
    await editor.turn(UNTIL_RENEWAL_MS);
    await workbench
      .statusItem(STATUS)
      .filter({ hasText: 'demo: client secret needed' })
      .waitFor({ timeout: PATIENCE_MS });
    await workbench.toast(/no longer accepts the client secret for client ID vscode/).waitFor();
    assert.match((await workbench.statusItem(STATUS).getAttribute('class')) ?? '', /warning-kind/);
    assert.match(await (await workbench.statusTooltip(STATUS)).innerText(), /client\ssecret\sneeded/);
    await first.shot('renewal-secret-needed-tooltip');
    await workbench.page.mouse.move(640, 300);
    await workbench.hover.waitFor({ state: 'hidden' });
    await first.shot('renewal-secret-needed');
    await workbench.toastClick(/no longer accepts the client secret/, 'Enter Client Secret');
    await workbench.quickInput.answer('Renew Session on demo', 'wrong');
    await workbench.quickInput.widget.getByText('does not accept this client secret either').waitFor();
    await first.shot('renewal-secret-wrong');
    await workbench.quickInput.answer('Renew Session on demo', 'another-secret');
    for (const window of [first, second]) await status(window, /demo: max\.power$/);
    assert.equal((await sessionOfBoth()).id, id);
    await clearNotifications(first);
    await clearNotifications(second);
  });

  it('sees in both windows that the server ended the session, and no window hands out its token', async () => {
    editor.sandbox.revokeAll();
    await editor.turn(UNTIL_RENEWAL_MS);
    for (const window of [first, second])
      await window.workbench
        .statusItem(STATUS)
        .filter({ hasText: 'demo: sign in again' })
        .waitFor({ timeout: PATIENCE_MS });
    for (const window of [first, second]) assert.equal(await session(window), null);
    await first.shot('renewal-ended-by-the-server');
  });
});
