import type * as vscode from 'vscode';
import { Alarm } from '../../base/alarm';
import type { Clock } from '../../base/clock';

/** Clears a copied token from the clipboard after a while, and when the editor closes. */
export class TokenClipboard {
  readonly seconds = 60;
  readonly #clipboard: () => vscode.Clipboard;
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  #copied: { readonly token: string; readonly until: number } | undefined;

  constructor(services: { clipboard: () => vscode.Clipboard; clock: Clock }) {
    this.#clipboard = services.clipboard;
    this.#clock = services.clock;
    this.#alarm = new Alarm(services.clock, () => void this.clear());
  }

  async copy(token: string): Promise<void> {
    // Set before writing, so that clearing the previous token does not clear this one.
    this.#copied = { token, until: this.#clock.now() + this.seconds * 1000 };
    this.#alarm.set(this.#copied.until);
    await this.#clipboard().writeText(token);
  }

  /** Clears only the copied token. Never rejects; a failed attempt can be repeated. */
  async clear(): Promise<void> {
    const copied = this.#copied;
    if (!copied) return;
    try {
      const text = await this.#clipboard().readText();
      // A browser returns an empty text to a window without the focus. Another token may have been copied during the
      // read.
      if (text === '' || this.#copied !== copied) return;
      if (text === copied.token) await this.#clipboard().writeText('');
      if (this.#copied === copied) this.#copied = undefined;
    } catch {
      // If the browser refuses, the next focus or the end of the editor clears it.
    }
  }

  /** When the window gets the focus, a token may be due that the browser refused to clear before. */
  async clearIfDue(): Promise<void> {
    if (this.#copied && this.#clock.now() >= this.#copied.until) await this.clear();
  }
}
