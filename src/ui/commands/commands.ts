import * as vscode from 'vscode';
import { TimeoutError } from '../../base/deadline';
import { COMMANDS, LIST_COMMANDS, type CommandId, type ListCommandId } from '../../manifest';
import type { FirstRead } from '../../session/storage/firstRead';
import type { StoredServices } from '../../storedServices';
import { parseArgument, type CommandArgument } from './commandArgument';
import type { CommandServices } from './commandServices';

/** `given` is the argument as the editor passes it: the URI of a document for an action in its title bar. */
type Handler = (argument: CommandArgument, given: unknown) => unknown;

/** The body of a command, called once its module is loaded. */
type Body<A> = (services: CommandServices, argument: A) => unknown;

/** What the registration of the commands works with. */
interface Registration extends Pick<StoredServices, 'log' | 'firstRead'> {
  /** Loads what the bodies work with. */
  readonly services: () => Promise<CommandServices>;
  readonly showLog: () => void;
}

type AnyCommandId = CommandId | ListCommandId;

const sessions = () => import('./sessionCommands.js');
const tokens = () => import('./tokenCommands.js');
const instances = () => import('./instanceCommands.js');
const list = () => import('./listCommands.js');

/** Commands whose result depends on which accounts are signed in. */
const NEEDING_ACCOUNTS: readonly AnyCommandId[] = [
  'zeyos.signOut',
  'zeyos.introspectToken',
  'zeyos.renewToken',
  'zeyos.revokeToken',
  'zeyos.copyAccessToken',
  'zeyos.removeInstance',
  'zeyos.accounts.enterClientSecret',
  'zeyos.accounts.enterRevocationSecret',
  'zeyos.openTerminal',
];

/**
 * Registers every command of the manifest. The module of a command's body is loaded when the command is called; to add
 * a command, add a line with the module and the name of its body. A failure is shown, not thrown. After a failure or a
 * cancellation, the command resolves to `undefined`, and Revoke to `false`.
 */
export function registerCommands({ log, firstRead, services, showLog }: Registration): vscode.Disposable {
  const call = async <A, K extends string>(load: () => Promise<Record<K, Body<A>>>, name: K, argument: A) => {
    const [module, loaded] = await Promise.all([load(), services()]);
    return module[name](loaded, argument);
  };
  const body =
    <K extends string>(load: () => Promise<Record<K, Body<CommandArgument>>>, name: K): Handler =>
    (argument) =>
      call(load, name, argument);
  const document =
    (name: 'refreshDocument' | 'showRawResponse' | 'copyReport' | 'showEarlierChecks'): Handler =>
    (_, given) =>
      call(() => import('./documentCommands.js'), name, given);
  const handlers: Record<AnyCommandId, Handler> = {
    'zeyos.signIn': body(sessions, 'signIn'),
    'zeyos.signOut': body(sessions, 'signOut'),
    'zeyos.introspectToken': body(tokens, 'introspectToken'),
    'zeyos.renewToken': body(sessions, 'renewToken'),
    'zeyos.revokeToken': body(tokens, 'revokeToken'),
    'zeyos.addInstance': body(instances, 'addInstance'),
    'zeyos.removeInstance': body(instances, 'removeInstance'),
    'zeyos.switchInstance': body(instances, 'switchInstance'),
    'zeyos.showSessions': body(() => import('./showSessions.js'), 'showSessions'),
    'zeyos.copyAccessToken': body(tokens, 'copyAccessToken'),
    'zeyos.openInstance': body(instances, 'openInstance'),
    'zeyos.openTerminal': body(() => import('../terminal/openTerminal.js'), 'openTerminal'),
    'zeyos.copyRequest': body(() => import('./copyRequest.js'), 'copyRequest'),
    'zeyos.diagnose': body(() => import('./diagnosisCommand.js'), 'diagnose'),
    'zeyos.showLog': () => showLog(),
    'zeyos.refreshDocument': document('refreshDocument'),
    'zeyos.showRawResponse': document('showRawResponse'),
    'zeyos.copyReport': document('copyReport'),
    'zeyos.showEarlierChecks': document('showEarlierChecks'),
    'zeyos.importFromCli': body(() => import('./importFromCli.js'), 'importFromCli'),
    'zeyos.accounts.signInAgain': body(sessions, 'signIn'),
    'zeyos.accounts.signInWithAnotherAccount': body(list, 'signInWithAnotherAccount'),
    'zeyos.accounts.enterClientSecret': body(sessions, 'renewToken'),
    'zeyos.accounts.enterRevocationSecret': body(list, 'enterSecretForRevocation'),
    'zeyos.accounts.setApplicationSecret': body(list, 'setApplicationSecret'),
    'zeyos.accounts.makeActive': body(instances, 'switchInstance'),
    'zeyos.accounts.addInstanceAgain': ({ instance }) =>
      call(instances, 'addInstance', instance === undefined ? {} : { instance }),
    'zeyos.accounts.copyUrl': body(list, 'copyUrl'),
    'zeyos.accounts.editInSettings': body(list, 'editInSettings'),
    'zeyos.accounts.withdrawAgents': body(list, 'withdrawAgents'),
  };
  const needNoAccounts: readonly AnyCommandId[] = [
    'zeyos.showLog',
    'zeyos.diagnose',
    'zeyos.importFromCli',
    'zeyos.showRawResponse',
    'zeyos.copyReport',
    'zeyos.showEarlierChecks',
    'zeyos.accounts.copyUrl',
    'zeyos.accounts.editInSettings',
  ];
  const failed: Partial<Record<AnyCommandId, unknown>> = { 'zeyos.revokeToken': false };

  const run = (id: AnyCommandId, argument: unknown): unknown =>
    log.during(id.slice('zeyos.'.length), async () => {
      try {
        if (!needNoAccounts.includes(id)) await waitForAccounts(id, firstRead);
        return await handlers[id](parseArgument(argument), argument);
      } catch (error) {
        const { showFailure } = await import('../../dialog/report.js');
        showFailure(error, log, () => run(id, argument));
        return failed[id];
      }
    });
  return vscode.Disposable.from(
    ...[...COMMANDS, ...LIST_COMMANDS].map((id) =>
      vscode.commands.registerCommand(id, (argument: unknown) => run(id, argument)),
    ),
  );
}

/**
 * Waits for the first read of the secret storage. `StorageProblems` tells the user why the storage cannot be read.
 * @throws {UserError} if the keyring does not answer and the command needs the accounts
 */
export async function waitForAccounts(id: AnyCommandId, firstRead: FirstRead): Promise<void> {
  try {
    await firstRead.done();
  } catch (error) {
    if (!(error instanceof TimeoutError && NEEDING_ACCOUNTS.includes(id))) return;
    const { sessionsUnread } = await import('./userErrors.js');
    throw sessionsUnread();
  }
}
