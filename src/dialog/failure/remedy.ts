import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { CONFIGURATION } from '../../manifest';
import { HttpError, NetworkError, SettingsError } from '../../zeyos/errors';
import { RedirectMismatchError } from '../../zeyos/redirect';
import { runCommand } from '../ownCommand';
import { isVariable } from './sourceWords';

/** A setting, or a change of one, that may put a failure right. */
interface Remedy {
  readonly label: string;
  readonly open: () => Promise<void>;
}

/** The settings that may help against a failure, the likeliest first. */
export function remedies(error: unknown): readonly Remedy[] {
  if (error instanceof SettingsError) return settingsRemedies(error);
  // No setting of the editor corrects an environment variable.
  if (isProxyInDoubt(error))
    return error instanceof NetworkError && isVariable(error.sentBy?.proxy ?? '') ? [] : [proxySettings()];
  if (error instanceof HttpError && error.redirection?.correction) {
    const { from, correction } = error.redirection;
    const open = async (): Promise<void> => {
      // The command asks the user: a redirect alone must not decide where credentials are sent.
      await runCommand('zeyos.addInstance', { instance: correction.href, replaces: from.href });
    };
    return [{ label: l10n.t('Correct URL'), open }];
  }
  return isInstanceInDoubt(error) ? [instancesSetting()] : [];
}

function settingsRemedies({ problem, settings }: SettingsError): readonly Remedy[] {
  const isSetting = !settings.some(isVariable);
  switch (problem) {
    case 'proxyUnsupported':
    case 'proxyInvalid':
    case 'proxyCredentials':
    case 'proxyAuthorization':
      return isSetting ? [proxySettings()] : [];
    case 'clearTextProxy':
      return [setting(l10n.t('Open Proxy Settings'), 'http.noProxy'), instancesSetting()];
    case 'unverified': {
      const isOff = settings.length === 0 || settings.includes('http.proxyStrictSSL');
      return [instancesSetting(), ...(isOff ? [setting(l10n.t('Open Proxy Settings'), 'http.proxyStrictSSL')] : [])];
    }
    case 'caFileRelative':
    case 'caFileMissing':
    case 'caFileUnreadable':
    case 'caFileNotPem':
      return [instancesSetting()];
  }
}

export function instancesSetting(): Remedy {
  return setting(l10n.t('Open Settings'), `${CONFIGURATION}.instances`);
}

/** All settings that begin with `http.proxy`. */
function proxySettings(): Remedy {
  return { label: l10n.t('Open Proxy Settings'), open: () => openSettings('http.proxy') };
}

function setting(label: string, id: string): Remedy {
  return { label, open: () => openSettings(`@id:${id}`) };
}

/** Opens the settings editor with a search. */
export async function openSettings(query: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', query);
}

function isProxyInDoubt(error: unknown): boolean {
  return error instanceof HttpError ? error.status === 407 : error instanceof NetworkError && error.isProxy;
}

/** Tells whether the platform URL, or its certificate authority, may be wrong. */
function isInstanceInDoubt(error: unknown): boolean {
  if (error instanceof RedirectMismatchError) return error.problem === 'issuer';
  if (error instanceof HttpError) return error.status < 500 && error.status !== 429;
  return (
    error instanceof NetworkError &&
    (error.connectionProblem === 'unknownHost' || error.connectionProblem === 'refused' || error.isCertificate)
  );
}
