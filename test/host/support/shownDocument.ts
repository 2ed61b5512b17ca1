import * as vscode from 'vscode';

/** The document in the active tab, rendered or not. A rendered one has no text editor. */
export async function shownDocument(): Promise<vscode.TextDocument | undefined> {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText
    ? vscode.workspace.openTextDocument(input.uri)
    : undefined;
}
