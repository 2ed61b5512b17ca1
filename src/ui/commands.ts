import * as vscode from 'vscode';
import { COMMANDS, type CommandId } from '../manifest';
import type { OperationLog } from '../zeyos/operationLog';
import { diagnose, type DiagnosisCommandSeams } from './diagnosisCommand';
import { addInstance, openInstance, removeInstance, switchInstance, type InstanceCommandSeams } from './instanceCommands';
import { showFailure } from './report';
import { renewToken, signIn, signOut, type SessionCommandSeams } from './sessionCommands';
import { showSessions } from './showSessions';
import { parseArgument, type CommandArgument } from './target';
import { copyAccessToken, introspectToken, revokeToken, type TokenCommandSeams } from './tokenCommands';

type Handler = (argument: CommandArgument) => unknown;

export interface CommandSeams extends SessionCommandSeams, InstanceCommandSeams, TokenCommandSeams, DiagnosisCommandSeams {
  readonly log: OperationLog;
  readonly showLog: () => void;
}

/**
 * Registers every command of the manifest. A failure is shown, not thrown: the command resolves to `undefined`, Revoke to
 * `false`; so does one that the user cancelled.
 */
export function registerCommands(seams: CommandSeams): vscode.Disposable {
  const handlers: Record<CommandId, Handler> = {
    'zeyos.signIn': (argument) => signIn(seams, argument),
    'zeyos.signOut': (argument) => signOut(seams, argument),
    'zeyos.introspectToken': (argument) => introspectToken(seams, argument),
    'zeyos.renewToken': (argument) => renewToken(seams, argument),
    'zeyos.revokeToken': (argument) => revokeToken(seams, argument),
    'zeyos.addInstance': (argument) => addInstance(seams, argument),
    'zeyos.removeInstance': (argument) => removeInstance(seams, argument),
    'zeyos.switchInstance': (argument) => switchInstance(seams, argument),
    'zeyos.showSessions': () => showSessions(seams),
    'zeyos.copyAccessToken': (argument) => copyAccessToken(seams, argument),
    'zeyos.openInstance': (argument) => openInstance(seams, argument),
    'zeyos.diagnose': (argument) => diagnose(seams, argument),
    'zeyos.showLog': () => seams.showLog(),
  };
  const failed: Partial<Record<CommandId, unknown>> = { 'zeyos.revokeToken': false };

  const run = (id: CommandId, argument: unknown): unknown =>
    seams.log.during(id.slice('zeyos.'.length), async () => {
      try {
        return await handlers[id](parseArgument(argument));
      } catch (error) {
        showFailure(error, seams.log, () => run(id, argument));
        return failed[id];
      }
    });
  return vscode.Disposable.from(...COMMANDS.map((id) => vscode.commands.registerCommand(id, (argument: unknown) => run(id, argument))));
}
