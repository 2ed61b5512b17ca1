import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateAuthority } from '../support/certificateAuthority';
import { ForwardProxy } from '../support/forwardProxy';
import { freePort } from '../support/freePort';
import { Sandbox } from '../support/sandbox/sandbox';
import { HOST } from './company';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import { browserStorage } from './browserStorage';
import {
  accountsAre,
  answerPassword,
  clearNotifications,
  closeEditors,
  configure,
  execute,
  fillIn,
  noQuickInput,
  notifications,
  oneTimeCodePrompt,
  passwordPrompt,
  shownDocument,
} from './steps';

// Unique words, so that each place where one occurs is a leak.
const canary = { name: 'canary', password: 'canary-pässword-4f1e9c', sub: '41' } as const;
const careful = {
  name: 'careful',
  password: 'careful-password-8d27ab',
  sub: '42',
  otp: 'one-time-code-739154',
} as const;
const mistyped = { password: 'mistyped-password-c03b56', otp: 'mistyped-code-20c4f8' } as const;
const application = {
  client_id: 'canary-application',
  client_secret: 'canary-client-secret-77e0d1',
  redirect_uris: ['http://127.0.0.1:9005/callback'],
  anyLoopbackPort: true,
} as const;
const proxyUser = { kind: 'basic', user: 'proxyuser', password: 'proxy-password-b19e42' } as const;
const proxyAuthorization = Buffer.from(`${proxyUser.user}:${proxyUser.password}`).toString('base64');
const GUARDED = `https://${HOST}/guarded`;

describe('A user whose secrets must not leak', () => {
  let editor: Editor;
  let window: Window;
  let guarded: Sandbox;
  let proxy: ForwardProxy;
  let host: string;

  before(async () => {
    const redirectPort = await freePort();
    const authority = await CertificateAuthority.create();
    guarded = await Sandbox.start({
      tls: await authority.issue({ host: HOST }),
      instances: [{ name: 'guarded', users: [canary] }],
    });
    proxy = await ForwardProxy.start({ [`${HOST}:443`]: Number(new URL(guarded.origin).port) });
    proxy.behaviour = proxyUser;
    editor = await Editor.start({
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
        // A served editor would rewrite 127.0.0.1 in URLs that it opens.
        host: '127.0.0.2',
        instances: [
          { name: 'demo', users: [canary, careful] },
          { name: 'app', users: [canary], apis: ['authV1', 'oauth2'], applications: [application] },
          { name: 'portal', users: [canary] },
          { name: 'older', users: [canary, careful], apis: ['legacy'] },
        ],
      },
    });
    writeFileSync(caFile(), authority.certificate);
    window = await editor.open();
    host = new URL(editor.sandbox.origin).host;
    await watchPage();
  });
  after(async () => {
    await editor.stop();
    await proxy.stop();
    await guarded.stop();
  });
  oneAfterTheOther(() => window);

  const caFile = (): string => join(editor.folder, 'company.pem');

  /** What rendered documents showed: they are in frames of their own, which the watch does not see. */
  const rendered: string[] = [];

  /** Makes the page record every text that it shows or reads out, until it is reloaded. */
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

  /** The values of a field in all token requests. */
  const exchanged = (field: 'code' | 'code_verifier'): readonly string[] =>
    editor.sandbox.requests.flatMap(({ body }) => new URLSearchParams(body).get(field) ?? []);

  const allSecrets = (): readonly string[] => {
    const words = [
      canary.password,
      careful.password,
      mistyped.password,
      careful.otp,
      mistyped.otp,
      application.client_secret,
      proxyUser.password,
    ];
    const pairs = [
      [canary.name, canary.password],
      [careful.name, careful.password],
      [canary.name, mistyped.password],
      [application.client_id, application.client_secret],
      [proxyUser.user, proxyUser.password],
      [proxyUser.user, mistyped.password],
    ];
    return [
      ...words,
      ...words.map(encodeURIComponent),
      ...words.map((word) => Buffer.from(word).toString('base64')),
      ...pairs.map((pair) => Buffer.from(pair.join(':')).toString('base64')),
      ...exchanged('code_verifier'),
      ...exchanged('code'),
      ...[editor.sandbox, guarded].flatMap((sandbox) => sandbox.tokens().map(({ value }) => value)),
    ];
  };

  const leaksIn = (where: string, text: string, exempt: readonly string[] = []): readonly string[] =>
    [...new Set(allSecrets())]
      .filter((secret) => !exempt.includes(secret) && text.includes(secret))
      .map((secret) => `${secret} in ${where}`);

  const assertNoSecretIn = (where: string, text: string): void => assert.deepEqual(leaksIn(where, text), []);

  const issueTokenAt = async (instance: string): Promise<string> => {
    const authorization = `Basic ${Buffer.from(`${canary.name}:${canary.password}`).toString('base64')}`;
    const response = await fetch(`${editor.sandbox.url(instance)}/auth/v1/token`, {
      method: 'POST',
      headers: { authorization },
    });
    return ((await response.json()) as { access_token: string }).access_token;
  };

  const clipboard = (): Promise<string> => window.bridge.evaluate('return vscode.env.clipboard.readText()');
  const document = (): Promise<string> => shownDocument(window);
  const at = (instance: string, account?: string) => ({
    instance: editor.sandbox.url(instance),
    ...(account !== undefined && { account }),
  });
  /** The account that is signed in on each API. */
  const apis = () => [at('demo', 'canary'), at('app'), at('portal'), at('older', 'careful')];

  it('signs in after a wrong password, and to a second account with a one-time code', async () => {
    const { workbench } = window;
    await status(window, /Sign in to demo/);
    await workbench.statusClick(STATUS);
    await fillIn(window, 'demo', canary.name, mistyped.password);
    await workbench.quickInput.widget.getByText('did not accept this user name and password').waitFor();
    await workbench.quickInput.answer('Sign in to demo', canary.password);
    await status(window, /demo: canary/);
    await workbench.run('ZeyOS: Sign In');
    await workbench.quickInput.pick('Sign in to ZeyOS', 'demo');
    await fillIn(window, 'demo', careful.name, careful.password);
    await answerCode('demo');
    await accountsAre(window, `canary (${host}/demo)`, `careful (${host}/demo)`);
    await execute(window, 'zeyos.switchInstance', at('demo', 'canary'));
    await status(window, /demo: canary/);
  });

  async function answerCode(instance: string): Promise<void> {
    const { quickInput } = window.workbench;
    await quickInput.widget.getByText(oneTimeCodePrompt('careful')).waitFor();
    await quickInput.answer(`Sign in to ${instance}`, mistyped.otp);
    await quickInput.widget.getByText('did not accept the one-time code').waitFor();
    await quickInput.answer(`Sign in to ${instance}`, careful.otp);
  }

  it('copies the token only after confirmation, even if an extension runs the command', async () => {
    const { workbench } = window;
    await window.bridge.evaluate(`await vscode.env.clipboard.writeText('mine')`);
    const refused = execute(window, 'zeyos.copyAccessToken', at('demo', 'canary'));
    assert.match(
      await workbench.dialogText(),
      /Copy the access token for canary .* Anyone who has this token can act as canary\. The clipboard is cleared after 60 seconds\./,
    );
    await window.shot('copy-confirmation');
    await workbench.dialogDismiss();
    assert.equal(await refused, null);
    assert.equal(await clipboard(), 'mine');
    const copied = execute(window, 'zeyos.copyAccessToken', at('demo', 'canary'));
    await workbench.dialogClick('Copy');
    assert.equal(await copied, null, 'the command must not return a token');
    // The test does not wait until the clipboard is cleared. That happens after a minute, or when the window closes,
    // which here closes the clipboard’s page too.
    assert.equal(await clipboard(), editor.sandbox.tokens().find(({ user }) => user === 'canary')?.value);
    await window.shot('copied');
  });

  it('signs in through the browser, with a token, at a legacy instance and with staySignedIn, and renews', async () => {
    const { workbench } = window;
    const inBrowser = execute(window, 'zeyos.signIn', at('app'));
    const opened = editor.nextTab();
    await workbench.quickInput.answer('Sign in to app', application.client_secret);
    const tab = await opened;
    await tab.getByLabel('User name').fill(canary.name);
    await tab.getByLabel('Password').fill(canary.password);
    await tab.getByRole('button', { name: 'Log in' }).click();
    await tab.getByRole('heading', { name: 'Back to the editor' }).waitFor();
    assert.deepEqual(leaksIn('the page that leads back', await tab.content()), []);
    await tab.close();
    await inBrowser;
    assert.deepEqual(
      [exchanged('code').length, exchanged('code_verifier').length],
      [1, 1],
      'code and verifier must be among the searched secrets',
    );
    assert.notEqual(await execute(window, 'zeyos.renewToken', at('app')), null);
    editor.sandbox.fault(
      'POST /app/oauth2/v1/token',
      {
        kind: 'json',
        status: 400,
        body: {
          error: 'invalid_scope',
          error_description: `${application.client_secret} ${editor.sandbox.tokens().at(-1)?.value}`,
        },
      },
      1,
    );
    assert.equal(await execute(window, 'zeyos.renewToken', at('app')), null);

    const pasted = execute(window, 'zeyos.signIn', at('portal'));
    await workbench.quickInput.answer('Sign in to portal', mistyped.password);
    await workbench.quickInput.widget.getByText('does not accept this token').waitFor();
    await workbench.quickInput.answer('Sign in to portal', await issueTokenAt('portal'));
    await pasted;

    await configure(window, 'zeyos.staySignedIn', true);
    editor.sandbox.instance('older').legacy.lifetimeSeconds = 5;
    const older = execute(window, 'zeyos.signIn', at('older'));
    await fillIn(window, 'older', canary.name, canary.password);
    await older;
    await execute(window, 'zeyos.switchInstance', at('older'));
    await until(
      'a renewal by the kept password',
      () => editor.sandbox.tokens().filter(({ instance }) => instance === 'older').length > 1,
    );
    await configure(window, 'zeyos.staySignedIn', undefined);
    await until('no password', () => ![...editor.secrets.values()].some((value) => value.includes(canary.password)));
    editor.sandbox.instance('older').legacy.lifetimeSeconds = null;
    const withCode = execute(window, 'zeyos.signIn', at('older', careful.name));
    await answerPassword(window, 'older', careful.name, careful.password);
    await answerCode('older');
    assert.notEqual(await withCode, null);
    await execute(window, 'zeyos.switchInstance', at('demo', 'canary'));
    await clearNotifications(window);
  });

  it('introspects the tokens of every API, also at servers that quote secrets', async () => {
    const { workbench } = window;
    for (const target of apis()) {
      const result = await execute(window, 'zeyos.introspectToken', target);
      const text = await document();
      assert.match(text, /Active: the server accepts this token/);
      assertNoSecretIn('the introspection', JSON.stringify(result) + text);
      rendered.push(
        await until('the rendered introspection', async () => {
          const shown = await workbench.renderedText();
          return shown.includes('Active: the server accepts') && shown;
        }),
      );
    }
    await window.shot('introspection');
    for (const target of apis()) {
      const tokens = editor.sandbox
        .tokens()
        .filter(
          ({ instance, user, active }) =>
            active && editor.sandbox.url(instance) === target.instance && user === (target.account ?? canary.name),
        );
      const all = tokens.map(({ value }) => value).join(' ');
      assert.ok(all);
      const faults = [
        { kind: 'json', status: 400, body: { error: 'invalid_request', error_description: `you sent ${all}` } },
        {
          kind: 'json',
          body: {
            active: true,
            token: all,
            sub: '41',
            user: 41,
            name: canary.name,
            nested: { access_token: all, note: `you sent ${all}` },
          },
        },
        { kind: 'json', body: { active: 'maybe', access_token: all } },
        { kind: 'html', status: 200 },
        { kind: 'redirect', location: `https://evil.example/?token=${all}` },
      ] as const;
      for (const fault of faults) {
        const lift = editor.sandbox.fault(/introspect|userinfo|\/auth\/v1\/$/, fault);
        const result = await execute(window, 'zeyos.introspectToken', target);
        if (result !== null) await until('the answer', async () => (await document()).includes('"nested"'));
        assertNoSecretIn('the introspection', await document());
        lift();
      }
    }
    await window.shot('introspection-that-says-too-much');
    const lift = editor.sandbox.fault('POST /demo/auth/v1/token', {
      kind: 'redirect',
      location: `https://evil.example/?password=${encodeURIComponent(canary.password)}`,
    });
    const result = execute(window, 'zeyos.signIn', at('demo'));
    await fillIn(window, 'demo', canary.name, canary.password);
    await workbench.quickInput.widget.getByText('redirects to https://evil.example/').waitFor();
    await workbench.quickInput.cancel();
    await result;
    lift();
    await closeEditors(window);
    await clearNotifications(window);
  });

  it('renews a token with the password, diagnoses the connection, and copies the report', async () => {
    const { workbench } = window;
    const renewed = execute(window, 'zeyos.renewToken', at('demo', 'canary'));
    await answerPassword(window, 'demo', canary.name, mistyped.password);
    await workbench.quickInput.widget.getByText('did not accept this user name and password').waitFor();
    await workbench.quickInput.answer('Sign in to demo', canary.password);
    assert.notEqual(await renewed, null);
    assertNoSecretIn('the report', JSON.stringify(await execute(window, 'zeyos.diagnose')) + (await document()));
    assert.match(await document(), /^# ZeyOS connection diagnosis[^]*`demo`[^]*`app`[^]*`portal`[^]*`older`/);
    await workbench.toastClick('ZeyOS connection diagnosis', 'Copy Report');
    await until('the report in the clipboard', async () =>
      (await clipboard()).includes('# ZeyOS connection diagnosis'),
    );
    assertNoSecretIn('the copied report', await clipboard());
    await closeEditors(window);
    await clearNotifications(window);
  });

  it('signs in behind a proxy with a password, and diagnoses that connection', async () => {
    const { workbench } = window;
    const configured = await window.bridge.evaluate<readonly unknown[]>(
      `return vscode.workspace.getConfiguration('zeyos').get('instances')`,
    );
    const report = async (): Promise<string> =>
      JSON.stringify(await execute(window, 'zeyos.diagnose', { instance: GUARDED })) + (await document());
    await configure(window, 'http.noProxy', ['127.0.0.2']);
    await configure(window, 'zeyos.instances', [...configured, { url: GUARDED, caFile: caFile() }]);
    // A wrong password, the right one in http.proxyAuthorization, and the right one in the URL.
    for (const [address, authorization, finding] of [
      [proxy.url(`${proxyUser.user}:${mistyped.password}`), undefined, /wants you to authenticate|407/],
      [proxy.url(), `Basic ${proxyAuthorization}`, /ZeyOS responds/],
      [proxy.url(`${proxyUser.user}:${proxyUser.password}`), undefined, /ZeyOS responds/],
    ] as const) {
      await configure(window, 'http.proxy', address);
      await configure(window, 'http.proxyAuthorization', authorization);
      await until(
        'the proxy in the settings',
        async () =>
          (await window.bridge.evaluate(`return vscode.workspace.getConfiguration('http').get('proxy')`)) === address,
      );
      const text = await report();
      assert.match(text, finding);
      assert.ok(text.includes(proxy.host), 'the report must name the proxy');
      assertNoSecretIn('the report', text);
    }
    await window.shot('diagnosis-behind-a-proxy');
    const result = execute(window, 'zeyos.signIn', { instance: GUARDED });
    await fillIn(window, 'guarded', canary.name, mistyped.password);
    await workbench.quickInput.widget.getByText('did not accept this user name and password').waitFor();
    proxy.behaviour = { kind: 'refusing', status: 403 };
    await workbench.quickInput.answer('Sign in to guarded', canary.password);
    await workbench.quickInput.widget.getByText('refused to connect').waitFor();
    proxy.behaviour = proxyUser;
    await workbench.quickInput.answer('Sign in to guarded', canary.password);
    assert.notEqual(await result, null);
    assertNoSecretIn(
      'the introspection',
      JSON.stringify(await execute(window, 'zeyos.introspectToken', { instance: GUARDED })) + (await document()),
    );
    // Without the file the editor sends the request through the same proxy, and trusts no certificate.
    await configure(window, 'zeyos.instances', [...configured, { url: GUARDED }]);
    const distrusted = await report();
    assert.match(distrusted, /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY/);
    assertNoSecretIn('the report', distrusted);
    assert.ok(
      proxy.requests.some(
        ({ authorization, status: answered }) => authorization === `Basic ${proxyAuthorization}` && answered === 200,
      ),
    );
    await configure(window, 'zeyos.instances', [...configured, { url: GUARDED, caFile: caFile() }]);
    await closeEditors(window);
    await clearNotifications(window);
  });

  it('gives a hostile extension no secret by any command, export or setting without confirmation', async () => {
    const { workbench } = window;
    await window.bridge.evaluate(`await vscode.env.clipboard.writeText('mine')`);
    const loot: unknown[] = [];
    const take = async (command: string, argument?: unknown): Promise<void> =>
      void loot.push(command, await execute(window, command, argument));
    /** Runs a command that asks the user, and cancels. */
    const meet = async (command: string, argument: unknown, question: RegExp): Promise<void> => {
      const result = execute(window, command, argument);
      const modal = workbench.dialog.filter({ hasText: question });
      const prompt = workbench.quickInput.message.filter({ hasText: question });
      await modal.or(prompt).first().waitFor();
      if (await modal.isVisible()) await workbench.dialogDismiss();
      else await workbench.quickInput.cancel();
      loot.push(command, await result);
    };

    for (const target of [...apis(), { instance: GUARDED }]) {
      await take('zeyos.introspectToken', target);
      await take('zeyos.switchInstance', target);
      await take('zeyos.api.activeInstance');
      await meet('zeyos.copyAccessToken', target, /Copy the access token for/);
      await meet('zeyos.revokeToken', target, /Revoke the token for/);
      await meet('zeyos.signOut', target, /Sign out of/);
      await meet('zeyos.removeInstance', target, /Remove the ZeyOS instance/);
    }
    assert.match(
      JSON.stringify(
        await window.bridge.evaluate('return vscode.workspace.textDocuments.map((document) => document.getText())'),
      ),
      /Active: the server accepts this token/,
      'the documents must be among the results',
    );
    const [id] = await window.bridge.evaluate<readonly string[]>(
      `return vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === 'zeyos-introspection').map(({ uri }) => uri.query)`,
    );
    assert.ok(id);
    await take('zeyos.api.reportRefused', id);
    assert.equal(loot.at(-1), true);
    await take('zeyos.renewToken', at('app'));
    await meet(
      'zeyos.renewToken',
      at('demo', 'canary'),
      new RegExp(`${editor.sandbox.url('demo')} only. User name: canary`),
    );
    await meet(
      'zeyos.signIn',
      at('demo', 'nobody'),
      new RegExp(`${editor.sandbox.url('demo')} only. User name: nobody`),
    );
    await meet('zeyos.signIn', at('app', 'nobody'), /Waiting for/);
    await meet('zeyos.signIn', at('portal', 'nobody'), new RegExp(`A token from .*${editor.sandbox.url('portal')}`));
    await meet(
      'zeyos.addInstance',
      { instance: 'https://zeyos.invalid/phishing' },
      /your password is sent to zeyos\.invalid/,
    );
    await take('zeyos.diagnose');
    await take('zeyos.showLog');
    const opened = editor.nextTab();
    await take('zeyos.openInstance', at('demo'));
    const tab = await opened;
    assert.equal(tab.url(), editor.sandbox.url('demo'));
    await tab.close();

    // The extension may press keys by commands. Copying must ask nevertheless.
    await execute(window, 'zeyos.switchInstance', at('demo', 'canary'));
    const shown = execute(window, 'zeyos.showSessions');
    await workbench.quickInput.waitFor('ZeyOS Sessions');
    await workbench.quickInput.focused.filter({ hasText: 'canary' }).waitFor();
    await execute(window, 'workbench.action.acceptSelectedQuickOpenItem');
    await workbench.quickInput.waitFor(`canary (${host}/demo)`);
    for (const action of ['Introspect Token', 'Renew Token', 'Copy Access Token']) {
      await workbench.quickInput.focused.filter({ hasText: action }).waitFor();
      await execute(
        window,
        action === 'Copy Access Token'
          ? 'workbench.action.acceptSelectedQuickOpenItem'
          : 'workbench.action.quickOpenSelectNext',
      );
    }
    await workbench.dialog.filter({ hasText: 'Copy the access token for canary' }).waitFor();
    await workbench.dialogDismiss();
    loot.push(await shown);

    loot.push(
      await window.bridge.evaluate('return vscode.workspace.textDocuments.map((document) => document.getText())'),
      await window.bridge.evaluate(`return vscode.authentication.getSession('zeyos', [], { silent: true })`),
      ...(await Promise.all(
        apis().map(({ instance }) =>
          window.bridge.evaluate(`return vscode.authentication.getSession('zeyos', [arg], { silent: true })`, instance),
        ),
      )),
      await window.bridge.evaluate(`return vscode.authentication.getAccounts('zeyos')`),
      await window.bridge.evaluate(`
        const api = await ext('zeyos.zeyos-auth');
        const everything = (value, depth) => value !== null && ['object', 'function'].includes(typeof value) && depth < 6 ? Object.getOwnPropertyNames(value).map((name) => [name, everything(value[name], depth + 1)]) : String(value);
        return everything(api, 0)`),
      await window.bridge.evaluate(`return vscode.workspace.getConfiguration('zeyos')`),
      await window.bridge.evaluate(`return vscode.extensions.getExtension('zeyos.zeyos-auth').packageJSON`),
      await window.bridge.evaluate(
        `return (await vscode.commands.getCommands(true)).filter((command) => command.includes('zeyos'))`,
      ),
    );
    assertNoSecretIn('the loot', JSON.stringify(loot));
    assert.equal(await clipboard(), 'mine');
    const asked = window.bridge.evaluate<unknown>(
      `return vscode.authentication.getSession('zeyos', [arg], { createIfNone: true }).catch((error) => error.message)`,
      editor.sandbox.url('demo'),
    );
    assert.match(await workbench.dialogText(), /The extension 'ZeyOS Test Bridge' wants to sign in using ZeyOS/);
    await workbench.dialogClick('Cancel');
    assertNoSecretIn('the refusal', JSON.stringify(await asked));
    await closeEditors(window);
    await execute(window, 'workbench.action.closePanel');
    await clearNotifications(window);
  });

  it('sees where a password is sent if an extension has added its own instance to the settings', async () => {
    const { workbench } = window;
    const phishing = 'https://zeyos.invalid/demo';
    const configured = await window.bridge.evaluate<readonly { readonly url: string }[]>(
      `return vscode.workspace.getConfiguration('zeyos').get('instances')`,
    );
    // The instance of the extension has the name and position of the user’s.
    await configure(window, 'zeyos.instances', [
      { url: phishing, name: 'demo' },
      ...configured.filter(({ url }) => url !== editor.sandbox.url('demo')),
    ]);
    await execute(window, 'zeyos.switchInstance', { instance: phishing });
    await status(window, /Sign in to demo/);
    await workbench.statusClick(STATUS);
    await workbench.quickInput.message.filter({ hasText: phishing }).waitFor();
    await workbench.quickInput.answer('Sign in to demo', canary.name);
    await workbench.quickInput.message.filter({ hasText: passwordPrompt(canary.name) }).waitFor();
    assert.ok(
      (await workbench.quickInput.message.innerText()).includes(phishing),
      'the prompt must show the whole URL',
    );
    assert.ok(await workbench.quickInput.isPassword());
    await window.shot('instance-of-another-extension');
    await workbench.quickInput.cancel();
    await noQuickInput(window);
    await configure(window, 'zeyos.instances', configured);
    await execute(window, 'zeyos.switchInstance', at('demo', 'canary'));
    await status(window, /demo: canary/);
    assert.deepEqual(await notifications(window), []);
  });

  it('removes an instance and signs out of it, revokes, signs out while the server is away, and opens the log', async () => {
    const { workbench } = window;
    const removed = execute(window, 'zeyos.removeInstance', at('app'));
    await workbench.dialogClick('Remove and Sign Out');
    assert.notEqual(await removed, null);
    await until('the revocation', () =>
      editor.sandbox
        .tokens()
        .filter(({ instance }) => instance === 'app')
        .every(({ active }) => !active),
    );
    const revoked = execute(window, 'zeyos.revokeToken', at('demo', 'canary'));
    await workbench.dialogClick('Revoke');
    assert.equal(await revoked, true);
    const lift = editor.sandbox.fault('/demo/', { kind: 'reset' });
    const signedOut = execute(window, 'zeyos.signOut', at('demo', 'careful'));
    await workbench.dialogClick('Sign Out');
    assert.equal(await signedOut, 1);
    lift();
    await workbench.run('ZeyOS: Show Log');
    const log = await until('the log', async () => {
      const text = await workbench.panelText().catch(() => '');
      return text.includes('[') && text;
    });
    await window.shot('log');
    assertNoSecretIn('the log', log);
    await execute(window, 'workbench.action.closePanel');
  });

  it('leaves no secret in anything that was shown', async () => {
    const inPage = await window.workbench.page.evaluate<string>(`[...__seen].join('\\n')`);
    const shown = [inPage, ...rendered].join('\n').replace(/&nbsp;|\u00a0/g, ' ');
    for (const text of [
      'did not accept this user name',
      'Copy the access token',
      'Active: the server accepts',
      'connection diagnosis',
      'refused to connect',
    ])
      assert.ok(shown.includes(text), `the page did not record "${text}"`);
    assertNoSecretIn('what was shown', shown);
  });

  it('leaves no secret in the editor’s memory of the extension or in keys of secrets', async () => {
    // The editor writes it with a delay.
    const memory = await until('what the extension remembers', async () => {
      const text = await browserStorage(window);
      return (
        ['zeyos.diagnosis.mark', 'zeyos.legacyInstances', 'zeyos.active'].every((key) => text.includes(key)) && text
      );
    });
    assertNoSecretIn('what the editor remembers', memory);
    assertNoSecretIn('the names of the secrets', [...editor.secrets.keys()].join('\n'));
    const passwords = [canary.password, careful.password, ...Object.values(mistyped), careful.otp, proxyUser.password];
    assert.deepEqual(
      [...editor.secrets].filter(([, value]) => passwords.some((password) => value.includes(password))),
      [],
      'no password may be stored',
    );
  });

  it('leaves no secret in any file', async () => {
    await configure(window, 'http.proxy', undefined);
    // The user wanted the token in the clipboard.
    const files = [editor.host.data, editor.folder].flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    );
    for (const name of ['ZeyOS.log', 'settings.json', 'server.log'])
      assert.ok(
        files.some((file) => file.endsWith(name)),
        `${name} is not among the files`,
      );
    /** Secrets that are in a file because of what the user did, not what the extension did. */
    const exempt = (file: string): readonly string[] => {
      // The editor’s history of the settings file, into which the user wrote them.
      if (file.startsWith(join(editor.host.data, 'user/User/History')))
        return [proxyUser.password, mistyped.password, proxyAuthorization];
      // The browser’s history of URLs and of visible input. These secrets can be used only once. What the editor stores
      // in the browser is not exempt.
      if (file.startsWith(join(editor.folder, 'profile')) && !/Local Storage|IndexedDB/.test(file))
        return [...exchanged('code'), careful.otp, mistyped.otp];
      return [];
    };
    assert.deepEqual(
      files.flatMap((file) => leaksIn(file, contents(file), exempt(file))),
      [],
    );
  });
});

/** Returns the content of a file in all encodings that an editor writes. */
function contents(file: string): string {
  try {
    const bytes = readFileSync(file);
    return `${bytes.toString('utf8')}\n${bytes.toString('utf16le')}`;
  } catch {
    // Locks, sockets, and files that were deleted meanwhile.
    return '';
  }
}
