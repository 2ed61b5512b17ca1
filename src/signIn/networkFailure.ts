import * as l10n from '@vscode/l10n';
import type { NetworkError, SettingsError } from '../zeyos/errors';
import { harmlessText } from '../zeyos/plainText';
import type { PlatformUrl } from '../zeyos/platform';

/** Why an instance was not reached, and what to do about it, in the user's language. */
export function describeNetworkError(error: NetworkError, { label, host }: PlatformUrl): string {
  const code = error.code ?? l10n.t('network error');
  if (error.proxyStatus !== undefined) return describeProxyStatus(error.proxyStatus, label);
  if (error.isProxy)
    return l10n.t(
      'The proxy {1} used for {0} cannot be reached ({2}). Check "http.proxy" in the settings.',
      label,
      error.proxyHost ?? '',
      code,
    );
  switch (error.connectionProblem) {
    case 'unknownHost':
      return l10n.t('The host {0} was not found. Check the URL of the instance and your connection.', host);
    case 'refused':
      return l10n.t('The host {0} refused the connection. Check the URL of the instance and whether the server is running.', host);
    case 'noRoute':
    case undefined:
      break;
  }
  switch (error.certificateProblem) {
    case 'expired':
      return l10n.t('The certificate of {0} has expired. The server administrator has to renew it; nothing was sent.', host);
    case 'notYetValid':
      return l10n.t(
        "The certificate of {0} is not valid yet. Check this machine's clock, or ask the server administrator; nothing was sent.",
        host,
      );
    case 'wrongName':
      return l10n.t('The certificate of {0} belongs to another host. Check the URL of the instance; nothing was sent.', host);
    case 'selfSigned':
      return l10n.t(
        'The certificate of {0} is self-signed. If that is intended, save it as a file and set "caFile" for the instance to that file; nothing was sent.',
        host,
      );
    case 'unknownAuthority':
      return l10n.t(
        'The certificate of {0} comes from an authority that is not trusted here ({1}). Set "caFile" for the instance to a file with that authority\'s certificate, or have it installed on this machine; nothing was sent.',
        host,
        code,
      );
    case 'otherProblem':
      return l10n.t(
        'The connection to {0} is not secure ({1}). Check the URL of the instance, or ask the server administrator; nothing was sent.',
        host,
        code,
      );
    case undefined:
      break;
  }
  return l10n.t("{0} cannot be reached ({1}). Check your connection and the editor's proxy settings, then try again.", label, code);
}

/** What a proxy said instead of connecting. */
export function describeProxyStatus(status: number, label: string): string {
  if (status === 407)
    return l10n.t(
      'The proxy used for {0} requires authentication (407). Put the user name and password into the URL in "http.proxy" in the settings, or correct them there.',
      label,
    );
  return l10n.t(
    'The proxy used for {0} refused to connect ({1}). Check "http.proxy" and "http.noProxy" in the settings, or ask the proxy administrator.',
    label,
    status,
  );
}

/** Which setting has to be corrected before anything is sent, in the user's language. */
export function describeSettingsError({ problem, file }: SettingsError, { label }: PlatformUrl): string {
  const shown = harmlessText(file) ?? '?';
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
      return l10n.t(
        'The "caFile" of {0} does not contain a valid PEM certificate: {1}. Choose another file, or convert it; nothing was sent.',
        label,
        shown,
      );
    case 'proxyUnsupported':
      return l10n.t(
        '{0} has a "caFile", so only a proxy whose URL begins with http:// or https:// can be used. Correct "http.proxy" in the settings; nothing was sent.',
        label,
      );
    case 'clearTextProxy':
      return l10n.t(
        '{0} is an HTTP address behind a proxy, which could read your password and tokens; nothing was sent. Add the host to "http.noProxy" in the settings, or use 127.0.0.1 in the URL of the instance.',
        label,
      );
    case 'unverified':
      return l10n.t(
        'The editor does not verify certificates ("http.proxyStrictSSL" is off), so nothing was sent to {0}. Set "caFile" for the instance to a file with its certificate authority, or turn the setting on.',
        label,
      );
  }
}
