import { errors } from 'playwright-core';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { QuickInput } from './quickInput';

/** A window of the editor as its user sees it. The selectors work in both test editors. */
export class Workbench {
  readonly quickInput: QuickInput;
  readonly dialog: Locator;
  readonly accounts: Locator;
  readonly hover: Locator;

  constructor(readonly page: Page) {
    this.quickInput = new QuickInput(page);
    this.dialog = page.locator('.monaco-dialog-box');
    this.hover = page
      .locator('.monaco-hover.workbench-hover:not(.compact), .workbench-hover-container .monaco-hover')
      .last();
    this.accounts = page.locator('.activitybar .action-item:has(.codicon-accounts-view-bar-icon)');
  }

  /**
   * Opens a window. Resolves when the workbench and, if given, a status bar item are visible. Then the item’s extension
   * is active.
   */
  async open(url: string, statusItem?: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 90_000 });
    if (statusItem !== undefined) await this.statusItem(statusItem).waitFor({ timeout: 90_000 });
  }

  /** Gives the window the focus or takes it. A headless browser gives the focus to every page. */
  async focus(isFocused: boolean): Promise<void> {
    await this.page.evaluate(
      `document.hasFocus = () => ${isFocused}; window.dispatchEvent(new Event('${isFocused ? 'focus' : 'blur'}'));`,
    );
  }

  /** Runs a command by its title in the palette, such as `ZeyOS: Sign In`. */
  async run(title: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.quickInput.openPalette();
      try {
        await this.quickInput.box.fill(`>${title}`, { timeout: 3000 });
        // Uses the keyboard, because rows move while the list is filtered, so that a click could hit another row.
        await this.quickInput.focusedRow(title).waitFor({ timeout: 3000 * attempt });
        return await this.quickInput.accept();
      } catch (error) {
        // The palette ignores commands of extensions that load while it is open, and closes when it loses the focus.
        if (attempt === 5 || !(error instanceof errors.TimeoutError)) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  // Modal dialogs

  async dialogText(): Promise<string> {
    await this.dialog.waitFor();
    return (await this.dialog.locator('.dialog-message-container').innerText()).replace(/\s+/g, ' ').trim();
  }

  dialogButtons(): Promise<string[]> {
    return this.dialog.locator('.dialog-buttons .monaco-button').allInnerTexts();
  }

  async dialogClick(button: string): Promise<void> {
    const choice = this.dialog.locator('.dialog-buttons').getByRole('button', { name: button, exact: true });
    // Waits for this dialog, because the next one may open at the same moment.
    const clicked = await choice.elementHandle();
    await choice.click();
    await clicked?.waitForElementState('hidden');
  }

  async dialogDismiss(): Promise<void> {
    const box = await this.dialog.elementHandle();
    await this.page.keyboard.press('Escape');
    await box?.waitForElementState('hidden');
  }

  // Status bar

  /** `id` is `publisher.extension.item`. */
  statusItem(id: string): Locator {
    return this.page.locator(`[id="${id}"]`);
  }

  /** Opens the item’s tooltip, whose links run commands. */
  async statusTooltip(id: string): Promise<Locator> {
    // Repeats the hover: an item that is redrawn loses it, and a pointer that already rests on the item opens no
    // tooltip.
    await again(5, async (attempt) => {
      await this.page.mouse.move(640, 300);
      await this.statusItem(id).hover();
      await this.hover.waitFor({ timeout: 3000 * attempt });
    });
    return this.hover;
  }

  /** Closes a tooltip first, because it would receive the click. */
  async statusClick(id: string): Promise<void> {
    await this.page.mouse.move(640, 300);
    await this.statusItem(id).click();
  }

  // Notifications

  toast(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-toast', { hasText: text });
  }

  async toastClick(text: string | RegExp, button: string): Promise<void> {
    // The oldest editor shows the tooltip of a status bar item that gets the focus back.
    if (await this.hover.isVisible()) await this.page.mouse.click(640, 300);
    await this.toast(text).getByRole('button', { name: button, exact: true }).click();
  }

  // The Accounts menu

  /** The number on the Accounts icon: requests of extensions. */
  async accountsBadge(): Promise<string | undefined> {
    const badge = this.accounts.locator('.badge .badge-content').first();
    return (await badge.isVisible()) ? badge.innerText() : undefined;
  }

  async openAccounts(): Promise<void> {
    // Repeats the click, because an icon is redrawn when its badge changes and then loses it.
    await again(3, async (attempt) => {
      await this.accounts.click();
      await this.page
        .locator('.monaco-menu')
        .first()
        .waitFor({ timeout: 3000 * attempt });
    });
    await this.settleMenu();
  }

  async menuClick(...labels: string[]): Promise<void> {
    for (const label of labels) {
      const item = this.page.locator('.monaco-menu .action-menu-item', { hasText: label }).first();
      await item.hover();
      await this.settleMenu();
      await item.click();
      await this.settleMenu();
    }
  }

  async menuItems(): Promise<string[]> {
    const items = await this.page.locator('.monaco-menu .action-menu-item').all();
    return Promise.all(items.map(async (item) => (await item.getAttribute('aria-label')) ?? (await item.innerText())));
  }

  /** Waits, because menus ignore the mouse for their first 100 ms. */
  private async settleMenu(): Promise<void> {
    await this.page.waitForTimeout(300);
  }

  // Documents and panels

  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  /** The text that the rendered document shows; empty while there is none. */
  async renderedText(): Promise<string> {
    const body = this.webview().locator('body');
    return (await body.isVisible()) ? body.innerText() : '';
  }

  /** The visible lines of the panel (Output). */
  async panelText(): Promise<string> {
    return plain(await this.page.locator('.panel .view-lines').first().innerText());
  }
}

/** Repeats work that ends with a time-out. `attempt` counts from 1. */
async function again(attempts: number, work: (attempt: number) => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt === attempts || !(error instanceof errors.TimeoutError)) throw error;
    }
  }
}

/** The editor renders spaces as no-break spaces. */
const plain = (text: string): string => text.replace(/\u00a0/g, ' ');
