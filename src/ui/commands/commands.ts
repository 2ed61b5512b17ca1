import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { COMMANDS, type CommandId } from '../../manifest';
import type { FirstRead } from '../../session/storage/firstRead';
import type { Services } from '../../services';
import type { SignInFaces } from '../../signIn/signInServices';
import { TimeoutError } from '../../zeyos/errors';
import { parseArgument, type CommandArgument } from './commandArgument';
import { diagnose } from './diagnosisCommand';
import { importFromCli } from './importFromCli';
import { addInstance, openInstance, removeInstance, switchInstance } from './instanceCommands';
import { ReadOnlyDocuments } from '../../editor/documents';
import { showFailure } from '../../dialog/report';
import { renewToken, signIn, signOut } from './sessionCommands';
import { showSessions } from './showSessions';
import { Targets } from './target';
import type { TokenClipboard } from './tokenClipboard';
import { copyAccessToken, introspectToken, revokeToken } from './tokenCommands';
import { sessionsUnread } from './userErrors';

type Handler = (argument: CommandArgument) => unknown;

/** What only the commands need of the editor. */
export interface CommandFaces {
  readonly clipboard: TokenClipboard;
  /** The extension's version, for the diagnosis report. */
  readonly version: string;
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
 * Registers every command of the manifest. A failure is shown, not thrown: the command resolves to `undefined`, Revoke to
 * `false`; so does one that the user cancelled.
 */
export function registerCommands(core: Services, signInFaces: SignInFaces, faces: CommandFaces): vscode.Disposable {
  const introspections = new ReadOnlyDocuments(
    'zeyos-introspection',
    l10n.t('This result is no longer available. Run "ZeyOS: Introspect Token" again.'),
  );
  const reports = new ReadOnlyDocuments(
    'zeyos-diagnosis',
    l10n.t('This report is no longer available. Run "ZeyOS: Diagnose Connection" again.'),
  );
  const services = { ...core, ...signInFaces, ...faces, targets: new Targets(core), introspections, reports };
  const handlers: Record<CommandId, Handler> = {
    'zeyos.signIn': (argument) => signIn(services, argument),
    'zeyos.signOut': (argument) => signOut(services, argument),
    'zeyos.introspectToken': (argument) => introspectToken(services, argument),
    'zeyos.renewToken': (argument) => renewToken(services, argument),
    'zeyos.revokeToken': (argument) => revokeToken(services, argument),
    'zeyos.addInstance': (argument) => addInstance(services, argument),
    'zeyos.removeInstance': (argument) => removeInstance(services, argument),
    'zeyos.switchInstance': (argument) => switchInstance(services, argument),
    'zeyos.showSessions': () => showSessions(services),
    'zeyos.copyAccessToken': (argument) => copyAccessToken(services, argument),
    'zeyos.openInstance': (argument) => openInstance(services, argument),
    'zeyos.diagnose': (argument) => diagnose(services, argument),
    'zeyos.showLog': () => services.showLog(),
    'zeyos.importFromCli': (argument) => importFromCli(services, argument),
  };
  const needNoAccounts: readonly CommandId[] = ['zeyos.showLog', 'zeyos.diagnose', 'zeyos.importFromCli'];
  const failed: Partial<Record<CommandId, unknown>> = { 'zeyos.revokeToken': false };

  const run = (id: CommandId, argument: unknown): unknown =>
    services.log.during(id.slice('zeyos.'.length), async () => {
      try {
        if (!needNoAccounts.includes(id)) await waitForAccounts(id, services.firstRead);
        return await handlers[id](parseArgument(argument));
      } catch (error) {
        showFailure(error, services.log, () => run(id, argument));
        return failed[id];
      }
    });
  return vscode.Disposable.from(
    introspections,
    reports,
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
    if (error instanceof TimeoutError && NEEDING_ACCOUNTS.includes(id)) throw sessionsUnread();
  }
}
