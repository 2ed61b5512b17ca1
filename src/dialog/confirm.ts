import * as vscode from 'vscode';

/**
 * Asks a modal question that has one answer besides Cancel.
 * @throws {vscode.CancellationError} the user cancelled
 */
export async function confirm(question: string, detail: string, action: string): Promise<void> {
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, action);
  if (answer !== action) throw new vscode.CancellationError();
}
