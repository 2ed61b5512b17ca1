import * as assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { configure, configureInstances, extension } from '../support/extension';
import { Person } from '../support/person';
import { until } from '../support/until';

const demo = 'https://cloud.zeyos.com/demo';
const acme = 'https://cloud.zeyos.com/acme';

describe('The setting zeyos.instances', () => {
  let person: Person;

  before(async () => {
    await extension().activate();
  });

  beforeEach(async () => {
    await configure('instances', undefined);
    person = new Person();
  });

  afterEach(() => person.leave());

  after(() => configure('instances', undefined));

  const urls = (): readonly string[] => extension().exports.instances.map(({ url }) => url);
  const complaints = (): readonly string[] => person.messages.map(({ text }) => text);

  it('provides the instances in their order with canonical URLs and names', async () => {
    await configure('instances', [
      { url: 'HTTPS://Cloud.ZeyOS.com:443/demo/' },
      { url: 'acme', name: 'Acme & Sons' },
      { url: 'zeyos.example.com/erp/shop' },
      { url: 'http://localhost:8080/dev' },
    ]);
    assert.deepEqual(extension().exports.instances, [
      { url: demo, name: 'demo' },
      { url: acme, name: 'Acme & Sons' },
      { url: 'https://zeyos.example.com/erp/shop', name: 'shop' },
      { url: 'http://localhost:8080/dev', name: 'dev' },
    ]);
    assert.deepEqual(complaints(), []);
  });

  const bad: readonly [string, unknown, RegExp, offersUrl?: true][] = [
    ['no URL', { url: 'not a url' }, /instance not a url in the settings.*neither the name of an instance nor a URL/],
    ['another scheme', { url: 'ftp://cloud.zeyos.com/demo' }, /ftp:\/\/cloud\.zeyos\.com\/demo.*https:/],
    [
      'http on a host that is not loopback',
      { url: 'http://cloud.zeyos.com/demo' },
      /http:\/\/cloud\.zeyos\.com\/demo.*Use HTTPS/,
    ],
    [
      'http on a host that only looks like loopback',
      { url: 'http://127.0.0.1.example.com/demo' },
      /127\.0\.0\.1\.example\.com.*Use HTTPS/,
      true,
    ],
    ['user info', { url: 'https://max@cloud.zeyos.com/demo' }, /user name or password/],
    ['a query', { url: `${demo}?x=1` }, /query/],
    ['a fragment', { url: `${demo}#x` }, /query \(\?\) or a fragment/],
    ['no instance', { url: 'https://cloud.zeyos.com/' }, /does not name an instance/],
    ['a path that can be written in two ways', { url: 'https://cloud.zeyos.com/d%65mo' }, /path of the URL/],
    ['an empty URL', { url: '' }, /instance #2 in the settings/],
    ['a number as the URL', { url: 7 }, /instance #2 in the settings.*no "url"/],
    ['no URL at all', { name: 'x' }, /instance #2 in the settings.*no "url"/],
    ['a string instead of an object', 'demo', /instance #2 in the settings.*object/],
    ['null', null, /instance #2 in the settings.*object/],
  ];
  for (const [what, entry, complaint, offersUrl = false] of bad) {
    it(`reports an entry with ${what} once with a button for the settings, and keeps the others`, async () => {
      await configure('instances', [{ url: demo }, entry, { url: acme }]);
      assert.deepEqual(urls(), [demo, acme]);
      // The first report of a window loads what reports.
      await until(() => person.messages.length > 0);
      assert.equal(person.messages.length, 1);
      assert.match(complaints()[0] ?? '', complaint);
      assert.deepEqual(
        [person.messages[0]?.buttons, person.messages[0]?.isModal],
        [[...(offersUrl ? ['Correct URL'] : []), 'Open Settings'], false],
      );
    });
  }

  it('reports a repeated instance, and keeps the first', async () => {
    await configure('instances', [
      { url: demo, name: 'first' },
      { url: `${demo}/`, name: 'second' },
    ]);
    assert.deepEqual(extension().exports.instances, [{ url: demo, name: 'first' }]);
    await until(() => complaints().length > 0);
    assert.match(complaints().join(), /listed twice/);
  });

  it('reports an unchanged entry once, and again after it was corrected in between', async () => {
    await configure('instances', [{ url: demo }, { url: 'ftp://x/y' }]);
    await configure('instances', [{ url: demo }, { url: acme }, { url: 'ftp://x/y' }]);
    await until(() => complaints().length > 0);
    assert.equal(complaints().length, 1);
    await configureInstances(demo);
    await configure('instances', [{ url: demo }, { url: 'ftp://x/y' }]);
    assert.equal(complaints().length, 2);
  });

  it('shows no link, command or icon from an entry in the report', async () => {
    await configure('instances', [{ url: '[x](command:workbench.action.quit) $(error)' }]);
    await until(() => complaints().length > 0);
    assert.equal(complaints().length, 1);
    assert.doesNotMatch(complaints().join(), /\]\s*\(|command:|\$\(/);
  });

  for (const [what, value] of [
    ['a text', 'demo'],
    ['a number', 7],
    ['an object', { url: demo }],
    ['nested lists', [[{ url: demo }]]],
  ] as const) {
    it(`tolerates ${what} as its value`, async () => {
      await configure('instances', value);
      assert.deepEqual(
        urls().filter((url) => url !== demo),
        [],
      );
    });
  }

  it('ignores a name that is not a string, and cleans a misleading one', async () => {
    await configure('instances', [
      { url: demo, name: 7 },
      { url: acme, name: '\u202ehidden\u0000\n name' },
    ]);
    assert.deepEqual(
      extension().exports.instances.map(({ name }) => name),
      ['demo', 'hidden name'],
    );
  });

  it('applies changes while the window is open, and fires onDidChangeActiveInstance if the active instance changes', async () => {
    await configureInstances(demo);
    let count = 0;
    const subscription = extension().exports.onDidChangeActiveInstance(() => count++);
    await configureInstances(demo, acme);
    assert.equal(count, 0);
    await configureInstances(acme);
    assert.deepEqual([extension().exports.activeInstance, count], [{ url: acme, name: 'acme' }, 1]);
    subscription.dispose();
  });

  describe('in a workspace', () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const file = join(folder ?? '', '.vscode/settings.json');
    const tabSize = (): unknown => vscode.workspace.getConfiguration('editor').get('tabSize');
    const usual = tabSize();

    afterEach(async () => {
      if (folder === undefined) return;
      await rm(dirname(file), { recursive: true, force: true });
      await until(() => tabSize() === usual);
    });

    it('is ignored', async function () {
      if (folder === undefined) return this.skip();
      await configureInstances(demo);
      await mkdir(dirname(file), { recursive: true });
      // The change of another setting shows that the file was read.
      await writeFile(
        file,
        JSON.stringify({
          'zeyos.instances': [{ url: 'https://evil.example/demo' }],
          'zeyos.expiryWarningMinutes': 0,
          'editor.tabSize': 7,
        }),
      );
      await until(() => tabSize() === 7);
      assert.deepEqual(urls(), [demo]);
      assert.equal(extension().exports.activeInstance?.url, demo);
      assert.equal(vscode.workspace.getConfiguration('zeyos').get('expiryWarningMinutes'), 30);
      assert.deepEqual(person.messages, []);
    });

    it('cannot be written by the editor', async () => {
      await assert.rejects(async () =>
        vscode.workspace.getConfiguration('zeyos').update('instances', [], vscode.ConfigurationTarget.Workspace),
      );
    });
  });
});
