import * as l10n from '@vscode/l10n';
import type { CodeOf, Facts } from '../../diagnosis/finding';
import type { Fact } from './diagnosisWords';
import { inQuotes } from '../words/words';

export function answerText(code: CodeOf<'answer'>, fact: Fact): string {
  switch (code) {
    case 'answer.zeyos':
      return l10n.t('ZeyOS responds.');
    case 'answer.page':
      return l10n.t(
        'A web page was returned instead of a response from ZeyOS ({0}): the login page of a network, or a page from a proxy.',
        fact('status'),
      );
    case 'answer.gateway':
      return l10n.t('A proxy or gateway returned an error page ({0}): it cannot reach ZeyOS.', fact('status'));
    case 'answer.serverError':
      return l10n.t('The server reported an internal error ({0}).', fact('status'));
    case 'answer.busy':
      return l10n.t('The server is receiving too many requests.');
    case 'answer.proxyAuthentication':
      return l10n.t('A proxy requires authentication (407).');
    case 'answer.redirect':
      return l10n.t('The address redirects to {0} ({1}); redirects are never followed.', fact('host'), fact('status'));
    case 'answer.notZeyos':
      return l10n.t(
        'A server responds ({0}), but there is no ZeyOS authentication API at this address.',
        fact('status'),
      );
    case 'answer.unknownHost':
      return l10n.t('None: the host was not found.');
    case 'answer.refused':
      return l10n.t('None: the connection was refused.');
    case 'answer.late':
      return l10n.t('None within {0}.', fact('seconds'));
    case 'answer.handshake':
      return l10n.t('None: the server and the editor cannot agree on a secure connection ({0}).', fact('error'));
    case 'answer.certificate':
      return l10n.t('Nothing was sent: the certificate is not trusted ({0}).', fact('error'));
    case 'answer.cut':
      return l10n.t('None: there is no connection, or it was interrupted ({0}).', fact('error'));
    case 'answer.caFileRelative':
      return l10n.t('Nothing was sent: {0} is not an absolute path.', inQuotes('caFile'));
    case 'answer.caFileMissing':
      return l10n.t('Nothing was sent: the file specified in {0} does not exist.', inQuotes('caFile'));
    case 'answer.caFileUnreadable':
      return l10n.t('Nothing was sent: the file specified in {0} cannot be read.', inQuotes('caFile'));
    case 'answer.caFileNotPem':
      return l10n.t(
        'Nothing was sent: the file specified in {0} does not contain a valid PEM certificate.',
        inQuotes('caFile'),
      );
    case 'answer.proxyUnsupported':
      return l10n.t(
        'Nothing was sent: for an instance with {0}, only a proxy whose URL begins with http:// or https:// can be used.',
        inQuotes('caFile'),
      );
    case 'answer.proxyInvalid':
      return l10n.t('None: the editor cannot use the proxy in {0}.', fact('settings'));
    case 'answer.proxyCredentials':
      return l10n.t(
        'Nothing was sent: the user name or password of the proxy in {0} contains characters that must be percent-encoded.',
        fact('settings'),
      );
    case 'answer.proxyAuthorization':
      return l10n.t('Nothing was sent: {0} contains characters that are not allowed there.', fact('settings'));
    case 'answer.clearTextProxy':
      return l10n.t('Nothing was sent: a proxy could read it.');
    case 'answer.unverified':
      return l10n.t('Nothing was sent: the editor does not verify certificates.');
  }
}

export function apisText(code: CodeOf<'apis'>, { apis, unclear }: Facts, fact: Fact): string {
  const names: Readonly<Record<string, string>> = {
    authV1: l10n.t('user name and password'),
    oauth2: l10n.t('browser (OAuth 2.0)'),
    legacy: l10n.t('legacy login'),
  };
  const list = (found: Facts[string] | undefined): string =>
    Array.isArray(found) ? found.map((api: string) => names[api] ?? api).join(', ') : '?';
  switch (code) {
    case 'apis.offered':
      return unclear === undefined
        ? `${list(apis)}.`
        : l10n.t('{0}; no clear response from {1}.', list(apis), list(unclear));
    case 'apis.methodMissing':
      return l10n.t(
        '{0}. The method set in {1} is not among them: {2}.',
        list(apis),
        inQuotes('signIn'),
        fact('method'),
      );
    case 'apis.unknown':
      return l10n.t('Unknown, because ZeyOS did not respond.');
  }
}

export function clockText(code: CodeOf<'clock'>, fact: Fact): string {
  switch (code) {
    case 'clock.unknown':
      return l10n.t('Unknown, because ZeyOS did not respond.');
    case 'clock.inStep':
      return l10n.t("The server's clock is in sync with this machine's.");
    case 'clock.ahead':
      return l10n.t("The server's clock is {0} ahead of this machine's.", fact('seconds'));
    case 'clock.behind':
      return l10n.t("The server's clock is {0} behind this machine's.", fact('seconds'));
  }
}
