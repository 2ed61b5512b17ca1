import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { sessionState, type StoredAccount } from '../../src/session/model/session';
import { ended, settled } from '../../src/session/model/transitions';
import { COMMANDS } from '../../src/manifest';
import { FirstRead, readUntilAnswered } from '../../src/session/storage/firstRead';
import { waitForAccounts } from '../../src/ui/commands/commandCalls';
import { showFailure } from '../../src/dialog/report';
import { StorageProblems } from '../../src/ui/notices/storageProblems';
import { logInAt } from '../support/browserLogin';
import { freePort } from '../support/freePort';
import { TroubledSecrets, type KeyringTrouble } from '../support/memorySecrets';
import { maxPower, vscodeApplication } from '../support/sandbox/fixtures';
import type { Sandbox } from '../support/sandbox/sandbox';
import { configure, configureInstances } from './support/extension';
import { Graph } from './support/graph';
import { Person } from './support/person';
import { startServer } from './support/server';
import { until } from './support/until';
import { Vault } from './support/vault';
import { STORAGE_MS } from '../../src/session/storage/boundedSecretStorage';
import { Clock } from '../support/clock';

const demo = 'https://cloud.zeyos.com/demo';
const max = { name: 'max.power', sub: '7' };
const INDEX = 'zeyos.accounts';
const key = (id: string): string => `zeyos.account.${id}`;

describe('The secret storage', () => {
  let vault: Vault;
  let graph: Graph;

  before(async () => {
    vault = await Vault.open();
    await configureInstances(demo);
  });

  beforeEach(async () => {
    graph = await Graph.open(vault);
  });

  afterEach(async () => {
    graph.close();
    await vault.empty();
  });

  after(() => configureInstances());

  /** Opens the graph again, as after a restart of the window. */
  async function restart(): Promise<void> {
    graph.close();
    graph = await Graph.open(vault);
  }

  const found = async (): Promise<readonly string[]> =>
    (await graph.provider.getSessions(undefined, {})).map(({ accessToken }) => accessToken);
  const token = (id: string): string => graph.account(id).session?.accessToken?.value ?? assert.fail('no token');

  describe('contains', () => {
    it('one secret for each account and an index, under keys that reveal nothing', async () => {
      const { id } = await graph.keep(demo, max);
      const other = await graph.keep(demo, { name: 'anna' });
      assert.deepEqual(Object.keys(await vault.contents()).sort(), [key(id), key(other.id), INDEX].sort());
    });

    it('no token in the index, and each account’s token only in its own secret', async () => {
      const { id } = await graph.keep(demo, max);
      const other = await graph.keep(demo, { name: 'anna' });
      const contents = await vault.contents();
      const holders = (value: string): string[] =>
        Object.keys(contents).filter((name) => contents[name]?.includes(value));
      assert.deepEqual([holders(token(id)), holders(token(other.id))], [[key(id)], [key(other.id)]]);
    });

    it('no password after a sign-in', async () => {
      const sandbox = await startServer();
      await graph.signInAt(sandbox.url('demo'), maxPower);
      assert.equal(JSON.stringify(await vault.contents()).includes(maxPower.password), false);
      await sandbox.stop();
    });

    it('only the pending revocation after a sign-out, and nothing after the revocation', async () => {
      const { id } = await graph.keep(demo, max);
      const value = token(id);
      await graph.store.signOut(id);
      const { session, pendingRevocations } = JSON.parse((await vault.contents())[key(id)] ?? '') as {
        session?: unknown;
        pendingRevocations: readonly { token: string }[];
      };
      assert.deepEqual([session, pendingRevocations.map((pending) => pending.token)], [undefined, [value]]);
      await graph.store.update(id, settled(value));
      assert.deepEqual(Object.keys(await vault.contents()), [INDEX]);
    });
  });

  describe('after a restart', () => {
    it('provides the same session', async () => {
      const { id, account } = await graph.keep(demo, max);
      const value = token(id);
      await restart();
      const [session] = await graph.provider.getSessions(undefined, {});
      assert.deepEqual(
        [session?.id, session?.account, session?.accessToken],
        [id, { id: account.id, label: account.label }, value],
      );
    });

    it('provides the pending revocations', async () => {
      const { id } = await graph.keep(demo, max);
      const value = token(id);
      await graph.store.signOut(id);
      await restart();
      assert.deepEqual(
        graph.account(id).pendingRevocations.map((pending) => pending.token),
        [value],
      );
      assert.deepEqual(await found(), []);
    });

    it('gives an account the same id and label at the next sign-in', async () => {
      const { id, account } = await graph.keep(demo, max);
      await graph.store.signOut(id);
      await restart();
      const again = await graph.keep(demo, max);
      assert.deepEqual([again.id, again.account], [id, account]);
    });
  });

  describe('after it lost a secret', () => {
    it('shows the account as lost and fires "removed", without a call', async () => {
      const { id, account } = await graph.keep(demo, max);
      graph.takeEvents();
      await vault.secrets.delete(key(id));
      assert.deepEqual(await until(() => graph.events.length > 0 && graph.takeEvents()), [`removed ${account.label}`]);
      assert.equal(sessionState(graph.account(id), graph.clock.now()), 'lost');
      assert.equal(graph.item.text, '$(error) demo: sign in again');
    });

    it('shows the account as lost after a restart', async () => {
      const { id } = await graph.keep(demo, max);
      graph.close();
      await vault.secrets.delete(key(id));
      graph = await Graph.open(vault);
      assert.equal(sessionState(graph.account(id), graph.clock.now()), 'lost');
      assert.deepEqual(await found(), []);
    });

    it('lets the user sign in to the same account again', async () => {
      const { id, account } = await graph.keep(demo, max);
      await vault.secrets.delete(key(id));
      await until(() => graph.account(id).lost);
      graph.takeEvents();
      const again = await graph.keep(demo, max);
      assert.deepEqual([again.id, again.account, graph.takeEvents()], [id, account, [`added ${account.label}`]]);
    });

    it('lets the user sign out of the account', async () => {
      const { id } = await graph.keep(demo, max);
      await vault.secrets.delete(key(id));
      await until(() => graph.account(id).lost);
      assert.equal(await graph.store.signOut(id), true);
      assert.equal(sessionState(graph.account(id), graph.clock.now()), 'signedOut');
    });
  });

  describe('with damaged contents,', () => {
    const damaged: readonly [string, string][] = [
      ['empty text', ''],
      ['incomplete JSON', '{"version":1,'],
      ['a list', '[]'],
      [
        'a session without a time',
        '{"version":1,"session":{"surface":"authV1","accessToken":{"value":"x","issuedAt":1}}}',
      ],
      [
        'a token that is a number',
        '{"version":1,"session":{"surface":"authV1","signedInAt":1,"accessToken":{"value":7,"issuedAt":1}}}',
      ],
    ];
    for (const [what, text] of damaged) {
      it(`with ${what} loses only that account, to which the user can sign in again`, async () => {
        const { id } = await graph.keep(demo, max);
        const other = await graph.keep(demo, { name: 'anna' });
        await vault.secrets.store(key(id), text);
        await until(() => graph.account(id).lost);
        assert.deepEqual(await found(), [token(other.id)]);
        assert.equal((await graph.keep(demo, max)).id, id);
        assert.equal((await found()).length, 2);
      });
    }

    const newer = JSON.stringify({ version: 99, session: { surface: 'later' } });

    it('with a secret of a newer version loses only that account and is not overwritten, and the sign-in fails with the reason', async () => {
      const { id } = await graph.keep(demo, max);
      const other = await graph.keep(demo, { name: 'anna' });
      await vault.secrets.store(key(id), newer);
      await until(() => graph.account(id).lost);
      assert.deepEqual(await found(), [token(other.id)]);
      await assert.rejects(graph.keep(demo, max), { name: 'NewerVersionError' });
      assert.equal(await vault.secrets.get(key(id)), newer);
      assert.match(graph.log.text, /version 99/);
    });

    for (const [what, damage] of [
      ['damaged', () => vault.secrets.store(INDEX, 'no JSON')],
      ['missing', () => vault.secrets.delete(INDEX)],
    ] as const) {
      it(`with an index that is ${what} remembers the accounts, and the next sign-in loses none`, async () => {
        const { id } = await graph.keep(demo, max);
        await damage();
        await restart();
        assert.deepEqual(await found(), [token(id)]);
        await graph.keep(demo, { name: 'anna' });
        await restart();
        assert.equal((await found()).length, 2);
      });
    }

    it('after everything was deleted shows the accounts as lost, with their names', async () => {
      const { id, account } = await graph.keep(demo, max);
      for (const name of Object.keys(await vault.contents())) await vault.secrets.delete(name);
      await restart();
      assert.deepEqual([await found(), graph.account(id).lost], [[], true]);
      const again = await graph.keep(demo, max);
      assert.deepEqual([again.id, again.account], [id, account]);
      assert.deepEqual(await found(), [token(id)]);
    });

    it('with one damaged entry in the index reads the others', async () => {
      const { id } = await graph.keep(demo, max);
      const index = JSON.parse((await vault.contents())[INDEX] ?? '') as { accounts: unknown[] };
      await vault.secrets.store(INDEX, JSON.stringify({ ...index, accounts: [{ id: 7 }, null, ...index.accounts] }));
      await restart();
      assert.deepEqual(await found(), [token(id)]);
    });

    it('with an index of a newer version writes nothing, and requests and the sign-in fail with the reason', async () => {
      await vault.secrets.store(INDEX, newer);
      graph.close();
      graph = Graph.begin(vault);
      for (const scopes of [undefined, [demo]])
        await assert.rejects(graph.provider.getSessions(scopes, {}), /saved by a newer version of this extension/);
      assert.deepEqual(graph.store.accounts, []);
      await assert.rejects(graph.keep(demo, max), { name: 'NewerVersionError' });
      assert.deepEqual(await vault.contents(), { [INDEX]: newer });
    });
  });

  describe('of a keyring that does not answer', () => {
    let sandbox: Sandbox;
    let person: Person;
    let problems: StorageProblems;
    let troubled: TroubledSecrets;
    let clock: Clock;
    let url: string;
    /** How many unanswered operations {@link runOut} has ended the waits for. */
    let endedCount: number;

    beforeEach(async () => {
      endedCount = 0;
      graph.close();
      sandbox = await startServer();
      url = sandbox.url('demo');
      await configure('instances', [
        { url, signIn: 'browser', clientId: vscodeApplication.client_id, redirectPort: await freePort() },
      ]);
      person = new Person();
      troubled = new TroubledSecrets(vault.secrets);
      clock = new Clock();
      graph = await Graph.open(vault, { through: troubled, time: 'turned', clock });
      problems = new StorageProblems(graph.store);
    });

    afterEach(async () => {
      troubled.end();
      clock.elapse(STORAGE_MS);
      problems.dispose();
      person.leave();
      await configureInstances(demo);
      await sandbox.stop();
    });

    const alive = () =>
      sandbox
        .tokens()
        .filter(({ active }) => active)
        .map(({ value }) => value);
    /**
     * Ends the waits for operations that are not answered, once for each operation: the clock also limits requests to
     * the server, which must get the time they need. So must the operations that the editor answers.
     */
    const runOut = (): void => {
      if (!troubled.isIdle || troubled.unanswered.length === endedCount) return;
      endedCount = troubled.unanswered.length;
      clock.elapse(STORAGE_MS);
    };
    /** Ends all waits for the keyring until the outcome is there. */
    const impatiently = async <T>(outcome: Promise<T>): Promise<T> => {
      const running = { isOver: false };
      const over = (): boolean => (running.isOver = true);
      outcome.then(over, over);
      await until(() => {
        runOut();
        return running.isOver;
      });
      return outcome;
    };
    const offered = async (): Promise<readonly string[]> =>
      (await graph.provider.getSessions([url], {})).map(({ accessToken }) => accessToken);
    const messageOf = (session: PromiseLike<unknown>): Promise<string> =>
      Promise.resolve(session).then(
        () => 'no failure',
        (error: Error) => error.message,
      );

    for (const trouble of ['hang', 'late', 'fail'] satisfies KeyringTrouble[]) {
      it(`keeps the session of an account that signs in again, and reports that it is not saved (${trouble})`, async () => {
        const { id, account } = await graph.signInAt(url, maxPower);
        graph.takeEvents();
        graph.clock.advance(1);
        troubled.begin(trouble);
        const again = await impatiently(graph.signInAt(url, maxPower));
        assert.deepEqual(
          [again.id, graph.takeEvents(), await offered()],
          [id, [`added ${account.label}`], [token(id)]],
        );
        assert.ok(alive().includes(token(id)));
        const [message] = person.messages;
        assert.match(
          message?.text ?? '',
          trouble === 'fail'
            ? /is not saved yet, because the secret storage rejects it/
            : /is not saved yet, because your system's keyring does not answer/,
        );
        assert.match(message?.text ?? '', /lost if this window closes first/);
        assert.deepEqual([person.messages.length, message?.buttons], [1, ['Diagnose']]);
        assert.match(graph.statusBar.model.tooltip, /not saved yet.*Diagnose/);
        troubled.end();
        await troubled.answer();
        await graph.store.save();
        await until(() => graph.account(id).unsaved === undefined);
        assert.ok((await vault.contents())[key(id)]?.includes(token(id)));
        assert.doesNotMatch(graph.statusBar.model.tooltip, /not saved yet/);
        assert.equal(person.messages.length, 1, 'it must be reported once');
      });
    }

    it('rejects a sign-in to a new account, revokes its token, and deletes the record that is written late', async () => {
      troubled.begin('late', 'store', 'zeyos.account.');
      const session = graph.signIn.run({
        instance: graph.instances.instances[0] ?? assert.fail('there is no instance'),
      });
      void session.catch(() => undefined);
      await person.type(vscodeApplication.client_secret);
      await fetch(await logInAt(await until(() => person.opened[0]), maxPower));
      const failure = await impatiently(messageOf(session));
      assert.match(
        failure,
        /keyring does not answer, so nothing could be saved for .*\/demo and you are not signed in\. .*sign in again/,
      );
      await until(() => alive().length === 0);
      troubled.end();
      await troubled.answer();
      await until(async () => !Object.keys(await vault.contents()).some((name) => name.startsWith('zeyos.account.')));
      await session.catch((error: unknown) => showFailure(error, graph.log, () => undefined));
      assert.deepEqual(
        person.messages.map(({ buttons }) => buttons),
        [['Try Again', 'Diagnose']],
      );
    });

    it('is reported by a browser sign-in that cannot read the client secret', async () => {
      troubled.begin('hang', 'get', 'zeyos.client.');
      assert.match(
        await impatiently(messageOf(graph.provider.createSession([url], {}))),
        /keyring does not answer, so the secrets for .*\/demo cannot be read or saved/,
      );
      assert.deepEqual(person.opened, []);
    });

    it('is reported by a browser sign-in that cannot save the client secret, before a token is issued', async () => {
      const session = messageOf(graph.provider.createSession([url], {}));
      await person.type(vscodeApplication.client_secret);
      const address = await until(() => person.opened[0]);
      troubled.begin('hang', 'store', 'zeyos.client.');
      await fetch(await logInAt(address, maxPower));
      const box = await until(() => {
        runOut();
        const shown = person.prompt;
        return shown && 'password' in shown && shown.validationMessage ? shown : undefined;
      });
      const { validationMessage } = box;
      assert.match(typeof validationMessage === 'object' ? validationMessage.message : '', /keyring does not answer/);
      assert.ok(box.buttons.some(({ tooltip }) => tooltip === 'Diagnose'));
      assert.deepEqual(alive(), []);
      await person.dismissAllUntil(session);
    });

    it('is reported when a sign-out cannot be saved, and the session stays', async () => {
      const { id } = await graph.signInAt(url, maxPower);
      troubled.begin('late', 'store');
      assert.match(
        await impatiently(messageOf(graph.provider.removeSession(id))),
        /keyring does not answer, so nothing has changed for/,
      );
      troubled.end();
      await troubled.answer();
      await graph.store.refresh();
      assert.deepEqual(await offered(), [token(id)]);
    });

    it('is reported by every command that needs the accounts', async () => {
      const never = new FirstRead(() => new Promise(() => undefined), clock);
      const waiting = Promise.all(
        COMMANDS.filter((id) => id !== 'zeyos.showLog').map((id) =>
          waitForAccounts(id, never).then(
            () => undefined,
            (error: unknown) => [id, error] as const,
          ),
        ),
      );
      clock.elapse(5_000);
      const failures = await waiting;
      const found = failures.filter((failure) => failure !== undefined);
      assert.deepEqual(
        found.map(([id]) => id).sort(),
        [
          'copyAccessToken',
          'introspectToken',
          'openTerminal',
          'removeInstance',
          'renewToken',
          'revokeToken',
          'signOut',
        ].map((name) => `zeyos.${name}`),
      );
      showFailure(found[0]?.[1], graph.log, () => undefined);
      assert.match(person.heard, /keyring does not answer, so your ZeyOS sessions cannot be read yet/);
      assert.deepEqual(person.messages[0]?.buttons, ['Diagnose']);
    });

    it('provides the sessions when it answers after the start, and is reported until then', async () => {
      const { id } = await graph.signInAt(url, maxPower);
      const value = token(id);
      graph.close();
      troubled.begin('late', 'get');
      const opening = Graph.open(vault, { through: troubled, time: 'turned', clock });
      await until(() => troubled.unanswered.length > 0);
      runOut();
      troubled.end();
      await troubled.answer();
      graph = await opening;
      assert.deepEqual(await offered(), [value]);

      troubled.begin('hang', 'get');
      void readUntilAnswered(
        () => graph.store.refresh(),
        clock,
        () => problems.late(),
      );
      await until(() => {
        runOut();
        return person.messages.length > 0;
      });
      assert.match(person.heard, /keyring does not answer, so you are not signed in to ZeyOS here yet/);
      assert.deepEqual(person.messages[0]?.buttons, ['Diagnose', 'Show Log']);
    });

    describe('during the first read', () => {
      const other = 'https://zeyos.example.com/demo';
      let stored: StoredAccount;

      /** Opens the graph again. The keyring does not answer for these keys. */
      const reopen = async (...keys: readonly string[]): Promise<void> => {
        graph.close();
        for (const each of keys) troubled.begin('late', 'get', each);
        graph = Graph.begin(vault, { through: troubled, time: 'turned', clock, registered: true });
        await until(() => troubled.isIdle && troubled.unanswered.length > 0);
      };
      const answer = async (): Promise<void> => {
        troubled.end();
        await troubled.answer();
      };
      const unread = /keyring does not answer, so your ZeyOS sessions cannot be read yet/;
      const failed = /secret storage cannot be read, so your ZeyOS sessions are not known/;
      const labelsOf = async (sessions: Promise<vscode.AuthenticationSession[]>): Promise<readonly string[]> =>
        (await sessions).map(({ account }) => account.label);

      beforeEach(async () => {
        stored = await graph.keep(url, max);
        graph.takeEvents();
      });

      it('rejects requests after 5 seconds, and publishes the sessions as added when it answers', async () => {
        await reopen(INDEX);
        const requests = [[url], [], undefined].map((scopes) => messageOf(graph.provider.getSessions(scopes, {})));
        clock.elapse(5_000);
        for (const message of await Promise.all(requests)) assert.match(message, unread);
        assert.match(await messageOf(graph.provider.getSessions([url], { account: stored.account })), unread);
        assert.deepEqual(graph.takeEvents(), []);
        await answer();
        assert.deepEqual(await until(() => graph.events.length > 0 && graph.takeEvents()), [
          `added ${stored.account.label}`,
        ]);
        assert.deepEqual(await offered(), [token(stored.id)]);
      });

      it('rejects requests while it rejects to be read, and answers the next one when it can be read', async () => {
        graph.close();
        troubled.begin('fail', 'get');
        graph = Graph.begin(vault, { through: troubled, time: 'turned', clock, registered: true });
        for (const scopes of [[url], [], undefined])
          assert.match(await messageOf(graph.provider.getSessions(scopes, {})), failed);
        assert.match(
          await messageOf(vscode.authentication.getSession('zeyos-test', [url], { createIfNone: true })),
          failed,
        );
        assert.deepEqual(person.messages, [], 'the editor asked for a sign-in');
        assert.deepEqual(graph.takeEvents(), []);
        troubled.end();
        assert.deepEqual(await offered(), [token(stored.id)]);
        assert.deepEqual(graph.takeEvents(), [`added ${stored.account.label}`]);
      });

      it('rejects requests about an account whose record it rejects to be read, and answers all others', async () => {
        const elsewhere = await graph.keep(other, max);
        await configureInstances(url, other);
        graph.close();
        troubled.begin('fail', 'get', key(stored.id));
        graph = Graph.begin(vault, { through: troubled, time: 'turned', clock, registered: true });
        await until(() => graph.store.accounts.length === 2);
        assert.match(await messageOf(graph.provider.getSessions([url], {})), failed);
        assert.match(await messageOf(graph.provider.getSessions([url], { account: stored.account })), failed);
        assert.deepEqual(await labelsOf(graph.provider.getSessions([other], {})), [elsewhere.account.label]);
        assert.deepEqual(await labelsOf(graph.provider.getSessions(undefined, {})), [elsewhere.account.label]);
        graph.takeEvents();
        troubled.end();
        assert.deepEqual(await labelsOf(graph.provider.getSessions([url], {})), [stored.account.label]);
        assert.deepEqual(graph.takeEvents(), [`added ${stored.account.label}`]);
      });

      it('fires nothing when it answers in time', async () => {
        await reopen(INDEX);
        const request = offered();
        clock.elapse(4_999);
        await answer();
        assert.deepEqual([await request, graph.takeEvents()], [[token(stored.id)], []]);
      });

      it('makes the editor reject the requests of other extensions, which get an event when the storage answers', async () => {
        await reopen(INDEX);
        const silent = messageOf(vscode.authentication.getSession('zeyos-test', [url], { silent: true }));
        const passive = messageOf(vscode.authentication.getSession('zeyos-test', [url], {}));
        const accounts = messageOf(vscode.authentication.getAccounts('zeyos-test'));
        const isOver = Promise.all([silent, passive, accounts]);
        clock.elapse(5_000);
        for (const message of await isOver) assert.match(message, unread);
        const told = new Promise<void>((resolve) => {
          const subscription = vscode.authentication.onDidChangeSessions(({ provider }) => {
            if (provider.id !== 'zeyos-test') return;
            subscription.dispose();
            resolve();
          });
        });
        await answer();
        await told;
        const known = await vscode.authentication.getAccounts('zeyos-test');
        assert.deepEqual(
          known.map(({ label }) => label),
          [stored.account.label],
        );
      });

      it('answers a request with the instances that are configured at the time of the answer', async () => {
        const elsewhere = await graph.keep(other, max);
        await configureInstances(url);
        await reopen(key(stored.id), key(elsewhere.id));
        const request = graph.provider.getSessions(['demo'], {});
        await configureInstances(other);
        await until(() => graph.instances.findByUrl(other));
        await answer();
        assert.deepEqual(
          (await request).map(({ account }) => account.label),
          [elsewhere.account.label],
        );
      });

      it('answers a request first with the instance that is active at the time of the answer', async () => {
        const elsewhere = await graph.keep(other, max);
        await configureInstances(url, other);
        await reopen(key(stored.id));
        const request = graph.provider.getSessions(undefined, {});
        await graph.instances.activate(graph.instances.findByUrl(other) ?? assert.fail());
        await answer();
        assert.deepEqual(
          (await request).map(({ account }) => account.label),
          [elsewhere.account.label, stored.account.label],
        );
      });
    });
  });

  // Both graphs are in one window, because the served editor reports no changes to other windows. The e2e tests use two
  // windows.
  describe('shared by two copies of the extension in one window', () => {
    let other: Graph;

    beforeEach(async () => {
      other = await Graph.open(vault);
    });

    afterEach(() => other.close());

    it('reports a sign-in to the other copy', async () => {
      const { id, account } = await graph.keep(demo, max);
      assert.deepEqual(await until(() => other.events.length > 0 && other.takeEvents()), [`added ${account.label}`]);
      const [session] = await other.provider.getSessions([demo], {});
      assert.deepEqual([session?.id, session?.accessToken], [id, token(id)]);
    });

    it('reports a sign-out to the other copy', async () => {
      const { id, account } = await graph.keep(demo, max);
      await until(() => other.store.find(id)?.session);
      other.takeEvents();
      await graph.store.signOut(id);
      assert.deepEqual(await until(() => other.events.length > 0 && other.takeEvents()), [`removed ${account.label}`]);
    });

    it('reports an end by the server to the other copy, whose status bar shows the end', async () => {
      const { id } = await graph.keep(demo, max);
      await until(() => other.store.find(id)?.session);
      await graph.store.update(id, ended(token(id), 'revoked'));
      await until(() => other.item.text === '$(error) demo: sign in again');
    });

    it('keeps both accounts if both copies sign in at the same time', async () => {
      const [one, two] = await Promise.all([graph.keep(demo, max), other.keep(demo, { name: 'anna' })]);
      await until(() =>
        [graph, other].every(({ store }) => store.accounts.filter(({ session }) => session).length === 2),
      );
      assert.deepEqual(
        [graph, other].map(({ store }) => store.accounts.map(({ id }) => id).sort()),
        [[one.id, two.id].sort(), [one.id, two.id].sort()],
      );
    });

    it('keeps one session if both copies sign in to the same account at the same time, and revokes the other token', async () => {
      const [one, two] = await Promise.all([graph.keep(demo, max), other.keep(demo, max)]);
      const values = [one, two].map(({ session }) => session?.accessToken?.value ?? '');
      assert.equal(one.id, two.id);
      await restart();
      const kept = graph.account(one.id);
      assert.deepEqual(
        [...kept.pendingRevocations.map((pending) => pending.token), kept.session?.accessToken?.value].sort(),
        values.sort(),
      );
    });

    it('does not end a session to which the other copy has signed in meanwhile', async () => {
      const { id } = await graph.keep(demo, max);
      const old = token(id);
      graph.clock.advance(1);
      await graph.keep(demo, max);
      await other.store.update(id, ended(old, 'revoked'));
      assert.equal(sessionState(graph.account(id), graph.clock.now()), 'good');
      assert.equal(graph.account(id).platform.href, demo);
    });
  });
});
