import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VARIABLES } from '../../src/handover/protocol';
import { temporaryFolder } from '../support/cleanUp';
import { freePort } from '../support/freePort';
import { maxPower, vscodeApplication } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import { filesWith, processesWith } from './leaks';
import { execute } from './steps';
import { installCommandLine, READABLE, terminalShows, type } from './terminals';

/**
 * Every secret is a canary: none may be found outside of the memory of the extension and of the commands that got a
 * token.
 */
describe('A person whose editor is reloaded and closed while ZeyOS terminals are open', function () {
  // The oldest editor of the tests has no shells.
  if (process.platform !== 'linux' || process.env['ZEYOS_TEST_EDITOR'] === '1.100') return;
  let editor: Editor;
  let window: Window;
  let folder: ReturnType<typeof temporaryFolder>;
  let data: string;
  /** The folders of the handles that were opened, and their secrets. */
  const handles: string[] = [];
  const secrets: string[] = [];
  let isClosed = false;

  before(async () => {
    folder = temporaryFolder('c');
    data = join(folder.path, 'd');
    installCommandLine(join(folder.path, 'bin'), 'echo "ZeyOS: $* with a token of ${#ZEYOS_TOKEN} letters"');
    const redirectPort = await freePort();
    editor = await Editor.start({
      data,
      // A served editor would rewrite 127.0.0.1 in URLs that it opens.
      sandbox: { host: '127.0.0.2' },
      env: { PATH: `${join(folder.path, 'bin')}:${process.env['PATH']}` },
      settings: (sandbox) => ({
        'zeyos.instances': [
          { url: sandbox.url('demo'), signIn: 'browser', clientId: vscodeApplication.client_id, redirectPort },
        ],
        ...READABLE,
      }),
    });
    window = await editor.open();
    await window.workbench.statusClick(STATUS);
    const opened = editor.nextTab();
    await window.workbench.quickInput.answer('Sign in to demo', vscodeApplication.client_secret);
    const tab = await opened;
    await tab.getByLabel('User name').fill(maxPower.name);
    await tab.getByLabel('Password').fill(maxPower.password);
    await tab.getByRole('button', { name: 'Log in' }).click();
    await tab.getByRole('heading', { name: 'Back to the editor' }).waitFor();
    await tab.close();
    await status(window, /demo: max\.power/);
  });
  after(async () => {
    if (isClosed) editor.remove();
    else await editor.stop();
    folder.remove();
  });
  oneAfterTheOther(() => window);

  const tokens = (): readonly string[] => editor.sandbox.tokens().map(({ value }) => value);
  const canaries = (): readonly string[] => [
    ...tokens(),
    vscodeApplication.client_secret,
    maxPower.password,
    ...secrets,
  ];

  /** Opens a ZeyOS terminal, and remembers its handle. */
  async function openTerminal(): Promise<void> {
    const count = handles.length;
    await window.workbench.run('ZeyOS: Open Terminal');
    await window.workbench.dialogClick('Open Terminal');
    await until('the terminal', async () => {
      const environments = await window.bridge.evaluate<Record<string, string>[]>(
        'return vscode.window.terminals.flatMap(({ creationOptions }) => creationOptions.env ?? [])',
      );
      for (const { [VARIABLES.handle]: handle, [VARIABLES.secret]: secret } of environments) {
        if (handle === undefined || secret === undefined || handles.includes(handle)) continue;
        handles.push(handle);
        secrets.push(secret);
      }
      return handles.length > count;
    });
    await terminalShows(window, /act as max\.power/);
  }

  it('runs commands in a terminal before and after the token is renewed', async () => {
    await openTerminal();
    await type(window, 'zeyos list tickets');
    await terminalShows(window, /ZeyOS: list tickets with a token of 40 letters/);
    await execute(window, 'zeyos.renewToken');
    await type(window, 'zeyos whoami');
    await terminalShows(window, /ZeyOS: whoami with a token of 40 letters/);
    const kinds = editor.sandbox.tokens().map(({ kind }) => kind);
    assert.ok(kinds.filter((kind) => kind === 'access').length >= 2 && kinds.includes('refresh'), kinds.join());
  });

  it('has no token in the variables that the terminal exports to its commands', async () => {
    const file = join(folder.path, 'exported');
    await type(window, `env >${file}; echo "exit code $?"`);
    await terminalShows(window, /exit code 0/);
    const exported = readFileSync(file, 'utf8');
    assert.ok(exported.includes(`${VARIABLES.secret}=${secrets[0]}`), 'this is not the ZeyOS terminal');
    assert.deepEqual(
      tokens().filter((token) => exported.includes(token)),
      [],
    );
  });

  it('has the token in the environment of the running command only, and in no arguments', async () => {
    await openTerminal();
    await type(window, 'zeyos-run sleep 3333');
    const active = editor.sandbox.tokens().filter((token) => token.kind === 'access' && token.active);
    const [current] = active.map(({ value }) => value);
    assert.ok(current !== undefined);
    await until('the command', () => processesWith('environ', current).length > 0);
    assert.deepEqual(processesWith('environ', current), ['sleep 3333']);
    for (const token of tokens().filter((value) => value !== current))
      assert.deepEqual(processesWith('environ', token), []);
    for (const canary of canaries()) assert.deepEqual(processesWith('cmdline', canary), []);
    const options = await window.bridge.evaluate<string>(
      'return JSON.stringify(vscode.window.terminals.map(({ creationOptions, name }) => ({ ...creationOptions, name })))',
    );
    assert.ok(options.includes(secrets[1] ?? assert.fail()));
    assert.deepEqual(
      tokens().filter((token) => options.includes(token)),
      [],
    );
  });

  it('loses the terminals and their access by reloading the window, and a command that still runs gets the reason', async () => {
    const [said, code] = [join(folder.path, 'said'), join(folder.path, 'code')];
    await openTerminal();
    // It survives the terminal, and runs commands until one gets no token.
    const loop = `while zeyos-run true; do sleep 0.3; done 2>${said}; zeyos-run true; echo $? >${code}`;
    await type(window, `setsid sh -c '${loop}' </dev/null >/dev/null 2>&1 &`);
    await until('the loop', () => existsSync(said));

    window = await editor.reload(window);
    await status(window, /demo: max\.power/);
    await until('the end of the loop', () => existsSync(code) && readFileSync(code, 'utf8') !== '');
    assert.equal(
      readFileSync(said, 'utf8'),
      'The editor window of this terminal was closed or reloaded. Open a new ZeyOS terminal.\n',
    );
    assert.equal(readFileSync(code, 'utf8'), '3\n');
    assert.deepEqual(handles.filter(existsSync), []);
    const names = await window.bridge.evaluate<string[]>('return vscode.window.terminals.map(({ name }) => name)');
    assert.deepEqual(
      names.filter((name) => name.includes('ZeyOS')),
      [],
    );
  });

  it('leaves no token in any file or process after the editor was closed', async () => {
    await openTerminal();
    await type(window, 'zeyos whoami; zeyos-run sleep 3334');
    await terminalShows(window, /ZeyOS: whoami with a token of 40 letters/);
    await until('the command', () => tokens().some((token) => processesWith('environ', token).length > 0));
    await editor.close();
    isClosed = true;
    const log = filesWith(data, ['handed over a token for max.power']);
    assert.deepEqual(
      log.map((file) => file.endsWith('ZeyOS.log')),
      log.map(() => true),
    );
    assert.ok(log.length > 0, 'there is no log to look at');
    assert.deepEqual(filesWith(data, canaries()), []);
    assert.deepEqual(filesWith(editor.folder, canaries()), []);
    await until('the end of the commands', () => processesWith('cmdline', 'sleep\x003334').length === 0);
    for (const canary of canaries())
      assert.deepEqual([processesWith('environ', canary), processesWith('cmdline', canary)], [[], []]);
  });
});
