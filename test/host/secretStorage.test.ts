import * as assert from 'node:assert/strict';
import { sessionState } from '../../src/session/session';
import { ended, settled } from '../../src/session/transitions';
import { PlatformUrl } from '../../src/zeyos/platform';
import { maxPower } from '../support/sandbox/fixtures';
import { configureInstances } from './support/extension';
import { Graph } from './support/graph';
import { startServer } from './support/server';
import { until } from './support/until';
import { Vault } from './support/vault';

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

  /** As after a restart of the window. */
  async function restart(): Promise<void> {
    graph.close();
    graph = await Graph.open(vault);
  }

  const found = async (): Promise<readonly string[]> => (await graph.provider.getSessions(undefined, {})).map(({ accessToken }) => accessToken);
  const token = (id: string): string => graph.account(id).session?.accessToken?.value ?? assert.fail('no token');

  describe('holds', () => {
    it('one secret for each account, and an index of accounts, under names that tell nothing', async () => {
      const { id } = await graph.keep(demo, max);
      const other = await graph.keep(demo, { name: 'anna' });
      assert.deepEqual(Object.keys(await vault.contents()).sort(), [key(id), key(other.id), INDEX].sort());
    });

    it('no token in the index, and each account\'s token in its own secret alone', async () => {
      const { id } = await graph.keep(demo, max);
      const other = await graph.keep(demo, { name: 'anna' });
      const contents = await vault.contents();
      const holders = (value: string): string[] => Object.keys(contents).filter((name) => contents[name]?.includes(value));
      assert.deepEqual([holders(token(id)), holders(token(other.id))], [[key(id)], [key(other.id)]]);
    });

    it('no password anywhere after a sign-in at a server', async () => {
      const sandbox = await startServer();
      await graph.signInAt(sandbox.url('demo'), maxPower);
      assert.equal(JSON.stringify(await vault.contents()).includes(maxPower.password), false);
      await sandbox.stop();
    });

    it('nothing but the token to revoke after a sign-out, and nothing after the revocation', async () => {
      const { id } = await graph.keep(demo, max);
      const value = token(id);
      await graph.store.signOut(id);
      const { session, pendingRevocations } = JSON.parse((await vault.contents())[key(id)] ?? '') as { session?: unknown; pendingRevocations: readonly { token: string }[] };
      assert.deepEqual([session, pendingRevocations.map((pending) => pending.token)], [undefined, [value]]);
      await graph.store.update(id, settled(value));
      assert.deepEqual(Object.keys(await vault.contents()), [INDEX]);
    });
  });

  describe('after a restart', () => {
    it('has the session as it was', async () => {
      const { id, account } = await graph.keep(demo, max);
      const value = token(id);
      await restart();
      const [session] = await graph.provider.getSessions(undefined, {});
      assert.deepEqual([session?.id, session?.account, session?.accessToken], [id, { id: account.id, label: account.label }, value]);
    });

    it('still knows what is to be revoked', async () => {
      const { id } = await graph.keep(demo, max);
      const value = token(id);
      await graph.store.signOut(id);
      await restart();
      assert.deepEqual(graph.account(id).pendingRevocations.map((pending) => pending.token), [value]);
      assert.deepEqual(await found(), []);
    });

    it('gives an account that signs in again the id and label that it had', async () => {
      const { id, account } = await graph.keep(demo, max);
      await graph.store.signOut(id);
      await restart();
      const again = await graph.keep(demo, max);
      assert.deepEqual([again.id, again.account], [id, account]);
    });
  });

  describe('that lost a secret', () => {
    it('has the account show as lost, and its session removed, without being asked', async () => {
      const { id, account } = await graph.keep(demo, max);
      graph.takeEvents();
      await vault.secrets.delete(key(id));
      assert.deepEqual(await until(() => graph.events.length > 0 && graph.takeEvents()), [`removed ${account.label}`]);
      assert.equal(sessionState(graph.account(id), graph.clock.now()), 'lost');
      assert.equal(graph.item.text, '$(error) demo: sign in again');
    });

    it('has the account show as lost after a restart', async () => {
      const { id } = await graph.keep(demo, max);
      graph.close();
      await vault.secrets.delete(key(id));
      graph = await Graph.open(vault);
      assert.equal(sessionState(graph.account(id), graph.clock.now()), 'lost');
      assert.deepEqual(await found(), []);
    });

    it('lets the account sign in again, as the same', async () => {
      const { id, account } = await graph.keep(demo, max);
      await vault.secrets.delete(key(id));
      await until(() => graph.account(id).lost);
      graph.takeEvents();
      const again = await graph.keep(demo, max);
      assert.deepEqual([again.id, again.account, graph.takeEvents()], [id, account, [`added ${account.label}`]]);
    });

    it('lets the account sign out', async () => {
      const { id } = await graph.keep(demo, max);
      await vault.secrets.delete(key(id));
      await until(() => graph.account(id).lost);
      assert.equal(await graph.store.signOut(id), true);
      assert.equal(sessionState(graph.account(id), graph.clock.now()), 'signedOut');
    });
  });

  describe('with a secret that cannot be read', () => {
    const damaged: readonly [string, string][] = [
      ['empty text', ''],
      ['no JSON', '{"version":1,'],
      ['another shape', '[]'],
      ['a session without a time', '{"version":1,"session":{"surface":"authV1","accessToken":{"value":"x","issuedAt":1}}}'],
      ['a token that is no text', '{"version":1,"session":{"surface":"authV1","signedInAt":1,"accessToken":{"value":7,"issuedAt":1}}}'],
    ];
    for (const [what, text] of damaged) {
      it(`that holds ${what}: the account is lost, the others are not, and it can sign in again`, async () => {
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

    it('that a newer version wrote: the account is lost, it is left as it is, and signing in says why not', async () => {
      const { id } = await graph.keep(demo, max);
      const other = await graph.keep(demo, { name: 'anna' });
      await vault.secrets.store(key(id), newer);
      await until(() => graph.account(id).lost);
      assert.deepEqual(await found(), [token(other.id)]);
      await assert.rejects(graph.keep(demo, max), { name: 'NewerVersionError' });
      assert.equal(await vault.secrets.get(key(id)), newer);
      assert.match(graph.log.text, /version 99/);
    });

    for (const [what, damage] of [['damaged', () => vault.secrets.store(INDEX, 'no JSON')], ['gone', () => vault.secrets.delete(INDEX)]] as const) {
      it(`where the index is ${what}: the accounts are remembered, and the next sign-in costs none of them`, async () => {
        const { id } = await graph.keep(demo, max);
        await damage();
        await restart();
        assert.deepEqual(await found(), [token(id)]);
        await graph.keep(demo, { name: 'anna' });
        await restart();
        assert.equal((await found()).length, 2);
      });
    }

    it('where everything was deleted: the accounts are lost, not unknown, and keep their names', async () => {
      const { id, account } = await graph.keep(demo, max);
      for (const name of Object.keys(await vault.contents())) await vault.secrets.delete(name);
      await restart();
      assert.deepEqual([await found(), graph.account(id).lost], [[], true]);
      const again = await graph.keep(demo, max);
      assert.deepEqual([again.id, again.account], [id, account]);
      assert.deepEqual(await found(), [token(id)]);
    });

    it('where one entry of the index is damaged: the others are there', async () => {
      const { id } = await graph.keep(demo, max);
      const index = JSON.parse((await vault.contents())[INDEX] ?? '') as { accounts: unknown[] };
      await vault.secrets.store(INDEX, JSON.stringify({ ...index, accounts: [{ id: 7 }, null, ...index.accounts] }));
      await restart();
      assert.deepEqual(await found(), [token(id)]);
    });

    it('where a newer version wrote the index: nothing is found, nothing is written, and signing in says why not', async () => {
      await vault.secrets.store(INDEX, newer);
      await restart();
      assert.deepEqual(await found(), []);
      await assert.rejects(graph.keep(demo, max), { name: 'NewerVersionError' });
      assert.deepEqual(await vault.contents(), { [INDEX]: newer });
    });
  });

  // In one window: the served editor tells no other window of a change. The end-to-end tests have two.
  describe('shared by two graphs in one window', () => {
    let other: Graph;

    beforeEach(async () => {
      other = await Graph.open(vault);
    });

    afterEach(() => other.close());

    it('tells the other of a sign-in', async () => {
      const { id, account } = await graph.keep(demo, max);
      assert.deepEqual(await until(() => other.events.length > 0 && other.takeEvents()), [`added ${account.label}`]);
      const [session] = await other.provider.getSessions([demo], {});
      assert.deepEqual([session?.id, session?.accessToken], [id, token(id)]);
    });

    it('tells the other of a sign-out', async () => {
      const { id, account } = await graph.keep(demo, max);
      await until(() => other.store.find(id)?.session);
      other.takeEvents();
      await graph.store.signOut(id);
      assert.deepEqual(await until(() => other.events.length > 0 && other.takeEvents()), [`removed ${account.label}`]);
    });

    it('tells the other of an ending by the server, and its status bar says so', async () => {
      const { id } = await graph.keep(demo, max);
      await until(() => other.store.find(id)?.session);
      await graph.store.update(id, ended(token(id), 'revoked'));
      await until(() => other.item.text === '$(error) demo: sign in again');
    });

    it('keeps both accounts when both sign in at once', async () => {
      const [one, two] = await Promise.all([graph.keep(demo, max), other.keep(demo, { name: 'anna' })]);
      await until(() => [graph, other].every(({ store }) => store.accounts.filter(({ session }) => session).length === 2));
      assert.deepEqual([graph, other].map(({ store }) => store.accounts.map(({ id }) => id).sort()), [[one.id, two.id].sort(), [one.id, two.id].sort()]);
    });

    it('gives the same account one session when both sign in at once, and revokes the token that lost', async () => {
      const [one, two] = await Promise.all([graph.keep(demo, max), other.keep(demo, max)]);
      const values = [one, two].map(({ session }) => session?.accessToken?.value ?? '');
      assert.equal(one.id, two.id);
      await restart();
      const kept = graph.account(one.id);
      assert.deepEqual([...kept.pendingRevocations.map((pending) => pending.token), kept.session?.accessToken?.value].sort(), values.sort());
    });

    it('ends no session that the other has signed in to meanwhile', async () => {
      const { id } = await graph.keep(demo, max);
      const old = token(id);
      graph.clock.advance(1);
      await graph.keep(demo, max);
      await other.store.update(id, ended(old, 'revoked'));
      assert.equal(sessionState(graph.account(id), graph.clock.now()), 'good');
      assert.equal(PlatformUrl.parse(graph.account(id).instance).href, demo);
    });
  });
});
