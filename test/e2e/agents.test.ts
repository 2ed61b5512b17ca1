import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { root } from '../support/paths';
import { accountsTree } from '../support/host/tree';
import { maxPower } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, status, until, type Window } from './editor';
import { filesWith } from './leaks';
import { answerPassword, clearNotifications, execute, notification } from './steps';

/** What the stand-in for ZeyOS's MCP server was started with. */
interface Report {
  readonly pid: number;
  readonly variables: Readonly<Record<string, string>>;
}

describe('A person whose agents work with ZeyOS', function () {
  let editor: Editor;
  let window: Window;
  const label = (): string => `max.power (${new URL(editor.sandbox.origin).host}/demo)`;

  before(async function () {
    // The oldest editor has no API for it, which a test in the extension host proves.
    if (process.env['ZEYOS_TEST_EDITOR'] === '1.100') this.skip();
    editor = await Editor.start({
      settings: (sandbox) => ({
        'chat.disableAIFeatures': false,
        'zeyos.mcp.enabled': true,
        'zeyos.instances': [{ url: sandbox.url('demo') }],
      }),
      // It is found as an installed program is.
      env: { PATH: `${join(root, 'test/support/mcp')}:${process.env['PATH'] ?? ''}` },
    });
    window = await editor.open();
    const signedIn = execute(window, 'zeyos.signIn', { instance: 'demo', account: maxPower.name });
    await answerPassword(window, 'demo', maxPower.name, maxPower.password);
    await signedIn;
    await status(window, /demo: max\.power/);
    await clearNotifications(window);
  });
  after(async () => editor?.stop());
  oneAfterTheOther(() => window);

  /** Has the editor start the server, as before an agent uses a tool. Resolves to why it does not start. */
  const start = (): Promise<string | null> =>
    window.bridge.evaluate(
      `return vscode.commands.executeCommand('workbench.mcp.startServer', '*', { waitForLiveTools: true }).then(() => null, (error) => error.message)`,
    );
  /** The editor knows the server a moment after the extension offers it. */
  const startUntilAsked = async (): Promise<string | null> => {
    for (;;) {
      const started = start();
      const isAsked = window.workbench.dialog.waitFor().then(
        () => true,
        () => false,
      );
      if (await Promise.race([isAsked, started.then(() => false)])) return started;
    }
  };
  const inBothThemes = async (name: string): Promise<void> => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await window.workbench.page.emulateMedia({ colorScheme });
      await window.workbench.page.waitForTimeout(500);
      await window.shot(`${name}-${colorScheme}`);
    }
    await window.workbench.page.emulateMedia({ colorScheme: 'dark' });
  };

  it('is asked for the consent in a modal that names account, instance and program', async () => {
    const started = startUntilAsked();
    const text = await window.workbench.dialogText();
    assert.ok(text.includes(`Allow agents to use ZeyOS as ${label()}?`), text);
    assert.ok(text.includes(editor.sandbox.url('demo')) && text.includes('mcp/zeyos-mcp'), text);
    const primary = window.workbench.dialog.locator('.dialog-buttons .monaco-button:not(.secondary)');
    assert.deepEqual(await primary.allInnerTexts(), ['Allow Reading']);
    assert.ok((await window.workbench.dialogButtons()).includes('Allow Reading and Writing'));
    await inBothThemes('agents-consent');
    await window.workbench.dialogClick('Allow Reading');
    assert.equal(await started, null);
  });

  it('allows agents to read, and the agents get the token', async () => {
    const report = await until('the tool of the server', () =>
      window.bridge.evaluate<Report | undefined>(
        `const tool = vscode.lm.tools.find(({ name }) => /zeyos.*_environment$/.test(name));
         if (!tool) return undefined;
         const { content } = await vscode.lm.invokeTool(tool.name, { input: {}, toolInvocationToken: undefined });
         return JSON.parse(content[0].value);`,
      ),
    );
    const token = editor.sandbox.tokens().at(-1)?.value ?? assert.fail('no token was issued');
    assert.deepEqual(report.variables, {
      ZEYOS_BASE_URL: editor.sandbox.url('demo'),
      ZEYOS_TOKEN: `sha256:${createHash('sha256').update(token).digest('hex')}`,
      ZEYOS_NO_REFRESH: '1',
      ZEYOS_CREDENTIALS_READONLY: '1',
    });
  });

  it('sees the consent for agents in the Accounts view as soon as it is given', async () => {
    const view = accountsTree(window.workbench.page);
    await execute(window, 'zeyos.accounts.focus');
    await view.row('Account max.power').and(view.rowThatEndsWith('left, agents may read')).waitFor();
    await inBothThemes('agents-view');
  });

  it('sees the MCP server of ZeyOS in the editor’s list of MCP servers', async () => {
    await window.workbench.run('MCP: List Servers');
    await window.workbench.quickInput.row('ZeyOS demo: max.power').waitFor();
    await window.shot('agents-server');
    await window.workbench.quickInput.cancel();
  });

  it('sees the consent for agents in the list of sessions, and withdraws it there', async () => {
    await window.workbench.run('ZeyOS: Show Sessions');
    await window.workbench.quickInput.waitFor('ZeyOS Sessions');
    await window.workbench.quickInput.widget.getByText('agents may read').waitFor();
    await inBothThemes('agents-sessions');
    await window.workbench.quickInput.pick('ZeyOS Sessions', 'max.power');
    await window.workbench.quickInput.pick(label(), "Withdraw Agents' Access");
    await notification(window, `Agents can no longer use ZeyOS as ${label()} in this workspace.`);
    const view = accountsTree(window.workbench.page);
    await view.row('Account max.power').and(view.rowThatEndsWith(' left')).waitFor();
    await window.shot('agents-withdrawn');
  });

  it('refuses the consent, and the agent gets the reason', async () => {
    const started = startUntilAsked();
    await window.workbench.dialog.waitFor();
    await window.workbench.dialogDismiss();
    assert.match((await started) ?? '', /You did not allow agents to use ZeyOS as max\.power/);
    await window.shot('agents-refused');
  });

  it('finds no token in any file of the editor or of the browser after the window is gone', async () => {
    await window.workbench.page.goto('about:blank');
    await window.workbench.page.waitForTimeout(2_000);
    const tokens = editor.sandbox.tokens().map(({ value }) => value);
    assert.ok(tokens.length > 0);
    const folders = [editor.host.data, editor.folder];
    assert.notDeepEqual(filesWith(editor.host.data, [maxPower.name]), [], 'there is nothing to look at');
    assert.deepEqual(
      folders.flatMap((folder) => filesWith(folder, tokens)),
      [],
    );
  });
});
