import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import { freePort } from '../support/freePort';
import { accountsAre, clearNotifications, closeEditors, configure, execute, fillIn, notifications } from './steps';

// Words that nothing else contains, so that wherever one turns up it has leaked.
const canary = { name: 'canary', password: 'canary-pässword-4f1e9c', sub: '41' } as const;
const careful = { name: 'careful', password: 'careful-password-8d27ab', sub: '42', otp: '739154' } as const;
const mistyped = 'mistyped-password-c03b56';
const application = { client_id: 'canary-application', client_secret: 'canary-client-secret-77e0d1', redirect_uris: ['http://127.0.0.1:9005/callback'], anyLoopbackPort: true } as const;

describe('a person whose secrets are nobody else\'s business', () => {
  let editor: Editor;
  let window: Window;
  let host: string;

  before(async () => {
    const redirectPort = await freePort();
    editor = await Editor.start({
      // To look for passwords in it.
      sharesSecrets: true,
      settings: (sandbox) => ({
        'zeyos.instances': [
          { url: sandbox.url('demo') },
          { url: sandbox.url('app'), signIn: 'browser', clientId: application.client_id, redirectPort },
          { url: sandbox.url('portal'), signIn: 'token' },
          { url: sandbox.url('older') },
        ],
      }),
      sandbox: {
        // 127.0.0.1 would be rewritten on its way to the browser by an editor that is served itself.
        host: '127.0.0.2',
        instances: [
          { name: 'demo', users: [canary, careful] },
          { name: 'app', users: [canary], surfaces: ['authV1', 'oauth2'], applications: [application] },
          { name: 'portal', users: [canary] },
          { name: 'older', users: [canary], surfaces: ['legacy'] },
        ],
      },
    });
    window = await editor.open();
    host = new URL(editor.sandbox.origin).host;
    await watchPage();
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  /** Has the page note every text that it shows or reads out, until it is reloaded. */
  async function watchPage(): Promise<void> {
    await window.workbench.page.evaluate(`(() => {
      const seen = (globalThis.__seen = new Set([document.body.outerHTML]));
      const texts = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.outerHTML : node.nodeValue) ?? '';
      const attributes = ({ attributes }) => [...attributes].map(({ value }) => value).join(' ');
      new MutationObserver((changes) => {
        for (const { target, type, addedNodes } of changes) {
          if (type === 'childList') addedNodes.forEach((node) => seen.add(texts(node)));
          else seen.add(type === 'attributes' ? attributes(target) : texts(target));
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['aria-label', 'title', 'value'] });
    })()`);
  }

  const allSecrets = (): readonly string[] => {
    const passwords = [canary.password, careful.password, mistyped, application.client_secret];
    const basic = [canary, careful].map(({ name, password }) => Buffer.from(`${name}:${password}`).toString('base64'));
    const verifiers = editor.sandbox.requests.flatMap(({ body }) => new URLSearchParams(body).get('code_verifier') ?? []);
    basic.push(Buffer.from(`${application.client_id}:${application.client_secret}`).toString('base64'));
    return [...passwords, ...passwords.map(encodeURIComponent), ...basic, ...verifiers, Buffer.from(`canary:${mistyped}`).toString('base64'), ...editor.sandbox.tokens().map(({ value }) => value)];
  };

  const leaksIn = (where: string, text: string): readonly string[] => allSecrets().filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${where}`);

  /** A token that somebody issued in ZeyOS itself. */
  const issuedAt = async (instance: string): Promise<string> => {
    const authorization = `Basic ${Buffer.from(`${canary.name}:${canary.password}`).toString('base64')}`;
    const response = await fetch(`${editor.sandbox.url(instance)}/auth/v1/token`, { method: 'POST', headers: { authorization } });
    return ((await response.json()) as { access_token: string }).access_token;
  };

  const clipboard = (): Promise<string> => window.bridge.evaluate('return vscode.env.clipboard.readText()');

  it('signs in, at first with a wrong password, and once more with a one-time code', async () => {
    const { workbench } = window;
    await status(window, /Sign in to demo/);
    await workbench.statusClick(STATUS);
    await fillIn(window, 'demo', canary.name, mistyped);
    await workbench.quickInput.widget.getByText('did not accept this user name and password').waitFor();
    await workbench.quickInput.answer('Sign in to demo', canary.password);
    await status(window, /demo: canary/);
    await workbench.run('ZeyOS: Sign In');
    await workbench.quickInput.pick('Sign in to ZeyOS', 'demo');
    await fillIn(window, 'demo', careful.name, careful.password);
    await workbench.quickInput.widget.getByText('One-time code of careful').waitFor();
    await workbench.quickInput.answer('Sign in to demo', '000000');
    await workbench.quickInput.widget.getByText('did not accept the one-time code').waitFor();
    await workbench.quickInput.answer('Sign in to demo', careful.otp);
    await accountsAre(window, `canary (${host}/demo)`, `careful (${host}/demo)`);
    await execute(window, 'zeyos.switchInstance', { instance: 'demo', account: 'canary' });
    await status(window, /demo: canary/);
  });

  it('copies the token only after saying so, whoever asks', async () => {
    const { workbench } = window;
    await window.bridge.evaluate(`await vscode.env.clipboard.writeText('mine')`);
    const refused = execute(window, 'zeyos.copyAccessToken', { instance: editor.sandbox.url('demo'), account: 'canary' });
    assert.match(await workbench.dialogText(), /Copy the access token of canary .* Whoever has it can act as canary\. The clipboard is cleared after 60 seconds\./);
    await window.shot('copy-confirmation');
    await workbench.page.keyboard.press('Escape');
    assert.equal(await refused, null);
    assert.equal(await clipboard(), 'mine');
    const copied = execute(window, 'zeyos.copyAccessToken', { instance: editor.sandbox.url('demo'), account: 'canary' });
    await workbench.dialog.waitFor();
    await workbench.dialogClick('Copy');
    assert.equal(await copied, null, 'the command hands out no token');
    // Not waited for: it is taken out again after a minute, or when the window closes, which here takes the clipboard's own page with it.
    assert.equal(await clipboard(), editor.sandbox.tokens().find(({ user }) => user === 'canary')?.value);
    await window.shot('copied');
  });

  it('lets a hostile extension have no token without being asked', async () => {
    const { workbench } = window;
    const argument = { instance: editor.sandbox.url('demo'), account: 'canary' };
    const loot: unknown[] = [await execute(window, 'zeyos.introspectToken', argument), await execute(window, 'zeyos.switchInstance', argument), await execute(window, 'zeyos.api.activeInstance')];
    loot.push(await window.bridge.evaluate('return vscode.workspace.textDocuments.map((document) => document.getText())'));
    assert.match(JSON.stringify(loot), /Active: the server accepts this token/, 'the document was among the loot');
    await closeEditors(window);
    for (const [command, button] of [['zeyos.revokeToken', 'Revoke'], ['zeyos.signOut', 'Sign Out']] as const) {
      const result = execute(window, command, argument);
      await workbench.dialog.waitFor();
      assert.ok((await workbench.dialogButtons()).includes(button));
      await workbench.page.keyboard.press('Escape');
      loot.push(await result);
    }
    const added = execute(window, 'zeyos.addInstance', { instance: 'https://zeyos.invalid/phishing' });
    assert.match(await workbench.dialogText(), /your password is sent to zeyos\.invalid/);
    await workbench.page.keyboard.press('Escape');
    loot.push(await added);
    loot.push(
      await window.bridge.evaluate(`return vscode.authentication.getSession('zeyos', [], { silent: true })`),
      await window.bridge.evaluate(`return vscode.authentication.getSession('zeyos', [arg], { silent: true })`, editor.sandbox.url('demo')),
      await window.bridge.evaluate(`return vscode.authentication.getAccounts('zeyos')`),
      await window.bridge.evaluate(`
        const api = await ext('zeyos.zeyos-auth');
        const everything = (value, depth) => value !== null && typeof value === 'object' && depth < 5 ? Object.getOwnPropertyNames(value).map((name) => [name, everything(value[name], depth + 1)]) : String(value);
        return everything(api, 0)`),
      await window.bridge.evaluate(`return vscode.workspace.getConfiguration('zeyos')`),
      await window.bridge.evaluate(`return vscode.extensions.getExtension('zeyos.zeyos-auth').packageJSON`),
    );
    assert.deepEqual(leaksIn('the loot', JSON.stringify(loot)), []);
    assert.ok(editor.sandbox.tokens().every(({ active }) => active));
    const asked = window.bridge.evaluate<unknown>(`return vscode.authentication.getSession('zeyos', [arg], { createIfNone: true }).catch((error) => error.message)`, editor.sandbox.url('demo'));
    assert.match(await workbench.dialogText(), /The extension 'ZeyOS Test Bridge' wants to sign in using ZeyOS/);
    await workbench.dialogClick('Cancel');
    assert.deepEqual(leaksIn('the refusal', JSON.stringify(await asked)), []);
    assert.deepEqual(await notifications(window), []);
  });

  it('meets servers that say too much, and hears nothing of it', async () => {
    const { workbench } = window;
    const [token] = editor.sandbox.tokens();
    assert.ok(token);
    const said = `you sent ${token.value} and ${canary.password}`;
    const faults = [
      { kind: 'json', status: 400, body: { error: 'invalid_request', error_description: 'no' } },
      { kind: 'json', body: { active: true, token: token.value, nested: { access_token: token.value, note: said.replace(canary.password, '') } } },
      { kind: 'json', body: { active: 'maybe', access_token: token.value } },
      { kind: 'html', status: 200 },
      { kind: 'reset' },
      { kind: 'redirect', location: `https://evil.example/?token=${token.value}` },
    ] as const;
    for (const fault of faults) {
      const lift = editor.sandbox.fault('POST /demo/auth/v1/token/introspect', fault);
      await execute(window, 'zeyos.introspectToken', { instance: editor.sandbox.url('demo'), account: 'canary' });
      lift();
    }
    await window.shot('introspection-that-says-too-much');
    const lift = editor.sandbox.fault('POST /demo/auth/v1/token', { kind: 'redirect', location: `https://evil.example/?password=${encodeURIComponent(canary.password)}` });
    const result = execute(window, 'zeyos.signIn', { instance: editor.sandbox.url('demo') });
    await fillIn(window, 'demo', canary.name, canary.password);
    await workbench.quickInput.widget.getByText('redirects to evil.example').waitFor();
    await workbench.quickInput.cancel();
    await result;
    lift();
    await closeEditors(window);
    await clearNotifications(window);
  });

  it('signs in through the browser, with a token, at an older instance, and for longer, and renews', async () => {
    const { workbench } = window;
    const inBrowser = execute(window, 'zeyos.signIn', { instance: editor.sandbox.url('app') });
    const opened = editor.nextTab();
    await workbench.quickInput.answer('Sign in to app', application.client_secret);
    const tab = await opened;
    await tab.getByLabel('User name').fill(canary.name);
    await tab.getByLabel('Password').fill(canary.password);
    await tab.getByRole('button', { name: 'Log in' }).click();
    await tab.getByRole('heading', { name: 'Back to the editor' }).waitFor();
    await tab.close();
    await inBrowser;
    assert.notEqual(await execute(window, 'zeyos.renewToken', { instance: editor.sandbox.url('app') }), null);
    editor.sandbox.fault('POST /app/oauth2/v1/token', { kind: 'json', status: 400, body: { error: 'invalid_scope', error_description: `${application.client_secret} ${editor.sandbox.tokens().at(-1)?.value}` } }, 1);
    assert.equal(await execute(window, 'zeyos.renewToken', { instance: editor.sandbox.url('app') }), null);

    const pasted = execute(window, 'zeyos.signIn', { instance: editor.sandbox.url('portal') });
    await workbench.quickInput.answer('Sign in to portal', mistyped);
    await workbench.quickInput.widget.getByText('does not accept this token').waitFor();
    await workbench.quickInput.answer('Sign in to portal', await issuedAt('portal'));
    await pasted;

    await configure(window, 'zeyos.staySignedIn', true);
    editor.sandbox.instance('older').legacy.lifetimeSeconds = 5;
    const older = execute(window, 'zeyos.signIn', { instance: editor.sandbox.url('older') });
    await fillIn(window, 'older', canary.name, canary.password);
    await older;
    await execute(window, 'zeyos.switchInstance', { instance: editor.sandbox.url('older') });
    await until('a renewal by the kept password', () => editor.sandbox.tokens().filter(({ instance }) => instance === 'older').length > 1);
    await configure(window, 'zeyos.staySignedIn', undefined);
    await until('no password', () => ![...editor.secrets.values()].some((value) => value.includes(canary.password)));
    await execute(window, 'zeyos.switchInstance', { instance: editor.sandbox.url('demo'), account: 'canary' });
    await clearNotifications(window);
  });

  it('revokes, signs out while the server is away, and looks at the log', async () => {
    const { workbench } = window;
    const revoked = execute(window, 'zeyos.revokeToken', { instance: editor.sandbox.url('demo'), account: 'canary' });
    await workbench.dialog.waitFor();
    await workbench.dialogClick('Revoke');
    assert.equal(await revoked, true);
    const lift = editor.sandbox.fault('/demo/', { kind: 'reset' });
    const signedOut = execute(window, 'zeyos.signOut', { instance: editor.sandbox.url('demo'), account: 'careful' });
    await workbench.dialog.waitFor();
    await workbench.dialogClick('Sign Out');
    assert.equal(await signedOut, 1);
    lift();
    await workbench.run('ZeyOS: Show Log');
    const log = await until('the log', async () => {
      const text = await workbench.panelText().catch(() => '');
      return text.includes('[') && text;
    });
    await window.shot('log');
    assert.deepEqual(leaksIn('the log', log), []);
    await execute(window, 'workbench.action.closePanel');
  });

  it('has left no secret in any file, nor in anything that was shown', async () => {
    const { page } = window.workbench;
    const shown = (await page.evaluate<string>(`[...__seen].join('\\n')`)).replace(/&nbsp;|\u00a0/g, ' ');
    for (const text of ['did not accept this user name', 'Copy the access token', 'Active: the server accepts']) assert.ok(shown.includes(text), `the watch saw "${text}"`);
    assert.deepEqual(leaksIn('what was shown', shown), []);
    const storage = await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })');
    assert.deepEqual(leaksIn('the page\'s storage', String(storage)), []);
    // What is in the clipboard is there because its owner wanted it.
    const files = [editor.host.data, editor.folder].flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)));
    assert.ok(files.some((file) => file.endsWith('ZeyOS.log')), 'the log is among the files');
    for (const file of files) assert.deepEqual(leaksIn(file, contents(file)), []);
    const [token] = editor.sandbox.tokens();
    assert.ok(token && !token.active);
    assert.deepEqual([...editor.secrets].filter(([key, value]) => leaksIn('', key).length > 0 || [canary.password, careful.password, mistyped].some((password) => value.includes(password))), [], 'no password is kept, and no secret is named by its value');
  });
});

/** Text in any of the encodings that an editor writes. */
function contents(file: string): string {
  try {
    const bytes = readFileSync(file);
    return `${bytes.toString('utf8')}\n${bytes.toString('utf16le')}`;
  } catch {
    // Locks, sockets and files that have gone since.
    return '';
  }
}
