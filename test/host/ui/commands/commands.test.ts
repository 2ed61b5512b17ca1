import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { API_COMMANDS, COMMANDS } from '../../../../src/manifest';
import { ConnectProxy } from '../../../support/connectProxy';
import { juergen, maxPower } from '../../../support/sandbox/fixtures';
import type { Sandbox } from '../../../support/sandbox/sandbox';
import { configure, configureInstances, extension, signIn, signOut } from '../../support/extension';
import { Person } from '../../support/person';
import { startServer } from '../../support/server';
import { until } from '../../support/until';
import { shownDocument } from '../../support/shownDocument';

/** Uses the extension itself with its own secret storage. */
describe('The command', () => {
  let sandbox: Sandbox;
  let person: Person;
  let url: string;

  before(async () => {
    await extension().activate();
    sandbox = await startServer();
    url = sandbox.url('demo');
  });

  beforeEach(async () => {
    sandbox.clearFaults();
    sandbox.clearRequests();
    person = new Person();
    await configureInstances(url);
  });

  afterEach(async () => {
    sandbox.clearFaults();
    await configureInstances(url);
    await signOut(person, url);
    assert.equal(person.prompt, undefined, 'a prompt was left open');
    person.leave();
  });

  after(async () => {
    await configure('instances', undefined);
    await sandbox.stop();
  });

  const run = (command: string, argument?: unknown): Thenable<unknown> =>
    vscode.commands.executeCommand(command, argument);
  const here = { instance: 'demo', account: maxPower.name };
  const lastToken = (): string => sandbox.tokens().at(-1)?.value ?? assert.fail('no token was issued');
  const accounts = async (): Promise<readonly string[]> =>
    (await vscode.authentication.getAccounts('zeyos')).map(({ id }) => id);

  function assertNoToken(...results: readonly unknown[]): void {
    const text = JSON.stringify([results, person.messages]);
    for (const { value } of sandbox.tokens()) assert.equal(text.includes(value), false);
  }

  describe('zeyos.signIn', () => {
    it('returns instance, account and end of the session', async () => {
      const result = await signIn(person, url, maxPower);
      const { expiresAt, ...rest } = result as { expiresAt: number };
      assert.deepEqual(rest, { instance: url, account: maxPower.name });
      assert.ok(expiresAt > Date.now());
      assertNoToken(result);
      assert.deepEqual(await accounts(), [`${url}#${maxPower.sub}`]);
    });

    it('asks for user name and password, shows where they are sent, and lets the user correct a wrong password', async () => {
      const result = run('zeyos.signIn', { instance: url });
      await person.type(maxPower.name);
      assert.match((await person.type('wrong')) ?? '', /did not accept/);
      assert.ok(person.prompt && 'password' in person.prompt);
      assert.equal(person.prompt.password, true);
      assert.ok(person.prompt.prompt?.includes(url));
      await person.type(maxPower.password);
      assert.equal(((await result) as { account: string }).account, maxPower.name);
    });

    for (const [what, argument] of [
      ['the user name', { instance: 'demo' }],
      ['the password', { instance: 'demo', account: 'max.power' }],
    ] as const) {
      it(`resolves to undefined on Esc at ${what}`, async () => {
        const result = run('zeyos.signIn', argument);
        await person.dismiss();
        assert.equal(await result, undefined);
        assert.deepEqual([person.messages, await accounts()], [[], []]);
      });
    }

    it('resolves to undefined with a message for an instance that is not configured', async () => {
      assert.equal(await run('zeyos.signIn', { instance: 'https://cloud.zeyos.com/unknown' }), undefined);
      assert.match(person.heard, /The ZeyOS instance https:\/\/cloud\.zeyos\.com\/unknown is not configured/);
    });
  });

  describe('zeyos.introspectToken', () => {
    it('returns the server’s answer and shows it in a document without the token', async () => {
      await signIn(person, url, maxPower);
      const result = await run('zeyos.introspectToken', here);
      const { exp, ...rest } = result as { exp: number };
      assert.deepEqual(rest, {
        active: true,
        username: maxPower.name,
        sub: maxPower.sub,
        instance: url,
        account: maxPower.name,
      });
      assert.ok(exp * 1000 > Date.now());
      const document = await shownDocument();
      assert.equal(document?.uri.scheme, 'zeyos-introspection');
      assert.match(document.getText(), /Active: the server accepts this token/);
      assertNoToken(result, document.getText(), document.uri.toString());
    });

    it('returns no user name or client ID that contains the token', async () => {
      await signIn(person, url, maxPower);
      sandbox.fault('introspect', {
        kind: 'json',
        body: { active: true, sub: maxPower.sub, username: lastToken(), client_id: lastToken() },
      });
      const result = await run('zeyos.introspectToken', here);
      assert.deepEqual(result, { active: true, sub: maxPower.sub, instance: url, account: maxPower.name });
      assertNoToken(result, (await shownDocument())?.getText());
    });

    it('returns no user name or client ID that contains the token of another account', async () => {
      await signIn(person, url, juergen);
      const other = lastToken();
      await signIn(person, url, maxPower);
      sandbox.fault('introspect', {
        kind: 'json',
        body: { active: true, sub: maxPower.sub, username: `also ${other}`, client_id: other },
      });
      assert.deepEqual(await run('zeyos.introspectToken', here), {
        active: true,
        sub: maxPower.sub,
        instance: url,
        account: maxPower.name,
      });
    });

    it('reports a token that the server ended, and ends the session', async () => {
      await signIn(person, url, maxPower);
      sandbox.revoke(lastToken());
      assert.deepEqual(await run('zeyos.introspectToken', here), {
        active: false,
        instance: url,
        account: maxPower.name,
      });
      assert.deepEqual(await accounts(), []);
      await run('zeyos.signOut', here);
    });

    it('resolves to undefined with a message if the server cannot be reached, and keeps the session', async () => {
      await signIn(person, url, maxPower);
      sandbox.fault('introspect', { kind: 'reset' });
      assert.equal(await run('zeyos.introspectToken', here), undefined);
      assert.ok(person.heard.includes(new URL(url).host));
      assert.deepEqual(await accounts(), [`${url}#${maxPower.sub}`]);
    });

    it('masks the token of another account in the answer', async () => {
      await signIn(person, url, juergen);
      const other = lastToken();
      await signIn(person, url, maxPower);
      sandbox.fault('introspect', {
        kind: 'json',
        body: { active: true, sub: maxPower.sub, note: `quoted: ${other}` },
      });
      await run('zeyos.introspectToken', here);
      const text = await until(async () => {
        const shown = (await shownDocument())?.getText();
        return shown?.includes('quoted: ') && shown;
      });
      assert.equal(text.includes(other), false);
    });

    it('resolves to undefined with a message if no account is signed in', async () => {
      assert.equal(await run('zeyos.introspectToken', { instance: 'demo' }), undefined);
      assert.match(person.heard, /not signed in/);
    });
  });

  describe('zeyos.revokeToken', () => {
    beforeEach(() => signIn(person, url, maxPower));

    it('asks in a dialog that names account and host, and does nothing if it is cancelled', async () => {
      assert.equal(await run('zeyos.revokeToken', here), false);
      const [dialog] = person.messages;
      assert.equal(dialog?.isModal, true);
      assert.ok(`${dialog.text} ${dialog.detail}`.includes(new URL(url).host) && dialog.text.includes(maxPower.name));
      assert.deepEqual(await accounts(), [`${url}#${maxPower.sub}`]);
    });

    it('revokes, introspects, and ends the session', async () => {
      person.reply = () => 'Revoke';
      sandbox.clearRequests();
      assert.equal(await run('zeyos.revokeToken', here), true);
      assert.deepEqual(
        sandbox.requests.map(({ path }) => path),
        ['/demo/auth/v1/token/revoke', '/demo/auth/v1/token/introspect'],
      );
      assert.deepEqual([sandbox.tokens().at(-1)?.active, await accounts()], [false, []]);
      assertNoToken();
    });

    const failures: readonly [string, Parameters<Sandbox['fault']>[1]][] = [
      ['the server answers OK and does nothing', { kind: 'json', body: {} }],
      ['a proxy answers with a web page', { kind: 'html', status: 200 }],
      ['the server reports an error', { kind: 'status', status: 500 }],
      ['the connection is cut', { kind: 'reset' }],
    ];
    for (const [what, fault] of failures) {
      it(`resolves to false with a message if ${what}, and keeps the session`, async () => {
        person.reply = () => 'Revoke';
        sandbox.fault('revoke', fault);
        assert.equal(await run('zeyos.revokeToken', here), false);
        assert.ok(
          person.messages.some(({ isModal, text }) => !isModal && text.includes(new URL(url).host)),
          person.heard,
        );
        assert.deepEqual([sandbox.tokens().at(-1)?.active, await accounts()], [true, [`${url}#${maxPower.sub}`]]);
        assert.match(person.heard, /still reports the token as active|it may still be valid/);
      });
    }
  });

  describe('zeyos.signOut', () => {
    beforeEach(() => signIn(person, url, maxPower));

    it('does nothing if the dialog is cancelled', async () => {
      assert.equal(await run('zeyos.signOut', here), undefined);
      assert.deepEqual(await accounts(), [`${url}#${maxPower.sub}`]);
    });

    it('returns the number of accounts, and revokes their tokens', async () => {
      person.reply = () => 'Sign Out';
      assert.equal(await run('zeyos.signOut', here), 1);
      assert.deepEqual([sandbox.tokens().at(-1)?.active, await accounts()], [false, []]);
    });

    it('signs out locally if the server cannot be reached, says how long the token stays valid, and revokes it later', async () => {
      person.reply = () => 'Sign Out';
      sandbox.fault('revoke', { kind: 'reset' });
      assert.equal(await run('zeyos.signOut', here), 1);
      assert.deepEqual([await accounts(), sandbox.tokens().at(-1)?.active], [[], true]);
      assert.match(person.heard, /signed out here, but the token could not be revoked on .* until .* at the latest/);
      const { value } = sandbox.tokens().at(-1) ?? assert.fail();
      sandbox.clearFaults();
      await signIn(person, url, maxPower);
      // Pending revocations of an account are repeated at its next sign-in.
      await until(() => sandbox.tokens().some((token) => token.value === value && !token.active));
    });
  });

  describe('zeyos.copyAccessToken', () => {
    beforeEach(() => signIn(person, url, maxPower));

    it('copies nothing without confirmation', async () => {
      assert.equal(await run('zeyos.copyAccessToken', here), undefined);
      const [dialog] = person.messages;
      assert.ok(dialog?.isModal && dialog.text.includes(maxPower.name) && dialog.detail.includes(url));
      assert.equal(person.clipboard, '');
    });

    it('copies the token after confirmation, and returns nothing', async () => {
      person.reply = () => 'Copy';
      assert.equal(await run('zeyos.copyAccessToken', here), undefined);
      assert.equal(person.clipboard, lastToken());
      assertNoToken();
    });
  });

  describe('for an instance:', () => {
    it('zeyos.addInstance asks in a dialog that names the host, and adds nothing if it is cancelled', async () => {
      assert.equal(await run('zeyos.addInstance', { instance: sandbox.url('acme') }), undefined);
      const [dialog] = person.messages;
      assert.ok(dialog?.isModal && dialog.detail.includes(new URL(url).host));
      assert.equal(extension().exports.instances.length, 1);
      assert.equal(sandbox.requests.length, 0);
    });

    it('zeyos.addInstance checks the instance, adds it and returns it', async () => {
      person.reply = ({ buttons }) => buttons.find((button) => button === 'Add');
      const added = { url: sandbox.url('acme'), name: 'acme' };
      assert.deepEqual(await run('zeyos.addInstance', { instance: added.url }), added);
      assert.deepEqual(extension().exports.instances.at(-1), added);
      assert.deepEqual(await run('zeyos.addInstance', { instance: `${added.url}/` }), added);
      assert.deepEqual(
        person.messages.slice(1).map(({ text, buttons }) => [text, buttons]),
        [
          ['The instance acme has been added.', ['Sign In']],
          ['The instance acme has already been added.', ['Sign In']],
        ],
      );
    });

    it('zeyos.addInstance says who is signed in to an instance that comes back or exists', async () => {
      await signIn(person, url, maxPower);
      await configureInstances();
      person.reply = ({ buttons }) => buttons.find((button) => button === 'Add');
      await run('zeyos.addInstance', { instance: url });
      assert.deepEqual(
        person.messages.slice(1).map(({ text, buttons }) => [text, buttons]),
        [[`The instance demo has been added. You are signed in to it as ${maxPower.name}.`, ['Show Sessions']]],
      );
      await run('zeyos.addInstance', { instance: url });
      assert.deepEqual(
        [person.messages.at(-1)?.text, person.messages.at(-1)?.buttons],
        [`The instance demo has already been added. You are signed in to it as ${maxPower.name}.`, ['Show Sessions']],
      );
    });

    it('zeyos.addInstance adds no instance that is not ZeyOS unless the user insists', async () => {
      person.reply = ({ buttons }) => buttons.find((button) => button === 'Add');
      assert.equal(await run('zeyos.addInstance', { instance: `${sandbox.origin}/nothing` }), undefined);
      assert.ok(person.messages.some(({ buttons }) => buttons.includes('Add Anyway')));
      assert.equal(extension().exports.instances.length, 1);
    });

    it('zeyos.addInstance lets the user correct a URL, and adds the corrected one', async () => {
      person.reply = ({ buttons }) => buttons.find((button) => ['Add', 'Edit Address'].includes(button));
      const result = run('zeyos.addInstance');
      assert.equal(await person.type(`${sandbox.origin}/nothing`), undefined);
      assert.equal((await until(() => person.prompt)).value, `${sandbox.origin}/nothing`);
      assert.equal(await person.type(sandbox.url('acme')), undefined);
      assert.deepEqual(await result, { url: sandbox.url('acme'), name: 'acme' });
      assert.deepEqual(
        extension().exports.instances.map((instance) => instance.url),
        [url, sandbox.url('acme')],
      );
    });

    it('zeyos.removeInstance hides the session, which comes back with the instance', async () => {
      await signIn(person, url, maxPower);
      person.reply = () => 'Remove';
      assert.deepEqual(await run('zeyos.removeInstance', { instance: 'demo' }), { url, name: 'demo' });
      assert.deepEqual([extension().exports.instances, await accounts()], [[], []]);
      await configureInstances(url);
      assert.deepEqual(await accounts(), [`${url}#${maxPower.sub}`]);
    });

    it('zeyos.removeInstance signs out too if the user chooses that', async () => {
      await signIn(person, url, maxPower);
      person.reply = ({ buttons }) => buttons.find((button) => button === 'Remove and Sign Out');
      await run('zeyos.removeInstance', { instance: 'demo' });
      await configureInstances(url);
      assert.deepEqual(await accounts(), []);
    });

    it('zeyos.removeInstance says what happens to a session that has ended', async () => {
      await signIn(person, url, maxPower);
      sandbox.revoke(lastToken());
      await run('zeyos.introspectToken', here);
      await run('zeyos.removeInstance', { instance: 'demo' });
      const dialog = person.messages.find(({ isModal }) => isModal);
      assert.match(
        dialog?.detail ?? '',
        /The session of max\.power has ended\. If you do not sign out, the account is kept/,
      );
      assert.deepEqual(dialog?.buttons, ['Remove and Sign Out', 'Remove']);
    });

    it('zeyos.switchInstance changes the active instance and fires the event for other extensions', async () => {
      await configureInstances(url, sandbox.url('acme'));
      await run('zeyos.switchInstance', { instance: 'demo' });
      let count = 0;
      const subscription = extension().exports.onDidChangeActiveInstance(() => count++);
      assert.deepEqual(await run('zeyos.switchInstance', { instance: 'acme' }), {
        url: sandbox.url('acme'),
        name: 'acme',
      });
      assert.deepEqual([extension().exports.activeInstance?.name, count], ['acme', 1]);
      assert.deepEqual(await run('zeyos.api.activeInstance'), extension().exports.activeInstance);
      await run('zeyos.switchInstance', { instance: 'acme' });
      assert.equal(count, 1);
      subscription.dispose();
      await run('zeyos.switchInstance', { instance: 'demo' });
    });

    it('zeyos.switchInstance lets the user pick', async () => {
      await configureInstances(url, sandbox.url('acme'));
      const switched = run('zeyos.switchInstance');
      await person.pick('acme');
      assert.deepEqual(await switched, { url: sandbox.url('acme'), name: 'acme' });
      await run('zeyos.switchInstance', { instance: 'demo' });
    });

    it('zeyos.openInstance opens the platform URL of a configured instance only', async () => {
      await run('zeyos.openInstance', { instance: 'demo' });
      await run('zeyos.openInstance');
      await run('zeyos.openInstance', { instance: 'https://evil.example/x' });
      assert.deepEqual(person.opened, [url, url]);
    });
  });

  describe('zeyos.diagnose', () => {
    interface Report {
      readonly at: number;
      readonly extension: string;
      readonly editor: string;
      readonly findings: readonly Finding[];
      readonly instances: readonly {
        readonly url: string;
        readonly name: string;
        readonly findings: readonly Finding[];
      }[];
    }
    interface Finding {
      readonly code: string;
      readonly verdict: string;
      readonly text: string;
      readonly fix?: string;
    }
    const codes = (findings: readonly Finding[] | undefined): string => (findings ?? []).map(({ code }) => code).join();

    it('returns its findings and shows them in a document without token and user name', async () => {
      await signIn(person, url, maxPower);
      sandbox.clearRequests();
      const report = (await run('zeyos.diagnose', { instance: 'demo' })) as Report;
      assert.deepEqual(
        report.instances.map((instance) => [instance.url, instance.name]),
        [[url, 'demo']],
      );
      assert.equal(
        codes(report.instances[0]?.findings),
        'dns.literal,proxy.loopback,tls.notUsed,answer.zeyos,apis.offered,clock.inStep,session.good',
      );
      assert.match(codes(report.findings), /^machine\.(local|server),secretStorage\.(works|persists)$/);
      assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
      assert.ok(
        Math.abs(report.at - Date.now()) < 60_000 && report.editor.includes(vscode.version) && report.extension,
      );
      for (const { headers } of sandbox.requests) assert.equal(headers.authorization, undefined);
      const document = await shownDocument();
      assert.equal(document?.uri.scheme, 'zeyos-diagnosis');
      for (const { text } of report.instances[0]?.findings ?? [])
        assert.ok(document.getText().replaceAll('`', '').includes(text), text);
      assertNoToken(report, document.getText());
      assert.equal(JSON.stringify([report, document.getText()]).includes(maxPower.name), false);
      assert.deepEqual(
        person.messages.map(({ text, buttons }) => [text, buttons]),
        [['ZeyOS connection diagnosis: No problems found.', ['Copy Report']]],
      );
    });

    it('examines every instance if none is given, and shows remedies', async () => {
      await configureInstances(url, `${sandbox.origin}/nothing`);
      sandbox.fault('/demo/', { kind: 'html', status: 200 });
      const report = (await run('zeyos.diagnose')) as Report;
      const bad = report.instances.map(({ findings }) => findings.filter(({ verdict }) => verdict === 'bad'));
      assert.deepEqual(bad.map(codes), ['answer.page', 'answer.notZeyos']);
      assert.ok(bad.flat().every(({ fix }) => fix));
      assert.match(person.heard, /Problems: 2\./);
    });

    it('says that no instance is configured, and offers to add one', async () => {
      await configureInstances();
      const report = (await run('zeyos.diagnose')) as Report;
      assert.deepEqual(report.instances, []);
      assert.match((await shownDocument())?.getText() ?? '', /\*\*No ZeyOS instance is configured\./);
      assert.match(person.heard, /ZeyOS connection diagnosis: No ZeyOS instance is configured\./);
      assert.deepEqual(person.messages.at(-1)?.buttons, ['Add Instance', 'Copy Report']);
    });

    describe('behind a proxy', () => {
      const proxies: ConnectProxy[] = [];
      const behind = async (
        behaviour: Parameters<typeof ConnectProxy.start>[0],
      ): Promise<{ readonly proxy: ConnectProxy; readonly findings: readonly Finding[] }> => {
        const proxy = await ConnectProxy.start(behaviour);
        proxies.push(proxy);
        await vscode.workspace
          .getConfiguration('http')
          .update('proxy', proxy.url.replace('//', '//proxyuser:pr0xypass@'), vscode.ConfigurationTarget.Global);
        await configureInstances('https://zeyos.invalid/demo');
        const report = (await run('zeyos.diagnose', { instance: 'demo' })) as Report;
        assert.equal(
          JSON.stringify([report, (await shownDocument())?.getText(), person.messages]).includes('pr0xy'),
          false,
        );
        return { proxy, findings: report.instances[0]?.findings ?? [] };
      };
      afterEach(async () => {
        await vscode.workspace.getConfiguration('http').update('proxy', undefined, vscode.ConfigurationTarget.Global);
        for (const proxy of proxies.splice(0)) await proxy.stop();
      });

      it('reports a certificate that is not trusted, through the proxy', async () => {
        const secure = await startServer({ tls: true });
        const { proxy, findings } = await behind({ to: Number(new URL(secure.origin).port) });
        assert.match(codes(findings), /^dns\.leftToProxy,proxy\.used,tls\.selfSigned,answer\.certificate,/);
        assert.deepEqual([...new Set(proxy.asked.map(({ authority }) => authority))], ['zeyos.invalid:443']);
        assert.deepEqual(secure.requests, []);
        await secure.stop();
      });

      it('reports a proxy that requires authentication', async () => {
        const { findings } = await behind({ refuses: 407 });
        assert.match(codes(findings), /,proxy\.authenticationRequired,/);
      });

      it('reports a proxy that refuses the host', async () => {
        const { findings } = await behind({ refuses: 403 });
        assert.match(codes(findings), /,proxy\.refuses,/);
      });
    });

    it('resolves to undefined with a message for an instance that is not configured', async () => {
      assert.equal(await run('zeyos.diagnose', { instance: 'https://cloud.zeyos.com/unknown' }), undefined);
      assert.match(person.heard, /The ZeyOS instance .+ is not configured/);
    });
  });

  it('zeyos.showSessions lists the account with its state, and runs the selected action', async () => {
    await signIn(person, url, maxPower);
    const shown = run('zeyos.showSessions');
    await person.pick(maxPower.name);
    await person.pick('Open Instance in Browser');
    await shown;
    assert.deepEqual(person.opened, [url]);
  });

  describe('zeyos.showSessions', () => {
    const rows = async (): Promise<readonly (readonly (string | undefined)[])[]> => {
      const box = await until(() => person.prompt);
      assert.ok('items' in box);
      return box.items.map(({ label, description, detail }) => [
        label,
        ...(description === undefined ? [] : [description]),
        ...(detail === undefined ? [] : [detail]),
      ]);
    };
    const host = (): string => new URL(url).host;

    it('shows the same states as the tooltip, and marks the active account', async () => {
      const long = 'A company with a very long name';
      await configure('instances', [
        { url, name: long, signIn: 'password' },
        { url: sandbox.url('acme'), signIn: 'password' },
      ]);
      await signIn(person, url, juergen);
      await signIn(person, url, maxPower);
      sandbox.fault('introspect', { kind: 'reset' });
      await run('zeyos.introspectToken', { instance: url, account: maxPower.name });
      const shown = run('zeyos.showSessions');
      const [separator, first, second, further, other, signInRow, , ...commands] = await rows();
      assert.deepEqual(separator, ['A company …long name']);
      const accountRows = [first, second].map((row) => [
        row?.[0],
        row?.[1],
        row?.[2]?.replace(/^signed in.*\d[^,]*/, 'signed in…'),
      ]);
      assert.deepEqual(
        [...accountRows].sort(),
        [
          [juergen.name, `${host()}/demo`, 'signed in…, cannot be reached'],
          [maxPower.name, `(active) ${host()}/demo`, 'signed in…, cannot be reached'],
        ].sort(),
      );
      assert.deepEqual(
        [further, other, signInRow],
        [['Sign In with Another Account', `${host()}/demo`], ['acme'], ['Sign In', `${host()}/acme`]],
      );
      assert.deepEqual(commands, [['Add Instance…'], ['Switch Active Instance…'], ['Remove Instance…']]);
      await person.dismiss();
      await shown;
    });

    it('makes another account active', async () => {
      await signIn(person, url, juergen);
      await signIn(person, url, maxPower);
      const shown = run('zeyos.showSessions');
      await person.pick(juergen.name);
      await person.pick('Make Active');
      assert.deepEqual(
        (await rows()).filter(([, description]) => description?.startsWith('(active)')).map(([label]) => label),
        [juergen.name],
      );
      await person.dismiss();
      await shown;
    });

    it('shows the two most needed actions of an account as buttons of its row, and stays open after an action whose result it shows', async () => {
      await signIn(person, url, juergen);
      await signIn(person, url, maxPower);
      const shown = run('zeyos.showSessions');
      const list = await until(() => person.prompt);
      assert.ok('items' in list);
      const buttons = (name: string) =>
        list.items.find(({ label }) => label === name)?.buttons?.map(({ tooltip }) => tooltip);
      assert.deepEqual(buttons(juergen.name), ['Make Active', 'Introspect Token']);
      assert.deepEqual(buttons(maxPower.name), ['Introspect Token', 'Renew Token']);
      await person.clickRowButton(juergen.name, 'Make Active');
      await until(() => buttons(juergen.name)?.[0] === 'Introspect Token');
      assert.equal(person.prompt, list, 'it is the same list');
      assert.deepEqual(buttons(maxPower.name), ['Make Active', 'Introspect Token']);
      assert.deepEqual(
        list.activeItems.map(({ label }) => label),
        [juergen.name],
      );
      await person.clickRowButton(juergen.name, 'Introspect Token');
      await shown;
      assert.equal(person.prompt, undefined, 'the document takes its place');
    });

    it('opens again after an action that the user has cancelled', async () => {
      await signIn(person, url, maxPower);
      const shown = run('zeyos.showSessions');
      await person.pick(maxPower.name);
      await person.pick('Sign Out');
      const list = await until(() => person.prompt);
      assert.equal(list.title, 'ZeyOS Sessions');
      assert.equal((await accounts()).length, 1);
      await person.dismiss();
      await shown;
    });

    it('removes the instance of an account after confirmation', async () => {
      await signIn(person, url, maxPower);
      person.reply = ({ buttons }) => buttons.find((button) => button === 'Remove');
      const shown = run('zeyos.showSessions');
      await person.pick(maxPower.name);
      await person.pick('Remove Instance');
      await person.dismiss();
      await shown;
      assert.deepEqual(extension().exports.instances, []);
    });
  });

  describe('that cannot run says why and offers what to do first if', () => {
    const lastMessage = (): readonly unknown[] => {
      const { text, buttons } = person.messages.at(-1) ?? assert.fail('there is no message');
      return [text, buttons];
    };
    const label = (user: { readonly name: string }): string => `${user.name} (${new URL(url).host}/demo)`;

    it('no account is signed in', async () => {
      await run('zeyos.introspectToken');
      assert.deepEqual(lastMessage(), ['You are not signed in to ZeyOS.', ['Sign In']]);
    });

    it('no account is signed in to the instance', async () => {
      await run('zeyos.renewToken', { instance: url });
      assert.deepEqual(lastMessage(), [`You are not signed in to ${new URL(url).host}/demo.`, ['Sign In']]);
    });

    it('the account is unknown, but another one is signed in', async () => {
      await signIn(person, url, maxPower);
      for (const command of [
        'zeyos.introspectToken',
        'zeyos.signOut',
        'zeyos.switchInstance',
        'zeyos.copyAccessToken',
      ]) {
        await run(command, { instance: 'demo', account: 'anna' });
        assert.deepEqual(
          lastMessage(),
          [`You are not signed in to ${new URL(url).host}/demo as anna.`, ['Sign In']],
          command,
        );
      }
    });

    it('the account is signed out, and the button signs in to it', async () => {
      await signIn(person, url, maxPower);
      await signOut(person, url);
      person.click = ({ buttons }) => buttons.find((button) => button === 'Sign In');
      await run('zeyos.introspectToken', { instance: 'demo', account: label(maxPower) });
      assert.deepEqual(lastMessage(), [
        `You are not signed in to ${new URL(url).host}/demo as ${maxPower.name}.`,
        ['Sign In'],
      ]);
      await person.type(maxPower.password);
      await until(async () => (await accounts()).length === 1);
    });

    it('the account’s session has ended, and the button signs in again', async () => {
      await signIn(person, url, maxPower);
      sandbox.revoke(lastToken());
      await run('zeyos.introspectToken', here);
      person.click = ({ buttons }) => buttons.find((button) => button === 'Sign In Again');
      await run('zeyos.revokeToken', here);
      assert.deepEqual(lastMessage(), [
        `The session of ${label(maxPower)} has ended. Sign in again.`,
        ['Sign In Again'],
      ]);
      await person.type(maxPower.password);
      await until(async () => (await accounts()).length === 1);
    });

    it('the account’s session has ended and its instance was removed', async () => {
      await signIn(person, url, maxPower);
      sandbox.revoke(lastToken());
      await run('zeyos.introspectToken', here);
      await configureInstances();
      await run('zeyos.copyAccessToken', { instance: url });
      assert.deepEqual(lastMessage(), [
        `The instance ${url} is no longer configured. Add it again to sign in.`,
        ['Add Instance'],
      ]);
    });

    it('the instance is not configured, and the button adds it', async () => {
      person.click = ({ buttons }) => buttons.find((button) => button === 'Add Instance');
      for (const command of ['zeyos.introspectToken', 'zeyos.signIn', 'zeyos.openInstance']) {
        await run(command, { instance: 'nope' });
        assert.deepEqual(
          person.messages.filter(({ isModal }) => !isModal).map(({ text, buttons }) => [text, buttons]),
          [['The ZeyOS instance "nope" is not configured.', ['Add Instance']]],
          command,
        );
        const dialog = await until(() => person.messages.find(({ isModal }) => isModal));
        assert.ok(dialog.detail.includes('https://cloud.zeyos.com/nope'), 'the user must be asked first');
        person.messages.splice(0);
      }
    });

    it('the account’s instance is not configured', async () => {
      await run('zeyos.introspectToken', { instance: `${sandbox.origin}/nope`, account: 'anna' });
      assert.deepEqual(lastMessage(), [
        `The ZeyOS instance ${sandbox.origin}/nope is not configured.`,
        ['Add Instance'],
      ]);
    });

    it('no instance is configured', async () => {
      await configureInstances();
      for (const command of ['zeyos.switchInstance', 'zeyos.removeInstance', 'zeyos.openInstance']) {
        await run(command);
        assert.deepEqual(lastMessage(), ['No ZeyOS instance is configured.', ['Add Instance']], command);
      }
    });
  });

  describe('with an unexpected argument', () => {
    const long = 'x'.repeat(1_000_000);
    const hostile: readonly [string, unknown][] = [
      ['a number', 1e308],
      ['null', null],
      ['a text', 'demo'],
      ['a list', [{ instance: 'demo' }]],
      ['a function', () => 'demo'],
      ['members of the wrong types', { instance: 7, account: { toString: null } }],
      ['empty members', { instance: '', account: '' }],
      ['a very long instance', { instance: long }],
      ['a very long account', { instance: 'demo', account: long }],
      ['a prototype', JSON.parse('{"__proto__":{"instance":"demo"},"constructor":{"prototype":{"account":"x"}}}')],
      ['no prototype', Object.create(null)],
      ['the names of inherited members', { instance: '__proto__', account: 'constructor' }],
      ['a link', { instance: '[x](command:workbench.action.quit)', account: '$(error)' }],
      [
        'a member that throws',
        {
          get instance(): string {
            throw new Error('no');
          },
        },
      ],
      ['control characters', { instance: 'de\u0000mo\n', account: '\u202e' }],
    ];
    for (const [what, argument] of hostile) {
      it(`such as ${what} does no harm, for every command`, async () => {
        for (const command of COMMANDS) {
          const result = await person.dismissAllUntil(run(command, argument));
          // With one instance, switchInstance needs no choice, and diagnose examines all instances.
          assert.ok(
            result === undefined || result === false || ['zeyos.switchInstance', 'zeyos.diagnose'].includes(command),
            `${command}: ${JSON.stringify(result)}`,
          );
        }
        for (const { text } of person.messages) {
          assert.ok(text.length < 1_000, `${text.length} characters are shown`);
          assert.doesNotMatch(text, /\]\s*\(command:|\$\(/);
        }
        assert.deepEqual(
          person.opened.filter((opened) => opened !== url),
          [],
        );
        assert.equal(({} as { instance?: string }).instance, undefined);
        await run('workbench.action.closePanel');
      });
    }

    it('such as a session id of any type resolves to false if it is the API command', async () => {
      for (const id of [undefined, null, 7, long, {}, [], '__proto__', 'constructor', ''])
        assert.equal(await run(API_COMMANDS.reportRefused, id), false);
      assert.equal(sandbox.requests.length, 0);
    });
  });

  describe('and the exports of the extension', () => {
    it('have exactly the documented members', async () => {
      const api = extension().exports;
      assert.deepEqual(Object.keys(api).sort(), [
        'activeInstance',
        'apiVersion',
        'instances',
        'onDidChangeActiveInstance',
        'reportRefused',
      ]);
      assert.equal(api.apiVersion, 1);
      assert.deepEqual(api.instances, [{ url, name: 'demo' }]);
      assert.deepEqual(api.activeInstance, { url, name: 'demo' });
      assert.equal(typeof api.onDidChangeActiveInstance, 'function');
      assert.deepEqual([typeof api.reportRefused, api.reportRefused.length], ['function', 1]);
      assert.deepEqual(await run(API_COMMANDS.activeInstance), api.activeInstance);
    });

    it('cannot be changed by another extension', () => {
      const api = extension().exports;
      assert.throws(() => Object.assign(api, { reportRefused: () => undefined }), TypeError);
      (api.instances as unknown[]).push('more');
      assert.equal(api.instances.length, 1);
    });

    it('contain no token at any depth', async () => {
      await signIn(person, url, maxPower);
      const token = lastToken();
      const seen = new Set<unknown>();
      const look = (value: unknown): void => {
        if (typeof value === 'string') assert.equal(value.includes(token), false);
        if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;
        seen.add(value);
        for (const key of Reflect.ownKeys(value)) {
          look(Reflect.get(value, key));
        }
      };
      look(extension().exports);
      assert.ok(seen.size > 5);
    });
  });
});
