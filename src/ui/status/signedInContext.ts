import * as vscode from 'vscode';
import { CONTEXT_KEYS } from '../../manifest';
import { isSignedIn } from '../../session/model/session';
import type { SessionStore } from '../../session/storage/sessionStore';

/** Tells the editor whether there is any session, so that the Command Palette offers what needs one only then. */
export class SignedInContext {
  readonly #store: SessionStore;
  readonly #subscription: vscode.Disposable;
  #told: boolean | undefined;

  constructor(store: SessionStore) {
    this.#store = store;
    this.#subscription = vscode.Disposable.from(store.onDidChange(() => this.#tell()));
    this.#tell();
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #tell(): void {
    const isAnybody = this.#store.accounts.some(isSignedIn);
    if (isAnybody === this.#told) return;
    this.#told = isAnybody;
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.isSignedIn, isAnybody);
  }
}
