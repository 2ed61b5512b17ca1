import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { API_COMMANDS } from '../../src/manifest';
import { sessionState } from '../../src/session/model/session';
import { ended } from '../../src/session/model/transitions';
import { maxPower } from '../support/sandbox/fixtures';
import type { Sandbox } from '../support/sandbox/sandbox';
import { configure, configureInstances, extension, signIn, signOut } from './support/extension';
import { Graph } from './support/graph';
import { Person } from './support/person';
import { startServer } from './support/server';
import { Vault } from './support/vault';
import { shownDocument } from './support/shownDocument';

const introspections = (sandbox: Sandbox): number =>
  sandbox.requests.filter(({ path }) => path.endsWith('/introspect')).length;

describe('The call "reportRefused" of another extension', () => {
  let sandbox: Sandbox;
  let url: string;

  before(async () => {
    sandbox = await startServer();
    url = sandbox.url('demo');
    await configureInstances(url);
  });

  afterEach(() => sandbox.clearFaults());

  after(async () => {
    await sandbox.stop();
    await configure('instances', undefined);
  });

  describe('with a test clock', () => {
    let vault: Vault;
    let graph: Graph;
    let id: string;

    before(async () => {
      vault = await Vault.open();
    });

    beforeEach(async () => {
      graph = await Graph.open(vault);
      ({ id } = await graph.signInAt(url, maxPower));
      graph.takeEvents();
      sandbox.clearRequests();
    });

    afterEach(async () => {
      graph.close();
      await vault.empty();
    });

    const token = (): string => sandbox.tokens().at(-1)?.value ?? assert.fail();

    it('resolves to true and changes nothing if the server says that the token is active', async () => {
      assert.equal(await graph.api.reportRefused(id), true);
      assert.deepEqual([graph.takeEvents(), introspections(sandbox)], [[], 1]);
    });

    it('resolves to false and ends the session after the token was revoked', async () => {
      sandbox.revoke(token());
      assert.equal(await graph.api.reportRefused(id), false);
      assert.deepEqual(
        [graph.takeEvents(), sessionState(graph.account(id), graph.clock.now())],
        [['removed max.power (' + new URL(url).host + '/demo)'], 'revoked'],
      );
      assert.deepEqual(await graph.provider.getSessions([url], {}), []);
    });

    it('resolves to false without a request for an ended or unknown session', async () => {
      await graph.store.update(id, ended(token(), 'revoked'));
      assert.deepEqual(
        [await graph.api.reportRefused(id), await graph.api.reportRefused('no such session'), introspections(sandbox)],
        [false, false, 0],
      );
    });

    it('introspects once for simultaneous reports', async () => {
      assert.deepEqual(
        await Promise.all(Array.from({ length: 20 }, () => graph.api.reportRefused(id))),
        Array<boolean>(20).fill(true),
      );
      assert.equal(introspections(sandbox), 1);
    });

    it('returns the last result for a minute, and introspects again after that', async () => {
      await graph.api.reportRefused(id);
      sandbox.revoke(token());
      graph.clock.advance(59_999);
      assert.deepEqual([await graph.api.reportRefused(id), introspections(sandbox)], [true, 1]);
      graph.clock.advance(1);
      // Two requests are needed to end a session.
      assert.deepEqual([await graph.api.reportRefused(id), introspections(sandbox)], [false, 3]);
    });

    it('introspects the token of a new sign-in at once', async () => {
      await graph.api.reportRefused(id);
      graph.clock.advance(1);
      await graph.signInAt(url, maxPower);
      sandbox.revoke(token());
      assert.equal(await graph.api.reportRefused(id), false);
    });

    for (const [what, fault] of [
      ['cuts the connection', { kind: 'reset' }],
      ['reports a server error', { kind: 'status', status: 503 }],
      ['is behind a login page', { kind: 'html', status: 200 }],
      ['limits the rate', { kind: 'status', status: 429, retryAfterSeconds: 120 }],
      ['is behind a proxy that requires authentication', { kind: 'html', status: 407 }],
    ] as const) {
      it(`rejects with the instance’s name while the server ${what}, keeps the session, and introspects again at the next call`, async () => {
        sandbox.fault('introspect', fault);
        await assert.rejects(
          graph.api.reportRefused(id),
          (error: Error) => error.message.includes(new URL(url).host) && !error.message.includes(token()),
        );
        assert.deepEqual([graph.takeEvents(), sessionState(graph.account(id), graph.clock.now())], [[], 'good']);
        sandbox.clearFaults();
        assert.equal(await graph.api.reportRefused(id), true);
      });
    }
  });

  describe('to the installed extension', () => {
    let person: Person;
    let id: string;

    /** Returns the session id. Only this document contains it without the user’s consent to an extension. */
    async function sessionId(): Promise<string> {
      await vscode.commands.executeCommand('zeyos.introspectToken', { instance: url });
      const uri = (await shownDocument())?.uri;
      assert.equal(uri?.scheme, 'zeyos-introspection');
      return uri.query;
    }

    beforeEach(async () => {
      person = new Person();
      await signIn(person, url, maxPower);
      id = await sessionId();
      sandbox.clearRequests();
    });

    afterEach(async () => {
      sandbox.clearFaults();
      person.reply = () => 'Sign Out';
      await vscode.commands.executeCommand('zeyos.signOut', { instance: url });
      await signOut(person, url);
      person.leave();
    });

    const ways: readonly [string, (sessionId: string) => Thenable<unknown>][] = [
      ['through the exports', (sessionId) => extension().exports.reportRefused(sessionId)],
      ['through the command', (sessionId) => vscode.commands.executeCommand(API_COMMANDS.reportRefused, sessionId)],
    ];
    for (const [how, report] of ways) {
      it(`${how} resolves to true while the token is active, with one request for several reports`, async () => {
        assert.deepEqual(
          [await report(id), await report(id), await report(id), introspections(sandbox)],
          [true, true, true, 1],
        );
      });

      it(`${how} resolves to false after the token was revoked, and the account is gone`, async () => {
        sandbox.revokeAll();
        assert.equal(await report(id), false);
        assert.deepEqual(await vscode.authentication.getAccounts('zeyos'), []);
      });

      it(`${how} rejects with the instance’s name while the server cannot be reached, shows nothing, and keeps the account`, async () => {
        sandbox.fault('introspect', { kind: 'reset' });
        person.messages.splice(0);
        await assert.rejects(
          async () => report(id),
          (error: Error) => error.message.includes(new URL(url).host),
        );
        assert.deepEqual(person.messages, []);
        assert.equal((await vscode.authentication.getAccounts('zeyos')).length, 1);
      });
    }
  });
});
