import * as l10n from '@vscode/l10n';
import type { NetworkError } from '../../zeyos/errors';
import type { HandshakeProblem } from '../../zeyos/failures/handshakeProblem';
import { harmlessText } from '../../hiding/plainText';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { takesKerberos, takesPassword } from '../../zeyos/transport/proxyAuthentication';
import type { SentBy } from '../../zeyos/transport/sentBy';
import { unusableText } from './certificateWords';
import { isVariable, proxyOrigin } from './sourceWords';

/** Says why a platform was not reached, and what the user can do, in the user's language. */
export function describeNetworkError(error: NetworkError, platform: PlatformUrl): string {
  const { label } = platform;
  const { proxyStatus: status, proxySchemes: schemes, sentBy } = error;
  if (status !== undefined) return describeProxyStatus(status, label, schemes, sentBy);
  if (error.isProxy) return describeProxy(error, label);
  if (error.handshakeProblem) return describeHandshake(error.handshakeProblem, error.code ?? '', platform.host);
  const unusable = error.certificateProblem ? sentBy?.caFile?.unusable : undefined;
  return [
    describeConnection(error, platform),
    ...(unusable && unusable.length > 0
      ? [l10n.t('Parts of "caFile" that cannot be used: {0}.', unusableText(unusable))]
      : []),
    ...(sentBy?.unused && !error.certificateProblem
      ? [
          l10n.t(
            'The editor does not use the proxy in {0}; if it is needed, set "http.proxy" in the settings.',
            sentBy.unused,
          ),
        ]
      : []),
  ].join(' ');
}

function describeProxy({ code, proxyHost, sentBy }: NetworkError, label: string): string {
  const [host, reason] = [proxyHost ?? '', code ?? l10n.t('network error')];
  if (sentBy?.proxy === undefined || sentBy.proxy === 'http.proxy')
    return l10n.t(
      'The proxy {1} used for {0} cannot be reached ({2}). Check "http.proxy" in the settings.',
      label,
      host,
      reason,
    );
  return `${l10n.t('The proxy {1} used for {0} cannot be reached ({2}).', label, host, reason)} ${proxyOrigin(sentBy.proxy)}`;
}

function describeConnection(error: NetworkError, { label, host }: PlatformUrl): string {
  const code = error.code ?? l10n.t('network error');
  switch (error.connectionProblem) {
    case 'unknownHost':
      return l10n.t('The host {0} was not found. Check the URL of the instance and your connection.', host);
    case 'refused':
      return l10n.t(
        'The host {0} refused the connection. Check the URL of the instance and whether the server is running.',
        host,
      );
    case 'noRoute':
    case undefined:
      break;
  }
  switch (error.certificateProblem) {
    case 'expired':
      return l10n.t(
        'The certificate of {0} has expired. The server administrator has to renew it; nothing was sent.',
        host,
      );
    case 'notYetValid':
      return l10n.t(
        "The certificate of {0} is not valid yet. Check this machine's clock, or ask the server administrator; nothing was sent.",
        host,
      );
    case 'wrongName':
      return l10n.t(
        'The certificate of {0} belongs to another host. Check the URL of the instance; nothing was sent.',
        host,
      );
    case 'selfSigned':
      if (error.sentBy?.caFile) return notInCaFile(host, code);
      return l10n.t(
        'The certificate of {0} is self-signed. If that is intended, save it as a file and set "caFile" for the instance to that file; nothing was sent.',
        host,
      );
    case 'unknownAuthority':
      if (error.sentBy?.caFile) return notInCaFile(host, code);
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
  return l10n.t(
    "{0} cannot be reached ({1}). Check your connection and the editor's proxy settings, then try again.",
    label,
    code,
  );
}

function notInCaFile(host: string, code: string): string {
  return l10n.t(
    'The certificate of {0} comes from no authority in the "caFile" of the instance ({1}). Add the authority\'s certificate to that file; nothing was sent.',
    host,
    code,
  );
}

function describeHandshake(problem: HandshakeProblem, code: string, host: string): string {
  switch (problem) {
    case 'clientCertificate':
      return l10n.t(
        '{0} requires a client certificate. Client certificates are not supported; ask the server administrator for an address that does not require one.',
        host,
      );
    case 'rejected':
      return l10n.t(
        '{0} refused the secure connection ({1}). It probably requires a client certificate, which is not supported, or offers only outdated encryption. Ask the server administrator; nothing was sent.',
        host,
        code,
      );
    case 'oldTls':
      return l10n.t(
        '{0} offers only an outdated version of TLS ({1}); TLS 1.2 or later is required. Ask the server administrator to update it; nothing was sent.',
        host,
        code,
      );
    case 'http2Only':
      return l10n.t(
        '{0} speaks only HTTP/2, which is not supported. Ask the server administrator to allow HTTP/1.1 as well.',
        host,
      );
    case 'notTls':
      return l10n.t(
        '{0} does not use HTTPS on this port ({1}). Check the host and the port in the URL of the instance; nothing was sent.',
        host,
        code,
      );
  }
}

/**
 * Says how a proxy refused to connect.
 * @param schemes the authentication schemes that the proxy offers, if it names any
 */
export function describeProxyStatus(
  status: number,
  label: string,
  schemes?: readonly string[],
  sentBy?: SentBy,
): string {
  if (status === 407) return describeProxyAuthentication(label, schemes, sentBy);
  const { proxy = 'http.proxy', exemptions = 'http.noProxy' } = sentBy ?? {};
  if (proxy === 'http.proxy' && exemptions === 'http.noProxy')
    return l10n.t(
      'The proxy used for {0} refused to connect ({1}). Check "http.proxy" and "http.noProxy" in the settings, or ask the proxy administrator.',
      label,
      status,
    );
  return [
    l10n.t('The proxy used for {0} refused to connect ({1}).', label, status),
    proxyOrigin(proxy),
    l10n.t(
      'If the host can be reached without a proxy, exempt it in {0}; otherwise ask the proxy administrator.',
      exemptions,
    ),
  ].join(' ');
}

function describeProxyAuthentication(
  label: string,
  schemes: readonly string[] | undefined,
  sentBy: SentBy | undefined,
): string {
  const { proxy = 'http.proxy', exemptions = 'http.noProxy', caFile } = sentBy ?? {};
  if (schemes && !takesPassword(schemes))
    return [
      l10n.t(
        'The proxy used for {0} requires authentication (407), but accepts only {1}: neither the editor nor this extension can send it a password.',
        label,
        harmlessText(schemes.join(', ')) ?? '?',
      ),
      proxyOrigin(proxy),
      ...(takesKerberos(schemes) ? [kerberosAdvice(caFile !== undefined)] : []),
      l10n.t(
        'Set "http.proxy" to a local proxy that authenticates with this one, or exempt the host in {0} if it can be reached without a proxy.',
        exemptions,
      ),
    ].join(' ');
  if (caFile?.hasAuthorization)
    return l10n.t(
      'The proxy used for {0} did not accept "http.proxyAuthorization" (407). Correct it in the settings.',
      label,
    );
  if (proxy === 'system')
    return l10n.t(
      'The proxy used for {0} requires authentication (407). It comes from the proxy settings of your system: set "http.proxy" in the settings to its URL with the user name and password.',
      label,
    );
  if (isVariable(proxy))
    return l10n.t(
      'The proxy used for {0} requires authentication (407). Put the user name and password into the URL in the environment variable {1}, or correct them there, then restart the editor.',
      label,
      proxy,
    );
  return l10n.t(
    'The proxy used for {0} requires authentication (407). Put the user name and password into the URL in "http.proxy" in the settings, or correct them there.',
    label,
  );
}

function kerberosAdvice(hasCaFile: boolean): string {
  return hasCaFile
    ? l10n.t(
        'The editor\'s Kerberos support does not work for an instance with a "caFile"; to use it, have the certificate authority installed on this machine instead.',
      )
    : l10n.t(
        'The editor can use Kerberos: log in to your domain, and set "http.proxyKerberosServicePrincipal" if the proxy has an unusual service principal.',
      );
}
