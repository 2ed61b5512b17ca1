import { errors } from 'playwright-core';
import type { Locator, Page } from 'playwright-core';

/** The one widget behind the command palette, quick picks and input boxes. */
export class QuickInput {
  readonly widget: Locator;
  readonly title: Locator;
  readonly box: Locator;
  readonly rows: Locator;
  /** The row that the keys have reached. */
  readonly focused: Locator;
  /** The prompt, or why the value is not accepted. */
  readonly message: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget');
    this.title = this.widget.locator('.quick-input-title');
    this.box = this.widget.locator('input.input');
    this.rows = this.widget.locator('.quick-input-list .monaco-list-row');
    this.focused = this.widget.locator('.quick-input-list .monaco-list-row.focused');
    this.message = this.widget.locator('.quick-input-message');
  }

  /** The workbench may be up before it hears keys. */
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

  /** Waits for the step with this title. */
  async waitFor(title: string | RegExp): Promise<void> {
    await this.title.filter({ hasText: title }).waitFor();
  }

  /** A row whose accessible name (`label, description`) begins like this. */
  row(label: string): Locator {
    return this.widget.locator(`.quick-input-list .monaco-list-row[aria-label^=${JSON.stringify(label)}]`).first();
  }

  /** The same, once the keys have reached it. */
  focusedRow(label: string): Locator {
    return this.widget.locator(`.quick-input-list .monaco-list-row.focused[aria-label^=${JSON.stringify(label)}]`);
  }

  labels(): Promise<(string | null)[]> {
    return this.rows.all().then((rows) => Promise.all(rows.map((row) => row.getAttribute('aria-label'))));
  }

  /** Picks a row in the step with this title. */
  async pick(title: string | RegExp, label: string): Promise<void> {
    await this.waitFor(title);
    await this.rows.filter({ hasText: label }).first().click();
  }

  /** Fills in the step with this title. */
  async answer(title: string | RegExp, value: string): Promise<void> {
    await this.waitFor(title);
    await this.box.fill(value);
    await this.accept();
  }

  /** Whether what is typed shows as dots. */
  async isPassword(): Promise<boolean> {
    return (await this.box.getAttribute('type')) === 'password';
  }

  /** The button in the title bar or in a row, such as `Back`; its key binding, which the editor adds to the name, is no matter. */
  button(name: string): Locator {
    return this.widget.getByRole('button', { name: new RegExp(`^${name}( \\(.*\\))?$`) });
  }

  async accept(): Promise<void> {
    await this.box.press('Enter');
  }

  /** Resolves when it has gone; a notification that has the focus, or a tooltip, would go first. */
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
