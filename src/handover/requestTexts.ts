import * as l10n from '@vscode/l10n';
import type { PlatformUrl } from '../zeyos/address/platform';

/** The tool, and the shell, for which a request is written. */
export type RequestForm = 'curlPosix' | 'curlPowerShell' | 'curlCmd' | 'curlBefore83' | 'httpYac' | 'restClient';

/** The path of the example request, which every instance has. */
const EXAMPLE = 'api/v1/tickets';
/** The module that httpYac offers to its scripts. This file does not import it. */
const EDITOR_API = 'vscode';
/**
 * The header, with the name of a variable that curl itself replaces. No shell expands it, so no list of arguments
 * contains the token.
 */
const CURL_HEADER = 'Authorization: Bearer {{ZEYOS_TOKEN}}';

/**
 * A request to an instance's API, to paste into a terminal or a file. It holds no token: it names the variable that
 * `zeyos-run` sets, requests a session from the editor, or asks the user.
 */
export function requestText(form: RequestForm, platform: PlatformUrl): string {
  const url = platform.endpoint(EXAMPLE).href;
  switch (form) {
    case 'curlPosix':
    case 'curlPowerShell':
      // The quotation marks mean the same in sh, bash, zsh, fish and PowerShell, because no word contains one.
      return curl((word) => `'${word}'`, url);
    case 'curlCmd':
      return curl((word) => (word.includes(' ') || word === url ? `"${word}"` : word), url);
    case 'curlBefore83':
      // printf belongs to the shell: it is no process, so its arguments are not visible to others.
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
  return [
    '{{',
    `  // ${l10n.t('The editor asks you once. Your consent is given to httpYac, so it holds for the .http files of every folder.')}`,
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

/** Chooses the form for a shell, by the path of its program. */
export function curlFormFor(shell: string): RequestForm {
  const name = (shell.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.exe$/, '');
  if (name === 'pwsh' || name.startsWith('powershell')) return 'curlPowerShell';
  return name === 'cmd' ? 'curlCmd' : 'curlPosix';
}
