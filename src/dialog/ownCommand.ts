import * as vscode from 'vscode';
import type { CommandId, ListCommandId } from '../manifest';

/** Runs one of the extension's own commands. */
export function runCommand(id: CommandId | ListCommandId, argument?: unknown): Thenable<unknown> {
  return vscode.commands.executeCommand(id, argument);
}
