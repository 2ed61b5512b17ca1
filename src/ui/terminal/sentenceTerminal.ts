import * as vscode from 'vscode';

/** How long the sentence is shown, in milliseconds. A key closes the terminal at once. */
const SHOWN_MS = 10_000;

/** A terminal that runs no program: it prints one sentence, and closes. */
export class SentenceTerminal implements vscode.Pseudoterminal {
  readonly #sentence: string;
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<void>();
  #timer: NodeJS.Timeout | undefined;

  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;

  constructor(sentence: string) {
    this.#sentence = sentence;
  }

  open(): void {
    this.#written.fire(`${this.#sentence}\r\n`);
    this.#timer = setTimeout(() => this.#closed.fire(), SHOWN_MS);
  }

  handleInput(): void {
    this.#closed.fire();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#written.dispose();
    this.#closed.dispose();
  }
}
