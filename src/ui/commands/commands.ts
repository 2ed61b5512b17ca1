import * as vscode from 'vscode';
import { COMMANDS, LIST_COMMANDS, type CommandId, type ListCommandId } from '../../manifest';
import type { InitialServices } from '../../initialServices';
import type { CommandServices } from './commandServices';

export type LoadedCommandId = Exclude<CommandId | ListCommandId, 'zeyos.showLog'>;

export interface CommandContext extends Pick<InitialServices, 'log' | 'firstRead'> {
  readonly services: () => Promise<CommandServices>;
}

/** The first call of a command loads the bodies. */
export function registerCommands(context: CommandContext, showLog: () => void): vscode.Disposable {
  const call = async (id: LoadedCommandId, argument: unknown): Promise<unknown> =>
    (await import('./commandCalls.js')).callCommand(id, argument, context);
  return vscode.Disposable.from(
    ...[...COMMANDS, ...LIST_COMMANDS].map((id) =>
      vscode.commands.registerCommand(id, (argument: unknown) =>
        id === 'zeyos.showLog' ? showLog() : call(id, argument),
      ),
    ),
  );
}
