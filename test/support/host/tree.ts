import type { Locator, Page } from 'playwright-core';

/** A tree view in the side bar. */
export class TreeView {
  readonly rows: Locator;
  /** The row that the keys have reached, while the tree has the focus. */
  readonly focused: Locator;

  constructor(
    private readonly page: Page,
    private readonly container: Locator,
  ) {
    this.rows = container.locator('.monaco-list-row');
    this.focused = container.locator('.monaco-list:focus .monaco-list-row.focused');
  }

  /** A row by the beginning of what a screen reader says. */
  row(label: string): Locator {
    return this.container.locator(`.monaco-list-row[aria-label^=${JSON.stringify(label)}]`).first();
  }

  /** A row by the end of what a screen reader says. */
  rowThatEndsWith(label: string): Locator {
    return this.container.locator(`.monaco-list-row[aria-label$=${JSON.stringify(label)}]`).first();
  }

  /** What a screen reader says of each row. */
  labels(): Promise<(string | null)[]> {
    return this.rows.all().then((rows) => Promise.all(rows.map((row) => row.getAttribute('aria-label'))));
  }

  /** The name of a row's icon. */
  async icon(row: Locator): Promise<string | undefined> {
    const classes = await row.locator('.custom-view-tree-node-item-icon').getAttribute('class');
    return /codicon-([\w-]+)/.exec(classes ?? '')?.[1];
  }

  /** The names of the buttons that a row shows while the mouse is on it. */
  async inline(row: Locator): Promise<readonly (string | null)[]> {
    await row.hover();
    const buttons = await row.locator('.actions .action-label').all();
    return Promise.all(buttons.map((button) => button.getAttribute('aria-label')));
  }

  /** Moves the keys to a row. */
  async moveTo(label: string): Promise<void> {
    await this.page.keyboard.press('Home');
    await this.focused.waitFor();
    for (let row = 0; row < 100; row++) {
      const reached = (await this.focused.getAttribute('aria-label')) ?? '';
      if (reached.startsWith(label)) return;
      await this.page.keyboard.press('ArrowDown');
    }
    throw new Error(`the keys reach no row ${label}`);
  }
}

/** The Accounts view of ZeyOS. */
export function accountsTree(page: Page): TreeView {
  return new TreeView(page, page.locator('.sidebar .tree-explorer-viewlet-tree-view'));
}
