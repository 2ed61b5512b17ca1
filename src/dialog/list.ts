import * as vscode from 'vscode';
import { inert } from '../hiding/plainText';
import { inertTexts, type PickItem, type PromptOptions } from './prompts';

/** A button in a row of a list. */
interface RowButton {
  readonly icon: string;
  readonly tooltip: string;
  readonly run: () => PromiseLike<unknown>;
  /** Whether the list shows the result of the action. The list stays open then, and closes otherwise. */
  readonly keepsOpen: boolean;
}

export interface ListRow<T> extends PickItem<T> {
  /** Identifies the row when the list is drawn again. */
  readonly key: string;
  readonly rowButtons?: readonly RowButton[];
}

type Row<T> = ListRow<T> | vscode.QuickPickItem;

interface ListOptions extends PromptOptions {
  /** The key of the row that the keys are on at first. */
  readonly activeKey?: string;
}

/**
 * Asks for one row of a list. While the action of a row's button runs, the list stays open; it is drawn again
 * afterwards. It stays open when it loses the focus.
 * @param rows reads the rows anew at each call
 * @returns the row; `undefined` if the action of a button has closed the list
 * @throws {vscode.CancellationError} on Esc
 */
export async function pickRow<T>(
  rows: () => readonly Row<T>[],
  { title, placeholder, activeKey }: ListOptions,
): Promise<ListRow<T> | undefined> {
  const list = vscode.window.createQuickPick<Row<T>>();
  list.title = inert(title);
  list.placeholder = placeholder;
  list.ignoreFocusOut = true;
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.keepScrollPosition = true;
  const actions = new Map<vscode.QuickInputButton, RowButton>();
  const draw = (key: string | undefined): void => {
    actions.clear();
    list.items = rows().map((row) => ({ ...row, ...inertTexts(row), buttons: buttonsOf(row, actions) }));
    const active = list.items.filter((row) => isListRow(row) && row.key === key);
    if (active.length > 0) list.activeItems = active;
  };
  draw(activeKey);
  let isRunning = false;
  return new Promise<ListRow<T> | undefined>((resolve, reject) => {
    const run = async (action: RowButton, key: string): Promise<void> => {
      if (!action.keepsOpen) {
        list.hide();
        await action.run();
        return resolve(undefined);
      }
      list.busy = true;
      await action.run();
      list.busy = false;
      draw(key);
      // A prompt of the action has replaced the list.
      list.show();
    };
    list.onDidTriggerItemButton(({ item, button }) => {
      const action = actions.get(button);
      if (!action || isRunning || !isListRow(item)) return;
      isRunning = true;
      run(action, item.key)
        .finally(() => (isRunning = false))
        .catch(reject);
    });
    list.onDidAccept(() => {
      const [row] = list.selectedItems;
      if (row && isListRow(row) && !isRunning) resolve(row);
    });
    list.onDidHide(() => {
      if (!isRunning) reject(new vscode.CancellationError());
    });
    list.show();
  }).finally(() => list.dispose());
}

function isListRow<T>(row: Row<T>): row is ListRow<T> {
  return 'key' in row;
}

function buttonsOf<T>(row: Row<T>, actions: Map<vscode.QuickInputButton, RowButton>): vscode.QuickInputButton[] {
  if (!isListRow(row)) return [];
  return (row.rowButtons ?? []).map((action) => {
    const button = { iconPath: new vscode.ThemeIcon(action.icon), tooltip: action.tooltip };
    actions.set(button, action);
    return button;
  });
}
