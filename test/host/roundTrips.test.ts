import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hans, maxPower } from '../support/sandbox/fixtures';
import type { Sandbox } from '../support/sandbox/sandbox';
import { configure, extension, signIn } from './support/extension';
import { Person } from './support/person';
import { startServer } from './support/server';
import { until } from './support/until';

/** On a slow network each of them is felt: none may be there that the protocol does not need. */
describe('The round trips to ZeyOS', () => {
  let sandbox: Sandbox;
  let person: Person;
  let demo: string;
  let legacy: string;

  before(async () => {
    await extension().activate();
    sandbox = await startServer();
    demo = sandbox.url('demo');
    legacy = sandbox.url('legacy');
    await configure('instances', [{ url: demo, signIn: 'password' }, { url: legacy, signIn: 'password' }]);
    person = new Person();
    person.reply = ({ buttons }) => buttons[0];
  });

  after(async () => {
    person.leave();
    await configure('instances', undefined);
    await sandbox.stop();
  });

  /** What an operation asks, once it has been quiet for a moment. */
  async function asked(operation: () => PromiseLike<unknown>): Promise<readonly string[]> {
    sandbox.clearRequests();
    await operation();
    for (let count = -1; count !== sandbox.requests.length; ) {
      count = sandbox.requests.length;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    return sandbox.requests.map(({ method, path }) => `${method} ${path}`);
  }

  const run = (command: string, argument: unknown): Thenable<unknown> => vscode.commands.executeCommand(command, argument);
  const max = () => ({ instance: demo, account: maxPower.name });

  it('of a sign-in by password: the token, and who it is', async () => {
    assert.deepEqual(await asked(() => signIn(person, demo, maxPower)), ['POST /demo/auth/v1/token', 'POST /demo/auth/v1/token/introspect']);
  });

  it('of another sign-in to the same account: the token that it replaces besides', async () => {
    assert.deepEqual((await asked(() => signIn(person, demo, maxPower))).toSorted(), ['POST /demo/auth/v1/token', 'POST /demo/auth/v1/token/introspect', 'POST /demo/auth/v1/token/revoke']);
  });

  it('of a session that another extension asks for, or looks for: none', async () => {
    assert.deepEqual(await asked(() => vscode.authentication.getSession('zeyos', [demo], { silent: true })), []);
    assert.deepEqual(await asked(() => vscode.authentication.getAccounts('zeyos')), []);
  });

  it('of an introspection: one', async () => {
    assert.deepEqual(await asked(() => run('zeyos.introspectToken', max())), ['POST /demo/auth/v1/token/introspect']);
  });

  it('of a revocation: that, and the proof', async () => {
    assert.deepEqual(await asked(() => run('zeyos.revokeToken', max())), ['POST /demo/auth/v1/token/revoke', 'POST /demo/auth/v1/token/introspect']);
  });

  it('of a sign-out: one, and none where the token has ended already', async () => {
    assert.deepEqual(await asked(() => run('zeyos.signOut', max())), []);
    await signIn(person, demo, maxPower);
    assert.deepEqual(await asked(() => run('zeyos.signOut', max())), ['POST /demo/auth/v1/token/revoke']);
  });

  it('of the legacy login: one in vain, and only the first time', async () => {
    const login = ['POST /legacy/auth/v1/login', 'GET /legacy/auth/v1/'];
    assert.deepEqual(await asked(() => signIn(person, legacy, hans)), ['POST /legacy/auth/v1/token', ...login]);
    assert.deepEqual(await asked(() => signIn(person, legacy, hans)), [...login, 'GET /legacy/auth/v1/logout']);
    await run('zeyos.signOut', { instance: legacy });
    await until(() => sandbox.tokens().every(({ active }) => !active));
  });
});
