import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { FOREIGN_CREDENTIALS, VARIABLES } from '../../../../src/handover/protocol';
import { EXTENSION_ID, PROVIDER, TERMINAL_PROFILE } from '../../../../src/manifest';
import { juergen, maxPower } from '../../../support/sandbox/fixtures';
import type { Sandbox } from '../../../support/sandbox/sandbox';
import { configure, configureInstances, extension, signIn, signOut } from '../../support/extension';
import { Person } from '../../support/person';
import { replace } from '../../support/replace';
import { startServer } from '../../support/server';
import { environmentOf, isZeyosTerminal, runIn, runsShells, typeInto } from '../../support/terminals';
import { until } from '../../support/until';
import { Vault } from '../../support/vault';

const OPEN = 'Open Terminal';

describe('A ZeyOS terminal', function () {
  if (process.platform === 'win32') return;
  let sandbox: Sandbox;
  let person: Person;
  let url: string;
  let logFile: string;
  let hasShells: boolean;

  before(async () => {
    await extension().activate();
    logFile = join(dirname((await Vault.open()).context.logUri.fsPath), EXTENSION_ID, `${PROVIDER.label}.log`);
    sandbox = await startServer();
    url = sandbox.url('demo');
    hasShells = await runsShells();
  });

  beforeEach(async () => {
    sandbox.clearFaults();
    person = new Person();
    person.reply = ({ buttons }) => buttons.find((button) => button === OPEN);
    await configureInstances(url);
    await signIn(person, url, maxPower);
  });

  afterEach(async () => {
    sandbox.clearFaults();
    for (const terminal of zeyosTerminals()) terminal.dispose();
    await until(() => zeyosTerminals().length === 0);
    await configureInstances(url);
    await signOut(person, url);
    person.leave();
  });

  after(async () => {
    await configure('instances', undefined);
    await sandbox.stop();
  });

  const here = { instance: 'demo', account: maxPower.name };
  const label = (): string => `${maxPower.name} (${new URL(url).host}/demo)`;
  const lastToken = (): string => sandbox.tokens().at(-1)?.value ?? assert.fail('no token was issued');
  const zeyosTerminals = (): readonly vscode.Terminal[] => vscode.window.terminals.filter(isZeyosTerminal);

  async function open(argument: unknown = here): Promise<vscode.Terminal> {
    const before = zeyosTerminals();
    await vscode.commands.executeCommand('zeyos.openTerminal', argument);
    return until(() => zeyosTerminals().find((terminal) => !before.includes(terminal)));
  }

  describe('is opened by the command', () => {
    it('after a modal that names the account, the instance, the machine and the command line of ZeyOS', async () => {
      await open();
      const modal = person.messages.at(-1);
      assert.equal(modal?.isModal, true);
      assert.equal(modal.text, `Open a terminal that can act as ${label()}?`);
      assert.deepEqual(modal.buttons, [OPEN]);
      const lines = modal.detail.split('\n');
      assert.equal(lines[0], `Instance: ${url}`);
      // The editor of these tests is served from this machine, which it calls a remote one.
      const remote = vscode.env.remoteName;
      if (remote !== undefined) assert.equal(lines[1], `Machine: ${hostname()} (${remote})`);
      assert.match(modal.detail, /^zeyos command: /m);
      assert.match(modal.detail, /everything that can type into it, can act as max\.power/);
      assert.doesNotMatch(modal.detail, /default terminal profile/);
    });

    it('only if the user confirms, for any argument of the caller', async () => {
      person.reply = () => undefined;
      const before = vscode.window.terminals.length;
      for (const argument of [here, { ...here, confirmed: true }, undefined])
        assert.equal(await vscode.commands.executeCommand('zeyos.openTerminal', argument), undefined);
      assert.equal(vscode.window.terminals.length, before);
    });

    it('with a new modal each time', async () => {
      await open();
      await open();
      assert.equal(person.messages.filter(({ isModal }) => isModal).length, 2);
    });

    it('for the account that the user picks if there are several', async () => {
      await signIn(person, url, juergen);
      const opened = open({ instance: 'demo' });
      await person.pick(juergen.name);
      assert.match((await opened).name, /jürgen/);
      assert.match(person.heard, /act as jürgen \(/);
    });

    it('with a name, and without being restored after a reload', async () => {
      const { creationOptions, name } = await open();
      assert.equal(name, 'ZeyOS: max.power (demo)');
      assert.equal('isTransient' in creationOptions && creationOptions.isTransient, true);
    });

    it('only if an account is signed in, and says otherwise what to do', async () => {
      await signOut(person, url);
      const before = vscode.window.terminals.length;
      await vscode.commands.executeCommand('zeyos.openTerminal');
      assert.deepEqual(person.messages.at(-1)?.buttons, ['Sign In']);
      assert.equal(vscode.window.terminals.length, before);
    });

    it('but not in a folder that the user does not trust', async () => {
      const putBack = replace(vscode.workspace, 'isTrusted', false);
      const before = vscode.window.terminals.length;
      await vscode.commands.executeCommand('zeyos.openTerminal', here);
      putBack();
      assert.match(person.messages.at(-1)?.text ?? '', /Restricted Mode/);
      assert.deepEqual(person.messages.at(-1)?.buttons, ['Manage Workspace Trust']);
      assert.equal(vscode.window.terminals.length, before);
    });
  });

  describe('has an environment', () => {
    it('without any token, and with the variables by which zeyos-run and zeyos reach the window', async () => {
      const env = environmentOf(await open());
      for (const { value } of sandbox.tokens()) assert.equal(JSON.stringify(env).includes(value), false);
      assert.equal(env['ZEYOS_BASE_URL'], url);
      assert.deepEqual([env['ZEYOS_NO_REFRESH'], env['ZEYOS_CREDENTIALS_READONLY']], ['1', '1']);
      assert.ok(existsSync(env[VARIABLES.handle] ?? ''));
      assert.equal(Buffer.from(env[VARIABLES.secret] ?? '', 'base64url').length, 32);
    });

    it('without credentials that the editor was started with', async () => {
      const env = environmentOf(await open());
      for (const name of FOREIGN_CREDENTIALS) assert.equal(env[name], null, name);
    });

    it('with a handle and a secret of its own', async () => {
      const [first, second] = [environmentOf(await open()), environmentOf(await open())];
      for (const name of [VARIABLES.handle, VARIABLES.secret]) assert.notEqual(first[name], second[name]);
    });
  });

  describe('runs commands', () => {
    it('with the token of its account', async () => {
      const terminal = await open();
      const { code, out } = await runIn(terminal, 'zeyos-run printenv ZEYOS_TOKEN ZEYOS_BASE_URL');
      assert.deepEqual([code, out], [0, `${lastToken()}\n${url}\n`]);
    });

    it('in the shell of the editor, with the terminal as their input and output', async function () {
      if (!hasShells) this.skip();
      const terminal = await open();
      assert.deepEqual(await typeInto(terminal, 'zeyos-run printenv ZEYOS_TOKEN'), {
        code: 0,
        out: `${lastToken()}\n`,
      });
      assert.equal((await typeInto(terminal, "zeyos-run sh -c 'test -t 0 && test -t 2'")).code, 0);
      assert.equal((await typeInto(terminal, "zeyos-run sh -c 'exit 42'")).code, 42);
      assert.equal((await typeInto(terminal, 'printenv ZEYOS_TOKEN')).code, 1);
    });

    it('with a new token once the last one was renewed', async () => {
      const terminal = await open();
      const first = await runIn(terminal, 'zeyos-run printenv ZEYOS_TOKEN');
      await signIn(person, url, maxPower);
      const second = await runIn(terminal, 'zeyos-run printenv ZEYOS_TOKEN');
      assert.notEqual(second.out, first.out);
      assert.equal(second.out, `${lastToken()}\n`);
    });

    it('with one line in the log for each, which names the program and the account and no argument', async () => {
      const terminal = await open();
      await runIn(terminal, 'zeyos-run /bin/echo --password hunter2');
      const line = `handed over a token for ${label()} to echo`;
      const lines = await until(async () => {
        const text = await readFile(logFile, 'utf8').catch(() => '');
        return text.includes(line) && text.split('\n').filter((each) => each.includes(label()));
      });
      assert.match(
        lines.find((each) => each.includes(line)) ?? '',
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \[info\] \[terminal \d+\] /,
      );
      const text = lines.join('\n');
      assert.doesNotMatch(text, /hunter2|\/bin\/echo/);
      for (const { value } of sandbox.tokens()) assert.equal(text.includes(value), false);
    });

    it('until the session has ended, and again after a new sign-in', async () => {
      const terminal = await open();
      person.reply = ({ buttons }) => buttons.find((button) => button === 'Revoke');
      await vscode.commands.executeCommand('zeyos.revokeToken', here);
      const { code, error } = await runIn(terminal, 'zeyos-run true');
      assert.deepEqual(
        [code, error],
        [3, `The session of ${label()} has ended. Sign in again in the editor, then repeat the command.\n`],
      );
      await signIn(person, url, maxPower);
      assert.equal((await runIn(terminal, 'zeyos-run printenv ZEYOS_TOKEN')).out, `${lastToken()}\n`);
    });

    it('only while its instance is configured', async () => {
      const terminal = await open();
      await configure('instances', []);
      const { code, error } = await runIn(terminal, 'zeyos-run true');
      assert.equal(code, 3);
      assert.match(error, /^The instance .* is no longer configured\. .*\n$/);
      await configureInstances(url);
      assert.equal((await runIn(terminal, 'zeyos-run true')).code, 0);
    });

    it('and explains why zeyos does not show the token, or that zeyos is not installed', async () => {
      const terminal = await open();
      const shown = await runIn(terminal, 'zeyos whoami --show-token');
      assert.equal(shown.code, 3);
      assert.match(shown.error, /does not show the access token|was not found/);
    });
  });

  describe('loses its access', () => {
    it('when the account is signed out, and says so in one line', async () => {
      const terminal = await open();
      const other = environmentOf(terminal);
      await signOut(person, url);
      person.reply = ({ buttons }) => buttons.find((button) => button === OPEN);
      const { code, error } = await runIn(terminal, 'zeyos-run true');
      assert.deepEqual(
        [code, error],
        [3, `${label()} is signed out. Sign in again in the editor and open a new ZeyOS terminal.\n`],
      );
      // Not even a new sign-in opens it again.
      await signIn(person, url, maxPower);
      assert.equal((await runIn(terminal, 'zeyos-run true')).code, 3);
      assert.notEqual(environmentOf(await open())[VARIABLES.handle], other[VARIABLES.handle]);
    });

    it('when it is closed, and leaves nothing behind', async () => {
      const terminal = await open();
      const env = environmentOf(terminal);
      const folder = env[VARIABLES.handle] ?? '';
      terminal.dispose();
      await until(() => !existsSync(folder));
      const { code, error } = await runIn({ creationOptions: { env } } as vscode.Terminal, 'zeyos-run true');
      assert.deepEqual([code, error], [3, `${env[VARIABLES.gone]}\n`]);
    });

    it('while a second terminal keeps its access', async () => {
      const [first, second] = [await open(), await open()];
      first.dispose();
      await until(() => !existsSync(environmentOf(first)[VARIABLES.handle] ?? ''));
      assert.equal((await runIn(second, 'zeyos-run true')).code, 0);
    });
  });

  describe('is a terminal profile', () => {
    const system = process.platform === 'darwin' ? 'osx' : 'linux';
    const defaultProfile = (name: string | undefined): Thenable<void> =>
      vscode.workspace
        .getConfiguration('terminal.integrated.defaultProfile')
        .update(system, name, vscode.ConfigurationTarget.Global);

    beforeEach(() => defaultProfile(TERMINAL_PROFILE.title));
    afterEach(() => defaultProfile(undefined));

    it('which asks as the command does, and warns that tools may open it if it is the default one', async () => {
      await vscode.commands.executeCommand('workbench.action.terminal.new');
      const terminal = await until(() => zeyosTerminals()[0]);
      assert.match(
        person.messages.find(({ isModal }) => isModal)?.detail ?? '',
        /ZeyOS is your default terminal profile/,
      );
      assert.equal((await runIn(terminal, 'zeyos-run printenv ZEYOS_TOKEN')).out, `${lastToken()}\n`);
      const folder = environmentOf(terminal)[VARIABLES.handle] ?? '';
      terminal.dispose();
      await until(() => !existsSync(folder));
    });

    for (const [what, prepare] of [
      ['the user does not confirm', () => void (person.reply = () => undefined)],
      ['no account is signed in', () => signOut(person, url)],
    ] as const) {
      it(`which opens a terminal without access that closes by itself if ${what}`, async () => {
        await prepare();
        const opened = new Promise<vscode.Terminal>((resolve) => {
          const subscription = vscode.window.onDidOpenTerminal((terminal) => {
            subscription.dispose();
            resolve(terminal);
          });
        });
        await vscode.commands.executeCommand('workbench.action.terminal.new');
        const terminal = await opened;
        assert.ok('pty' in terminal.creationOptions, 'it runs a shell');
        assert.equal(zeyosTerminals().length, 0);
        // A key closes it at once.
        await until(() => {
          terminal.sendText('q', false);
          return !vscode.window.terminals.includes(terminal);
        });
      });
    }
  });
});
