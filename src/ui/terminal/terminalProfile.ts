import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { FirstRead } from '../../session/storage/firstRead';
import { showFailure, UserError } from '../../dialog/report';
import type { Clock } from '../../base/clock';
import type { GroupedLog } from '../../base/log';
import { TERMINAL_PROFILE } from '../../manifest';
import { sessionsUnread } from '../commands/target/userErrors';
import { terminalOptions, type OpenTerminalServices } from './openTerminal';
import { SentenceTerminal } from './sentenceTerminal';

interface TerminalProfileServices extends OpenTerminalServices {
  readonly firstRead: FirstRead;
  readonly clock: Clock;
  readonly log: GroupedLog;
}

/** If no terminal can be opened, returns the options of one that prints why. */
export async function profileOptions(
  services: TerminalProfileServices,
): Promise<vscode.TerminalOptions | vscode.ExtensionTerminalOptions> {
  try {
    // An editor with this default profile asks for it while it starts.
    await services.firstRead.done().catch((error: unknown) => {
      throw sessionsUnread(error);
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
