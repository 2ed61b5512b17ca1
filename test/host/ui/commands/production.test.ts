import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { maxPower } from '../../../support/sandbox/fixtures';
import type { Sandbox } from '../../../support/sandbox/sandbox';
import { configure, extension, signIn, signOut } from '../../support/extension';
import { Person } from '../../support/person';
import { startServer } from '../../support/server';
import { isZeyosTerminal } from '../../support/terminals';
import { until } from '../../support/until';

/** The extension itself. */
describe('A production instance', () => {
  let sandbox: Sandbox;
  let person: Person;
  let url: string;

  before(async () => {
    await extension().activate();
    sandbox = await startServer();
    url = sandbox.url('demo');
    await configure('instances', [{ url, signIn: 'password', production: true }]);
  });

  beforeEach(async () => {
    person = new Person();
    await signIn(person, url, maxPower);
    person.messages.length = 0;
    person.reply = ({ buttons }) => buttons[0];
  });

  afterEach(async () => {
    await signOut(person, url);
    assert.equal(person.prompt, undefined, 'a prompt was left open');
    person.leave();
  });

  after(async () => {
    await configure('instances', undefined);
    await sandbox.stop();
  });

  const run = (command: string): Thenable<unknown> =>
    vscode.commands.executeCommand(command, { instance: url, account: maxPower.name });
  const token = () => sandbox.tokens().at(-1) ?? assert.fail('no token was issued');

  for (const [command, title] of [
    ['zeyos.revokeToken', 'PROD · Revoke Token'],
    ['zeyos.copyAccessToken', 'PROD · Copy Access Token'],
  ] as const) {
    describe(`when ${command} runs`, () => {
      it('is marked in the modal, and its name has to be entered after it', async () => {
        const result = run(command);
        const box = await until(() => person.prompt);
        assert.deepEqual(
          person.messages.map(({ isModal, text }) => [isModal, text.startsWith('PROD · ')]),
          [[true, true]],
        );
        assert.ok('prompt' in box);
        assert.deepEqual([box.title, box.prompt], [title, `${url} is a production instance. Enter demo to continue.`]);
        await person.dismiss();
        await result;
        assert.deepEqual([token().active, person.clipboard], [true, '']);
      });

      for (const typed of ['dem', 'https://cloud.zeyos.com/demo', 'demo2', '']) {
        it(`is left alone if ${JSON.stringify(typed)} is entered, and the user is told`, async () => {
          const result = run(command);
          await person.type(typed);
          await result;
          assert.deepEqual([token().active, person.clipboard], [true, '']);
          assert.match(person.heard, /Nothing was done on .*\/demo: the name that you entered is another one\./);
        });
      }

      it('is acted on if its name is entered in another case', async () => {
        const result = run(command);
        await person.type(' DEMO ');
        await result;
        if (command === 'zeyos.revokeToken') assert.equal(token().active, false);
        else assert.equal(person.clipboard, token().value);
      });

      it('is left alone without the question for its name if the modal is cancelled', async () => {
        person.reply = () => undefined;
        await run(command);
        assert.equal(person.prompt, undefined);
        assert.deepEqual([token().active, person.clipboard], [true, '']);
      });
    });
  }

  it('is marked first in the prompts of a sign-in', async () => {
    const result = vscode.commands.executeCommand('zeyos.signIn', { instance: url });
    const box = await until(() => person.prompt);
    assert.equal(box.title, 'PROD · Sign in to demo');
    await person.dismiss();
    await result;
  });

  it('is marked first in each row of Show Sessions and in the title of the actions', async () => {
    const result = vscode.commands.executeCommand('zeyos.showSessions');
    const list = await until(() => person.prompt);
    assert.ok('items' in list);
    const labels = await until(() => list.items.length > 0 && list.items.map(({ label }) => label));
    assert.deepEqual(labels.slice(0, 3), [
      'PROD · demo',
      `PROD · ${maxPower.name}`,
      'PROD · Sign In with Another Account',
    ]);
    await person.pick(`PROD · ${maxPower.name}`);
    const actions = await until(() => person.prompt !== list && person.prompt);
    assert.equal(actions.title, `PROD · ${maxPower.name} (${new URL(url).host}/demo)`);
    await person.dismissAllUntil(result);
  });

  it('is marked first in the title of the tools for a request', async () => {
    const result = vscode.commands.executeCommand('zeyos.copyRequest', { instance: url });
    assert.equal((await until(() => person.prompt)).title, 'PROD · Copy a Request');
    await person.dismissAllUntil(result);
  });

  describe('when a terminal is opened for it', () => {
    const terminals = (): readonly vscode.Terminal[] => vscode.window.terminals.filter(isZeyosTerminal);

    beforeEach(function () {
      if (process.platform === 'win32') this.skip();
    });

    afterEach(async () => {
      for (const terminal of terminals()) terminal.dispose();
      await until(() => terminals().length === 0);
    });

    it('is marked in the modal, and in the name and the message of the terminal, once its name is entered', async () => {
      const result = run('zeyos.openTerminal');
      const box = await until(() => person.prompt);
      assert.equal(box.title, 'PROD · Open Terminal');
      assert.match(person.messages[0]?.text ?? '', /^PROD · Open a terminal that can act as max\.power/);
      await person.type('Demo');
      await result;
      const terminal = await until(() => terminals()[0]);
      assert.equal(terminal.name, 'PROD · ZeyOS: max.power (demo)');
      const { creationOptions } = terminal;
      assert.match(('message' in creationOptions && creationOptions.message) || '', /^PROD · zeyos and zeyos-run/);
    });

    it('gets no terminal if another name is entered', async () => {
      const result = run('zeyos.openTerminal');
      await person.type('live');
      await result;
      assert.deepEqual(terminals(), []);
      assert.match(person.heard, /Nothing was done on/);
    });
  });

  it('is marked first in the picker of a sign-in', async () => {
    await configure('instances', [{ url, production: true }, { url: sandbox.url('acme') }]);
    const result = vscode.commands.executeCommand('zeyos.signIn');
    const box = await until(() => person.prompt);
    assert.ok('items' in box);
    const labels = await until(() => box.items.length > 0 && box.items.map(({ label }) => label));
    assert.deepEqual(labels, ['PROD · demo', 'acme', 'Add Instance…']);
    await person.dismissAllUntil(result);
    await configure('instances', [{ url, signIn: 'password', production: true }]);
  });

  it('is marked first in a picker of instances', async () => {
    await configure('instances', [{ url, production: true }, { url: sandbox.url('acme') }]);
    const result = vscode.commands.executeCommand('zeyos.switchInstance');
    const box = await until(() => person.prompt);
    assert.ok('items' in box);
    assert.deepEqual(
      box.items.map(({ label }) => label),
      ['PROD · demo', 'acme'],
    );
    await person.dismiss();
    await result;
    await configure('instances', [{ url, signIn: 'password', production: true }]);
  });
});
