import * as l10n from '@vscode/l10n';
import { TimeoutError } from '../base/deadline';
import { SecretStorageTimeoutError } from '../session/storage/boundedSecretStorage';
import { NewerVersionError } from '../session/storage/serialization';

/** Tells the user why the sessions are not known. `error`: of the read, if it failed */
export function sessionsUnreadText(error?: unknown): string {
  if (error instanceof NewerVersionError)
    return l10n.t(
      'The ZeyOS sessions were saved by a newer version of this extension. Update the extension in this editor.',
    );
  if (error instanceof TimeoutError || error instanceof SecretStorageTimeoutError)
    return l10n.t(
      "Your system's keyring does not answer, so your ZeyOS sessions cannot be read yet. Look for a window in which your system asks for the keyring password, then try again.",
    );
  return l10n.t(
    "The editor's secret storage cannot be read, so your ZeyOS sessions are not known. Check your system's keyring, then try again.",
  );
}
