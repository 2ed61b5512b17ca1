import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ForwardProxy } from '../support/forwardProxy';
import { maxPower } from '../support/sandbox/fixtures';
import { Sandbox } from '../support/sandbox/sandbox';
import { HOST, INSTANCE, startCompany, type Company } from './company';
import { oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import {
  allow,
  answerPassword,
  closeEditors,
  configure,
  execute,
  newConsumerResult,
  notifications,
  passwordPrompt,
} from './steps';

describe('A user who opens a hostile folder', () => {
  let company: Company;
  let window: Window;
  /** The server to which the folder wants credentials to be sent. */
  let evil: Sandbox;
  /** The proxy that the folder wants to be used, and a server at its end that pretends to be the user’s instance. */
  let evilProxy: ForwardProxy;
  let impostor: Sandbox;
  let settings: Readonly<Record<string, unknown>>;

  before(async () => {
    evil = await Sandbox.start();
    impostor = await Sandbox.start({ tls: true });
    evilProxy = await ForwardProxy.start({ [`${HOST}:443`]: Number(new URL(impostor.origin).port) });
    company = await startCompany({
      isTrusted: true,
      sharesSecrets: true,
      settings: { 'zeyos.instances': [{ url: INSTANCE, name: 'Demo', signIn: 'password' }] },
    });
    settings = {
      'zeyos.instances': [{ url: evil.url('demo'), name: 'Demo', signIn: 'password' }],
      'zeyos.staySignedIn': true,
      'zeyos.expiryWarningMinutes': 100_000,
      'zeyos.checkIntervalMinutes': 0.001,
      'http.proxy': evilProxy.url(),
      'http.noProxy': [HOST],
      'http.proxyStrictSSL': false,
      'http.proxySupport': 'override',
      'http.proxyAuthorization': 'Basic ZXZpbDpldmls',
      'http.proxyKerberosServicePrincipal': 'evil',
      'http.systemCertificates': false,
      'http.fetchAdditionalSupport': false,
      // In the oldest editor a folder may set this. It would only reduce the number of trusted servers.
      ...(company.editor.version !== '1.100' && { 'http.systemCertificatesNode': false }),
    };
    write('.vscode/settings.json', JSON.stringify({ ...settings, 'files.trimFinalNewlines': true }));
    write(
      'evil.code-workspace',
      JSON.stringify({ folders: [{ path: '.' }], settings: { ...settings, 'files.insertFinalNewline': true } }),
    );
    write('.vscode/extensions.json', JSON.stringify({ recommendations: ['evil.zeyos'] }));
    write(
      '.vscode/tasks.json',
      JSON.stringify({
        version: '2.0.0',
        tasks: [
          {
            label: '$(error) [click](command:zeyos.copyAccessToken)',
            type: 'shell',
            command: 'true',
            runOptions: { runOn: 'folderOpen' },
          },
        ],
      }),
    );
    for (const name of ['.zeyos', '.zeyosrc', '.env'])
      write(name, `ZEYOS_BASE_URL=${evil.url('demo')}\nZEYOS_TOKEN=evil\nhttps_proxy=${evilProxy.url()}\n`);
    write(
      HOSTILE_NAME,
      `[Sign in](command:zeyos.signIn?${encodeURIComponent(JSON.stringify([{ instance: evil.url('demo') }]))}) [another file](.env) <img src="${evil.url('demo')}/x.png">`,
    );
    write('zeyos-introspection: demo', 'Active: no');
    window = await company.editor.open();
  });
  after(async () => {
    await company.stop();
    await evilProxy.stop();
    await impostor.stop();
    await evil.stop();
  });
  oneAfterTheOther(() => window);

  const HOSTILE_NAME = '[x](command:zeyos.revokeToken).md';
  const write = (name: string, text: string): void => {
    const path = join(company.editor.host.workspace, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  };

  async function settingsAreTheUsers(harmless: string): Promise<void> {
    assert.equal(
      await window.bridge.evaluate('return vscode.workspace.getConfiguration().get(arg)', harmless),
      true,
      'the folder’s harmless setting must apply',
    );
    const read = await window.bridge.evaluate<Readonly<Record<string, { effective?: unknown; own?: unknown }>>>(
      `return Object.fromEntries(arg.map((key) => {
        const { globalValue, defaultValue } = vscode.workspace.getConfiguration().inspect(key) ?? {};
        return [key, { effective: vscode.workspace.getConfiguration().get(key), own: globalValue ?? defaultValue }];
      }))`,
      Object.keys(settings),
    );
    for (const [key, { effective, own }] of Object.entries(read)) assert.deepEqual(effective, own, key);
    const effective = (key: string): unknown => read[key]?.effective;
    assert.deepEqual([effective('http.proxy'), effective('http.proxyStrictSSL')], [company.proxy.url(), true]);
    assert.deepEqual(
      [
        effective('zeyos.staySignedIn'),
        effective('zeyos.expiryWarningMinutes'),
        effective('zeyos.checkIntervalMinutes'),
      ],
      [false, 30, 15],
    );
    assert.deepEqual(
      (effective('zeyos.instances') as readonly { url: string }[]).map(({ url }) => url),
      [INSTANCE],
    );
    assert.deepEqual(
      await window.bridge.evaluate(`return (await ext('zeyos.zeyos-auth')).activeInstance.url`),
      INSTANCE,
    );
  }

  /** Introspects through the user’s proxy, and asserts that the user’s instance answers. */
  async function introspects(): Promise<void> {
    const before = company.proxy.requests.length;
    // Closes existing tunnels, so that a new one is needed.
    company.proxy.behaviour = { kind: 'willing' };
    assert.equal((await execute<{ active: boolean }>(window, 'zeyos.introspectToken'))?.active, true);
    assert.ok(
      company.proxy.requests
        .slice(before)
        .some(({ method, target }) => method === 'CONNECT' && target === `${HOST}:443`),
    );
    await closeEditors(window);
  }

  function nothingWasSent(): void {
    assert.deepEqual(
      [
        evilProxy.requests,
        evil.requests.map(({ method, path }) => `${method} ${path}`),
        impostor.requests.map(({ path }) => path),
      ],
      [[], [], []],
    );
  }

  it('sees the configured instance, and the user’s settings apply', async () => {
    await status(window, /Sign in to Demo/);
    await settingsAreTheUsers('files.trimFinalNewlines');
    await window.shot('hostile-workspace');
  });

  it('sends the password only to the configured instance, through the user’s proxy', async () => {
    const { workbench } = window;
    await workbench.statusClick(STATUS);
    await workbench.quickInput.answer('Sign in to demo', maxPower.name);
    await workbench.quickInput.widget.getByText(passwordPrompt(maxPower.name)).waitFor();
    assert.ok(
      (await workbench.quickInput.message.innerText()).includes(INSTANCE),
      'the prompt must show where the password is sent',
    );
    await answerPassword(window, 'demo', maxPower.name, maxPower.password);
    await status(window, /Demo: max\.power/);
    await introspects();
    await newConsumerResult(window, 'whoAmI', async () => {
      await workbench.run('ZeyOS Consumer: Who Am I');
      await allow(window, 'max.power', workbench.toast(/Signed in to .*demo as max\.power/));
    });
    assert.ok(
      ![...company.editor.secrets.values()].some((secret) => secret.includes(maxPower.password)),
      'the password must not be stored',
    );
    nothingWasSent();
  });

  it('opens the folder’s files without any effect', async () => {
    await window.bridge.evaluate(
      `const [folder] = vscode.workspace.workspaceFolders;
      for (const name of [arg, 'zeyos-introspection: demo']) await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, name), { preview: false });
      await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(folder.uri, arg));`,
      HOSTILE_NAME,
    );
    await window.workbench.webview().getByText('Sign in', { exact: true }).click();
    // The second link works only after the first one could have worked.
    await window.workbench.webview().getByText('another file', { exact: true }).click();
    await until('the other file', async () =>
      (
        await window.bridge.evaluate<string | null>('return vscode.window.activeTextEditor?.document.fileName')
      )?.endsWith('.env'),
    );
    assert.equal(await window.workbench.quickInput.widget.isVisible(), false);
    await status(window, /Demo: max\.power/);
    // Notifications of the editor about the folder are ignored.
    const others = /^(Signed in to|This folder contains a workspace file|This workspace has tasks)/;
    assert.deepEqual(
      (await notifications(window)).filter((text) => !others.test(text)),
      [],
    );
    await window.shot('hostile-workspace-files');
    await closeEditors(window);
    nothingWasSent();
  });

  it('opens the folder’s workspace file, and the user’s settings apply', async () => {
    window = await company.editor.openWorkspace(window, join(company.editor.host.workspace, 'evil.code-workspace'));
    assert.match(await window.bridge.evaluate('return vscode.workspace.workspaceFile.path'), /evil\.code-workspace$/);
    await status(window, /Demo: max\.power/);
    await settingsAreTheUsers('files.insertFinalNewline');
    await introspects();
    nothingWasSent();
  });

  it('sends requests through the hostile proxy only after setting it in the user settings, and even then none reaches the impostor', async () => {
    await configure(window, 'http.proxy', evilProxy.url());
    await until('a request to the evil proxy', async () => {
      assert.equal(await execute(window, 'zeyos.introspectToken'), null);
      return evilProxy.requests.length > 0;
    });
    assert.ok(
      evilProxy.requests.every(
        ({ method, target, status: answered }) => method === 'CONNECT' && target === `${HOST}:443` && answered === 200,
      ),
    );
    assert.deepEqual([evil.requests, impostor.requests], [[], []]);
  });
});
