import * as vscode from 'vscode';
import { inert } from '../../hiding/plainText';
import { ACCOUNTS_VIEW } from '../../manifest';
import type { FirstRead } from '../../session/storage/firstRead';
import { accountsInput, type AccountsServices } from '../status/accountsInput';
import type { AccountsItem } from './accountsModel';
import { StatusBar } from '../status/statusBar';
import type { AccountsElement, AccountsTree, TreeChange } from './accountsTree';
import { badgeOf } from './badge';
import { Part } from '../../base/part';

interface AccountsViewServices extends AccountsServices {
  readonly firstRead: FirstRead;
}

/** The status bar item and the Accounts view share one timer. */
export function showAccounts(services: AccountsViewServices): vscode.Disposable {
  const statusBar = new StatusBar(services);
  return vscode.Disposable.from(statusBar, new AccountsView(services, statusBar));
}

/** The status bar tells when to draw the view, by its timer too. */
interface Drawing {
  readonly onDidDraw: (listener: () => void) => { dispose(): void };
}

/** Loaded only in a window that shows the Accounts view. */
interface TreeDrawing {
  readonly tree: AccountsTree;
  readonly update: () => TreeChange;
}

/** While the view is hidden, only its badge is kept up to date. */
export class AccountsView implements vscode.TreeDataProvider<AccountsElement> {
  readonly #services: AccountsViewServices;
  readonly #drawing: Part<TreeDrawing>;
  readonly #changes = new vscode.EventEmitter<AccountsElement[] | undefined>();
  readonly #view: vscode.TreeView<AccountsElement>;
  readonly #disposable: vscode.Disposable;
  /** The editor needs no event before it has read the tree. */
  #isRead = false;
  #endProgress: (() => void) | undefined;

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(services: AccountsViewServices, drawing: Drawing) {
    this.#services = services;
    this.#drawing = new Part(async () => {
      const [{ AccountsTree }, { accountsModel }] = await Promise.all([
        import('./accountsTree.js'),
        import('./accountsModel.js'),
      ]);
      const tree = new AccountsTree();
      return { tree, update: () => tree.update(accountsModel(accountsInput(services), vscode.env.language)) };
    });
    this.#view = vscode.window.createTreeView(ACCOUNTS_VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.#disposable = vscode.Disposable.from(
      this.#view,
      this.#changes,
      drawing.onDidDraw(() => this.#draw()),
      this.#view.onDidChangeVisibility(() => this.#draw()),
    );
    this.#draw();
  }

  async getChildren(element?: AccountsElement): Promise<AccountsElement[]> {
    if (element) return [...element.children];
    if (!this.#isRead) {
      // An instance that is shown before its accounts are known would stay collapsed.
      await this.#services.firstRead.done().catch(() => undefined);
      const { update } = await this.#drawing.get();
      this.#isRead = true;
      update();
    }
    return [...(this.#drawing.loaded?.tree.roots ?? [])];
  }

  getParent(element: AccountsElement): AccountsElement | undefined {
    return this.#drawing.loaded?.tree.parentOf(element);
  }

  getTreeItem({ item }: AccountsElement): vscode.TreeItem {
    const treeItem = new vscode.TreeItem(inert(item.label), collapsibleState(item));
    treeItem.id = item.id;
    treeItem.description = inert(item.description);
    treeItem.tooltip = item.tooltip;
    treeItem.iconPath = new vscode.ThemeIcon(
      item.icon,
      item.tone && new vscode.ThemeColor(`list.${item.tone}Foreground`),
    );
    treeItem.contextValue = item.context;
    treeItem.accessibilityInformation = { label: item.accessibleLabel };
    return treeItem;
  }

  dispose(): void {
    this.#endProgress?.();
    this.#disposable.dispose();
  }

  #draw(): void {
    const input = accountsInput(this.#services);
    const badge = badgeOf(input);
    if (badge?.value !== this.#view.badge?.value || badge?.tooltip !== this.#view.badge?.tooltip)
      this.#view.badge = badge;
    this.#showProgress(input.activity !== undefined && this.#view.visible);
    const { loaded } = this.#drawing;
    if (!this.#view.visible || !this.#isRead || !loaded) return;
    const { changed, filled } = loaded.update();
    if (changed?.length !== 0) this.#changes.fire(changed && [...changed]);
    for (const element of filled) this.#expand(element);
  }

  #expand(element: AccountsElement): void {
    const revealed = this.#view.reveal(element, { select: false, focus: false, expand: true });
    // The editor rejects if the instance was removed before.
    revealed.then(undefined, () => undefined);
  }

  #showProgress(isBusy: boolean): void {
    if (isBusy === (this.#endProgress !== undefined)) return;
    this.#endProgress?.();
    this.#endProgress = undefined;
    if (!isBusy) return;
    const ended = new Promise<void>((resolve) => (this.#endProgress = resolve));
    void vscode.window.withProgress({ location: { viewId: ACCOUNTS_VIEW } }, () => ended);
  }
}

function collapsibleState({ children }: AccountsItem): vscode.TreeItemCollapsibleState {
  return children.length > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None;
}
