import * as assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { StoredAccount } from '../../../src/session/model/session';
import { ended } from '../../../src/session/model/transitions';
import { logInAt } from '../../support/browserLogin';
import { freePort } from '../../support/freePort';
import { juergen, maxPower, vscodeApplication } from '../../support/sandbox/fixtures';
import type { Sandbox, SandboxUser } from '../../support/sandbox/sandbox';
import { configure, extension } from '../support/extension';
import { Graph } from '../support/graph';
import { Person } from '../support/person';
import { startServer } from '../support/server';
import { until } from '../support/until';
import { Vault } from '../support/vault';

describe('Signing in through the browser to an account that has a session', () => {
  let sandbox: Sandbox;
  let person: Person;
  let demo: string;
  let redirectPort: number;
  let vault: Vault;
  let graph: Graph;

  before(async () => {
    await extension().activate();
    redirectPort = await freePort();
    vault = await Vault.open();
  });

  after(() => configure('instances', undefined));

  afterEach(async () => {
    await person.dismissAllUntil(delay(0));
    graph.close();
    person.leave();
    await vault.empty();
    await sandbox.stop();
  });

  const open = async (oneTokenSet: boolean): Promise<void> => {
    sandbox = await startServer();
    sandbox.instance('demo').oauth2.oneTokenSet = oneTokenSet;
    demo = sandbox.url('demo');
    person = new Person();
    await configure('instances', [
      { url: demo, signIn: 'browser', clientId: vscodeApplication.client_id, redirectPort },
    ]);
    // Uses the real time, because tokens are ordered by their time of issue.
    graph = await Graph.open(vault, { time: 'real' });
  };

  const instance = () => graph.instances.active ?? assert.fail('there is no instance');
  /** Starts a sign-in. The client secret is asked for only the first time. */
  const begin = async (): Promise<string> => {
    const count = person.opened.length;
    if (!Object.keys(await vault.contents()).some((key) => key.startsWith('zeyos.client.')))
      await person.type(vscodeApplication.client_secret);
    return until(() => person.opened[count]);
  };
  const signIn = async (user: SandboxUser): Promise<StoredAccount> => {
    const signedIn = graph.signIn.run({ instance: instance(), ignoreKnownAccounts: true });
    await fetch(await logInAt(await begin(), user));
    return signedIn;
  };
  const token = ({ id }: StoredAccount): string =>
    graph.account(id).session?.accessToken?.value ?? assert.fail('no token');
  const alive = (user: SandboxUser) =>
    sandbox
      .tokens()
      .filter(({ active, kind, user: of }) => active && kind === 'access' && of === user.name)
      .map(({ value }) => value);
  const cancelDuringExchange = async (user: SandboxUser): Promise<void> => {
    const outcome = assert.rejects(
      graph.signIn.run({ instance: instance(), ignoreKnownAccounts: true }),
      vscode.CancellationError,
    );
    const url = await begin();
    sandbox.clearRequests();
    sandbox.fault('POST /demo/oauth2/v1/token', { kind: 'delay', ms: 400 }, 1);
    const redirected = logInAt(url, user).then((address) => fetch(address));
    await until(() => sandbox.requests.some(({ path }) => path === '/demo/oauth2/v1/token'));
    await person.dismiss();
    await outcome;
    await redirected;
  };
  /**
   * Asserts that the account has a new token, which is its user’s only valid one, and that no revocation is pending.
   */
  const assertAdopted = async (stored: StoredAccount, before: string, user: SandboxUser): Promise<void> => {
    await until(() => token(stored) !== before);
    await until(() => graph.store.accounts.every(({ pendingRevocations }) => pendingRevocations.length === 0));
    assert.deepEqual(alive(user), [token(stored)]);
  };

  for (const oneTokenSet of [false, true]) {
    describe(`on a server that keeps ${oneTokenSet ? 'one token set' : 'several token sets'} for each user`, () => {
      let max: StoredAccount;
      let other: StoredAccount;
      let before: string;

      beforeEach(async () => {
        await open(oneTokenSet);
        max = await signIn(maxPower);
        other = await signIn(juergen);
        await graph.instances.activate(instance(), other.id);
        before = token(max);
        graph.takeEvents();
      });

      it('gives the session the new tokens if the user cancels during the exchange', async () => {
        await cancelDuringExchange(maxPower);
        await assertAdopted(max, before, maxPower);
        assert.deepEqual(graph.takeEvents(), [`changed ${max.account.label}`]);
        assert.equal(graph.instances.activeAccount(graph.store.accounts)?.id, other.id);
        assert.equal(graph.store.accounts.length, 2);
      });

      it('gives the session the new tokens if another account was requested, and says so', async () => {
        await graph.store.update(other.id, ended(token(other), 'revoked'));
        graph.takeEvents();
        const { id, label } = other.account;
        const session = graph.provider.createSession([demo], { account: { id, label } });
        const outcome = session.then(
          () => 'a session',
          (error: Error) => error.message,
        );
        await fetch(await logInAt(await begin(), maxPower));
        assert.match(
          await outcome,
          /You signed in to .* as max\.power, but jürgen was requested\. The session for max\.power continues with the new token; try again as jürgen\./,
        );
        await assertAdopted(max, before, maxPower);
        assert.deepEqual(graph.takeEvents(), [`changed ${max.account.label}`]);
        assert.equal(graph.instances.activeAccount(graph.store.accounts)?.id, other.id);
      });

      it('revokes the new tokens if another account was requested and the session was signed out', async () => {
        await graph.store.signOut(max.id);
        await graph.revocations.settle();
        await graph.store.update(other.id, ended(token(other), 'revoked'));
        const { id, label } = other.account;
        const session = graph.provider.createSession([demo], { account: { id, label } });
        const outcome = session.then(
          () => 'a session',
          (error: Error) => error.message,
        );
        await fetch(await logInAt(await begin(), maxPower));
        assert.match(await outcome, /The new token will be revoked/);
        assert.deepEqual([alive(maxPower), graph.account(max.id).session], [[], undefined]);
      });

      it('restores a session that had ended if the user cancels', async () => {
        await graph.store.update(max.id, ended(before, 'revoked'));
        assert.deepEqual(graph.takeEvents(), [`removed ${max.account.label}`]);
        await cancelDuringExchange(maxPower);
        await until(() => graph.account(max.id).session?.accessToken !== undefined);
        assert.ok(alive(maxPower).includes(token(max)));
        assert.deepEqual(graph.takeEvents(), [`added ${max.account.label}`]);
        assert.equal(graph.instances.activeAccount(graph.store.accounts)?.id, other.id);
      });

      it('keeps the new tokens if the secret storage fails while they are stored', async () => {
        const signedIn = graph.signIn
          .run({ instance: instance(), ignoreKnownAccounts: true })
          .catch((error: Error) => error);
        const url = await begin();
        const store = graph.secrets.store.bind(graph.secrets);
        let writes = 0;
        graph.secrets.store = (id, secret) =>
          writes++ === 0 ? Promise.reject(new Error('the keyring is locked')) : store(id, secret);
        await fetch(await logInAt(url, maxPower));
        await signedIn;
        await assertAdopted(max, before, maxPower);
      });

      it('replaces the session’s tokens when the user signs in again', async () => {
        await signIn(maxPower);
        await assertAdopted(max, before, maxPower);
        assert.deepEqual(graph.takeEvents(), [`added ${max.account.label}`]);
      });
    });
  }
});
