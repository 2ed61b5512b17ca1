import * as vscode from 'vscode';

/** Takes a token out of the clipboard again: after a while, and when the editor closes. */
export class TokenClipboard {
  readonly seconds = 60;
  #token: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  async copy(token: string): Promise<void> {
    await vscode.env.clipboard.writeText(token);
    this.#token = token;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.clear(), this.seconds * 1000);
  }

  /** Empties the clipboard if it still holds the token. */
  async clear(): Promise<void> {
    const token = this.#token;
    clearTimeout(this.#timer);
    this.#token = undefined;
    if (token !== undefined && (await vscode.env.clipboard.readText()) === token) await vscode.env.clipboard.writeText('');
  }
}
