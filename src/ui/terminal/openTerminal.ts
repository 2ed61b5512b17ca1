import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { HandoverError } from '../../handover/handoverError';
import { findProgram } from '../../handover/programs';
import { runCommand } from '../../dialog/ownCommand';
import { UserError } from '../../dialog/report';
import type { InstanceStore } from '../../session/storage/instanceStore';
import type { CommandArgument } from '../commands/target/commandArgument';
import type { Targets } from '../commands/target/target';
import type { OpenTerminals } from './openTerminals';
import { noFolderText } from './handoverWords';
import { confirmTerminal } from './terminalConsent';
import { terminalObstacle } from './terminalObstacles';
import { confirmProduction } from '../../dialog/production';

export interface OpenTerminalServices {
  readonly targets: Targets;
  readonly instances: InstanceStore;
  readonly terminals: OpenTerminals;
  readonly extensionKind: vscode.ExtensionKind;
}

/** Opens a terminal whose commands can act as one account, after the user has confirmed. */
export async function openTerminal(services: OpenTerminalServices, argument: CommandArgument): Promise<void> {
  vscode.window.createTerminal(await terminalOptions(services, argument)).show();
}

/**
 * The options of a new ZeyOS terminal, after the user has picked an account and confirmed.
 * @throws {UserError} why no terminal is available
 * @throws {vscode.CancellationError}
 */
export async function terminalOptions(
  { targets, instances, terminals, extensionKind }: OpenTerminalServices,
  argument: CommandArgument,
): Promise<vscode.TerminalOptions> {
  const { isTrusted } = vscode.workspace;
  const obstacle = terminalObstacle({ isTrusted, remoteName: vscode.env.remoteName, extensionKind });
  if (obstacle) throw obstacle;
  const accounts = targets.withGoodToken().filter(({ platform }) => instances.find(platform));
  const stored = await targets.pickAccount(accounts, argument, l10n.t('Open a ZeyOS Terminal'));
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const cli = await findProgram('zeyos', { environment: process.env, outside: [...folders, terminals.commands] });
  const instance = instances.find(stored.platform);
  await confirmTerminal(stored, instance, cli);
  await confirmProduction(instance, l10n.t('Open Terminal'));
  try {
    return await terminals.options(stored, cli);
  } catch (error) {
    if (error instanceof HandoverError && error.reason === 'noFolder')
      throw new UserError(noFolderText(), { [l10n.t('Show Log')]: () => runCommand('zeyos.showLog') });
    throw error;
  }
}
