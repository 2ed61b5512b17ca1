import * as l10n from '@vscode/l10n';
import { StillActiveError } from '../../session/tokens/tokens';
import { InstanceFailure } from '../../dialog/failure';
import { NetworkError, OAuthError, SettingsError } from '../../zeyos/errors';
import type { PlatformUrl } from '../../zeyos/address/platform';

/** A token could not be revoked, or nobody knows whether it was: what that means for it is told as well. */
export class RevocationFailure extends InstanceFailure {
  constructor(platform: PlatformUrl, cause: unknown) {
    super(platform, cause);
    const fate = fateOfToken(cause);
    if (fate !== undefined) this.message = `${this.message} ${fate}`;
  }
}

/** `undefined` where the failure itself tells. */
function fateOfToken(cause: unknown): string | undefined {
  if (cause instanceof StillActiveError) return undefined;
  const isRefused =
    cause instanceof OAuthError || cause instanceof SettingsError || (cause instanceof NetworkError && cause.isUnsent);
  return isRefused
    ? l10n.t('The token was not revoked and stays valid.')
    : l10n.t('It is not known whether the token was revoked; it may still be valid.');
}
