import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { CONTEXT_KEYS } from '../../manifest';
import { setContext, type SetContext } from '../status/setContext';

/** The steps are evaluated again after these times, because the editor may need up to 5 s to register a walkthrough. */
const DELAYS_MS = [1_000, 6_000] as const;

/**
 * The editor registers a walkthrough when its tab is first shown, and never completes a step whose context key is true
 * at that moment. Counting up a context key afterwards gives each step conditions that become true later, so that the
 * step completes even if the user is signed in.
 */
export class ShownWalkthrough {
  readonly #clock: Clock;
  readonly #setContext: SetContext;
  readonly #subscription: vscode.Disposable;
  #alarms: readonly vscode.Disposable[] = [];
  #tab: vscode.Tab | undefined;

  constructor(clock: Clock, set: SetContext = setContext) {
    this.#clock = clock;
    this.#setContext = set;
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
    const shownAt = this.#clock.now();
    this.#alarms = DELAYS_MS.map((ms, index) => this.#clock.at(shownAt + ms, () => this.#tell(index + 1)));
  }

  #tell(count: number): void {
    this.#setContext(CONTEXT_KEYS.walkthroughShown, count);
  }

  #cancel(): void {
    for (const alarm of this.#alarms) alarm.dispose();
    this.#alarms = [];
  }
}

/** The editor does not tell extensions whether such a tab shows the walkthrough or the settings. */
function mayBeWalkthrough(tab: vscode.Tab | undefined): tab is vscode.Tab {
  return tab !== undefined && tab.input === undefined;
}
