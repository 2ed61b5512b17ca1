import * as l10n from '@vscode/l10n';
import { StillActiveError } from '../../session/tokens/tokens';
import { InstanceFailure } from '../../dialog/failure';
import { NetworkError, OAuthError, SettingsError } from '../../zeyos/errors';
import type { PlatformUrl } from '../../zeyos/address/platform';

/** A token could not be revoked, or the result is unknown. The message also says what this means for the token. */
export class RevocationFailure extends InstanceFailure {
  constructor(platform: PlatformUrl, cause: unknown) {
    super(platform, cause);
    const fate = fateOfToken(cause);
    if (fate !== undefined) this.message = `${this.message} ${fate}`;
  }
}

/** Returns `undefined` if the message of the cause says it. */
function fateOfToken(cause: unknown): string | undefined {
  if (cause instanceof StillActiveError) return undefined;
  const isRefused =
    cause instanceof OAuthError || cause instanceof SettingsError || (cause instanceof NetworkError && cause.isUnsent);
  return isRefused
    ? l10n.t('The token was not revoked and stays valid.')
    : l10n.t('It is not known whether the token was revoked; it may still be valid.');
}
