import * as assert from 'node:assert/strict';
import { createBackground, type Background } from '../../src/background';
import type { StoredAccount } from '../../src/session/model/session';
import { configureInstances } from './support/extension';
import { Graph } from './support/graph';
import { Vault } from './support/vault';

const demo = 'https://cloud.zeyos.com/demo';
const INDEX = 'zeyos.accounts';
const key = ({ id }: StoredAccount): string => `zeyos.account.${id}`;

// Both windows are graphs in one editor, which share its real secret storage.
describe('A window that gets no hints about changes of the editor’s secret storage', () => {
  let vault: Vault;
  let graph: Graph;
  let background: Background;
  let other: Graph;
  /** The accounts, the active one first. */
  let accounts: readonly StoredAccount[];
  /** The keys that the window has read, in this order. */
  const reads: string[] = [];

  before(async () => {
    vault = await Vault.open();
    await configureInstances(demo);
  });

  afterEach(async () => {
    background.dispose();
    graph.close();
    other.close();
    await vault.empty();
  });

  after(() => configureInstances());

  /** Opens both windows. */
  async function open(accountCount: number): Promise<void> {
    other = await Graph.open(vault);
    for (let index = 1; index <= accountCount; index++) {
      // The account that signed in last is the active one.
      other.clock.advance(1);
      await other.keep(demo, { name: `user ${index}` });
    }
    graph = await Graph.open(vault, {
      losesHints: true,
      through: {
        get: (name) => {
          reads.push(name);
          return vault.secrets.get(name);
        },
        store: (name, value) => vault.secrets.store(name, value),
        delete: (name) => vault.secrets.delete(name),
      },
    });
    background = createBackground(graph.services);
    const active = graph.instances.activeAccount(graph.store.accounts) ?? assert.fail('there is no active account');
    accounts = [active, ...graph.store.accounts.filter((account) => account !== active)];
    graph.takeEvents();
  }

  /** Gives the window the focus. Resolves to the keys that it reads then. */
  async function focus(): Promise<readonly string[]> {
    reads.length = 0;
    background.onFocus();
    // Runs after the reads, which have begun.
    await graph.store.save();
    return reads.splice(0);
  }

  /** Has the other window sign in to an account again. Resolves to the new token. */
  async function signInAgain({ account: { userName } }: StoredAccount): Promise<string | undefined> {
    other.clock.advance(1);
    return (await other.keep(demo, { name: userName })).session?.accessToken?.value;
  }

  const tokenOf = ({ id }: StoredAccount): string | undefined => graph.account(id).session?.accessToken?.value;

  for (const accountCount of [3, 12])
    it(`reads three secrets when it gets the focus and nothing has changed, with ${accountCount} accounts`, async () => {
      await open(accountCount);
      const [active] = accounts;
      const keys = await focus();
      assert.deepEqual([keys[0], keys.length], [INDEX, 3]);
      assert.ok(active && keys.includes(key(active)));
    });

  it('publishes at the next focus a new token of the active account, and reads all others once', async () => {
    await open(4);
    const [active] = accounts;
    assert.ok(active);
    const value = await signInAgain(active);
    assert.notEqual(tokenOf(active), value);
    const keys = await focus();
    assert.equal(tokenOf(active), value);
    assert.deepEqual(graph.takeEvents(), [`added ${active.account.label}`]);
    // Three reads find the change, and the index and each record are read after that.
    assert.equal(keys.length, 3 + 1 + 4);
  });

  it('publishes at the next focus a session that was added, and one that was removed', async () => {
    await open(3);
    const [, second] = accounts;
    assert.ok(second);
    const added = await other.keep(demo, { name: 'anna' });
    await other.store.signOut(second.id);
    await focus();
    assert.deepEqual([...graph.takeEvents()].sort(), [
      `added ${added.account.label}`,
      `removed ${second.account.label}`,
    ]);
  });

  it('publishes a new token of any account within as many focus events as there are other accounts', async () => {
    await open(6);
    const last = accounts.at(-1);
    assert.ok(last);
    const value = await signInAgain(last);
    const costs: number[] = [];
    while (tokenOf(last) !== value && costs.length < 5) costs.push((await focus()).length);
    assert.equal(tokenOf(last), value);
    assert.deepEqual(
      costs.slice(0, -1).filter((cost) => cost !== 3),
      [],
    );
    assert.deepEqual(graph.takeEvents(), [`added ${last.account.label}`]);
  });

  it('publishes a new token of any account at the first focus after ten minutes', async () => {
    await open(6);
    const last = accounts.at(-1);
    assert.ok(last);
    const value = await signInAgain(last);
    graph.clock.advance(10 * 60_000);
    await focus();
    assert.deepEqual([tokenOf(last), graph.takeEvents()], [value, [`added ${last.account.label}`]]);
  });

  it('publishes a renewed token of the active account as changed', async () => {
    await open(3);
    const [active] = accounts;
    const { session, id } = active ?? assert.fail();
    assert.ok(session?.accessToken);
    await other.secrets.store(id, {
      session: { ...session, accessToken: { ...session.accessToken, value: 'f'.repeat(40) } },
      pendingRevocations: [],
    });
    await focus();
    assert.deepEqual(graph.takeEvents(), [`changed ${active?.account.label}`]);
    assert.equal((await graph.provider.getSessions([demo], {}))[0]?.accessToken, 'f'.repeat(40));
  });
});
