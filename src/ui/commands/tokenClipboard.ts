import type * as vscode from 'vscode';
import { Alarm } from '../../base/alarm';
import type { Clock } from '../../base/clock';

/** Takes a token out of the clipboard again: after a while, and when the editor closes. */
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
    // First, so that clearing the one before does not take this one away.
    this.#copied = { token, until: this.#clock.now() + this.seconds * 1000 };
    this.#alarm.set(this.#copied.until);
    await this.#clipboard().writeText(token);
  }

  /** Empties the clipboard if it still holds the token. Never rejects; what fails can be tried again. */
  async clear(): Promise<void> {
    const copied = this.#copied;
    if (!copied) return;
    try {
      const text = await this.#clipboard().readText();
      // A browser may let a window without the focus read nothing; and another token may have been copied meanwhile.
      if (text === '' || this.#copied !== copied) return;
      if (text === copied.token) await this.#clipboard().writeText('');
      if (this.#copied === copied) this.#copied = undefined;
    } catch {
      // A browser may also refuse. The next focus, or the end of the editor, is another chance.
    }
  }

  /** Makes up for it, in a window that gets the focus, where the clipboard could not be read or written in time. */
  async clearIfDue(): Promise<void> {
    if (this.#copied && this.#clock.now() >= this.#copied.until) await this.clear();
  }
}
