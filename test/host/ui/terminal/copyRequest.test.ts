import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { requestText, type RequestForm } from '../../../../src/handover/requestTexts';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { configure, configureInstances, extension } from '../../support/extension';
import { Person } from '../../support/person';
import { until } from '../../support/until';

const URL_OF = { demo: 'https://cloud.zeyos.com/demo', acme: 'https://zeyos.example.com/acme' } as const;

describe('The command zeyos.copyRequest', () => {
  let person: Person;

  before(() => extension().activate());
  beforeEach(async () => {
    person = new Person();
    await configureInstances(URL_OF.demo);
  });
  afterEach(() => person.leave());
  after(() => configure('instances', undefined));

  const copy = (argument?: unknown): Thenable<unknown> => vscode.commands.executeCommand('zeyos.copyRequest', argument);
  const text = (form: RequestForm, url: string = URL_OF.demo): string => requestText(form, PlatformUrl.parse(url));

  for (const [label, form, button] of [
    ['curl for sh, bash, zsh and fish', 'curlPosix', 'Open Terminal'],
    ['curl for PowerShell', 'curlPowerShell', 'Open Terminal'],
    ['curl for cmd', 'curlCmd', 'Open Terminal'],
    ['curl before 8.3 for sh, bash, zsh and fish', 'curlBefore83', 'Open Terminal'],
    ['httpYac', 'httpYac', undefined],
    ['REST Client', 'restClient', 'Copy Access Token'],
  ] as const) {
    it(`copies a request for "${label}" and offers what comes next`, async () => {
      const copied = copy();
      await person.pick(label);
      assert.equal(await copied, undefined);
      assert.equal(person.clipboard, text(form));
      const message = person.messages.at(-1);
      assert.deepEqual(message?.buttons, button === undefined ? [] : [button]);
      assert.match(message.text, /cloud\.zeyos\.com\/demo was copied/);
    });
  }

  it('says before the request is copied that a consent for httpYac holds for the files of every folder', async () => {
    const copied = copy();
    const prompt = await until(() => person.prompt);
    assert.ok('items' in prompt);
    await until(() => prompt.items.length > 0);
    assert.match(prompt.items.find(({ label }) => label === 'httpYac')?.detail ?? '', /\.http files of every folder/);
    await person.dismiss();
    await copied;
    assert.equal(person.clipboard, '');
    assert.deepEqual(person.messages, []);
  });

  it("offers the form for the user's default shell first", async () => {
    const copied = copy();
    const prompt = await until(() => person.prompt);
    assert.ok('items' in prompt);
    await until(() => prompt.items.length > 0);
    assert.equal(prompt.items[0]?.label, 'curl for sh, bash, zsh and fish');
    await person.dismiss();
    await copied;
  });

  it('asks for the instance only if there are several and none is named', async () => {
    await configureInstances(URL_OF.demo, URL_OF.acme);
    const picked = copy();
    await person.pick('acme');
    await person.pick('httpYac');
    await picked;
    assert.equal(person.clipboard, text('httpYac', URL_OF.acme));
    const named = copy({ instance: 'demo' });
    await person.pick('httpYac');
    await named;
    assert.equal(person.clipboard, text('httpYac'));
  });

  it('says what to do if no instance is configured', async () => {
    await configure('instances', []);
    await copy();
    assert.deepEqual(person.messages.at(-1)?.buttons, ['Add Instance']);
  });
});
