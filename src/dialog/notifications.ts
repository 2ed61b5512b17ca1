import * as vscode from 'vscode';
import { inert } from '../base/plainText';

/** What to do, by the text of the button. */
export type Actions = Readonly<Record<string, () => unknown>>;

type NotificationKind = 'information' | 'warning' | 'error';

/**
 * Shows a notification, and does what is clicked. Does not wait. The editor would render links in the message, which may quote
 * what a server says: they are made inert.
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
