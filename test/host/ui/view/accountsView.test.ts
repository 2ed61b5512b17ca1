import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ended } from '../../../../src/session/model/transitions';
import type { AccountsElement } from '../../../../src/ui/view/accountsTree';
import { AccountsView } from '../../../../src/ui/view/accountsView';
import { configure, configureInstances } from '../../support/extension';
import { Graph } from '../../support/graph';
import { replace } from '../../support/replace';
import { until } from '../../support/until';
import { Vault } from '../../support/vault';

const demo = 'https://cloud.zeyos.com/demo';
const acme = 'https://cloud.zeyos.com/acme';
const HOUR_MS = 3_600_000;

/** What the editor gives for a tree. The extension that is under test has the real one already. */
class Tree {
  badge: vscode.ViewBadge | undefined;
  visible = false;
  readonly revealed: string[] = [];
  readonly #visibility = new vscode.EventEmitter<vscode.TreeViewVisibilityChangeEvent>();

  readonly onDidChangeVisibility = this.#visibility.event;

  show(visible: boolean): void {
    this.visible = visible;
    this.#visibility.fire({ visible });
  }

  reveal({ id }: AccountsElement): Promise<void> {
    this.revealed.push(id);
    return Promise.resolve();
  }

  dispose(): void {
    this.#visibility.dispose();
  }
}

describe('The provider of the Accounts view', () => {
  let vault: Vault;
  let graph: Graph;
  let tree: Tree;
  let view: AccountsView;
  /** What the editor was told to read again: ids, or everything. */
  let read: (readonly string[] | 'everything')[];

  before(async () => {
    vault = await Vault.open();
  });

  beforeEach(async () => {
    await configureInstances(demo, acme);
    graph = await Graph.open(vault);
    tree = new Tree();
    const putBack = replace(vscode.window, 'createTreeView', () => tree as unknown as vscode.TreeView<unknown>);
    view = new AccountsView(graph.services, graph.statusBar);
    putBack();
    read = [];
    view.onDidChangeTreeData((elements) => read.push(elements?.map(({ id }) => id) ?? 'everything'));
  });

  afterEach(async () => {
    view.dispose();
    graph.close();
    await vault.empty();
  });

  after(() => configure('instances', undefined));

  const max = () => graph.keep(demo, { name: 'max.power', sub: '7' }, 5 * HOUR_MS);
  const olga = () => graph.keep(acme, { name: 'olga', sub: '9' }, 5 * HOUR_MS);
  /** Reads the whole tree as the editor does, and returns the items by their labels. */
  async function items(): Promise<Readonly<Record<string, vscode.TreeItem>>> {
    const roots = await view.getChildren();
    const children = await Promise.all(roots.map((root) => view.getChildren(root)));
    return Object.fromEntries(
      [...roots, ...children.flat()].map((element) => {
        const item = view.getTreeItem(element);
        return [item.label as string, item];
      }),
    );
  }

  it('gives the editor an item with an icon, a description, a menu and what a screen reader says', async () => {
    await max();
    tree.show(true);
    const { demo: instance, 'max.power': account } = await items();
    assert.ok(instance && account);
    assert.equal(instance.collapsibleState, vscode.TreeItemCollapsibleState.Expanded);
    assert.equal(account.collapsibleState, vscode.TreeItemCollapsibleState.None);
    assert.deepEqual(
      [(account.iconPath as vscode.ThemeIcon).id, account.description, account.accessibilityInformation?.label],
      ['pass', 'active · 5 h 0 min left', 'Account max.power on demo, active, signed in, 5 h 0 min left'],
    );
    assert.match(account.contextValue ?? '', /^account inline-introspectToken introspectToken /);
    assert.equal(instance.id, demo);
    assert.equal(account.id, graph.store.accounts[0]?.id);
  });

  it('makes the editor read only the changed item again', async () => {
    const { id, session } = await max();
    await olga();
    tree.show(true);
    await items();
    read = [];
    await graph.store.update(id, ended(session?.accessToken?.value ?? '', 'revoked'));
    assert.deepEqual(read, [[id]]);
    const { 'max.power': account } = await items();
    assert.equal(account?.description, 'active · revoked');
  });

  it('makes the editor read everything again when the instances have changed', async () => {
    tree.show(true);
    await items();
    read = [];
    await configureInstances(demo);
    await until(() => read.length > 0);
    assert.deepEqual(read, ['everything']);
  });

  it('expands an instance once it has an account', async () => {
    tree.show(true);
    await items();
    await max();
    assert.deepEqual(tree.revealed, [demo]);
    await graph.keep(demo, { name: 'anna', sub: '8' });
    assert.deepEqual(tree.revealed, [demo]);
  });

  it('updates only the badge while the view is hidden, and the view when it is shown', async () => {
    const { id, session } = await max();
    tree.show(true);
    await items();
    tree.show(false);
    read = [];
    assert.equal(tree.badge, undefined);
    await graph.store.update(id, ended(session?.accessToken?.value ?? '', 'revoked'));
    assert.deepEqual(tree.badge, { value: 1, tooltip: 'Sign in again: max.power (demo)' });
    assert.deepEqual(read, []);
    tree.show(true);
    assert.deepEqual(read, [[id]]);
  });

  it('counts an account in the badge as soon as its session has expired, although the view was never shown', async () => {
    await max();
    graph.clock.advance(5 * HOUR_MS);
    // What time alone changes is the business of the status bar's timer.
    await graph.activity.during('looking', () => Promise.resolve());
    assert.equal(tree.badge?.value, 1);
  });

  it('gives the commands of its menus an element that names the instance and the account', async () => {
    await max();
    const [root] = await view.getChildren();
    assert.ok(root);
    const [child] = await view.getChildren(root);
    assert.ok(child);
    assert.deepEqual([root.instance, root.account], [demo, undefined]);
    assert.deepEqual([child.instance, child.account], [demo, 'max.power']);
    assert.equal(view.getParent(child), root);
    assert.equal(view.getParent(root), undefined);
  });
});
