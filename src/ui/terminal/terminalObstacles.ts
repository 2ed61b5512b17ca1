import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { UserError } from '../../dialog/report';

export interface Situation {
  readonly isTrusted: boolean;
  /** The machine or container that the window works on; absent: this machine. */
  readonly remoteName: string | undefined;
  readonly extensionKind: vscode.ExtensionKind;
}

/**
 * Terminals run where the workspace is, but a handle is a socket of the machine that the extension runs on. In a remote
 * window, both are the same only if the extension runs as a workspace extension. In an editor that is served to a
 * browser it does, so `UIKind` does not matter.
 */
export function terminalObstacle({ isTrusted, remoteName, extensionKind }: Situation): UserError | undefined {
  if (remoteName !== undefined && extensionKind !== vscode.ExtensionKind.Workspace)
    return new UserError(
      l10n.t(
        'No ZeyOS terminal is available in this window: its terminals run on {0}, but your ZeyOS sessions are on your own computer. Open a local window.',
        remoteName,
      ),
    );
  if (!isTrusted)
    return new UserError(
      l10n.t('No ZeyOS terminal is available in Restricted Mode: you have not said that you trust this folder.'),
      { [l10n.t('Manage Workspace Trust')]: () => vscode.commands.executeCommand('workbench.trust.manage') },
    );
  return undefined;
}
