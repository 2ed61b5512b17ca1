import * as assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { EXTENSION_ID, PROVIDER } from '../../src/manifest';
import { juergen, maxPower, olga } from '../support/sandbox/fixtures';
import type { Sandbox } from '../support/sandbox/sandbox';
import { configure, configureInstances, extension, signIn } from './support/extension';
import { Person } from './support/person';
import { startServer } from './support/server';
import { until } from './support/until';
import { Vault } from './support/vault';

describe('The log', () => {
  let sandbox: Sandbox;
  let person: Person;
  let url: string;
  let file: string;

  before(async () => {
    await extension().activate();
    // Log folders of extensions are in the same parent folder.
    file = join(dirname((await Vault.open()).context.logUri.fsPath), EXTENSION_ID, `${PROVIDER.label}.log`);
    sandbox = await startServer();
    url = sandbox.url('demo');
    await configureInstances(url);
    person = new Person();
    await runAllOperations();
  });

  after(async () => {
    person.leave();
    await configure('instances', undefined);
    await sandbox.stop();
  });

  const run = (command: string, argument: unknown): Thenable<unknown> =>
    vscode.commands.executeCommand(command, argument);

  /** Runs each operation successfully and unsuccessfully against a server that puts secrets in wrong places. */
  async function runAllOperations(): Promise<void> {
    const here = { instance: 'demo', account: maxPower.name };
    const leak = (): string =>
      `Basic ${Buffer.from(`${maxPower.name}:${maxPower.password}`).toString('base64')} Bearer ${sandbox.tokens().at(-1)?.value} ${maxPower.password}`;

    await signIn(person, url, maxPower);
    await run('zeyos.introspectToken', here);
    await run('zeyos.introspectToken', here);

    const failed = run('zeyos.signIn', { instance: 'demo', account: juergen.name });
    await person.type('a-wrong-pässword');
    sandbox.fault('auth/v1/token', { kind: 'json', status: 400, body: { error: leak(), error_description: leak() } });
    await person.type(juergen.password);
    sandbox.clearFaults();
    sandbox.fault('auth/v1/token', { kind: 'html', status: 502 });
    await person.type(juergen.password);
    sandbox.clearFaults();
    await person.dismiss();
    await failed;

    const withCode = run('zeyos.signIn', { instance: 'demo', account: olga.name });
    await person.type(olga.password);
    await person.type('654321');
    await person.type(olga.otp);
    await withCode;

    for (const fault of [
      { kind: 'json', status: 400, body: { error: leak(), error_description: leak() } },
      { kind: 'text', status: 403, body: leak() },
      { kind: 'reset' },
      { kind: 'truncated' },
      { kind: 'huge' },
      { kind: 'redirect', location: `https://evil.example/?token=${sandbox.tokens()[0]?.value}` },
    ] as const) {
      sandbox.fault('introspect', fault);
      await run('zeyos.introspectToken', { instance: 'demo', account: olga.name });
      sandbox.clearFaults();
    }

    person.reply = ({ buttons }) => buttons.find((button) => ['Revoke', 'Sign Out', 'Copy'].includes(button));
    await run('zeyos.copyAccessToken', here);
    sandbox.fault('revoke', { kind: 'json', status: 400, body: { error: leak() } });
    await run('zeyos.revokeToken', here);
    sandbox.clearFaults();
    await run('zeyos.revokeToken', here);
    for (const account of [maxPower.name, olga.name]) await run('zeyos.signOut', { instance: 'demo', account });
    await run('zeyos.signOut', { instance: 'demo', account: `${maxPower.password} nobody` });
  }

  /** Resolves to the lines about this test’s server when all have been written. */
  const lines = (): Promise<readonly string[]> =>
    until(async () => {
      const text = await readFile(file, 'utf8').catch(() => '');
      const found = text.split('\n').filter((line) => line.includes(sandbox.origin));
      return found.some((line) => line.includes('signOut') && line.includes('revoke →')) && found;
    });

  it('contains the versions of extension and editor', async () => {
    await lines();
    const { version } = extension().packageJSON as { version: string };
    assert.ok((await readFile(file, 'utf8')).includes(`ZeyOS Authentication ${version}, editor ${vscode.version}`));
  });

  it('contains each request with its result', async () => {
    const text = (await lines()).join('\n');
    for (const outcome of [
      '/demo/auth/v1/token → 200',
      '/demo/auth/v1/token → 401',
      '/demo/auth/v1/token → 502',
      '/introspect → 200',
      '/introspect → 400',
      '/introspect → 302',
      '/revoke → 400',
      '/revoke → 200',
    ])
      assert.ok(text.includes(outcome), `${outcome} is missing in\n${text}`);
  });

  it('marks each line with its operation', async () => {
    const all = await lines();
    for (const line of all) assert.match(line, /\[\w+\] \[\w+ \d+\] /);
    const introspections = new Set(all.flatMap((line) => /\[(introspectToken \d+)\]/.exec(line)?.slice(1) ?? []));
    assert.ok(introspections.size >= 8, [...introspections].join());
  });

  it('contains failures as errors or warnings', async () => {
    await lines();
    const text = await readFile(file, 'utf8');
    assert.match(text, /\[(warning|error)\] \[introspectToken \d+\]/);
  });

  it('contains no secret in any form', async () => {
    await lines();
    const text = await readFile(file, 'utf8');
    const passwords = [maxPower.password, juergen.password, olga.password, 'a-wrong-pässword'];
    const secrets = [
      ...passwords.filter((password) => password !== maxPower.password),
      ...[maxPower, juergen, olga].map(({ name, password }) =>
        Buffer.from(`${name}:${password}`, 'utf8').toString('base64'),
      ),
      ...sandbox.tokens().map(({ value }) => value),
    ];
    for (const secret of secrets) {
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
        assert.equal(text.includes(form), false, `${form} is in the log`);
    }
    assert.doesNotMatch(text, /\b(bearer|basic) (?!realm)[a-z0-9+/=]{8}/i);
    assert.equal(text.includes('654321'), false);
    // A user name that the user typed is logged. A server’s text is not.
    assert.equal(
      text.split('\n').some((line) => line.includes(maxPower.password) && !line.includes('not signed in')),
      false,
    );
  });
});
