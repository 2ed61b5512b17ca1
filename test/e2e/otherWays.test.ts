import assert from 'node:assert/strict';
import { hans, lotte, maxPower } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import {
  accountsAre,
  answerPassword,
  clickUntilAsked,
  clearNotifications,
  configure,
  execute,
  fillIn,
  notifications,
  oneTimeCodePrompt,
} from './steps';

/** Longer than the minimum time between two automatic renewals. */
const LIFETIME_SECONDS = 67;
/** From a renewal until the next one is due, in milliseconds. */
const UNTIL_RENEWAL_MS = 61_000;

describe('A user who signs in with a token, at a legacy instance, or with staySignedIn', () => {
  let editor: Editor;
  let window: Window;
  let host: string;

  before(async () => {
    editor = await Editor.start({
      sharesSecrets: true,
      turnsTime: true,
      settings: (sandbox) => ({
        'zeyos.instances': [{ url: sandbox.url('demo'), signIn: 'token' }, { url: sandbox.url('legacy') }],
      }),
    });
    window = await editor.open();
    host = new URL(editor.sandbox.origin).host;
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  const tokensOf = (user: string) => editor.sandbox.tokens().filter((token) => token.user === user);
  const isStored = (secret: string | undefined): boolean =>
    secret !== undefined && [...editor.secrets.values()].some((stored) => stored.includes(secret));
  const issueToken = async (): Promise<string> => {
    const authorization = `Basic ${Buffer.from(`${maxPower.name}:${maxPower.password}`).toString('base64')}`;
    const response = await fetch(`${editor.sandbox.url('demo')}/auth/v1/token`, {
      method: 'POST',
      headers: { authorization },
    });
    return ((await response.json()) as { access_token: string }).access_token;
  };

  it('pastes a token, corrects it in the prompt, and is signed in as its user', async () => {
    const { workbench } = window;
    const token = await issueToken();
    await workbench.statusClick(STATUS);
    await workbench.quickInput.widget.getByText('A token from "Credentials and Security"').waitFor();
    assert.ok(await workbench.quickInput.isPassword());
    await workbench.quickInput.answer('Sign in to demo', 'two words');
    await workbench.quickInput.widget.getByText('This is not a token').waitFor();
    await workbench.quickInput.answer('Sign in to demo', 'deadbeef');
    await workbench.quickInput.widget.getByText('does not accept this token').waitFor();
    await window.shot('token-refused');
    await workbench.quickInput.answer('Sign in to demo', token);
    await status(window, /demo: max\.power/);
    await accountsAre(window, `max.power (${host}/demo)`);
    assert.equal((await execute<{ active: boolean }>(window, 'zeyos.introspectToken'))?.active, true);
    await clearNotifications(window);
  });

  it('signs out, and the pasted token is revoked', async () => {
    await window.workbench.run('ZeyOS: Sign Out');
    await window.workbench.dialogClick('Sign Out');
    await status(window, /Sign in to demo/);
    await until('the revocation', () => tokensOf('max.power').every(({ active }) => !active));
  });

  it('signs in at a legacy instance, which is remembered as legacy', async () => {
    const { workbench } = window;
    await execute(window, 'zeyos.switchInstance', { instance: editor.sandbox.url('legacy') });
    await status(window, /Sign in to legacy/);
    await workbench.statusClick(STATUS);
    await workbench.quickInput.answer('Sign in to legacy', hans.name);
    await answerPassword(window, 'legacy', hans.name, 'wrong');
    await workbench.quickInput.widget.getByText('did not accept this user name and password').waitFor();
    await workbench.quickInput.answer('Sign in to legacy', hans.password);
    await status(window, /legacy: hans/);
    assert.deepEqual(
      tokensOf('hans').map(({ api, active }) => [api, active]),
      [['legacy', true]],
    );
    assert.equal(
      editor.sandbox.requests.filter(({ path }) => path === '/legacy/auth/v1/token').length,
      1,
      'Auth API v1 must be tried once',
    );
    await window.shot('legacy-signed-in');
  });

  it('signs in to a second legacy account with a one-time code, which does not affect the first', async () => {
    const { workbench } = window;
    const result = execute(window, 'zeyos.signIn', { instance: editor.sandbox.url('legacy') });
    await fillIn(window, 'legacy', lotte.name, lotte.password);
    await workbench.quickInput.widget.getByText(oneTimeCodePrompt(lotte.name)).waitFor();
    await workbench.quickInput.answer('Sign in to legacy', lotte.otp);
    assert.notEqual(await result, null);
    await accountsAre(window, `hans (${host}/legacy)`, `lotte (${host}/legacy)`);
    assert.deepEqual(
      [...tokensOf('hans'), ...tokensOf('lotte')].map(({ active }) => active),
      [true, true],
    );
  });

  it('introspects a legacy token, and revokes it', async () => {
    const { workbench } = window;
    assert.equal(
      (
        await execute<{ active: boolean }>(window, 'zeyos.introspectToken', {
          instance: editor.sandbox.url('legacy'),
          account: hans.name,
        })
      )?.active,
      true,
    );
    const revoked = execute(window, 'zeyos.revokeToken', {
      instance: editor.sandbox.url('legacy'),
      account: hans.name,
    });
    await workbench.dialogClick('Revoke');
    assert.equal(await revoked, true);
    assert.deepEqual(
      tokensOf('hans').map(({ active }) => active),
      [false],
    );
    assert.deepEqual(
      tokensOf('lotte').map(({ active }) => active),
      [true],
      'one login must not end another',
    );
    await clearNotifications(window);
  });

  it('stays signed in beyond the lifetime of a password token with staySignedIn', async () => {
    await configure(window, 'zeyos.staySignedIn', true);
    await configure(window, 'zeyos.instances', [{ url: editor.sandbox.url('demo') }]);
    await status(window, /Sign in to demo/);
    editor.sandbox.instance('demo').lifetimeSeconds = LIFETIME_SECONDS;
    await window.workbench.statusClick(STATUS);
    await fillIn(window, 'demo', maxPower.name, maxPower.password);
    // A session that is renewed shows no time.
    await status(window, /demo: max\.power$/);
    const before = tokensOf('max.power').length;
    for (const count of [1, 2]) {
      await editor.turn(UNTIL_RENEWAL_MS);
      await until(`renewal ${count}`, () => tokensOf('max.power').length >= before + count);
      await until('the new token in the secret storage', () => isStored(tokensOf('max.power').at(-1)?.value));
    }
    await status(window, /demo: max\.power$/);
    await until(
      'the revocation of what was replaced',
      () => tokensOf('max.power').filter(({ active }) => active).length === 1,
    );
    assert.deepEqual(await notifications(window), []);
    assert.ok(isStored(maxPower.password), 'the password must be in the secret storage');
    assert.ok(
      !JSON.stringify(await window.bridge.evaluate('return vscode.workspace.getConfiguration("zeyos")')).includes(
        maxPower.password,
      ),
    );
  });

  it('signs in again after the password was changed, and the saved one is deleted', async () => {
    const demo = editor.sandbox.instance('demo');
    const { users } = demo;
    demo.users = users.map((user) => (user.name === maxPower.name ? { ...user, password: 'a new one' } : user));
    await editor.turn(UNTIL_RENEWAL_MS);
    await status(window, /demo: sign in again/);
    assert.ok(!isStored(maxPower.password));
    demo.users = users;
    await clickUntilAsked(window);
    await answerPassword(window, 'demo', maxPower.name, maxPower.password);
    await status(window, /demo: max\.power$/);
  });

  it('turns staySignedIn off, which deletes the password while the token stays valid', async () => {
    await configure(window, 'zeyos.staySignedIn', undefined);
    await status(window, /demo: less than 1 min left/);
    await until('no password', () => !isStored(maxPower.password));
    await editor.turn(LIFETIME_SECONDS * 1_000);
    await status(window, /demo: sign in again/);
  });
});
