import * as vscode from 'vscode';
import { inert } from '../hiding/plainText';

export type Actions = Readonly<Record<string, () => unknown>>;

type NotificationKind = 'information' | 'warning' | 'error';

/**
 * Shows a notification, and runs the action that the user clicks. It does not wait. The message may quote a server, so
 * links in it are made inert.
 */
export function notify(kind: NotificationKind, message: string, actions: Actions = {}): void {
  const show = {
    information: vscode.window.showInformationMessage,
    warning: vscode.window.showWarningMessage,
    error: vscode.window.showErrorMessage,
  }[kind];
  void show(inert(message), ...Object.keys(actions)).then((answer) =>
    answer === undefined ? undefined : actions[answer]?.(),
  );
}
