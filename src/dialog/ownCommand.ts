import * as vscode from 'vscode';
import type { CommandId, ListCommandId } from '../manifest';

export function runCommand(id: CommandId | ListCommandId, argument?: unknown): Thenable<unknown> {
  return vscode.commands.executeCommand(id, argument);
}
