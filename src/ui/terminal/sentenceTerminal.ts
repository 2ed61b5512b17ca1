import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';

/** How long the sentence is shown. A key closes the terminal at once. */
const SHOWN_MS = 10_000;

/** Runs no program: it prints one sentence, and closes. */
export class SentenceTerminal implements vscode.Pseudoterminal {
  readonly #sentence: string;
  readonly #clock: Clock;
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<void>();
  #end: vscode.Disposable | undefined;

  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;

  constructor(sentence: string, clock: Clock) {
    this.#sentence = sentence;
    this.#clock = clock;
  }

  open(): void {
    this.#written.fire(`${this.#sentence}\r\n`);
    this.#end = this.#clock.at(this.#clock.now() + SHOWN_MS, () => this.#closed.fire());
  }

  handleInput(): void {
    this.#closed.fire();
  }

  close(): void {
    this.#end?.dispose();
    this.#written.dispose();
    this.#closed.dispose();
  }
}
