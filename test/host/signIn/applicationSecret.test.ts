import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hans, legacy, maxPower, vscodeApplication } from '../../support/sandbox/fixtures';
import type { Sandbox } from '../../support/sandbox/sandbox';
import { configure, configureInstances, extension, signIn, signOut } from '../support/extension';
import { Person } from '../support/person';
import { startServer } from '../support/server';
import { until } from '../support/until';
import { shownDocument } from '../support/shownDocument';

/** Uses the extension itself with an instance whose API accepts only tokens of an application. */
describe('The application secret of a legacy login', () => {
  const secret = vscodeApplication.client_secret;
  let sandbox: Sandbox;
  let person: Person;
  let url: string;

  before(() => extension().activate());

  beforeEach(async () => {
    sandbox = await startServer({
      instances: [
        { ...legacy, applications: [vscodeApplication], legacy: { apiNeedsApplication: true } },
        { name: 'demo', users: [maxPower] },
      ],
    });
    url = sandbox.url('legacy');
    person = new Person();
    await configureInstances(url);
  });

  afterEach(async () => {
    await configureInstances(url);
    person.reply = ({ buttons }) => buttons.find((button) => button.startsWith('Remove'));
    await vscode.commands.executeCommand('zeyos.removeInstance', { instance: url });
    person.leave();
    await sandbox.stop();
  });

  after(() => configure('instances', undefined));

  const applications = (): readonly (string | undefined)[] => sandbox.tokens().map(({ client_id }) => client_id);
  const lastToken = (): string => sandbox.tokens().at(-1)?.value ?? assert.fail('no token was issued');
  const statusOfApi = async (): Promise<number> =>
    (await fetch(`${url}/api/v1/me`, { headers: { authorization: `Bearer ${lastToken()}` } })).status;
  const lastPrompt = async (): Promise<vscode.InputBox> =>
    until(() => person.prompt && 'password' in person.prompt && person.prompt);
  const warnings = (): readonly string[] =>
    person.messages.map(({ text }) => text).filter((text) => text.includes('its API refuses it'));
  /**
   * Reports the session’s token as refused. The session id is only in this document without the user’s consent to an
   * extension.
   */
  const report = async (): Promise<boolean> => {
    await vscode.commands.executeCommand('zeyos.introspectToken', { instance: url });
    return extension().exports.reportRefused((await shownDocument())?.uri.query ?? '');
  };
  /** Sets the secret by the action in Show Sessions. */
  const set = async (text: string): Promise<void> => {
    const shown = vscode.commands.executeCommand('zeyos.showSessions');
    await person.pick(hans.name);
    await person.pick('Set Application Secret');
    assert.equal(await person.type(text), undefined);
    await shown;
  };
  const assertUntold = (): void => assert.equal(JSON.stringify(person.messages).includes(secret), false);

  it('is not asked for if the login returns a token without an application', async () => {
    await signIn(person, url, hans);
    assert.deepEqual([applications(), person.messages.map(({ text }) => text)], [[undefined], []]);
  });

  it('is offered once after a refused token is reported as active, and makes the API accept the next token', async () => {
    await signIn(person, url, hans);
    assert.equal(await statusOfApi(), 401);
    person.click = ({ buttons }) =>
      buttons.find((button) => ['Set Application Secret', 'Renew Token'].includes(button));
    assert.equal(await report(), true);
    const box = await lastPrompt();
    assert.equal(box.password, true);
    assert.match(box.prompt ?? '', new RegExp(`It is sent to ${url} only`));
    assert.match((await person.type(' ')) ?? '', /Enter the application secret/);
    await person.type(`\ufeff ${secret.slice(0, 3)}\u200b${secret.slice(3)}\n`);
    assert.match(
      (await until(() => person.messages.find(({ text }) => text.includes('has been saved')))).text,
      /application secret for .*\/legacy has been saved. It takes effect with the next token/,
    );
    await person.type(hans.password);
    await until(() => applications().length === 2);
    await until(async () => (await statusOfApi()) === 200);
    assert.deepEqual(applications(), [undefined, 'vscode']);
    assert.equal(await report(), true);
    assert.deepEqual(warnings().length, 1);
    assertUntold();
  });

  it('is not offered for an application’s token or a token of another API', async () => {
    await signIn(person, url, hans);
    await set(secret);
    await signIn(person, url, hans);
    assert.deepEqual(applications(), [undefined, 'vscode']);
    await report();
    const demo = sandbox.url('demo');
    await configureInstances(url, demo);
    await signIn(person, demo, maxPower);
    await vscode.commands.executeCommand('zeyos.introspectToken', { instance: demo });
    await extension().exports.reportRefused((await shownDocument())?.uri.query ?? '');
    assert.deepEqual(warnings(), []);
    await signOut(person, demo);
  });

  it('can be set, replaced and deleted in Show Sessions', async () => {
    await signIn(person, url, hans);
    await set('outdated');
    await set(secret);
    await signIn(person, url, hans);
    const shown = vscode.commands.executeCommand('zeyos.showSessions');
    await person.pick(hans.name);
    await person.pick('Set Application Secret');
    assert.match((await lastPrompt()).prompt ?? '', /replaces the saved one; leave it empty to delete that/);
    assert.equal((await lastPrompt()).value, '');
    await person.type('');
    await shown;
    assert.match(person.messages.at(-1)?.text ?? '', /has been deleted/);
    await signIn(person, url, hans);
    assert.deepEqual(applications(), [undefined, 'vscode', undefined]);
    assertUntold();
  });

  it('is offered in Show Sessions if no account is signed in', async () => {
    await signIn(person, url, hans);
    await signOut(person, url);
    const shown = vscode.commands.executeCommand('zeyos.showSessions');
    await person.pick('Set Application Secret');
    await person.type(secret);
    await shown;
    assert.deepEqual(person.messages.at(-1)?.buttons, ['Sign In']);
    await signIn(person, url, hans);
    assert.deepEqual(applications(), [undefined, 'vscode']);
  });

  it('stays unchanged on Esc', async () => {
    await signIn(person, url, hans);
    await set(secret);
    const shown = vscode.commands.executeCommand('zeyos.showSessions');
    await person.pick(hans.name);
    await person.pick('Set Application Secret');
    await lastPrompt();
    await person.dismiss();
    await shown;
    await signIn(person, url, hans);
    assert.deepEqual(applications(), [undefined, 'vscode']);
  });

  for (const [other, expected] of [
    [secret, 'vscode'],
    ['', undefined],
  ] as const) {
    it(`that the server rejects is asked for after the password, and can be ${other ? 'corrected' : 'left out'}`, async () => {
      await signIn(person, url, hans);
      await set('outdated');
      const result = vscode.commands.executeCommand('zeyos.signIn', { instance: url, account: hans.name });
      assert.equal(await person.type(hans.password), undefined);
      const box = await lastPrompt();
      assert.match(box.prompt ?? '', /asks for another application secret.*It is sent to .* only/);
      assert.match((await person.type('wrong as well')) ?? '', /does not accept the application secret/);
      await person.type(other);
      assert.equal(((await result) as { account: string }).account, hans.name);
      assert.deepEqual(applications(), [undefined, expected]);
      await signIn(person, url, hans);
      assert.deepEqual(applications(), [undefined, expected, expected]);
      assertUntold();
    });
  }

  it('is asked for before a one-time code', async () => {
    await signIn(person, url, hans);
    await set('outdated');
    const code = '424242';
    sandbox.instance('legacy').users = [{ ...hans, otp: code }];
    const result = vscode.commands.executeCommand('zeyos.signIn', { instance: url, account: hans.name });
    await person.type(hans.password);
    await person.type(secret);
    assert.match((await lastPrompt()).prompt ?? '', /one-time code/);
    await person.type('424 242');
    assert.equal(((await result) as { account: string }).account, hans.name);
    assert.deepEqual(applications(), [undefined, 'vscode']);
  });

  it('is mentioned as a possible cause if the server does not say what it rejects', async () => {
    await signIn(person, url, hans);
    await set(secret);
    const result = vscode.commands.executeCommand('zeyos.signIn', { instance: url, account: hans.name });
    assert.match(
      (await person.type('wrong')) ?? '',
      /did not accept this user name and password, or the saved application secret/,
    );
    await person.type(hans.password);
    await result;
  });

  it('is deleted when the instance is removed in either way', async () => {
    for (const button of ['Remove', 'Remove and Sign Out']) {
      await signIn(person, url, hans);
      await set(secret);
      person.reply = ({ buttons }) => buttons.find((each) => each === button);
      await vscode.commands.executeCommand('zeyos.removeInstance', { instance: url });
      await configureInstances(url);
      await signIn(person, url, hans);
      assert.equal(applications().at(-1), undefined, button);
    }
  });
});
