import * as vscode from 'vscode';
import { COMMANDS, LIST_COMMANDS, type CommandId, type ListCommandId } from '../../manifest';
import type { InitialServices } from '../../initialServices';
import type { CommandServices } from './commandServices';

/** A command whose body is loaded when it is called. */
export type LoadedCommandId = Exclude<CommandId | ListCommandId, 'zeyos.showLog'>;

/** What a call of a command works with. */
export interface CommandContext extends Pick<InitialServices, 'log' | 'firstRead'> {
  /** Loads what the bodies work with. */
  readonly services: () => Promise<CommandServices>;
}

/** Registers every command of the manifest. The first call of one loads the bodies. */
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
