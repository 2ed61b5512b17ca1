import * as assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { CONFIGURATION } from '../../../../src/manifest';
import { vscodeApplication } from '../../../support/sandbox/fixtures';
import { configure, configureInstances, extension } from '../../support/extension';
import { Person, type Message } from '../../support/person';
import { startServer } from '../../support/server';
import { until } from '../../support/until';

/** The extension itself. The editor under test has a home folder of its own. */
describe('The command zeyos.importFromCli', () => {
  const folder = join(homedir(), '.config', 'zeyos');
  const project = join(
    vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('no folder is open'),
    '.zeyos',
  );
  const secret = 'secret-of-the-command-line';
  const live = {
    baseUrl: 'https://cloud.zeyos.com/live',
    clientId: 'cli',
    clientSecret: secret,
    accessToken: 'a'.repeat(40),
    refreshToken: 'b'.repeat(40),
  };
  let person: Person;
  let modals: Message[];

  const write = (path: string, content: unknown): void => {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    chmodSync(path, 0o600);
  };
  const setting = (): unknown => vscode.workspace.getConfiguration(CONFIGURATION).get('instances');
  const run = (argument?: unknown): Thenable<unknown> =>
    vscode.commands.executeCommand('zeyos.importFromCli', argument);
  const list = (): Promise<vscode.QuickPick<vscode.QuickPickItem>> =>
    until(() => {
      const { prompt } = person;
      return prompt && 'items' in prompt && prompt.items.length > 0 ? prompt : undefined;
    });
  /** Ticks an item of the list, and accepts the list as it is then. */
  const accept = async (label?: string): Promise<void> => {
    const box = await list();
    const item = box.items.find((each) => each.label === label);
    if (item) {
      box.activeItems = [item];
      await until(async () => {
        await vscode.commands.executeCommand('workbench.action.quickPickManyToggle');
        return box.selectedItems.includes(item);
      });
    }
    await until(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return person.prompt !== box;
    });
  };

  before(async () => {
    assert.ok(folder.includes('zeyos-host'), `${folder} is not the home folder of a test`);
    await extension().activate();
  });

  beforeEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(project, { recursive: true, force: true });
    await configure('instances', undefined);
    person = new Person();
    modals = [];
    person.reply = (dialog) => {
      modals.push(dialog);
      return 'Add';
    };
  });

  afterEach(() => person.leave());

  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(project, { recursive: true, force: true });
    await configure('instances', undefined);
  });

  it('names the files that it has looked for if there are no connections', async () => {
    assert.equal(await run(), undefined);
    assert.match(person.heard, /No connections of the ZeyOS command line were found/);
    assert.match(person.heard, /profiles\.json/);
  });

  it('adds the selected connections, with name and client ID, and without a token', async () => {
    write(join(folder, 'profiles.json'), { active: 'production', profiles: { production: live } });
    const result = run();
    await accept();
    await accept();
    assert.equal(await result, 1);
    assert.deepEqual(setting(), [{ url: live.baseUrl, name: 'production', clientId: 'cli' }]);
    assert.equal(modals.length, 1);
    assert.match(modals[0]?.detail ?? '', /https:\/\/cloud\.zeyos\.com\/live, client ID cli\n/);
    const told = JSON.stringify([person.messages, setting()]);
    for (const hidden of [secret, live.accessToken, live.refreshToken]) assert.equal(told.includes(hidden), false);
  });

  it('names an imported client secret in the modal, and does not ask for the client secret at sign-in', async () => {
    const sandbox = await startServer();
    const { client_id: clientId, client_secret: clientSecret } = vscodeApplication;
    write(join(folder, 'credentials.json'), { baseUrl: sandbox.url('demo'), clientId, clientSecret });
    const result = run();
    await accept();
    await accept('Client secret of demo');
    assert.equal(await result, 1);
    assert.match(modals[0]?.detail ?? '', /with its client secret/);
    assert.equal(JSON.stringify(person.messages).includes(clientSecret), false);
    const signIn = vscode.commands.executeCommand('zeyos.signIn', { instance: sandbox.url('demo') });
    await person.pick('Browser');
    await until(() => person.opened.length > 0);
    await person.dismissAllUntil(signIn);
    await sandbox.stop();
  });

  it('does not select a connection from a folder, and marks the connection', async () => {
    write(join(folder, 'credentials.json'), live);
    write(join(project, 'auth.json'), { baseUrl: 'https://evil.example.com/demo' });
    const result = run();
    const box = await list();
    assert.equal(box.items.length, 2);
    assert.deepEqual(
      box.selectedItems.map(({ label }) => label),
      ['live'],
    );
    assert.match(box.items[1]?.detail ?? '', /from the folder file .*\.zeyos\/auth\.json/);
    await accept();
    await accept();
    assert.equal(await result, 1);
    assert.equal(JSON.stringify(setting()).includes('evil'), false);
  });

  it('adds nothing if the modal is cancelled', async () => {
    person.reply = () => undefined;
    write(join(folder, 'credentials.json'), live);
    assert.equal(await run({ instance: 'live' }), undefined);
    assert.deepEqual(setting(), []);
  });

  it('skips the lists but not the modal for an argument, and then imports no client secret', async () => {
    write(join(folder, 'credentials.json'), live);
    assert.equal(await run({ instance: live.baseUrl }), 1);
    assert.equal(modals.length, 1);
    assert.doesNotMatch(modals[0]?.detail ?? '', /client secret/);
  });

  it('says which files are damaged or can be read by other users', async () => {
    write(join(folder, 'profiles.json'), '{"profiles":');
    write(join(folder, 'credentials.json'), live);
    chmodSync(join(folder, 'credentials.json'), 0o644);
    assert.equal(await run({ instance: 'live' }), 1);
    assert.match(modals[0]?.detail ?? '', /~\/\.config\/zeyos\/profiles\.json is damaged/);
    assert.match(modals[0]?.detail ?? '', /Other users of this machine can read ~\/\.config\/zeyos\/credentials\.json/);
  });

  it('says that all connections have been added already', async () => {
    await configureInstances(live.baseUrl);
    write(join(folder, 'credentials.json'), live);
    assert.equal(await run(), 0);
    assert.match(person.heard, /already been added: 1/);
  });

  it('mentions a folder that is set to a profile of another instance, and switches only if the user wants that', async () => {
    await configureInstances('https://cloud.zeyos.com/demo', live.baseUrl);
    write(join(folder, 'profiles.json'), { profiles: { production: live } });
    write(join(project, 'profile'), 'production\n');
    await vscode.commands.executeCommand('zeyos.switchInstance', { instance: 'demo' });
    assert.equal(await run(), 0);
    assert.match(
      person.heard,
      /selects the profile production of the command line \(cloud\.zeyos\.com\/live\), but the active instance is cloud\.zeyos\.com\/demo/,
    );
    assert.equal(extension().exports.activeInstance?.name, 'demo');
    person.click = ({ buttons }) => buttons.find((button) => button === 'Switch');
    await run();
    await until(() => extension().exports.activeInstance?.name === 'live');
  });
});
