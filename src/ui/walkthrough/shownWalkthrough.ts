import * as vscode from 'vscode';
import { CONTEXT_KEYS } from '../../manifest';
import { setContext, type SetContext } from '../status/setContext';

/**
 * Milliseconds after a tab was shown at which the walkthrough's steps are evaluated again. The editor may need up to 5
 * s to register a walkthrough after its tab was opened.
 */
const DELAYS_MS = [1_000, 6_000] as const;

/**
 * Counts up a context key after a tab that may show the walkthrough was opened. The editor registers a walkthrough when
 * its tab is first shown, and never completes a step whose context key is true at that moment. The count gives each
 * step conditions that become true only afterwards, so that the step completes even if the user is signed in.
 */
export class ShownWalkthrough {
  readonly #setContext: SetContext;
  readonly #delaysMs: readonly number[];
  readonly #subscription: vscode.Disposable;
  #timers: readonly NodeJS.Timeout[] = [];
  #tab: vscode.Tab | undefined;

  constructor(set: SetContext = setContext, delaysMs: readonly number[] = DELAYS_MS) {
    this.#setContext = set;
    this.#delaysMs = delaysMs;
    const look = (): void => this.#look();
    const { tabGroups } = vscode.window;
    this.#subscription = vscode.Disposable.from(tabGroups.onDidChangeTabs(look), tabGroups.onDidChangeTabGroups(look));
    this.#look();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#cancel();
  }

  #look(): void {
    const tab = vscode.window.tabGroups.all.map(({ activeTab }) => activeTab).find(mayBeWalkthrough);
    if (tab === this.#tab) return;
    this.#tab = tab;
    this.#cancel();
    this.#tell(0);
    if (!tab) return;
    this.#timers = this.#delaysMs.map((ms, index) => setTimeout(() => this.#tell(index + 1), ms));
  }

  #tell(count: number): void {
    this.#setContext(CONTEXT_KEYS.walkthroughShown, count);
  }

  #cancel(): void {
    this.#timers.forEach((timer) => clearTimeout(timer));
    this.#timers = [];
  }
}

/** The editor does not tell extensions what such a tab shows: the walkthrough, or the settings. */
function mayBeWalkthrough(tab: vscode.Tab | undefined): tab is vscode.Tab {
  return tab !== undefined && tab.input === undefined;
}
