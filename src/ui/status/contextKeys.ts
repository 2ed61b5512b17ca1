import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { CONTEXT_KEYS } from '../../manifest';
import { isSignedIn } from '../../session/model/session';
import type { InstanceStore } from '../../session/storage/instanceStore';
import { setContext, type SetContext } from './setContext';
import { ShownWalkthrough } from '../walkthrough/shownWalkthrough';
import type { SessionStore } from '../../session/storage/sessionStore';

/** The Command Palette and the walkthrough use these keys. */
export class ContextKeys {
  readonly #store: SessionStore;
  readonly #instances: InstanceStore;
  readonly #setContext: SetContext;
  readonly #subscription: vscode.Disposable;
  readonly #told = new Map<string, boolean>();

  constructor(store: SessionStore, instances: InstanceStore, clock: Clock, set: SetContext = setContext) {
    this.#setContext = set;
    this.#store = store;
    this.#instances = instances;
    const tell = (): void => this.#tell();
    this.#subscription = vscode.Disposable.from(
      store.onDidChange(tell),
      instances.onDidChange(tell),
      new ShownWalkthrough(clock, set),
    );
    this.#tell();
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #tell(): void {
    this.#set(CONTEXT_KEYS.hasInstances, this.#instances.instances.length > 0);
    this.#set(CONTEXT_KEYS.isSignedIn, this.#store.accounts.some(isSignedIn));
  }

  #set(key: string, value: boolean): void {
    if (this.#told.get(key) === value) return;
    this.#told.set(key, value);
    this.#setContext(key, value);
  }
}
