import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { FirstRead } from '../../session/storage/firstRead';
import { showFailure, UserError } from '../../dialog/report';
import type { Clock } from '../../base/clock';
import type { GroupedLog } from '../../base/log';
import { TERMINAL_PROFILE } from '../../manifest';
import { sessionsUnread } from '../commands/userErrors';
import { terminalOptions, type OpenTerminalServices } from './openTerminal';
import { SentenceTerminal } from './sentenceTerminal';

export interface TerminalProfileServices extends OpenTerminalServices {
  readonly firstRead: FirstRead;
  readonly clock: Clock;
  readonly log: GroupedLog;
}

/** Registers the terminal profile ZeyOS: a terminal as the command opens it, or one that says why there is none. */
export function registerTerminalProfile(services: TerminalProfileServices): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.window.registerTerminalProfileProvider(TERMINAL_PROFILE.id, {
      provideTerminalProfile: () =>
        services.log.during('terminalProfile', async () => new vscode.TerminalProfile(await profileOptions(services))),
    }),
    // The editor may leave another terminal in front of one that a profile provides late.
    vscode.window.onDidOpenTerminal((terminal) => {
      const { creationOptions } = terminal;
      if ('pty' in creationOptions && creationOptions.pty instanceof SentenceTerminal) terminal.show();
    }),
  );
}

async function profileOptions(
  services: TerminalProfileServices,
): Promise<vscode.TerminalOptions | vscode.ExtensionTerminalOptions> {
  try {
    // An editor whose default profile this is asks for it while it starts.
    await services.firstRead.done().catch(() => {
      throw sessionsUnread();
    });
    return await terminalOptions(services, {});
  } catch (error) {
    showFailure(error, services.log);
    return { name: TERMINAL_PROFILE.title, pty: new SentenceTerminal(sentenceFor(error), services.clock) };
  }
}

function sentenceFor(error: unknown): string {
  if (error instanceof UserError) return error.message;
  return error instanceof vscode.CancellationError
    ? l10n.t('No ZeyOS terminal was opened: you did not confirm it.')
    : l10n.t('No ZeyOS terminal was opened. Run "ZeyOS: Show Log" to see why.');
}
