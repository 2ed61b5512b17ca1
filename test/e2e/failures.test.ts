import assert from 'node:assert/strict';
import { maxPower, olga } from '../support/sandbox/fixtures';
import { Sandbox, type Fault } from '../support/sandbox/sandbox';
import { Editor, oneAfterTheOther, STATUS, status, statusIcon, until, type Window } from './editor';
import {
  accountsAre,
  answerPassword,
  clearNotifications,
  closeEditors,
  execute,
  fillIn,
  focus,
  noQuickInput,
  notification,
  notifications,
  oneTimeCodePrompt,
  passwordPrompt,
} from './steps';

interface Failure {
  readonly name: string;
  readonly fault: Fault;
  /** What happened and what to do. The message also names the instance. */
  readonly message: RegExp;
}

const HOSTILE =
  '[Open](command:workbench.action.quit) [evil](https://evil.example) $(alert) <a href="https://evil.example">x</a> https://evil.example';

const failures: readonly Failure[] = [
  {
    name: 'the connection is cut',
    fault: { kind: 'reset' },
    message: /cannot be reached \(.+\)\. Check your connection and the editor's proxy settings, then try again\./,
  },
  {
    name: 'too many requests',
    fault: { kind: 'status', status: 429, retryAfterSeconds: 42 },
    message: /is receiving too many requests\. Try again in 42 s\./,
  },
  {
    name: 'a server error',
    fault: { kind: 'status', status: 500 },
    message: /reported a server error \(500\)\. Try again later\./,
  },
  {
    name: 'a gateway without an answer',
    fault: { kind: 'html', status: 502 },
    message: /reported a server error \(502\)\. Try again later\./,
  },
  {
    name: 'the login page of a network',
    fault: { kind: 'html', status: 200 },
    message: /A web page was returned instead of .*Check your connection and the URL of the instance\./,
  },
  {
    name: 'a truncated answer',
    fault: { kind: 'truncated' },
    message: /cannot be reached \(.+\)\. Check your connection/,
  },
  {
    name: 'an answer of the wrong type',
    fault: { kind: 'json', body: { hello: 'world' } },
    message: /did not return a valid ZeyOS response: "\w+" is missing or invalid\./,
  },
  {
    name: 'an answer that never ends',
    fault: { kind: 'huge' },
    message: /did not return a valid ZeyOS response: it is too large\./,
  },
  {
    name: 'a redirect to another host',
    fault: { kind: 'redirect', location: 'https://evil.example/login' },
    message:
      /redirects to https:\/\/evil\.example\/login\. Credentials are never forwarded to another address; correct the URL of the instance\./,
  },
  {
    name: 'a refusal with a link in it',
    fault: { kind: 'json', status: 400, body: { error: 'invalid_request', error_description: HOSTILE } },
    message: /refused the request: invalid_request \(400\)\. Ask your ZeyOS administrator\./,
  },
];

describe('A user whose server fails', () => {
  let editor: Editor;
  let window: Window;
  let closed: Sandbox;
  let selfSigned: Sandbox;
  let instance: string;

  before(async () => {
    closed = await Sandbox.start();
    selfSigned = await Sandbox.start({ tls: true });
    editor = await Editor.start({
      settings: (sandbox) => ({
        'zeyos.instances': [
          { url: sandbox.url('demo') },
          { url: closed.url('acme'), name: 'stopped' },
          { url: 'https://zeyos.invalid/demo', name: 'nowhere' },
          { url: selfSigned.url('demo'), name: 'self-signed' },
        ],
      }),
    });
    await closed.stop();
    window = await editor.open();
    instance = `${new URL(editor.sandbox.origin).host}/demo`;
  });
  after(async () => {
    await editor.stop();
    await selfSigned.stop();
  });
  oneAfterTheOther(() => window);

  const messageBelowInput = async (message: RegExp): Promise<string> => {
    await window.workbench.quickInput.message.filter({ hasText: message }).waitFor();
    assert.equal(
      await window.workbench.quickInput.message.locator('a, .codicon-alert').count(),
      0,
      'nothing in the message may be clickable',
    );
    return (await window.workbench.quickInput.message.innerText()).replace(/\s+/g, ' ');
  };

  /** Whether each of the user’s tokens is active at the server. */
  const tokensOf = (name: string): readonly boolean[] =>
    editor.sandbox
      .tokens()
      .filter(({ user }) => user === name)
      .map(({ active }) => active);

  const notified = async (message: RegExp): Promise<void> => {
    const listed = (await notification(window, message)).locator('.notification-list-item-message');
    const text = await listed.innerText();
    assert.ok(text.includes(instance), `${instance} is missing in ${text}`);
    assert.equal(await listed.locator('a').count(), 0, 'nothing in the notification may be clickable');
  };

  it('sees in the prompt why the sign-in failed, and signs in there after the failure', async () => {
    const { workbench } = window;
    await status(window, /Sign in to demo/);
    await workbench.statusClick(STATUS);
    await workbench.quickInput.answer('Sign in to demo', maxPower.name);
    await workbench.quickInput.widget.getByText(passwordPrompt('max.power')).waitFor();
    for (const { name, fault, message } of failures) {
      const lift = editor.sandbox.fault('POST /demo/auth/v1/token', fault);
      await workbench.quickInput.answer('Sign in to demo', maxPower.password);
      assert.ok((await messageBelowInput(message)).includes(instance), name);
      lift();
    }
    await window.shot('prompt-refusal');
    const lift = editor.sandbox.fault('POST /demo/auth/v1/token', { kind: 'hang' });
    await workbench.quickInput.answer('Sign in to demo', maxPower.password);
    await workbench.quickInput.widget.getByText(passwordPrompt('max.power')).waitFor();
    await window.shot('prompt-waiting');
    await messageBelowInput(/did not respond within 10 s\. Check your connection, then try again\./);
    await window.shot('prompt-time-out');
    lift();
    await workbench.quickInput.answer('Sign in to demo', maxPower.password);
    await status(window, /demo: max\.power/);
    assert.equal(editor.sandbox.tokens().length, 1);
    assert.deepEqual(await notifications(window), []);
  });

  it('cannot click a link in the server’s text about a one-time code', async () => {
    const { workbench } = window;
    const result = execute(window, 'zeyos.signIn', { instance: editor.sandbox.url('demo') });
    await fillIn(window, 'demo', olga.name, olga.password);
    await workbench.quickInput.widget.getByText(oneTimeCodePrompt('olga')).waitFor();
    const lift = editor.sandbox.fault('POST /demo/auth/v1/token', {
      kind: 'json',
      status: 401,
      body: { error: 'otp_required', error_description: HOSTILE },
    });
    await workbench.quickInput.answer('Sign in to demo', '1');
    await messageBelowInput(/did not accept the one-time code: otp_required/);
    await window.shot('hostile-one-time-code');
    lift();
    await workbench.quickInput.cancel();
    assert.equal(await result, null);
  });

  it('sees that the host refuses, does not exist, or is not trusted', async () => {
    const { workbench } = window;
    const cases = [
      {
        url: closed.url('acme'),
        title: 'acme',
        message: new RegExp(
          `The host ${new URL(closed.origin).host} refused the connection\\. Check the URL of the instance and whether the server is running\\.`,
        ),
        name: 'refused',
      },
      {
        url: 'https://zeyos.invalid/demo',
        title: 'demo',
        message: /The host zeyos\.invalid was not found\. Check the URL of the instance and your connection\./,
        name: 'unknown-host',
      },
      {
        url: selfSigned.url('demo'),
        title: 'demo',
        message: new RegExp(
          `The certificate of ${new URL(selfSigned.origin).host} is self-signed.*"caFile".*nothing was sent`,
        ),
        name: 'certificate',
      },
    ];
    for (const { url, title, message, name } of cases) {
      const result = execute(window, 'zeyos.signIn', { instance: url });
      await fillIn(window, title, maxPower.name, maxPower.password);
      await messageBelowInput(message);
      await window.shot(`prompt-${name}`);
      await workbench.quickInput.cancel();
      assert.equal(await result, null);
      await noQuickInput(window);
    }
    assert.deepEqual(
      selfSigned.requests.map(({ path }) => path),
      [],
      'nothing may be sent',
    );
    assert.deepEqual(await notifications(window), []);
  });

  it('sees in a notification why introspection failed, and stays signed in', async () => {
    for (const { name, fault, message } of failures) {
      const lift = editor.sandbox.fault('POST /demo/auth/v1/token/introspect', fault);
      assert.equal(await execute(window, 'zeyos.introspectToken'), null, name);
      await notified(message);
      await status(window, /demo: max\.power/);
      const isReached = 'status' in fault && (fault.status === 400 || fault.status === 429);
      await until(
        `${name} in the status bar`,
        async () =>
          (await window.workbench.statusItem(STATUS).locator('.codicon-cloud-offline').count()) === (isReached ? 0 : 1),
      );
      if (fault.kind === 'redirect') {
        await window.shot('introspection-failed');
        const tooltip = await window.workbench.statusTooltip(STATUS);
        assert.match(await tooltip.innerText(), /cannot\sbe\sreached/);
        await window.shot('tooltip-cannot-be-reached');
        await window.workbench.page.mouse.move(640, 300);
      }
      lift();
      await clearNotifications(window);
      await execute(window, 'zeyos.introspectToken');
      await window.workbench.statusItem(STATUS).locator('.codicon-cloud-offline').waitFor({ state: 'detached' });
    }
    await closeEditors(window);
  });

  it('sees why revocation failed, and stays signed in', async () => {
    const { workbench } = window;
    for (const { name, fault, message } of failures.filter(({ name }) =>
      ['an error of the server', 'the login page of a network', 'a refusal with a link in it'].includes(name),
    )) {
      const lift = editor.sandbox.fault('POST /demo/auth/v1/token/revoke', fault);
      const result = execute(window, 'zeyos.revokeToken');
      await workbench.dialog.waitFor();
      await workbench.dialogClick('Revoke');
      assert.equal(await result, false, name);
      await notified(message);
      await status(window, /demo: max\.power/);
      lift();
      await clearNotifications(window);
    }
    assert.deepEqual(
      editor.sandbox.tokens().map(({ active }) => active),
      [true],
    );
    // A server that answers OK without revoking is detected.
    const lift = editor.sandbox.fault('POST /demo/auth/v1/token/revoke', { kind: 'json', body: {} });
    const result = execute(window, 'zeyos.revokeToken');
    await workbench.dialog.waitFor();
    await workbench.dialogClick('Revoke');
    assert.equal(await result, false);
    await notified(/accepted the request, but still reports the token as active/);
    await window.shot('still-active');
    lift();
    await clearNotifications(window);
  });

  it('sees without any action that the server cannot be reached, and later that it can be reached again', async () => {
    const lift = editor.sandbox.fault('/demo/', { kind: 'reset' });
    await execute(window, 'zeyos.introspectToken');
    await statusIcon(window, 'cloud-offline');
    await window.shot('cannot-reach');
    lift();
    await clearNotifications(window);
    await window.workbench
      .statusItem(STATUS)
      .locator('.codicon-cloud-offline')
      .waitFor({ state: 'detached', timeout: 60_000 });
    await status(window, /demo: max\.power/);
  });

  it('signs out of one account while the server is away, and the token is revoked as soon as the server answers for another account', async () => {
    const { workbench } = window;
    const signedIn = execute(window, 'zeyos.signIn', { instance: editor.sandbox.url('demo'), account: olga.name });
    await answerPassword(window, 'demo', olga.name, olga.password);
    await workbench.quickInput.widget.getByText(oneTimeCodePrompt('olga')).waitFor();
    await workbench.quickInput.answer('Sign in to demo', olga.otp);
    assert.notEqual(await signedIn, null);
    const lift = editor.sandbox.fault('/demo/', { kind: 'reset' });
    const signedOut = execute(window, 'zeyos.signOut', { instance: editor.sandbox.url('demo'), account: olga.name });
    await workbench.dialogClick('Sign Out');
    assert.equal(await signedOut, 1);
    assert.deepEqual(tokensOf(olga.name), [true]);
    lift();
    assert.notEqual(
      await execute(window, 'zeyos.introspectToken', { instance: editor.sandbox.url('demo'), account: maxPower.name }),
      null,
    );
    await until('the revocation', () => tokensOf(olga.name).every((active) => !active));
    assert.deepEqual(tokensOf(maxPower.name), [true]);
    await closeEditors(window);
    await clearNotifications(window);
    await status(window, /demo: max\.power/);
  });

  it('signs out while the server is away, and the token is revoked when the server is back and the window gets the focus', async () => {
    const { workbench } = window;
    editor.sandbox.fault('/demo/', { kind: 'reset' });
    await workbench.run('ZeyOS: Sign Out');
    assert.match(await workbench.dialogText(), /Sign out of max\.power/);
    await workbench.dialogClick('Sign Out');
    await workbench
      .toast(
        /You are signed out here, but the token could not be revoked on 127\.0\.0\.1:\d+\/demo\. It stays valid there until .+20\d\d.+ at the latest; revoking it is retried automatically\./,
      )
      .waitFor();
    await status(window, /Sign in to demo/);
    await accountsAre(window);
    await window.shot('signed-out-offline');
    await workbench.toastClick('You are signed out here', 'Show Sessions');
    await workbench.quickInput.widget.getByText('pending revocations: 1').waitFor();
    await window.shot('pending-revocation');
    await workbench.quickInput.cancel();
    assert.deepEqual(tokensOf(maxPower.name), [true]);
    editor.sandbox.clearFaults();
    // The extension repeats the revocation after a minute. The user comes back sooner.
    await focus(window, false);
    await focus(window, true);
    await revocationIsDone();
  });

  it('signs out while the server is away and reloads the window, and the token is revoked', async () => {
    const { workbench } = window;
    await workbench.statusClick(STATUS);
    await fillIn(window, 'demo', maxPower.name, maxPower.password);
    await status(window, /demo: max\.power/);
    editor.sandbox.fault('/demo/', { kind: 'reset' });
    const signedOut = execute(window, 'zeyos.signOut');
    await workbench.dialogClick('Sign Out');
    assert.equal(await signedOut, 1);
    assert.equal(editor.sandbox.tokens().at(-1)?.active, true);
    editor.sandbox.clearFaults();
    window = await editor.reload(window);
    await revocationIsDone();
  });

  async function revocationIsDone(): Promise<void> {
    await until('the revocation', () => editor.sandbox.tokens().every(({ active }) => !active));
    await until('sessions without it', async () => {
      const shown = execute(window, 'zeyos.showSessions');
      await window.workbench.quickInput.waitFor('ZeyOS Sessions');
      await window.workbench.quickInput.row('Add Instance').waitFor();
      const isListed = (await window.workbench.quickInput.labels()).some((label) => label?.startsWith('max.power'));
      await window.workbench.quickInput.cancel();
      await shown;
      return !isListed;
    });
  }
});
