import { hostname } from 'node:os';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { confirm } from '../../dialog/confirm';
import { withProductionMark } from '../../dialog/productionMark';
import type { Instance } from '../../session/model/instance';
import type { StoredAccount } from '../../session/model/session';
import { TERMINAL_PROFILE } from '../../manifest';

/**
 * Asks for each terminal, and does not remember the answer.
 * @param cli the absolute path of ZeyOS's command line
 * @throws {vscode.CancellationError}
 */
export async function confirmTerminal(
  { account, platform }: StoredAccount,
  instance: Instance | undefined,
  cli: string | undefined,
): Promise<void> {
  const remote = vscode.env.remoteName;
  const detail = [
    l10n.t('Instance: {0}', platform.href),
    ...(remote === undefined ? [] : [l10n.t('Machine: {0} ({1})', hostname(), remote)]),
    cli === undefined ? l10n.t('zeyos command: not found outside of the workspace') : l10n.t('zeyos command: {0}', cli),
    '',
    l10n.t(
      'Every command that runs in this terminal, and everything that can type into it, can act as {0} until you close the terminal or sign out.',
      account.userName,
    ),
    ...(isDefaultProfile()
      ? [
          '',
          l10n.t(
            '{0} is your default terminal profile, so extensions and tools may be what opens this terminal. Cancel if you did not open it.',
            TERMINAL_PROFILE.title,
          ),
        ]
      : []),
  ].join('\n');
  await confirm(
    withProductionMark(l10n.t('Open a terminal that can act as {0}?', account.label), instance),
    detail,
    l10n.t('Open Terminal'),
  );
}

function isDefaultProfile(): boolean {
  const system = { darwin: 'osx', win32: 'windows' }[process.platform as string] ?? 'linux';
  const name = vscode.workspace.getConfiguration('terminal.integrated.defaultProfile').get<unknown>(system);
  return name === TERMINAL_PROFILE.title;
}
