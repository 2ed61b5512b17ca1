import * as vscode from 'vscode';
import { inert } from '../zeyos/plainText';

export type NotificationKind = 'information' | 'warning' | 'error';

/**
 * Shows a notification, and does what is clicked. Does not wait. The editor would render links in the message, which may quote
 * what a server says: they are made inert.
 * @param actions by the text of the button
 */
export function notify(kind: NotificationKind, message: string, actions: Readonly<Record<string, () => unknown>> = {}): void {
  const show = { information: vscode.window.showInformationMessage, warning: vscode.window.showWarningMessage, error: vscode.window.showErrorMessage }[kind];
  void show(inert(message), ...Object.keys(actions)).then((answer) => (answer === undefined ? undefined : actions[answer]?.()));
}
