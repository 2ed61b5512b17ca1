import * as l10n from '@vscode/l10n';
import type { SettingsError } from '../../zeyos/errors';
import { harmlessText } from '../../hiding/plainText';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { reasonText } from './certificateWords';
import { correctionOf, isVariable } from './sourceWords';

/** Says which setting has to be corrected before the first request, in the user's language. */
export function describeSettingsError(
  { problem, file, found, settings }: SettingsError,
  { label }: PlatformUrl,
): string {
  const shown = harmlessText(file) ?? '?';
  const [setting = 'http.proxy'] = settings;
  switch (problem) {
    case 'caFileRelative':
      return l10n.t(
        'The "caFile" of {0} must be an absolute path or one that begins with ~/, but it is {1}. Correct it; nothing was sent.',
        label,
        shown,
      );
    case 'caFileMissing':
      return l10n.t('The "caFile" of {0} does not exist: {1}. Correct its path; nothing was sent.', label, shown);
    case 'caFileUnreadable':
      return l10n.t(
        'The "caFile" of {0} cannot be read: {1}. Check that it is a file and that you have permission to read it; nothing was sent.',
        label,
        shown,
      );
    case 'caFileNotPem':
      if (found !== undefined && found !== 'unreadable' && found !== 'other')
        return l10n.t(
          'The "caFile" of {0} does not contain a certificate that can be used, but {2}: {1}. Choose a file with the certificate in PEM or DER; nothing was sent.',
          label,
          shown,
          reasonText(found),
        );
      return l10n.t(
        'The "caFile" of {0} does not contain a valid PEM certificate: {1}. Choose another file, or convert it; nothing was sent.',
        label,
        shown,
      );
    case 'proxyUnsupported':
      return l10n.t(
        '{0} has a "caFile", so only a proxy whose URL begins with http:// or https:// can be used. {1}; nothing was sent.',
        label,
        correctionOf(setting),
      );
    case 'proxyInvalid':
      return l10n.t(
        '{0} cannot be reached, and the editor cannot use the proxy in {1}: its URL must look like {2}. {3}; nothing was sent.',
        label,
        setting,
        'http://proxy.example.com:8080',
        correctionOf(setting),
      );
    case 'proxyCredentials':
      return l10n.t(
        'The user name or password of the proxy in {1} contains characters that must be percent-encoded, as %25 for %, so nothing was sent to {0}. {2}.',
        label,
        setting,
        correctionOf(setting),
      );
    case 'proxyAuthorization':
      return l10n.t(
        '{1} contains characters that are not allowed there, so nothing was sent to {0}. {2}.',
        label,
        setting,
        correctionOf(setting),
      );
    case 'clearTextProxy':
      return isVariable(setting)
        ? l10n.t(
            '{0} is an HTTP address behind a proxy, which could read your password and tokens; nothing was sent. Add the host to "http.noProxy" in the settings, together with the entries of {1}, which the editor ignores from then on, or use 127.0.0.1 in the URL of the instance.',
            label,
            setting,
          )
        : l10n.t(
            '{0} is an HTTP address behind a proxy, which could read your password and tokens; nothing was sent. Add the host to "http.noProxy" in the settings, or use 127.0.0.1 in the URL of the instance.',
            label,
          );
    case 'unverified':
      return describeUnverified(settings, label);
  }
}

/** Says that certificates are not verified, and which setting turns that off. */
function describeUnverified(settings: readonly string[], label: string): string {
  const variable = settings.find(isVariable);
  if (variable === undefined)
    return l10n.t(
      'The editor does not verify certificates ("http.proxyStrictSSL" is off), so nothing was sent to {0}. Set "caFile" for the instance to a file with its certificate authority, or turn the setting on.',
      label,
    );
  if (settings.length === 1)
    return l10n.t(
      'The editor does not verify certificates (the environment variable {1} is 0), so nothing was sent to {0}. Set "caFile" for the instance to a file with its certificate authority, or remove the variable and restart the editor; another extension may have set it.',
      label,
      variable,
    );
  return l10n.t(
    'The editor does not verify certificates ("http.proxyStrictSSL" is off, and the environment variable {1} is 0), so nothing was sent to {0}. Set "caFile" for the instance to a file with its certificate authority, or turn the setting on, remove the variable and restart the editor.',
    label,
    variable,
  );
}
