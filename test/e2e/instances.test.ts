import assert from 'node:assert/strict';
import { acme, juergen, olga } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import {
  accountsAre,
  clearNotifications,
  closeEditors,
  configure,
  consumerResults,
  execute,
  fillIn,
  noQuickInput,
  notification,
  notifications,
  oneTimeCodePrompt,
  passwordPrompt,
} from './steps';

describe('A user with several instances', () => {
  let editor: Editor;
  let window: Window;
  let host: string;
  const goodEntries = (): readonly unknown[] => [
    { url: editor.sandbox.url('demo'), name: 'Demo' },
    { url: editor.sandbox.url('acme') },
    { url: editor.sandbox.url('shop'), name: 'The Shop' },
  ];

  before(async () => {
    editor = await Editor.start({
      settings: (sandbox) => ({
        'zeyos.instances': [
          { url: sandbox.url('demo'), name: 'Demo' },
          { url: sandbox.url('acme') },
          { url: 'http://zeyos.example.com/remote' },
          { url: sandbox.url('shop'), name: 'The Shop' },
          { url: `${sandbox.url('shop')}/` },
        ],
      }),
    });
    window = await editor.open();
    host = new URL(editor.sandbox.origin).host;
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  it('sees each invalid entry reported once by name with a button for the setting', async () => {
    const { workbench } = window;
    const insecure = await notification(
      window,
      'The ZeyOS instance http://zeyos.example.com/remote in the settings cannot be used. Use HTTPS',
    );
    await notification(
      window,
      `The ZeyOS instance ${editor.sandbox.url('shop')}/ in the settings cannot be used. The same instance is listed twice.`,
    );
    await window.shot('wrong-entries');
    await insecure.getByRole('button', { name: 'Open Settings', exact: true }).click();
    await workbench.page.locator('.settings-editor .setting-item-category', { hasText: 'Zeyos' }).first().waitFor();
    await window.shot('setting');
    await closeEditors(window);
    await clearNotifications(window);
    await configure(window, 'zeyos.instances', [
      ...goodEntries(),
      { url: 'http://zeyos.example.com/remote' },
      { url: 'ftp://zeyos.example.com/files' },
    ]);
    await notification(window, 'ftp://zeyos.example.com/files');
    assert.equal(
      await workbench.page.locator('.notification-list-item').count(),
      1,
      'an unchanged entry must not be reported again',
    );
    await clearNotifications(window);
    await configure(window, 'zeyos.instances', goodEntries());
  });

  it('signs in to a picked instance with a user name and password beyond ASCII, after going back and forth', async () => {
    const { workbench } = window;
    const { quickInput } = workbench;
    await workbench.run('ZeyOS: Sign In');
    await quickInput.waitFor('Sign in to ZeyOS');
    assert.deepEqual(await quickInput.labels(), [
      `Demo, ${host}/demo`,
      `acme, ${host}/acme`,
      `The Shop, ${host}/shop`,
      'Add Instance…',
    ]);
    await window.shot('pick-instance');
    await quickInput.pick('Sign in to ZeyOS', 'acme');
    await quickInput.waitFor('Sign in to acme');
    await quickInput.button('Back').click();
    await quickInput.pick('Sign in to ZeyOS', 'Demo');
    await quickInput.answer('Sign in to demo', juergen.name);
    await quickInput.widget.getByText(passwordPrompt(juergen.name)).waitFor();
    await quickInput.button('Back').click();
    await quickInput.widget.getByText('User name on').waitFor();
    assert.equal(await quickInput.box.inputValue(), juergen.name, 'the previous answer must be filled in');
    await quickInput.button('Back').click();
    await quickInput.pick('Sign in to ZeyOS', 'Demo');
    await quickInput.widget.getByText('User name on').waitFor();
    await quickInput.accept();
    await quickInput.widget.getByText(passwordPrompt(juergen.name)).waitFor();
    assert.equal(await quickInput.box.inputValue(), '');
    await window.shot('password-step-3');
    await quickInput.answer('Sign in to demo', juergen.password);
    await status(window, /Demo: jürgen \(23 h 5\d min\)/);
    assert.deepEqual(
      editor.sandbox.tokens().map(({ user, active }) => [user, active]),
      [['jürgen', true]],
    );
  });

  it('corrects a one-time code in the prompt, and signs in', async () => {
    const { workbench } = window;
    const { quickInput } = workbench;
    await workbench.run('ZeyOS: Sign In');
    await quickInput.pick('Sign in to ZeyOS', 'Demo');
    await fillIn(window, 'demo', olga.name, olga.password);
    await quickInput.widget.getByText(oneTimeCodePrompt('olga')).waitFor();
    await window.shot('one-time-code');
    await quickInput.answer('Sign in to demo', '000000');
    await quickInput.widget.getByText('did not accept the one-time code').waitFor();
    await window.shot('wrong-one-time-code');
    await quickInput.button('Back').click();
    await quickInput.widget.getByText(passwordPrompt('olga')).waitFor();
    assert.equal(await quickInput.box.inputValue(), '', 'a password must not be filled in again');
    await quickInput.answer('Sign in to demo', olga.password);
    await quickInput.widget.getByText(oneTimeCodePrompt('olga')).waitFor();
    await quickInput.answer('Sign in to demo', olga.otp);
    await status(window, /Demo: olga/);
    await accountsAre(window, `jürgen (${host}/demo)`, `olga (${host}/demo)`);
  });

  it('cancels at any step with Esc, without further prompts or messages', async () => {
    const { quickInput } = window.workbench;
    const tokens = editor.sandbox.tokens().length;
    const toUserName = async (): Promise<void> => quickInput.pick('Sign in to ZeyOS', 'Demo');
    const toPassword = async (): Promise<void> => {
      await toUserName();
      await quickInput.answer('Sign in to demo', olga.name);
      await quickInput.widget.getByText(passwordPrompt('olga')).waitFor();
    };
    const toOneTimeCode = async (): Promise<void> => {
      await toPassword();
      await quickInput.answer('Sign in to demo', olga.password);
      await quickInput.widget.getByText(oneTimeCodePrompt('olga')).waitFor();
    };
    for (const [step, go] of Object.entries({
      instance: () => quickInput.waitFor('Sign in to ZeyOS'),
      userName: () => toUserName().then(() => quickInput.widget.getByText('User name on').waitFor()),
      password: toPassword,
      oneTimeCode: toOneTimeCode,
    })) {
      const result = execute(window, 'zeyos.signIn');
      await go();
      await quickInput.cancel();
      assert.equal(await result, null, step);
      await noQuickInput(window);
      assert.deepEqual(await notifications(window), [], step);
    }
    assert.equal(editor.sandbox.tokens().length, tokens);
    await status(window, /Demo: olga/);
  });

  it('switches to another instance and to another account there', async () => {
    const { workbench } = window;
    await workbench.run('ZeyOS: Switch Active Instance');
    await workbench.quickInput.waitFor('Switch Active Instance');
    await window.shot('switch-instance');
    await workbench.quickInput.pick('Switch Active Instance', 'acme');
    await status(window, /Sign in to acme/);
    await workbench.statusClick(STATUS);
    await fillIn(window, 'acme', acme.users[0].name, acme.users[0].password);
    await status(window, /acme: max\.power/);
    await workbench.run('ZeyOS: Switch Active Instance');
    await workbench.quickInput.pick('Switch Active Instance', 'Demo');
    await workbench.quickInput.row('olga').waitFor();
    await window.shot('switch-account');
    await workbench.quickInput.pick('Switch Active Instance', 'jürgen');
    await status(window, /Demo: jürgen/);
    assert.equal(await window.bridge.evaluate(`return (await ext('zeyos.zeyos-auth')).activeInstance.name`), 'Demo');
  });

  it('sees all sessions with their states and actions', async () => {
    const { workbench } = window;
    const { quickInput } = workbench;
    editor.sandbox.revoke(editor.sandbox.tokens().find(({ user }) => user === 'olga')?.value ?? '');
    await execute(window, 'zeyos.introspectToken', { account: 'olga' });
    await closeEditors(window);
    await workbench.statusClick(STATUS);
    await quickInput.waitFor('ZeyOS Sessions');
    const labels = (await quickInput.labels()).map((label) => String(label));
    for (const [index, part] of [
      'jürgen',
      'olga',
      'Sign In with Another Account',
      'max.power',
      'Sign In with Another Account',
      'Sign In',
      'Add Instance',
      'Switch Active Instance',
      'Remove Instance',
    ].entries()) {
      assert.ok(labels[index]?.startsWith(part), `${part} is missing in ${labels.join(' | ')}`);
    }
    await quickInput.widget
      .getByText(/signed in, 23 h 5\d min left/)
      .first()
      .waitFor();
    await quickInput.widget.getByText('revoked', { exact: true }).waitFor();
    await window.shot('sessions');
    await quickInput.row('olga').click();
    await quickInput.waitFor(`olga (${host}/demo)`);
    assert.deepEqual(await quickInput.labels(), [
      'Sign In Again',
      'Make Active',
      'Sign Out',
      'Open Instance in Browser',
      'Copy Request',
      'Diagnose Connection',
      'Copy URL',
      'Edit in Settings',
      'Remove Instance',
    ]);
    await quickInput.button('Back').click();
    await quickInput.pick('ZeyOS Sessions', 'jürgen');
    await quickInput.waitFor(`jürgen (${host}/demo)`);
    assert.deepEqual(await quickInput.labels(), [
      'Introspect Token',
      'Renew Token',
      'Copy Access Token',
      'Open Terminal',
      'Revoke Token',
      'Sign Out',
      'Sign In Again',
      'Open Instance in Browser',
      'Copy Request',
      'Diagnose Connection',
      'Copy URL',
      'Edit in Settings',
      'Remove Instance',
    ]);
    await window.shot('session-actions');
    await quickInput.row('Introspect Token').click();
    await until('the introspection', async () =>
      /Active: the server accepts this token[^]*Account: jürgen/.test(await workbench.renderedText()),
    );
    await closeEditors(window);
  });

  it('reads the states of all sessions in the tooltip', async () => {
    const tooltip = await window.workbench.statusTooltip(STATUS);
    const text = (await tooltip.innerText()).replace(/\u00a0/g, ' ');
    for (const part of [
      'Demo (active)',
      'jürgen',
      'olga',
      'revoked',
      'acme',
      'max.power',
      'The Shop',
      'signed out',
      'Switch instance',
    ])
      assert.ok(text.includes(part), `${part} is missing in ${text}`);
    await window.shot('tooltip-of-several');
  });

  it('signs out of one account in the Accounts menu, and other extensions get the event', async () => {
    const { workbench } = window;
    const events = async (): Promise<number> =>
      (await consumerResults(window)).filter(({ name }) => name === 'onDidChangeSessions').length;
    const before = await events();
    await workbench.page.mouse.move(640, 300);
    await workbench.openAccounts();
    const items = (await workbench.menuItems()).join(' | ');
    for (const label of [`jürgen (${host}/demo)`, `max.power (${host}/acme)`])
      assert.ok(items.includes(label), `${label} is missing in ${items}`);
    await window.shot('accounts-menu');
    await workbench.menuClick(`jürgen (${host}/demo)`, 'Sign Out');
    assert.match(await workbench.dialogText(), /Sign out of 'jürgen/);
    await window.shot('accounts-menu-sign-out');
    await workbench.dialogClick('Sign Out');
    await accountsAre(window, `max.power (${host}/acme)`);
    await until('the event', async () => (await events()) > before);
    await until(
      'the revocation',
      () => editor.sandbox.tokens().find(({ user }) => user === 'jürgen')?.active === false,
    );
  });

  it('removes an instance, which hides its session, and gets the session back with the instance', async () => {
    const { workbench } = window;
    await clearNotifications(window);
    await workbench.run('ZeyOS: Remove Instance');
    await workbench.quickInput.pick('Remove a ZeyOS Instance', 'acme');
    assert.match(
      await workbench.dialogText(),
      /Remove the ZeyOS instance acme\?.*reappears when you add the instance again/,
    );
    assert.deepEqual((await workbench.dialogButtons()).sort(), ['Cancel', 'Remove', 'Remove and Sign Out']);
    await window.shot('remove-instance');
    await workbench.dialogClick('Remove');
    await accountsAre(window);
    await workbench.run('ZeyOS: Show Sessions');
    await workbench.quickInput.widget.getByText('acme, no longer configured').waitFor();
    await window.shot('sessions-of-a-removed-instance');
    await workbench.quickInput.cancel();
    await workbench.run('ZeyOS: Add Instance');
    await workbench.quickInput.answer('Add a ZeyOS Instance', editor.sandbox.url('acme'));
    await workbench.dialogClick('Add');
    await accountsAre(window, `max.power (${host}/acme)`);
    assert.equal(editor.sandbox.tokens().find(({ instance }) => instance === 'acme')?.active, true);
  });

  it('signs out of several accounts at once', async () => {
    const { workbench } = window;
    await clearNotifications(window);
    await workbench.run('ZeyOS: Sign Out');
    await workbench.quickInput.waitFor('Sign Out of ZeyOS');
    for (const row of await workbench.quickInput.rows.all()) await row.locator('.monaco-checkbox').click();
    await window.shot('sign-out-of-several');
    await workbench.quickInput.button('OK').click();
    assert.match(await workbench.dialogText(), /Sign out of 2 accounts\?/);
    await window.shot('sign-out-confirmation');
    await workbench.dialogClick('Sign Out');
    await accountsAre(window);
    await until('the revocations', () => editor.sandbox.tokens().every(({ active }) => !active));
  });

  it('sees only commands in the palette that need no session while signed out', async () => {
    const { quickInput } = window.workbench;
    await quickInput.openPalette();
    await quickInput.box.fill('>ZeyOS: ');
    await quickInput.row('ZeyOS: Sign In').waitFor();
    const labels = (await quickInput.labels()).map((label) => /ZeyOS: [\w ]+/.exec(label ?? '')?.[0]);
    for (const offered of ['Sign In', 'Add Instance', 'Show Sessions', 'Diagnose Connection'])
      assert.ok(labels.includes(`ZeyOS: ${offered}`), `${offered} is missing in ${labels.join()}`);
    for (const hidden of ['Sign Out', 'Introspect Token', 'Revoke Token', 'Renew Token', 'Copy Access Token'])
      assert.ok(!labels.includes(`ZeyOS: ${hidden}`), `${hidden} must not be in ${labels.join()}`);
    await quickInput.cancel();
  });

  it('adds an instance by a link to one of its pages, and confirms the corrected URL', async () => {
    const { workbench } = window;
    const { quickInput } = workbench;
    await clearNotifications(window);
    const legacy = editor.sandbox.url('legacy');
    await workbench.run('ZeyOS: Add Instance');
    await quickInput.waitFor('Add a ZeyOS Instance');
    await quickInput.box.fill(`[Ticket](${legacy}/?umi=s3cret#ticket/1)`);
    await quickInput.widget
      .getByText(`This address contains the URL of an instance, which will be added: ${legacy}`)
      .waitFor();
    await window.shot('deep-link');
    await quickInput.box.fill(legacy);
    await quickInput.widget.getByText('This address contains').waitFor({ state: 'detached' });
    await quickInput.answer('Add a ZeyOS Instance', `[Ticket](${legacy}/?umi=s3cret#ticket/1)`);
    const dialog = await workbench.dialogText();
    assert.ok(dialog.includes(legacy) && !dialog.includes('s3cret'), dialog);
    await window.shot('deep-link-confirmation');
    await workbench.dialogClick('Add');
    await notification(window, 'The instance legacy has been added.');
  });

  it('corrects the URL of an instance that redirects, and confirms the new URL', async () => {
    const { workbench } = window;
    await clearNotifications(window);
    const wrong = `${editor.sandbox.origin}/Legacy`;
    const right = editor.sandbox.url('acme');
    await configure(window, 'zeyos.instances', [{ url: wrong, name: 'Moved' }]);
    editor.sandbox.fault('/Legacy/', {
      kind: 'redirect',
      location: `//${host}/acme/auth/v1/token?s3cret`,
      status: 301,
    });
    const result = execute(window, 'zeyos.signIn', { instance: wrong });
    await fillIn(window, 'Legacy', acme.users[0].name, acme.users[0].password);
    await workbench.quickInput.widget.getByText(`redirects to ${right}/auth/v1/token.`).waitFor();
    await window.shot('redirect-in-prompt');
    await workbench.quickInput.button('Correct URL').click();
    const dialog = await workbench.dialogText();
    for (const part of [wrong, right, host, 'not moved']) assert.ok(dialog.includes(part), dialog);
    assert.ok(!dialog.includes('s3cret'), dialog);
    await window.shot('redirect-confirmation');
    await workbench.dialogClick('Change URL');
    await notification(window, `The URL of the instance Moved is now ${right}.`);
    await window.shot('redirect-corrected');
    await workbench.quickInput.cancel().catch(() => undefined);
    await result;
    await configure(window, 'zeyos.instances', [
      { url: right },
      { url: `${editor.sandbox.url('demo')}/?umi=s3cret` },
      { url: editor.sandbox.url('shop'), redirectPort: 6000 },
    ]);
    await notification(window, `Its URL is probably ${editor.sandbox.url('demo')}.`);
    await notification(window, 'is blocked by browsers');
    await window.shot('wrong-entries-with-corrections');
  });
});
