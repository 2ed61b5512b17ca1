import * as vscode from 'vscode';
import { COMMANDS, type CommandId } from '../../manifest';
import type { FirstRead } from '../../session/storage/firstRead';
import type { StoredServices } from '../../storedServices';
import { TimeoutError } from '../../zeyos/timeoutError';
import { parseArgument, type CommandArgument } from './commandArgument';
import type { CommandServices } from './commandServices';

type Handler = (argument: CommandArgument) => unknown;

/** What a command does once its module is loaded. */
type Body = (services: CommandServices, argument: CommandArgument) => unknown;

/** What the registration of the commands works with. */
export interface Registration extends Pick<StoredServices, 'log' | 'firstRead'> {
  /** Loads what the bodies work with. */
  readonly services: () => Promise<CommandServices>;
  readonly showLog: () => void;
}

/** What these do depends on who is signed in. */
const NEEDING_ACCOUNTS: readonly CommandId[] = [
  'zeyos.signOut',
  'zeyos.introspectToken',
  'zeyos.renewToken',
  'zeyos.revokeToken',
  'zeyos.copyAccessToken',
  'zeyos.removeInstance',
];

/**
 * Registers every command of the manifest. The module of a command's body is loaded when the command is called: to add a command, add a line
 * with the import of its body. A failure is shown, not thrown: the command resolves to `undefined`, Revoke to `false`; so does one that
 * the user cancelled.
 */
export function registerCommands({ log, firstRead, services, showLog }: Registration): vscode.Disposable {
  const body =
    (load: () => Promise<Body>): Handler =>
    async (argument) => {
      const [run, loaded] = await Promise.all([load(), services()]);
      return run(loaded, argument);
    };
  const handlers: Record<CommandId, Handler> = {
    'zeyos.signIn': body(async () => (await import('./sessionCommands.js')).signIn),
    'zeyos.signOut': body(async () => (await import('./sessionCommands.js')).signOut),
    'zeyos.introspectToken': body(async () => (await import('./tokenCommands.js')).introspectToken),
    'zeyos.renewToken': body(async () => (await import('./sessionCommands.js')).renewToken),
    'zeyos.revokeToken': body(async () => (await import('./tokenCommands.js')).revokeToken),
    'zeyos.addInstance': body(async () => (await import('./instanceCommands.js')).addInstance),
    'zeyos.removeInstance': body(async () => (await import('./instanceCommands.js')).removeInstance),
    'zeyos.switchInstance': body(async () => (await import('./instanceCommands.js')).switchInstance),
    'zeyos.showSessions': body(async () => (await import('./showSessions.js')).showSessions),
    'zeyos.copyAccessToken': body(async () => (await import('./tokenCommands.js')).copyAccessToken),
    'zeyos.openInstance': body(async () => (await import('./instanceCommands.js')).openInstance),
    'zeyos.diagnose': body(async () => (await import('./diagnosisCommand.js')).diagnose),
    'zeyos.showLog': () => showLog(),
  };
  const needNoAccounts: readonly CommandId[] = ['zeyos.showLog', 'zeyos.diagnose'];
  const failed: Partial<Record<CommandId, unknown>> = { 'zeyos.revokeToken': false };

  const run = (id: CommandId, argument: unknown): unknown =>
    log.during(id.slice('zeyos.'.length), async () => {
      try {
        if (!needNoAccounts.includes(id)) await waitForAccounts(id, firstRead);
        return await handlers[id](parseArgument(argument));
      } catch (error) {
        const { showFailure } = await import('../../dialog/report.js');
        showFailure(error, log, () => run(id, argument));
        return failed[id];
      }
    });
  return vscode.Disposable.from(
    ...COMMANDS.map((id) => vscode.commands.registerCommand(id, (argument: unknown) => run(id, argument))),
  );
}

/**
 * Waits until it is known who is signed in. Why the storage cannot be read is told elsewhere.
 * @throws {UserError} if the keyring does not answer and the command needs to know
 */
export async function waitForAccounts(id: CommandId, firstRead: FirstRead): Promise<void> {
  try {
    await firstRead.done();
  } catch (error) {
    if (!(error instanceof TimeoutError && NEEDING_ACCOUNTS.includes(id))) return;
    const { sessionsUnread } = await import('./userErrors.js');
    throw sessionsUnread();
  }
}
