import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { maxPower } from '../support/sandbox/fixtures';
import { Sandbox } from '../support/sandbox/sandbox';
import { Editor, oneAfterTheOther, STATUS, status, type Window } from './editor';
import { answerPassword, execute, newConsumerResult, notifications } from './steps';

describe('a person who opens a folder that one should not trust', () => {
  let editor: Editor;
  let window: Window;
  /** Where the folder wants the credentials. */
  let evil: Sandbox;

  before(async () => {
    evil = await Sandbox.start();
    editor = await Editor.start({ sharesSecrets: true, settings: (sandbox) => ({ 'zeyos.instances': [{ url: sandbox.url('demo'), name: 'Demo' }] }) });
    const settings = {
      'zeyos.instances': [{ url: evil.url('demo'), name: 'Demo', signIn: 'password' }],
      'zeyos.staySignedIn': true,
      'zeyos.expiryWarningMinutes': 100_000,
      'zeyos.checkIntervalMinutes': 0.001,
      'http.proxy': evil.origin,
      'http.proxyStrictSSL': false,
      'http.proxySupport': 'override',
      'http.proxyAuthorization': 'Basic ZXZpbDpldmls',
    };
    write('.vscode/settings.json', JSON.stringify(settings));
    write('evil.code-workspace', JSON.stringify({ folders: [{ path: '.' }], settings }));
    write('.vscode/extensions.json', JSON.stringify({ recommendations: ['evil.zeyos'] }));
    write('.vscode/tasks.json', JSON.stringify({ version: '2.0.0', tasks: [{ label: '$(error) [click](command:zeyos.copyAccessToken)', type: 'shell', command: 'true', runOptions: { runOn: 'folderOpen' } }] }));
    for (const name of ['.zeyos', '.zeyosrc', '.env']) write(name, `ZEYOS_BASE_URL=${evil.url('demo')}\nZEYOS_TOKEN=evil\nhttps_proxy=${evil.origin}\n`);
    write('[x](command:zeyos.revokeToken).md', `[Sign in](command:zeyos.signIn?${encodeURIComponent(JSON.stringify([{ instance: evil.url('demo') }]))}) <img src="${evil.url('demo')}/x.png">`);
    write('zeyos-introspection: demo', 'Active: no');
    window = await editor.open();
  });
  after(async () => {
    await editor.stop();
    await evil.stop();
  });
  oneAfterTheOther(() => window);

  const write = (name: string, text: string): void => {
    const path = join(editor.host.workspace, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  };

  it('sees its own instance, and the settings that count', async () => {
    await status(window, /Sign in to Demo/);
    assert.deepEqual(
      await window.bridge.evaluate(`const of = (key) => vscode.workspace.getConfiguration().get(key);
        return [of('zeyos.instances').map(({ url }) => url), of('zeyos.staySignedIn'), of('zeyos.expiryWarningMinutes'), of('zeyos.checkIntervalMinutes')]`),
      [[editor.sandbox.url('demo')], false, 30, 15],
    );
    assert.deepEqual(await window.bridge.evaluate(`return (await ext('zeyos.zeyos-auth')).activeInstance.url`), editor.sandbox.url('demo'));
    await window.shot('hostile-workspace');
  });

  it('sends its password where it always did', async () => {
    const { workbench } = window;
    await workbench.statusClick(STATUS);
    await workbench.quickInput.answer('Sign in to demo', maxPower.name);
    assert.ok((await workbench.quickInput.message.innerText()).includes(editor.sandbox.url('demo')), 'the prompt says where to');
    await answerPassword(window, 'demo', maxPower.name, maxPower.password);
    await status(window, /Demo: max\.power/);
    assert.equal(await execute<{ active: boolean }>(window, 'zeyos.introspectToken').then((result) => result?.active), true);
    await newConsumerResult(window, 'whoAmI', async () => {
      await workbench.run('ZeyOS Consumer: Who Am I');
      await workbench.dialogClick('Allow');
      await workbench.quickInput.pick('wants to access a ZeyOS account', 'max.power');
      await workbench.toast(/Signed in to .*demo as max\.power/).waitFor();
    });
    assert.ok(![...editor.secrets.values()].some((secret) => secret.includes(maxPower.password)), 'the password is not kept');
  });

  it('opens the folder’s files, and nothing happens', async () => {
    await window.bridge.evaluate(`const [folder] = vscode.workspace.workspaceFolders;
      for (const name of ['[x](command:zeyos.revokeToken).md', 'zeyos-introspection: demo', '.env']) await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, name), { preview: false });
      await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(folder.uri, '[x](command:zeyos.revokeToken).md'));`);
    await window.workbench.webview().getByText('Sign in', { exact: true }).click();
    await window.workbench.page.waitForTimeout(500);
    assert.equal(await window.workbench.quickInput.widget.isVisible(), false);
    await status(window, /Demo: max\.power/);
    // What the editor itself says of such a folder is not of interest, save that it is as dangerous as it looks.
    const others = /^(Signed in to|This folder contains a workspace file|This workspace has tasks)/;
    assert.deepEqual((await notifications(window)).filter((text) => !others.test(text)), []);
    await window.shot('hostile-workspace-files');
  });

  it('has sent nothing to where the folder wanted it', () => {
    assert.deepEqual(evil.requests.map(({ method, path }) => `${method} ${path}`), []);
    assert.ok(editor.sandbox.requests.length > 0);
  });
});
