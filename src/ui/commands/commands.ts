import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { COMMANDS, LIST_COMMANDS, type CommandId, type ListCommandId } from '../../manifest';
import type { FirstRead } from '../../session/storage/firstRead';
import type { Services } from '../../services';
import type { SignInFaces } from '../../signIn/signInServices';
import { parseArgument, type CommandArgument } from './commandArgument';
import { copyRequest } from './copyRequest';
import { diagnose } from './diagnosisCommand';
import { importFromCli } from './importFromCli';
import { addInstance, openInstance, removeInstance, switchInstance } from './instanceCommands';
import {
  copyUrl,
  editInSettings,
  enterSecretForRevocation,
  setApplicationSecret,
  signInWithAnotherAccount,
  withdrawAgents,
} from './listCommands';
import { CheckDocuments } from '../documents/checkDocuments';
import { copyReport, refreshDocument, showEarlierChecks, showRawResponse } from './documentCommands';
import { showFailure } from '../../dialog/report';
import { renewToken, signIn, signOut } from './sessionCommands';
import { showSessions } from './showSessions';
import { Targets } from './target';
import { openTerminal } from '../terminal/openTerminal';
import type { TerminalFaces } from '../terminal/terminals';
import type { TokenClipboard } from './tokenClipboard';
import { copyAccessToken, introspectToken, revokeToken } from './tokenCommands';
import { sessionsUnread } from './userErrors';
import { TimeoutError } from '../../base/deadline';

/** `given` is the argument as the editor passes it: the URI of a document, for an action of its title. */
type Handler = (argument: CommandArgument, given: unknown) => unknown;

/** What only the commands need of the editor. */
export interface CommandFaces extends Omit<TerminalFaces, 'dispose'> {
  readonly clipboard: TokenClipboard;
  /** The extension's version, for the diagnosis report. */
  readonly version: string;
  readonly showLog: () => void;
}

/** A command of the manifest. */
type AnyCommandId = CommandId | ListCommandId;

/** What these do depends on who is signed in. */
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
 * Registers every command of the manifest. A failure is shown, not thrown: the command resolves to `undefined`, Revoke to
 * `false`; so does one that the user cancelled.
 */
export function registerCommands(core: Services, signInFaces: SignInFaces, faces: CommandFaces): vscode.Disposable {
  const introspections = new CheckDocuments(
    'zeyos-introspection',
    l10n.t('This result is no longer available. Run "ZeyOS: Introspect Token" again.'),
    core.clock,
  );
  const reports = new CheckDocuments(
    'zeyos-diagnosis',
    l10n.t('This report is no longer available. Run "ZeyOS: Diagnose Connection" again.'),
    core.clock,
  );
  const services = { ...core, ...signInFaces, ...faces, targets: new Targets(core), introspections, reports };
  const handlers: Record<AnyCommandId, Handler> = {
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
    'zeyos.openTerminal': (argument) => openTerminal(services, argument),
    'zeyos.copyRequest': (argument) => copyRequest(services, argument),
    'zeyos.diagnose': (argument) => diagnose(services, argument),
    'zeyos.showLog': () => services.showLog(),
    'zeyos.refreshDocument': (_, given) => refreshDocument(services, given),
    'zeyos.showRawResponse': (_, given) => showRawResponse(services, given),
    'zeyos.copyReport': (_, given) => copyReport(services, given),
    'zeyos.showEarlierChecks': (_, given) => showEarlierChecks(services, given),
    'zeyos.importFromCli': (argument) => importFromCli(services, argument),
    'zeyos.accounts.signInAgain': (argument) => signIn(services, argument),
    'zeyos.accounts.signInWithAnotherAccount': (argument) => signInWithAnotherAccount(services, argument),
    'zeyos.accounts.enterClientSecret': (argument) => renewToken(services, argument),
    'zeyos.accounts.enterRevocationSecret': (argument) => enterSecretForRevocation(services, argument),
    'zeyos.accounts.setApplicationSecret': (argument) => setApplicationSecret(services, argument),
    'zeyos.accounts.makeActive': (argument) => switchInstance(services, argument),
    'zeyos.accounts.addInstanceAgain': ({ instance }) =>
      addInstance(services, instance === undefined ? {} : { instance }),
    'zeyos.accounts.copyUrl': (argument) => copyUrl(services, argument),
    'zeyos.accounts.editInSettings': (argument) => editInSettings(services, argument),
    'zeyos.accounts.withdrawAgents': (argument) => withdrawAgents(services, argument),
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
    services.log.during(id.slice('zeyos.'.length), async () => {
      try {
        if (!needNoAccounts.includes(id)) await waitForAccounts(id, services.firstRead);
        return await handlers[id](parseArgument(argument), argument);
      } catch (error) {
        showFailure(error, services.log, () => run(id, argument));
        return failed[id];
      }
    });
  return vscode.Disposable.from(
    introspections,
    reports,
    ...[...COMMANDS, ...LIST_COMMANDS].map((id) =>
      vscode.commands.registerCommand(id, (argument: unknown) => run(id, argument)),
    ),
  );
}

/**
 * Waits until it is known who is signed in. Why the storage cannot be read is told elsewhere.
 * @throws {UserError} if the keyring does not answer and the command needs to know
 */
export async function waitForAccounts(id: AnyCommandId, firstRead: FirstRead): Promise<void> {
  try {
    await firstRead.done();
  } catch (error) {
    if (error instanceof TimeoutError && NEEDING_ACCOUNTS.includes(id)) throw sessionsUnread();
  }
}
