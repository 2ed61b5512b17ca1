import * as assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { logInAt } from '../../support/browserLogin';
import { freePort } from '../../support/freePort';
import { maxPower, vscodeApplication } from '../../support/sandbox/fixtures';
import type { Sandbox } from '../../support/sandbox/sandbox';
import { configure, configureInstances, extension, signIn, signOut } from '../support/extension';
import { Person } from '../support/person';
import { startServer } from '../support/server';
import { until } from '../support/until';

describe('A pasted address', () => {
  let sandbox: Sandbox;
  let person: Person;
  let url: string;
  let acme: string;
  let host: string;

  before(async () => {
    await extension().activate();
    sandbox = await startServer();
    url = sandbox.url('demo');
    acme = sandbox.url('acme');
    host = new URL(url).host;
  });

  beforeEach(async () => {
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
  const urls = (): readonly string[] => extension().exports.instances.map((instance) => instance.url);
  const entries = (): unknown => vscode.workspace.getConfiguration('zeyos').get('instances');
  const click =
    (...labels: readonly string[]) =>
    ({ buttons }: { readonly buttons: readonly string[] }): string | undefined =>
      labels.find((label) => buttons.includes(label));

  describe('in Add Instance', () => {
    const addresses: readonly [string, () => string][] = [
      ['a deep link', () => `${acme}/?umi=s3cret#s3cret`],
      ['the login page', () => `${acme}/login?next=s3cret`],
      ['an API', () => `${acme}/api/v1/tickets?token=s3cret`],
      ['the token endpoint', () => `${acme}/auth/v1/token`],
      ['the authorization endpoint', () => `${acme}/oauth2/v1/authorize?state=s3cret`],
      ['a doubled slash', () => `${sandbox.origin}//acme//`],
      ['angle brackets', () => `<${acme}>`],
      ['a Markdown link', () => `[acme](${acme}/?umi=s3cret)`],
      ['invisible characters', () => `\ufeff${acme}/\u200b?umi=s3cret\u00a0`],
    ];
    for (const [what, address] of addresses) {
      it(`in the form of ${what} is corrected to the platform URL and added after confirmation and check`, async () => {
        person.reply = click('Add');
        const result = run('zeyos.addInstance');
        assert.equal(await person.type(address()), undefined);
        assert.deepEqual(await result, { url: acme, name: 'acme' });
        assert.match(person.messages[0]?.detail ?? '', new RegExp(`contains this one\\.\n\nAddress: ${acme}\n`));
        assert.deepEqual(urls(), [url, acme]);
        assert.doesNotMatch(person.heard, /s3cret/);
      });

      it(`in the form of ${what} as the command’s argument is corrected, and asks for confirmation`, async () => {
        assert.equal(await run('zeyos.addInstance', { instance: address() }), undefined);
        assert.deepEqual(urls(), [url]);
        assert.equal(person.messages.length, 1);
        assert.ok(person.messages[0]?.isModal && person.messages[0].detail.includes(`Address: ${acme}\n`));
        assert.doesNotMatch(person.heard, /s3cret/);
      });
    }

    it('is added as entered if it can be a platform URL and the user chooses that', async () => {
      person.reply = ({ buttons, detail }) =>
        click(...(detail.includes('contains') ? ['Use Address as Entered'] : ['Add', 'Add Anyway']))({ buttons });
      assert.deepEqual(await run('zeyos.addInstance', { instance: `${acme}/login` }), {
        url: `${acme}/login`,
        name: 'login',
      });
      assert.deepEqual(
        person.messages.map(({ detail }) => /Address: (.*)\n/.exec(detail)?.[1]),
        [acme, `${acme}/login`, undefined, undefined],
      );
    });

    it('with user info is refused, and the input box is filled without it', async () => {
      const result = run('zeyos.addInstance', { instance: `https://max:s3cret@${host}/acme?x=s3cret` });
      const box = await until(() => person.prompt);
      assert.equal(box.value, `https://${host}/acme`);
      assert.match(
        (await person.type(`https://max:s3cret@${host}/acme/?x`)) ?? '',
        /must not contain a user name or password/,
      );
      await person.dismiss();
      await result;
      assert.deepEqual([person.messages, urls()], [[], [url]]);
    });

    const blocked: readonly [string, RegExp][] = [
      ['https://zeyos.example.com:6000/demo', /port in the URL is blocked by browsers/],
      ['http://localhost:6667/demo/?x', /query|blocked/],
      ['zeyos.example.com:25/demo', /port in the URL is blocked by browsers/],
    ];
    for (const [address, problem] of blocked) {
      it(`${address} is refused with the reason`, async () => {
        const result = run('zeyos.addInstance');
        assert.match((await person.type(address)) ?? '', problem);
        await person.dismiss();
        await result;
      });
    }

    it('that redirects is corrected to the redirect’s URL after another dialog and check', async () => {
      const wrong = `${sandbox.origin}/Acme`;
      sandbox.fault('/Acme/', { kind: 'redirect', location: '/acme/auth/v1/token', status: 301 });
      person.reply = click('Correct URL', 'Add');
      assert.deepEqual(await run('zeyos.addInstance', { instance: wrong }), { url: acme, name: 'acme' });
      assert.match(person.messages[1]?.detail ?? '', new RegExp(`redirects to ${acme}/auth/v1/token\\.`));
      assert.deepEqual(person.messages[1]?.buttons, ['Correct URL', 'Edit Address', 'Add Anyway']);
      assert.ok(person.messages[2]?.detail.includes(`Address: ${acme}\n`));
      assert.deepEqual(urls(), [url, acme]);
    });
  });

  describe('in the setting', () => {
    const wrong: readonly [string, () => string][] = [
      ['a deep link', () => `${acme}/?umi=s3cret#s3cret`],
      ['a doubled slash', () => `${sandbox.origin}//acme`],
      ['a Markdown link', () => `[acme](${acme})`],
      ['an API', () => `${acme}/api/v1/tickets`],
    ];
    for (const [what, address] of wrong) {
      it(`in the form of ${what} is reported, and corrected by a button after a dialog and a check`, async () => {
        person.click = click('Correct URL');
        person.reply = click('Change URL');
        await configure('instances', [{ url }, { url: address(), name: 'Acme', signIn: 'password' }]);
        await until(() => urls().includes(acme));
        assert.deepEqual(entries(), [{ url }, { url: acme, name: 'Acme', signIn: 'password' }]);
        const [warning, dialog] = person.messages;
        assert.match(warning?.text ?? '', new RegExp(`Its URL is probably ${acme}\\.$`));
        assert.deepEqual(warning?.buttons, ['Correct URL', 'Open Settings']);
        assert.ok(
          dialog?.isModal && dialog.detail.includes(`New URL: ${acme}\n`) && dialog.detail.includes(host),
          dialog?.detail,
        );
        assert.doesNotMatch(person.heard, /s3cret/);
        await until(() => person.messages.some(({ text }) => text === `The URL of the instance Acme is now ${acme}.`));
      });
    }

    it('stays unchanged if the user does not confirm', async () => {
      person.click = click('Correct URL');
      await configure('instances', [{ url }, { url: `${acme}/?x` }]);
      await until(() => person.messages.length === 2);
      await delay(50);
      assert.deepEqual(entries(), [{ url }, { url: `${acme}/?x` }]);
    });

    it('stays unchanged if no ZeyOS answers at the corrected URL and the user does not insist', async () => {
      person.click = click('Correct URL');
      person.reply = click('Change URL');
      await configure('instances', [{ url }, { url: `${sandbox.origin}/nothing/?x` }]);
      await until(() => person.messages.length === 3);
      assert.deepEqual(
        [person.messages[2]?.text, person.messages[2]?.buttons],
        [`${sandbox.origin}/nothing could not be checked.`, ['Change Anyway']],
      );
      await delay(50);
      assert.deepEqual(urls(), [url]);
    });

    it('is not corrected to the URL of another entry, or if it has user info', async () => {
      await configure('instances', [{ url }, { url: `${url}/?x` }, { url: `https://max:s3cret@${host}/acme/?x` }]);
      await until(() => person.messages.length === 2);
      assert.deepEqual(
        person.messages.map(({ buttons }) => buttons),
        [['Open Settings'], ['Open Settings']],
      );
      assert.doesNotMatch(person.heard, /s3cret|\?x/);
    });

    const ports: readonly [object, RegExp, boolean][] = [
      [
        { url: 'https://zeyos.example.com:6000/demo' },
        /zeyos\.example\.com:6000\/demo in the settings cannot be used\. The port in the URL is blocked/,
        false,
      ],
      [
        { url: 'https://zeyos.example.com/demo', redirectPort: 6000 },
        /^Check the ZeyOS instance https:\/\/zeyos\.example\.com\/demo in the settings\. The "redirectPort" is blocked by browsers.*9005/,
        true,
      ],
      [
        { url: 'https://zeyos.example.com/demo', redirectPort: 70_000 },
        /^Check the ZeyOS instance .* The "redirectPort" must be a whole number/,
        true,
      ],
    ];
    for (const [entry, message, isUsed] of ports) {
      it(`with ${JSON.stringify(entry)} is reported with the reason, and is ${isUsed ? '' : 'not '}used`, async () => {
        await configure('instances', [{ url }, entry]);
        await until(() => person.messages.length === 1);
        assert.match(person.messages[0]?.text ?? '', message);
        assert.equal(urls().length, isUsed ? 2 : 1);
      });
    }
  });

  describe('that the server redirects', () => {
    it('is corrected from a prompt after a dialog that names both URLs', async () => {
      const wrong = `${sandbox.origin}/Acme`;
      await configure('instances', [{ url: wrong, name: 'Acme', signIn: 'password' }]);
      sandbox.fault('/Acme/', { kind: 'redirect', location: '/acme', status: 308 });
      person.reply = click('Change URL');
      const result = run('zeyos.signIn', { instance: wrong, account: maxPower.name });
      const refusal = await person.type(maxPower.password);
      assert.ok(refusal?.includes(`redirects to ${acme}. Credentials are never forwarded`), refusal);
      person.clickButton('Correct URL');
      await until(() => urls().includes(acme));
      assert.deepEqual(entries(), [{ url: acme, name: 'Acme', signIn: 'password' }]);
      const dialog = person.messages.find(({ isModal }) => isModal);
      for (const part of [`Current URL: ${wrong}`, `New URL: ${acme}`, `is sent to ${host}`, 'not moved'])
        assert.ok(dialog?.detail.includes(part), dialog?.detail);
      await person.dismissAllUntil(result);
    });

    it('is corrected from a notification, and its sessions are not moved', async () => {
      const elsewhere = await startServer();
      try {
        const target = elsewhere.url('demo');
        await signIn(person, url, maxPower);
        const label = (await vscode.authentication.getAccounts('zeyos'))[0]?.label;
        assert.ok(label);
        sandbox.fault('introspect', { kind: 'redirect', location: `${target}/auth/v1/token/introspect?t=s3cret` });
        person.click = click('Correct URL');
        person.reply = click('Change URL');
        await run('zeyos.introspectToken', { instance: url, account: maxPower.name });
        await until(() => urls().includes(target));
        const failure = person.messages.find(({ text }) => text.includes('redirects to'));
        assert.ok(failure);
        assert.ok(failure.text.includes(`${target}/auth/v1/token/introspect.`), failure.text);
        assert.deepEqual(failure.buttons, ['Correct URL', 'Try Again', 'Diagnose']);
        assert.doesNotMatch(person.heard, /s3cret/);
        assert.deepEqual(extension().exports.activeInstance?.url, target);
        assert.deepEqual(await vscode.authentication.getAccounts('zeyos'), []);
        assert.ok(
          elsewhere.requests.every(({ headers }) => !/Bearer (?!none)/.test(headers.authorization ?? '')),
          'no token may be sent to the new URL',
        );
        sandbox.clearFaults();
        await configureInstances(url);
        assert.deepEqual(
          (await vscode.authentication.getAccounts('zeyos')).map((account) => account.label),
          [label],
        );
      } finally {
        await elsewhere.stop();
      }
    });

    it('is not corrected without confirmation', async () => {
      await signIn(person, url, maxPower);
      sandbox.fault('introspect', { kind: 'redirect', location: 'https://evil.example/demo/auth/v1/token/introspect' });
      person.click = click('Correct URL');
      await run('zeyos.introspectToken', { instance: url, account: maxPower.name });
      const dialog = await until(() => person.messages.find(({ isModal }) => isModal));
      assert.ok(dialog.detail.includes('evil.example'));
      await delay(50);
      assert.deepEqual(urls(), [url]);
    });

    const unoffered: readonly [string, string][] = [
      ['its own start page', '/demo/'],
      ['a login page elsewhere', 'https://login.example/adfs/ls/'],
      ['an invalid URL', 'javascript:alert(1)'],
    ];
    for (const [what, location] of unoffered) {
      it(`is not corrected if the redirect leads to ${what}`, async () => {
        await signIn(person, url, maxPower);
        sandbox.fault('introspect', { kind: 'redirect', location });
        await run('zeyos.introspectToken', { instance: url, account: maxPower.name });
        const failure = await until(() => person.messages.find(({ text }) => text.includes('redirects to')));
        assert.deepEqual(failure.buttons, ['Open Settings', 'Try Again', 'Diagnose']);
      });
    }
  });

  describe('or other pasted text', () => {
    it('as the user name loses invisible characters at its ends, and is refused with one inside', async () => {
      const result = run('zeyos.signIn', { instance: url });
      assert.match((await person.type('max\u200b.power')) ?? '', /contains an invisible character/);
      assert.match((await person.type('max\u00a0power')) ?? '', /contains an invisible character/);
      assert.equal(await person.type(`\ufeff${maxPower.name}\u00a0`), undefined);
      assert.equal(await person.type(maxPower.password), undefined);
      const { account } = (await result) as { readonly account: string };
      assert.equal(account, maxPower.name);
    });

    it('as the password is sent unchanged, and its invisible characters are mentioned if the server rejects it', async () => {
      const result = run('zeyos.signIn', { instance: url, account: maxPower.name });
      for (const password of [`${maxPower.password}\u200b`, ` ${maxPower.password}`, `${maxPower.password}\u00a0`]) {
        assert.match(
          (await person.type(password)) ?? '',
          /The password contains an invisible character or a blank at one end/,
        );
        const sent =
          sandbox.requests
            .filter(({ headers }) => headers.authorization?.startsWith('Basic '))
            .at(-1)
            ?.headers.authorization?.slice(6) ?? '';
        assert.equal(Buffer.from(sent, 'base64').toString(), `${maxPower.name}:${password}`);
      }
      const refusal = await person.type('wrong');
      assert.ok(refusal && !refusal.includes('invisible'), refusal);
      assert.equal(await person.type(maxPower.password), undefined);
      assert.ok(await result);
    });

    it('as the token loses all invisible characters', async () => {
      await configure('instances', [{ url, signIn: 'token' }]);
      const basic = Buffer.from(`${maxPower.name}:${maxPower.password}`).toString('base64');
      await fetch(`${url}/auth/v1/token`, { method: 'POST', headers: { Authorization: `Basic ${basic}` } });
      const token = sandbox.tokens().at(-1)?.value ?? assert.fail('no token was issued');
      const result = run('zeyos.signIn', { instance: url });
      assert.match((await person.type('two words')) ?? '', /This is not a token/);
      assert.equal(await person.type(`\ufeff${token.slice(0, 7)}\u200b\u00ad${token.slice(7)}\u00a0\r\n`), undefined);
      assert.ok(await result);
    });

    it('as the client ID, client secret or redirected URL loses all invisible characters', async () => {
      const within = (text: string): string => `\ufeff${text.slice(0, 4)}\u200b${text.slice(4)}\u00a0`;
      await configure('instances', [{ url, signIn: 'browser', redirectPort: await freePort() }]);
      const result = run('zeyos.signIn', { instance: url });
      assert.equal(await person.type(within(vscodeApplication.client_id)), undefined);
      assert.equal(await person.type(within(vscodeApplication.client_secret)), undefined);
      const opened = await until(() => person.opened.at(-1));
      assert.equal(new URL(opened).searchParams.get('client_id'), vscodeApplication.client_id);
      const redirected = String(await logInAt(opened, maxPower));
      // The prompt is busy while it waits for the browser, so being busy does not show when the answer was accepted.
      const box = await until(() => (person.prompt && 'password' in person.prompt ? person.prompt : undefined));
      box.value = within(redirected);
      await delay(0);
      await run('workbench.action.acceptSelectedQuickOpenItem');
      assert.ok(await result);
    });
  });
});
