import { errors } from 'playwright-core';
import type { Locator, Page } from 'playwright-core';

/** The widget of the command palette, quick picks and input boxes. */
export class QuickInput {
  readonly widget: Locator;
  readonly title: Locator;
  readonly box: Locator;
  readonly rows: Locator;
  readonly focused: Locator;
  /** The prompt or the validation message. */
  readonly message: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget');
    this.title = this.widget.locator('.quick-input-title');
    this.box = this.widget.locator('input.input');
    this.rows = this.widget.locator('.quick-input-list .monaco-list-row');
    this.focused = this.widget.locator('.quick-input-list .monaco-list-row.focused');
    this.message = this.widget.locator('.quick-input-message');
  }

  /** Repeats the key, because the workbench may be visible before it handles keys. */
  async openPalette(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press('F1');
      try {
        return await this.box.waitFor({ timeout: 3000 });
      } catch (error) {
        if (attempt === 5 || !(error instanceof errors.TimeoutError)) throw error;
      }
    }
  }

  async waitFor(title: string | RegExp): Promise<void> {
    await this.title.filter({ hasText: title }).waitFor();
  }

  /** Returns the row whose accessible name (`label, description`) begins with `label`. */
  row(label: string): Locator {
    return this.widget.locator(`.quick-input-list .monaco-list-row[aria-label^=${JSON.stringify(label)}]`).first();
  }

  /** Returns the same row if it has the keyboard focus. */
  focusedRow(label: string): Locator {
    return this.widget.locator(`.quick-input-list .monaco-list-row.focused[aria-label^=${JSON.stringify(label)}]`);
  }

  labels(): Promise<(string | null)[]> {
    return this.rows.all().then((rows) => Promise.all(rows.map((row) => row.getAttribute('aria-label'))));
  }

  async pick(title: string | RegExp, label: string): Promise<void> {
    await this.waitFor(title);
    await this.rows.filter({ hasText: label }).first().click();
  }

  async answer(title: string | RegExp, value: string): Promise<void> {
    await this.waitFor(title);
    await this.box.fill(value);
    await this.accept();
  }

  async isPassword(): Promise<boolean> {
    return (await this.box.getAttribute('type')) === 'password';
  }

  /** Returns a button in the title bar or a row, such as `Back`. The key binding in its name is ignored. */
  button(name: string): Locator {
    return this.widget.getByRole('button', { name: new RegExp(`^${name}( \\(.*\\))?$`) });
  }

  async accept(): Promise<void> {
    await this.box.press('Enter');
  }

  /** Closes the quick input. Repeats Esc, because a focused notification or a tooltip would be closed first. */
  async cancel(): Promise<void> {
    await this.box.press('Escape');
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.widget.waitFor({ state: 'hidden', timeout: 3000 });
      } catch (error) {
        if (attempt === 5 || !(error instanceof errors.TimeoutError)) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }
}
