import assert from 'node:assert/strict';
import { join } from 'node:path';
import { temporaryFolder } from '../support/cleanUp';
import { maxPower } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, status, until, type Window } from './editor';
import { clearNotifications, execute, fillIn } from './steps';
import { installCommandLine, READABLE, terminalShows, type } from './terminals';

const QUESTION = /Open a terminal that can act as max\.power \(127\.0\.0\.1:\d+\/demo\)\?/;

describe('A person who works with ZeyOS in terminals', function () {
  if (process.platform !== 'linux') return;
  let editor: Editor;
  let window: Window;
  let folder: ReturnType<typeof temporaryFolder>;
  let data: string;
  let cli: string;

  before(async () => {
    folder = temporaryFolder('t');
    data = join(folder.path, 'd');
    cli = installCommandLine(join(folder.path, 'bin'), 'echo "ZeyOS: $* with a token of ${#ZEYOS_TOKEN} letters"');
    installCommandLine(join(data, 'workspace/bin'), 'echo hostile');
    editor = await Editor.start({
      data,
      sharesSecrets: true,
      colorScheme: process.env['ZEYOS_TEST_COLORS'] === 'light' ? 'light' : 'dark',
      env: { PATH: `${join(data, 'workspace/bin')}:${join(folder.path, 'bin')}:${process.env['PATH']}` },
      settings: (sandbox) => ({ 'zeyos.instances': [{ url: sandbox.url('demo') }], ...READABLE }),
    });
    window = await editor.open();
    await status(window, /Sign in to demo/);
    await window.workbench.run('ZeyOS: Sign In');
    await window.workbench.quickInput.pick('Sign in to ZeyOS', 'demo');
    await fillIn(window, 'demo', maxPower.name, maxPower.password);
    await status(window, /demo: max\.power/);
  });
  after(async () => {
    await editor.stop();
    folder.remove();
  });
  oneAfterTheOther(() => window);

  /** Picks the profile ZeyOS for a new terminal. */
  async function pickProfile(beforePick: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    // The command has run only when the terminal is there, which first asks.
    void execute(window, 'workbench.action.terminal.newWithProfile').catch(() => undefined);
    const { box, rows } = window.workbench.quickInput;
    // The rows of the list before it may still be there.
    await box.and(window.workbench.page.getByPlaceholder('Select the terminal profile')).waitFor();
    const row = rows.filter({ hasText: /^\s*ZeyOS\s*$/ });
    await row.waitFor();
    await beforePick();
    await row.click();
  }

  const terminalCount = (count: number): Promise<unknown> =>
    until(
      `${count} terminals`,
      async () => (await window.bridge.evaluate<number>('return vscode.window.terminals.length')) === count,
    );

  it('confirms a terminal in a modal that names the account, the machine and the command line', async () => {
    const { workbench } = window;
    await workbench.run('ZeyOS: Open Terminal');
    const text = await workbench.dialogText();
    assert.match(text, QUESTION);
    assert.ok(text.includes(`Instance: ${editor.sandbox.url('demo')}`), text);
    assert.ok(text.includes(`zeyos command: ${cli}`), text);
    assert.deepEqual((await workbench.dialogButtons()).sort(), ['Cancel', 'Open Terminal']);
    await window.shot('terminal-question');
    await workbench.dialogClick('Open Terminal');
    await terminalShows(window, /zeyos and zeyos-run <command> act as max\.power/);
  });

  it('runs commands in the terminal, which get a token that the terminal itself does not have', async () => {
    await type(window, 'zeyos list tickets');
    await terminalShows(window, /ZeyOS: list tickets with a token of 40 letters/);
    await type(window, 'zeyos-run sh -c \'echo "$ZEYOS_BASE_URL ${#ZEYOS_TOKEN}"\'; echo "terminal: ${#ZEYOS_TOKEN}"');
    await terminalShows(window, new RegExp(`${editor.sandbox.url('demo')} 40[^]*terminal: 0`));
    await type(window, 'zeyos whoami --show-token');
    await terminalShows(window, /zeyos does not show the access token here/);
    await window.shot('terminal');
  });

  it('copies a curl command for the terminal, without a token', async () => {
    const { workbench } = window;
    await workbench.run('ZeyOS: Copy Request');
    await workbench.quickInput.waitFor('Copy a Request');
    await window.shot('copy-request');
    await workbench.quickInput.pick('Copy a Request', 'curl for sh');
    await workbench.toast(/A curl command for .* was copied/).waitFor();
    await window.shot('copied-request');
    const copied = await window.bridge.evaluate<string>('return vscode.env.clipboard.readText()');
    assert.match(copied, /^zeyos-run curl --variable '%ZEYOS_TOKEN' .*\/demo\/api\/v1\/tickets'$/);
    await clearNotifications(window);
  });

  it('opens another terminal by its profile, and does not confirm the modal', async () => {
    const { workbench } = window;
    await pickProfile(() => window.shot('profiles'));
    assert.match(await workbench.dialogText(), QUESTION);
    await workbench.dialogDismiss();
    await terminalShows(window, /No ZeyOS terminal was opened: you did not confirm it\./);
    await window.shot('terminal-refused');
    await workbench.page.keyboard.press('Enter');
    await terminalCount(1);
  });

  it('opens a second terminal by its profile, confirms the modal, and runs a command', async () => {
    const { workbench } = window;
    await pickProfile();
    await workbench.dialogClick('Open Terminal');
    // The first terminal shows the same text.
    await terminalCount(2);
    await terminalShows(window, /act as max\.power/);
    await type(window, 'zeyos whoami');
    await terminalShows(window, /ZeyOS: whoami with a token of 40 letters/);
    await terminalCount(2);
  });
});
