import * as vscode from 'vscode';

/**
 * A modal question with one way to go on.
 * @throws {vscode.CancellationError}
 */
export async function confirm(question: string, detail: string, action: string): Promise<void> {
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, action);
  if (answer !== action) throw new vscode.CancellationError();
}
