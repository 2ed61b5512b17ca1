import * as l10n from '@vscode/l10n';
import type { PlatformUrl } from '../zeyos/address/platform';

export type RequestForm = 'curlPosix' | 'curlPowerShell' | 'curlCmd' | 'curlBefore83' | 'httpYac' | 'restClient';

/** A path that every platform has. */
const EXAMPLE = 'api/v1/tickets';
/** httpYac offers this module to its scripts. */
const EDITOR_API = 'vscode';
/** curl itself expands the variable, so no list of arguments contains the token. */
const CURL_HEADER = 'Authorization: Bearer {{ZEYOS_TOKEN}}';

/**
 * Holds no token: it names the variable that `zeyos-run` sets, requests a session from the editor, or asks the user.
 */
export function requestText(form: RequestForm, platform: PlatformUrl): string {
  const url = platform.endpoint(EXAMPLE).href;
  switch (form) {
    case 'curlPosix':
    case 'curlPowerShell':
      // No word contains a quotation mark, so these mean the same in sh, bash, zsh, fish and PowerShell.
      return curl((word) => `'${word}'`, url);
    case 'curlCmd':
      return curl((word) => (word.includes(' ') || word === url ? `"${word}"` : word), url);
    case 'curlBefore83':
      // The shell runs printf without a process, so other users do not see its arguments.
      return `zeyos-run sh -c 'printf "Authorization: Bearer %s\\n" "$ZEYOS_TOKEN" | curl --header @- "${url}"'`;
    case 'httpYac':
      return httpYac(platform, url);
    case 'restClient':
      // REST Client hides the input for a variable of this name.
      return [
        `# @prompt password ${l10n.t('Access token for {0}, from "ZeyOS: Copy Access Token"', platform.label)}`,
        `GET ${url}`,
        'Authorization: Bearer {{password}}',
        'Accept: application/json',
        '',
      ].join('\n');
  }
}

function curl(quote: (word: string) => string, url: string): string {
  return [
    'zeyos-run curl',
    '--variable',
    quote('%ZEYOS_TOKEN'),
    '--expand-header',
    quote(CURL_HEADER),
    quote(url),
  ].join(' ');
}

function httpYac(platform: PlatformUrl, url: string): string {
  const consent = l10n.t(
    'The editor asks you once. Your consent is given to httpYac, so it holds for the .http files of every folder.',
  );
  return [
    '{{',
    `  // ${consent}`,
    `  const { authentication } = require('${EDITOR_API}');`,
    '  const token = async () =>',
    `    (await authentication.getSession('zeyos', ['${platform.href}'], { createIfNone: true })).accessToken;`,
    '  exports.zeyosToken = token();',
    '}}',
    `GET ${url}`,
    'Authorization: Bearer {{zeyosToken}}',
    'Accept: application/json',
    '',
  ].join('\n');
}

export function curlFormFor(shell: string): RequestForm {
  const name = (shell.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.exe$/, '');
  if (name === 'pwsh' || name.startsWith('powershell')) return 'curlPowerShell';
  return name === 'cmd' ? 'curlCmd' : 'curlPosix';
}
