import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { accountsTree } from '../support/host/tree';
import { acme, maxPower } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, STATUS, until, type Window } from './editor';
import { accounts, clearNotifications, execute, fillIn, noQuickInput, passwordPrompt } from './steps';

/** A user name from a hostile server or extension, with a link that would quit the editor, and an icon. */
const CALLED = '[x](command:workbench.action.quit) $(error)';
/** The same in little room. */
const SHORTENED = '[x](comman… $(error)';
/** The same as far as a user name that is typed may contain it. */
const TYPED = '$(error) [x] (y)';

describe('A user whose name contains links and icons', () => {
  let editor: Editor;
  let window: Window;
  let host: string;

  before(async () => {
    editor = await Editor.start({
      settings: (sandbox) => ({ 'zeyos.instances': [{ url: sandbox.url('demo') }, { url: sandbox.url('acme') }] }),
    });
    window = await editor.open();
    host = new URL(editor.sandbox.origin).host;
    editor.sandbox.fault('/introspect', { kind: 'json', body: { active: true, username: CALLED, sub: '66' } });
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  const demo = () => ({ instance: editor.sandbox.url('demo') });

  /** Returns the text of a place without invisible marks, and asserts that it has no link and no icon. */
  async function plainly(place: Locator): Promise<string> {
    await place.first().waitFor();
    const texts = await place.allInnerTexts();
    assert.equal(
      await place.locator('a:not(.label-name, .action-label), .codicon-error').count(),
      0,
      `there is a link or an icon in ${texts.join(' | ')}`,
    );
    return texts
      .join('\n')
      .replace(/\u200b/g, '')
      .replace(/[\s\u00a0]+/g, ' ');
  }

  /** Returns title, message and rows of the prompt. Its buttons are the editor’s own. */
  const prompt = (): Promise<string> =>
    plainly(
      window.workbench.page.locator(
        '.quick-input-widget :is(.quick-input-title, .quick-input-message, .monaco-list-row):visible',
      ),
    );
  const notification = async (text: string): Promise<string> =>
    plainly(window.workbench.toast(text).locator('.notification-list-item-message'));

  it('sees the name unchanged in the prompt for the password, and an invalid user name is refused', async () => {
    const { quickInput } = window.workbench;
    const asked = execute(window, 'zeyos.signIn', { ...demo(), account: TYPED });
    // The name could be a misleading sentence, so it is shown alone first.
    await quickInput.widget.getByText('User name on').waitFor();
    assert.equal(await quickInput.box.inputValue(), TYPED);
    await quickInput.accept();
    await quickInput.message.filter({ hasText: 'The password is sent to' }).waitFor();
    assert.ok(
      (await prompt()).includes(`The password is sent to ${editor.sandbox.url('demo')} only. User name: ${TYPED}`),
    );
    await window.shot('names-password');
    await quickInput.answer('Sign in to demo', 'wrong');
    await quickInput.message.filter({ hasText: 'did not accept' }).waitFor();
    await prompt();
    await quickInput.cancel();
    assert.equal(await asked, null);
    await noQuickInput(window);
    const refused = execute(window, 'zeyos.signIn', { ...demo(), account: CALLED });
    await quickInput.message.filter({ hasText: 'User name on' }).waitFor();
    assert.equal(await quickInput.box.inputValue(), CALLED);
    await quickInput.accept();
    await quickInput.message.filter({ hasText: 'cannot contain a colon' }).waitFor();
    await prompt();
    await quickInput.cancel();
    assert.equal(await refused, null);
    await noQuickInput(window);
  });

  it('signs in, and sees the server’s names as plain text in status bar, tooltip and Show Sessions', async () => {
    const { workbench } = window;
    for (const [instance, { name, password }] of [
      ['demo', maxPower],
      ['acme', acme.users[0]],
    ] as const) {
      const result = execute<{ account: string }>(window, 'zeyos.signIn', { instance: editor.sandbox.url(instance) });
      await fillIn(window, instance, name, password);
      assert.equal((await result)?.account, CALLED);
    }
    assert.deepEqual([...(await accounts(window))].sort(), [`${CALLED} (${host}/acme)`, `${CALLED} (${host}/demo)`]);
    await workbench.statusItem(STATUS).filter({ hasText: 'demo: ' }).waitFor();
    assert.equal(await workbench.statusItem(STATUS).locator('.codicon-error').count(), 0);
    const tooltip = await workbench.statusTooltip(STATUS);
    assert.ok((await tooltip.innerText()).includes(SHORTENED));
    assert.equal(await tooltip.locator(':is(a, [data-href])').filter({ hasText: /^x$/ }).count(), 0);
    assert.equal(await tooltip.locator('.codicon-error').count(), 0);
    await window.shot('names-tooltip');
    await workbench.statusClick(STATUS);
    await workbench.quickInput.waitFor('ZeyOS Sessions');
    await workbench.quickInput.rows.filter({ hasText: 'workbench.action.quit' }).first().waitFor();
    assert.ok((await prompt()).includes(CALLED));
    await window.shot('names-sessions');
    await workbench.quickInput.rows.filter({ hasText: 'workbench.action.quit' }).first().click();
    await workbench.quickInput.title.filter({ hasText: `${host}/demo` }).waitFor();
    assert.ok((await prompt()).includes(`${CALLED} (${host}/demo)`));
    await workbench.quickInput.cancel();
    await noQuickInput(window);
  });

  it('sees the names unchanged in the Accounts view and its tooltip', async () => {
    const { page, hover } = window.workbench;
    await execute(window, 'zeyos.accounts.focus');
    const view = accountsTree(page);
    const row = view.row(`Account ${CALLED}`);
    assert.ok((await plainly(row.locator('.monaco-icon-label-container'))).includes(SHORTENED));
    await row.hover();
    assert.ok((await plainly(hover)).includes(`${CALLED} (${host}/`));
    await window.shot('names-view');
    await page.mouse.move(640, 300);
    await execute(window, 'workbench.view.explorer');
  });

  it('selects one of several accounts by its name in a list', async () => {
    const { quickInput } = window.workbench;
    for (const [command, title] of [
      ['zeyos.introspectToken', 'Introspect a Token'],
      ['zeyos.signOut', 'Sign Out of ZeyOS'],
    ] as const) {
      const result = execute(window, command);
      await quickInput.waitFor(title);
      await quickInput.rows.filter({ hasText: 'workbench.action.quit' }).nth(1).waitFor();
      assert.ok((await prompt()).includes(CALLED));
      await window.shot(`names-${title.replaceAll(' ', '-')}`);
      await quickInput.cancel();
      assert.equal(await result, null);
      await noQuickInput(window);
    }
  });

  it('revokes a token, and sees the name as plain text in dialog and message', async () => {
    const { workbench } = window;
    editor.sandbox.clearFaults();
    const revoked = execute(window, 'zeyos.revokeToken', demo());
    assert.ok(
      (await plainly(workbench.dialog.locator('.dialog-message-container'))).includes(
        `Revoke the token for ${CALLED} (${host}/demo)?`,
      ),
    );
    await workbench.dialogClick('Revoke');
    assert.equal(await revoked, true);
    assert.ok(
      (await notification('has been revoked')).includes(`The token for ${CALLED} (${host}/demo) has been revoked.`),
    );
    await window.shot('names-revoked');
    await clearNotifications(window);
  });

  it('signs in again as another user, and sees the error as plain text', async () => {
    const result = window.bridge.evaluate<string>(
      `const account = (await vscode.authentication.getAccounts('zeyos')).find(({ id }) => id.startsWith(arg));
      return vscode.authentication.getSession('zeyos', [arg], { forceNewSession: true, account }).then(() => 'signed in', (error) => error.message)`,
      editor.sandbox.url('acme'),
    );
    const { quickInput } = window.workbench;
    await window.workbench.dialogClick('Allow');
    await quickInput.message.filter({ hasText: passwordPrompt(maxPower.name) }).waitFor();
    await prompt();
    // The server uses the real name from here on.
    await quickInput.answer('Sign in to acme', acme.users[0].password);
    const why = await result;
    assert.match(why, /You signed in to .*\/acme as max\.power, but .+ was requested/);
    assert.doesNotMatch(why, /\]\(command:|\$\(/, 'an extension may show the message');
    await noQuickInput(window);
    assert.deepEqual([...(await accounts(window))], [`${CALLED} (${host}/acme)`]);
  });

  it('signs out while the server is away, and sees the name as plain text in the message', async () => {
    const { workbench } = window;
    editor.sandbox.fault('/acme/', { kind: 'reset' });
    const signedOut = execute(window, 'zeyos.signOut', { instance: editor.sandbox.url('acme') });
    assert.ok((await plainly(workbench.dialog.locator('.dialog-message-container'))).includes(CALLED));
    await workbench.dialogClick('Sign Out');
    assert.equal(await signedOut, 1);
    await notification('You are signed out here');
    await window.shot('names-signed-out');
    await until('no account', async () => (await accounts(window)).length === 0);
  });
});
