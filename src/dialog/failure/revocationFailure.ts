import * as l10n from '@vscode/l10n';
import { StillActiveError } from '../../session/tokens/accountTokens';
import { InstanceFailure } from './instanceFailure';
import { NetworkError, OAuthError, SettingsError } from '../../zeyos/errors';
import type { PlatformUrl } from '../../zeyos/address/platform';

/**
 * A token could not be revoked, or it is not known whether it was. The message says as well whether the token stays
 * valid.
 */
export function revocationFailure(platform: PlatformUrl, cause: unknown): InstanceFailure {
  return new InstanceFailure(platform, cause, fateOfToken(cause));
}

/** `undefined` if the description of the failure says it. */
function fateOfToken(cause: unknown): string | undefined {
  if (cause instanceof StillActiveError) return undefined;
  const isRejected =
    cause instanceof OAuthError || cause instanceof SettingsError || (cause instanceof NetworkError && cause.isUnsent);
  return isRejected
    ? l10n.t('The token was not revoked and stays valid.')
    : l10n.t('It is not known whether the token was revoked; it may still be valid.');
}
