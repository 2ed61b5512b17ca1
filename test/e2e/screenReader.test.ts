import assert from 'node:assert/strict';
import { accountsTree, type TreeView } from '../support/host/tree';
import { Editor, oneAfterTheOther, STATUS, until, type Window } from './editor';
import { seedEveryState } from './seed';
import { configure, execute, noQuickInput } from './steps';

describe('A person who listens to a screen reader', () => {
  let editor: Editor;
  let window: Window;
  let view: TreeView;
  let host: string;

  before(async () => {
    editor = await Editor.start({
      sharesSecrets: true,
      settings: () => ({ 'editor.accessibilitySupport': 'on' }),
    });
    host = new URL(editor.sandbox.origin).host;
    const instances = await seedEveryState(editor);
    window = await editor.open();
    await configure(window, 'zeyos.instances', instances);
    view = accountsTree(window.workbench.page);
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  const says = (): Promise<string | null> =>
    window.workbench.statusItem(STATUS).locator('a').first().getAttribute('aria-label');
  const saysOnceIt = (what: RegExp): Promise<unknown> =>
    until(`the status bar to say ${String(what)}`, async () => what.test((await says()) ?? ''));
  const activate = (account: string): Promise<unknown> =>
    execute(window, 'zeyos.switchInstance', { instance: 'Demo', account });
  const backAt = (label: string): Promise<unknown> =>
    until(`the focus at ${label}`, async () => (await view.focused.getAttribute('aria-label'))?.startsWith(label));

  it('uses an editor whose mode for screen readers is on', async () => {
    await window.bridge.evaluate(
      'await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: "x" }))',
    );
    await window.workbench.page.locator('[id="status.editor.screenReaderMode"]').waitFor();
  });

  it('hears each state of a session in the status bar', async () => {
    await activate('anna.good');
    await saysOnceIt(/^ZeyOS: signed in to Demo as anna\.good, 4 h 5\d min left\.$/);
    await activate('ben.far');
    await saysOnceIt(/^ZeyOS: signed in to Demo as ben\.far\.$/);
    await activate('cleo.soon');
    await saysOnceIt(/^ZeyOS: the session for cleo\.soon on Demo expires soon, 1\d min left\.$/);
    await activate('dora.expired');
    await saysOnceIt(/^ZeyOS: the session for dora\.expired on Demo has expired\. Sign in again\.$/);
    await activate('emil.revoked');
    await saysOnceIt(/^ZeyOS: the session for emil\.revoked on Demo was revoked\. Sign in again\.$/);
    await activate('fred.lost');
    await saysOnceIt(/^ZeyOS: the credentials for fred\.lost on Demo have been lost\. Sign in again\.$/);
    await execute(window, 'zeyos.switchInstance', { instance: 'legacy' });
    await saysOnceIt(/^ZeyOS: signed out of legacy\. Sign in\.$/);
    await activate('anna.good');
  });

  it('hears each state in the Accounts view, and the actions beside a name', async () => {
    await window.workbench.run('ZeyOS: Focus on Accounts View');
    await view.row('Account gina.good').waitFor();
    // The first time opens the view, which has no item that could have the focus yet.
    await window.workbench.run('ZeyOS: Focus on Accounts View');
    const said = [];
    await view.moveTo('Instance Demo');
    for (let row = 0; row < (await view.rows.count()); row++) {
      said.push((await view.focused.getAttribute('aria-label')) ?? '');
      assert.equal(await view.focused.getAttribute('role'), 'treeitem');
      await window.workbench.page.keyboard.press('ArrowDown');
    }
    const states = [
      /^Instance Demo, active, /,
      /^Account anna\.good on Demo, active, signed in, 4 h 5\d min left$/,
      /^Account ben\.far on Demo, signed in until \w+,? \d/,
      /^Account cleo\.soon on Demo, signed in, 1\d min left$/,
      /^Account dora\.expired on Demo, expired$/,
      /^Account emil\.revoked on Demo, revoked$/,
      /^Account fred\.lost on Demo, credentials lost$/,
      /^Instance Acme, /,
      /^Account gina\.good on Acme, signed in, /,
      /^Instance legacy, signed out, /,
      /^Instance removed, no longer configured, /,
      /^Account hugo\.hidden on removed, signed in, /,
    ];
    assert.equal(said.length, states.length, said.join('\n'));
    for (const [index, state] of states.entries()) assert.match(said[index] ?? '', state);
    await window.shot('screen-reader-view');
  });

  it('needs no colour, because each kind of state has its own icon', async () => {
    const icons = await Promise.all(
      ['anna.good', 'cleo.soon', 'dora.expired'].map((name) => view.icon(view.row(`Account ${name}`))),
    );
    assert.equal(new Set(icons).size, 3, icons.join());
  });

  it('hears each state of a session and each button in Show Sessions', async () => {
    const { quickInput } = window.workbench;
    await view.moveTo('Account gina.good');
    await window.workbench.run('ZeyOS: Show Sessions');
    await quickInput.waitFor('ZeyOS Sessions');
    await quickInput.row('anna.good').waitFor();
    const labels = await quickInput.labels();
    for (const state of [
      /^anna\.good, \(active\) .*\/demo, signed in, 4 h 5\d min left/,
      /^ben\.far, .*, signed in until \w+,? \d/,
      /^cleo\.soon, .*, signed in, 1\d min left/,
      /^dora\.expired, .*, expired/,
      /^emil\.revoked, .*, revoked/,
      /^fred\.lost, .*, credentials lost/,
    ])
      assert.ok(
        labels.some((label) => state.test(label ?? '')),
        `${String(state)} in ${labels.join('\n')}`,
      );
    const buttons = quickInput.rows
      .filter({ hasText: 'cleo.soon' })
      .locator('.quick-input-list-entry-action-bar .action-label');
    assert.deepEqual(await Promise.all((await buttons.all()).map((button) => button.getAttribute('aria-label'))), [
      'Renew Token',
      'Make Active',
    ]);
    await window.shot('screen-reader-sessions');
    await quickInput.cancel();
  });

  it('has the focus at the same place after a list, a prompt and a question', async () => {
    const { workbench } = window;
    const { keyboard } = workbench.page;
    await noQuickInput(window);
    await backAt('Account gina.good');

    await view.moveTo('Account cleo.soon');
    await keyboard.press('Shift+F10');
    await workbench.page.locator('.monaco-menu').first().waitFor();
    await workbench.page.waitForTimeout(300);
    await workbench.menuClick('Sign Out');
    await workbench.dialog.filter({ hasText: `cleo.soon (${host}/demo)` }).waitFor();
    await workbench.dialogDismiss();
    await backAt('Account cleo.soon');

    await view.moveTo('Account emil.revoked');
    await keyboard.press('Shift+F10');
    await workbench.page.locator('.monaco-menu').first().waitFor();
    await workbench.page.waitForTimeout(300);
    await workbench.menuClick('Sign In Again');
    await workbench.quickInput.waitFor('Sign in to demo');
    await workbench.quickInput.cancel();
    await backAt('Account emil.revoked');
  });
});
