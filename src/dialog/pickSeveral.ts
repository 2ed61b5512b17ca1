import * as vscode from 'vscode';
import { inertTexts, type PickItem } from './prompts';

interface PickSeveralOptions {
  readonly title: string;
  readonly placeholder: string;
}

/**
 * Asks for any number of items; those with `picked` are ticked at first. It stays open when it loses the focus.
 * @throws {vscode.CancellationError} on Esc
 */
export async function pickSeveral<T>(
  items: readonly PickItem<T>[],
  { title, placeholder }: PickSeveralOptions,
): Promise<readonly T[]> {
  const picker = vscode.window.createQuickPick<PickItem<T>>();
  picker.title = title;
  picker.placeholder = placeholder;
  picker.canSelectMany = true;
  picker.ignoreFocusOut = true;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  const shown = items.map((item) => ({ ...item, ...inertTexts(item) }));
  picker.items = shown;
  picker.selectedItems = shown.filter(({ picked }) => picked);
  return new Promise<readonly T[]>((resolve, reject) => {
    picker.onDidAccept(() => resolve(picker.selectedItems.map(({ value }) => value)));
    picker.onDidHide(() => reject(new vscode.CancellationError()));
    picker.show();
  }).finally(() => picker.dispose());
}
