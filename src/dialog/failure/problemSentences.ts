import * as l10n from '@vscode/l10n';
import { REDIRECT_PORT, type InstanceProblem } from '../../session/model/instance';

/** Says why an address or an entry of the setting cannot be used, in the user's language. */
export function describeInstanceProblem(problem: InstanceProblem['problem']): string {
  switch (problem) {
    case 'empty':
      return l10n.t('Enter the name or the URL of an instance.');
    case 'notUrl':
      return l10n.t('This is neither the name of an instance nor a URL.');
    case 'scheme':
      return l10n.t('The URL must begin with https://.');
    case 'insecure':
      return l10n.t(
        'Use HTTPS: over HTTP, passwords could be intercepted. Only a server on this machine may use HTTP.',
      );
    case 'userInfo':
      return l10n.t('The URL must not contain a user name or password.');
    case 'query':
      return l10n.t('The URL must not contain a query (?) or a fragment (#).');
    case 'port':
      return l10n.t(
        'The port in the URL is blocked by browsers and by the editor, because it belongs to another service. Use another port.',
      );
    case 'noInstance':
      return l10n.t('The URL does not name an instance. Add its name, as in https://cloud.zeyos.com/demo.');
    case 'path':
      return l10n.t('The path of the URL contains characters that are not allowed in the name of an instance.');
    case 'notAnObject':
      return l10n.t('The entry must be an object with a "url".');
    case 'noUrl':
      return l10n.t('The entry has no "url".');
    case 'duplicate':
      return l10n.t('The same instance is listed twice.');
    case 'caFile':
      return l10n.t('The "caFile" must be the path of a file.');
    case 'endpoint':
      return l10n.t('The URL is the address of an API, not of an instance.');
    case 'redirectPort':
      return l10n.t(
        'The "redirectPort" must be a whole number from 1 to 65535. Until it is corrected, {0} is used.',
        String(REDIRECT_PORT),
      );
    case 'blockedRedirectPort':
      return l10n.t(
        'The "redirectPort" is blocked by browsers, because it belongs to another service, so the browser could not return here. Until another one is set, {0} is used.',
        String(REDIRECT_PORT),
      );
    case 'production':
      return l10n.t(
        '"production" must be true or false. Until it is corrected, the instance is treated as a production instance.',
      );
  }
}
