import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { isStorageFailure } from './failure/failure';
import { InstanceFailure } from './failure/instanceFailure';
import { runCommand } from './ownCommand';
import { remedies } from './failure/remedy';
import { isInconclusive } from '../zeyos/errors';
import type { Log } from '../base/log';
import { notify, type Actions } from './notifications';

/** An expected error for the user: it is shown as it is, without "Try Again" or "Show Log". */
export class UserError extends Error {
  override readonly name = 'UserError';
  constructor(
    message: string,
    readonly actions: Actions = {},
  ) {
    super(message);
  }
}

/** Shows a failure, with buttons that may help. It ignores a cancelled operation, and does not wait for an answer. */
export function showFailure(error: unknown, log: Log, retry?: () => unknown): void {
  if (error instanceof vscode.CancellationError) return;
  const cause = error instanceof InstanceFailure ? error.cause : error;
  log.error(error instanceof UserError ? error.message : `${String(cause)}`);
  const message =
    error instanceof InstanceFailure || error instanceof UserError
      ? error.message
      : l10n.t('Something unexpected went wrong with ZeyOS. See the log for details.');
  const actions: Record<string, () => unknown> =
    error instanceof UserError
      ? { ...error.actions }
      : Object.fromEntries(remedies(cause).map(({ label, open }) => [label, open]));
  if (retry && !(error instanceof UserError)) actions[l10n.t('Try Again')] = retry;
  // If the connection or the secret storage failed, Diagnose says more than the log. Both would make four buttons.
  if (error instanceof InstanceFailure && (isInconclusive(cause) || isStorageFailure(cause)))
    actions[l10n.t('Diagnose')] = () => runCommand('zeyos.diagnose', { instance: error.platform.href });
  else if (!(error instanceof UserError)) actions[l10n.t('Show Log')] = () => runCommand('zeyos.showLog');
  notify('error', message, actions);
}
