import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { accountsTree, type TreeView } from '../support/host/tree';
import { hans } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import { seed, seedEveryState } from './seed';
import { clearNotifications, closeEditors, configure, execute, fillIn, noQuickInput } from './steps';

/** The item of the Accounts view in the activity bar, with its badge, which covers the middle of the icon. */
const viewIcon = ({ workbench }: Window): Locator =>
  workbench.page.locator('.activitybar .action-item:has(a[aria-label^="ZeyOS"])');

describe('A person who looks at the accounts', () => {
  let editor: Editor;
  let window: Window;
  let view: TreeView;
  let host: string;

  before(async () => {
    editor = await Editor.start({ sharesSecrets: true });
    host = new URL(editor.sandbox.origin).host;
    window = await editor.open();
    view = accountsTree(window.workbench.page);
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  const container = () => viewIcon(window).locator('a');

  it('finds the Accounts view in the activity bar, and in the view a button to add an instance', async () => {
    const { page, quickInput } = window.workbench;
    await viewIcon(window).click();
    const welcome = page.locator('.sidebar .welcome-view-content');
    await welcome.getByText('No ZeyOS instance is configured yet').waitFor();
    await window.shot('view-welcome');
    await welcome.getByRole('button', { name: 'Add Instance' }).click();
    await quickInput.waitFor('Add a ZeyOS Instance');
    await quickInput.cancel();
  });

  it('sees every state of an account in words and in the shape of its icon', async () => {
    const instances = await seedEveryState(editor);
    await configure(window, 'zeyos.instances', instances);
    window = await editor.reload(window);
    view = accountsTree(window.workbench.page);
    await view.row('Account gina.good').waitFor();
    await execute(window, 'zeyos.switchInstance', { instance: 'Demo', account: 'anna.good' });
    await view.row('Account anna.good on Demo, active').waitFor();
    const rows = await Promise.all(
      (await view.rows.all()).map(async (row) => `${await view.icon(row)}: ${await row.getAttribute('aria-label')}`),
    );
    assert.deepEqual(
      rows.map((row) =>
        row
          .replace(/4 h 5\d min/, 'HOURS')
          .replace(/1\d min/, 'MINUTES')
          .replace(/\w+,? \d+:\d\d\s[AP]M/, 'TIME'),
      ),
      [
        `server-environment: Instance Demo, active, ${host}/demo`,
        'pass: Account anna.good on Demo, active, signed in, HOURS left',
        'pass: Account ben.far on Demo, signed in until TIME',
        'clock: Account cleo.soon on Demo, signed in, MINUTES left',
        'error: Account dora.expired on Demo, expired',
        'error: Account emil.revoked on Demo, revoked',
        'error: Account fred.lost on Demo, credentials lost',
        `server-environment: Instance Acme, ${host}/acme`,
        'pass: Account gina.good on Acme, signed in, HOURS left',
        `server-environment: Instance legacy, signed out, ${host}/legacy`,
        `debug-disconnect: Instance removed, no longer configured, ${host}/removed`,
        'pass: Account hugo.hidden on removed, signed in, HOURS left',
      ],
    );
    await window.shot('view-states');
  });

  it('sees the most needed action of an account and Introspect Token beside its name', async () => {
    assert.deepEqual(await view.inline(view.row('Account cleo.soon')), ['Renew Token', 'Introspect Token']);
    assert.deepEqual(await view.inline(view.row('Account dora.expired')), ['Sign In Again', 'Introspect Token']);
    assert.deepEqual(await view.inline(view.row('Account emil.revoked')), ['Sign In Again']);
    assert.deepEqual(await view.inline(view.row('Instance legacy')), ['Sign In']);
    assert.deepEqual(await view.inline(view.row('Instance removed')), ['Add Instance Again']);
    await window.shot('view-inline-actions');
  });

  it('reads in the badge how many accounts need a person, and why', async () => {
    const label = (await container().getAttribute('aria-label')) ?? '';
    assert.match(label, /Sign in again: dora\.expired \(Demo\), emil\.revoked \(Demo\), fred\.lost \(Demo\)/);
    assert.match(label, /Expires soon: cleo\.soon \(Demo\)/);
    const badge = viewIcon(window).locator('.badge-content');
    assert.equal(await badge.innerText(), '4');
    await container().hover({ force: true });
    await window.workbench.hover.waitFor();
    await window.shot('view-badge');
    await window.workbench.page.mouse.move(640, 300);
  });

  it('reads the whole URL and the whole end of a session in the tooltip', async () => {
    await view.row('Account ben.far').hover();
    await window.workbench.hover.filter({ hasText: 'Expires: ' }).waitFor();
    await window.shot('view-tooltip');
    await window.workbench.page.mouse.move(640, 300);
  });

  it('opens the menu of an account with the keyboard alone, and has the focus on the same item afterwards', async () => {
    const { workbench } = window;
    const { keyboard } = workbench.page;
    await workbench.run('ZeyOS: Focus on Accounts View');
    await view.moveTo('Account dora.expired');
    assert.equal(await view.focused.count(), 1);
    await keyboard.press('Shift+F10');
    await workbench.page.locator('.monaco-menu').first().waitFor();
    await window.shot('view-menu');
    assert.deepEqual(
      (await workbench.menuItems()).filter((item) => item !== ''),
      ['Sign In Again', 'Make Active', 'Introspect Token', 'Sign Out'],
    );
    await workbench.page.waitForTimeout(300);
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await workbench.quickInput.waitFor('Sign in to demo');
    await workbench.quickInput.cancel();
    await noQuickInput(window);
    await until('the focus', async () => (await view.focused.getAttribute('aria-label'))?.startsWith('Account dora'));
    await keyboard.press('Shift+F10');
    await workbench.page.locator('.monaco-menu').first().waitFor();
    await keyboard.press('Escape');
    await until('the focus', async () => (await view.focused.getAttribute('aria-label'))?.startsWith('Account dora'));
  });

  it('keeps the focus and the collapsed items while the view is updated', async () => {
    const { keyboard } = window.workbench.page;
    await view.moveTo('Instance Demo');
    await keyboard.press('ArrowLeft');
    await until('a collapsed instance', async () => (await view.row('Account anna').count()) === 0);
    await view.moveTo('Account gina.good');
    await configure(window, 'zeyos.expiryWarningMinutes', 400);
    await until('another icon', async () => (await view.icon(view.row('Account gina.good'))) === 'clock');
    assert.match((await view.focused.getAttribute('aria-label')) ?? '', /^Account gina/);
    assert.equal(await view.row('Account anna').count(), 0, 'it is expanded again');
    await configure(window, 'zeyos.expiryWarningMinutes', undefined);
    await until('the icon of before', async () => (await view.icon(view.row('Account gina.good'))) === 'pass');
    await view.moveTo('Instance Demo');
    await keyboard.press('ArrowRight');
    await view.row('Account anna').waitFor();
  });

  it('signs in beside the name of an instance, and sees the account at once', async () => {
    const legacy = view.row('Instance legacy');
    await legacy.hover();
    await legacy.getByRole('button', { name: 'Sign In' }).click();
    await fillIn(window, 'legacy', hans.name, hans.password);
    await view.row(`Account ${hans.name} on legacy`).waitFor();
    assert.deepEqual(await view.inline(view.row('Instance legacy')), ['Make Active']);
    await window.shot('view-signed-in');
  });

  it('introspects a token beside its name', async () => {
    const account = view.row(`Account ${hans.name}`);
    await account.hover();
    await account.getByRole('button', { name: 'Introspect Token' }).click();
    await until('the introspection', async () =>
      /accepts this token/.test(await window.workbench.renderedText().catch(() => '')),
    );
    await closeEditors(window);
  });

  it('sees that a server cannot be reached', async () => {
    const lift = editor.sandbox.fault('/legacy/', { kind: 'status', status: 503 });
    await execute(window, 'zeyos.introspectToken', { instance: editor.sandbox.url('legacy'), account: hans.name });
    await view.row('Instance legacy, cannot be reached').waitFor();
    assert.equal(await view.icon(view.row('Instance legacy')), 'cloud-offline');
    assert.deepEqual(await view.inline(view.row('Instance legacy')), ['Diagnose Connection']);
    await clearNotifications(window);
    await window.shot('view-cannot-be-reached');
    lift();
  });

  it('runs actions on the rows of Show Sessions, and the list stays open with what they have changed', async () => {
    const { workbench } = window;
    const { quickInput } = workbench;
    await clearNotifications(window);
    const shown = execute(window, 'zeyos.showSessions');
    await quickInput.waitFor('ZeyOS Sessions');
    await window.shot('view-show-sessions');
    const gina = quickInput.rows.filter({ hasText: 'gina.good' });
    await gina.hover();
    const buttons = gina.locator('.quick-input-list-entry-action-bar .action-label');
    assert.deepEqual(await Promise.all((await buttons.all()).map((button) => button.getAttribute('aria-label'))), [
      'Make Active',
      'Introspect Token',
    ]);
    await window.shot('view-row-buttons');
    await buttons.first().click();
    await quickInput.rows.filter({ hasText: '(active)' }).filter({ hasText: 'gina.good' }).waitFor();
    await status(window, /Acme: gina\.good/);
    await quickInput.focused.filter({ hasText: 'gina.good' }).waitFor();
    await window.shot('view-row-button-done');

    // An action that asks something comes back to the list as well.
    const dora = quickInput.rows.filter({ hasText: 'dora.expired' });
    await dora.hover();
    await dora.locator('.quick-input-list-entry-action-bar .action-label').first().click();
    await quickInput.waitFor('Sign in to demo');
    await quickInput.box.press('Escape');
    await quickInput.waitFor('ZeyOS Sessions');
    await quickInput.focused.filter({ hasText: 'dora.expired' }).waitFor();
    await quickInput.cancel();
    await shown;
  });

  it('copies the URL of an instance, and edits it in the settings', async () => {
    const { workbench } = window;
    await view.row('Instance Acme').click({ button: 'right' });
    await workbench.page.locator('.monaco-menu').first().waitFor();
    await window.shot('view-instance-menu');
    await workbench.page.waitForTimeout(300);
    await workbench.menuClick('Copy URL');
    await until(
      'the URL in the clipboard',
      async () =>
        (await window.bridge.evaluate('return vscode.env.clipboard.readText()')) === editor.sandbox.url('acme'),
    );
    await view.row('Instance Acme').click({ button: 'right' });
    await workbench.page.locator('.monaco-menu').first().waitFor();
    await workbench.page.waitForTimeout(300);
    await workbench.menuClick('Edit in Settings');
    await until('the selected URL', async () => {
      const selected = await window.bridge.evaluate(
        'const editor = vscode.window.activeTextEditor; return editor?.document.getText(editor.selection)',
      );
      return selected === editor.sandbox.url('acme');
    });
    await window.shot('view-edit-in-settings');
    await closeEditors(window);
  });

  it('recognises all states in each theme, and at a zoom of 125 %', async () => {
    const { page } = window.workbench;
    await configure(window, 'window.autoDetectColorScheme', false);
    for (const [name, theme] of [
      ['light', 'Default Light Modern'],
      ['high-contrast', 'Default High Contrast'],
      ['high-contrast-light', 'Default High Contrast Light'],
      ['dark', 'Default Dark Modern'],
    ] as const) {
      await configure(window, 'workbench.colorTheme', theme);
      await page.waitForTimeout(500);
      await window.workbench.run('ZeyOS: Focus on Accounts View');
      await view.moveTo('Account cleo.soon');
      await window.shot(`view-${name}`);
      await window.workbench.statusTooltip(STATUS);
      await window.shot(`view-tooltip-${name}`);
    }
    await page.mouse.move(640, 300);
    // As many CSS pixels as a window of this size has at 125 %.
    await page.setViewportSize({ width: 1024, height: 640 });
    await window.shot('view-125-percent');
    const shown = execute(window, 'zeyos.showSessions');
    await window.workbench.quickInput.waitFor('ZeyOS Sessions');
    await window.shot('view-125-percent-sessions');
    await window.workbench.quickInput.cancel();
    await shown;
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});

describe('A person who looks at the accounts in German', () => {
  let editor: Editor;
  let window: Window;
  let view: TreeView;

  before(async () => {
    editor = await Editor.start({ sharesSecrets: true, language: 'de', colorScheme: 'light' });
    const instances = await seedEveryState(editor);
    window = await editor.open();
    await configure(window, 'zeyos.instances', instances);
    view = accountsTree(window.workbench.page);
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  it('reads the view, its menus, and the status bar in German', async () => {
    const { workbench } = window;
    await viewIcon(window).click();
    await view.row('Konto cleo.soon bei Demo, ').waitFor();
    await execute(window, 'zeyos.switchInstance', { instance: 'Demo', account: 'anna.good' });
    await view.row('Konto anna.good bei Demo, aktiv, angemeldet, noch 4 Std.').waitFor();
    await view.row('Instanz legacy, abgemeldet').waitFor();
    assert.deepEqual(await view.inline(view.row('Konto dora.expired')), ['Erneut anmelden', 'Token prüfen']);
    await window.shot('view-german');
    await view.row('Konto dora.expired').click({ button: 'right' });
    await workbench.page.locator('.monaco-menu').first().waitFor();
    await window.shot('view-german-menu');
    await workbench.page.keyboard.press('Escape');
    await workbench.statusTooltip(STATUS);
    await window.shot('view-german-tooltip');
  });
});

describe('A person whose hosts and names are long', () => {
  const hosts = ['17', '71'].map((number) => `a-very-long-host-name-of-the-company-number-${number}.zeyos.example`);
  const userName = 'maximilian.alexander.power.of.the.department.of.long.names.1';
  let editor: Editor;
  let window: Window;
  let view: TreeView;

  before(async () => {
    editor = await Editor.start({ sharesSecrets: true, colorScheme: 'light' });
    await seed(
      editor.secrets,
      hosts.map((host) => ({ instance: `https://${host}/demo`, userName })),
    );
    window = await editor.open();
    await configure(
      window,
      'zeyos.instances',
      hosts.map((host) => ({ url: `https://${host}/demo` })),
    );
    view = accountsTree(window.workbench.page);
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  it('distinguishes the instances in the status bar, its tooltip, the Accounts view and Show Sessions', async () => {
    const { workbench } = window;
    await status(window, /demo \(a-very-…er-\d\d\.ze…example\): maximilian…g\.names\.1 \(4 h 5\d min\)$/);
    await viewIcon(window).click();
    for (const host of hosts) await view.row(`Instance demo (${host})`).waitFor();
    await workbench.statusTooltip(STATUS);
    for (const name of ['demo (a-very-…er-17.ze…example)', 'demo (a-very-…er-71.ze…example)'])
      assert.ok((await workbench.hover.innerText()).includes(name));
    await window.shot('long-tooltip');
    await workbench.page.mouse.move(640, 300);
    const shown = execute(window, 'zeyos.showSessions');
    await workbench.quickInput.waitFor('ZeyOS Sessions');
    await workbench.quickInput.widget.getByText('demo (a-very-…er-71.ze…example)').waitFor();
    await window.shot('long-sessions');
    await workbench.quickInput.cancel();
    await shown;
  });
});
