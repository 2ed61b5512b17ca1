import * as l10n from '@vscode/l10n';
import type { Facts, Finding } from '../../diagnosis/finding';
import { isVariable } from '../../dialog/failure/sourceWords';
import { takesPassword } from '../../zeyos/transport/proxyAuthentication';
import { inQuotes } from '../words/words';

const KEYCHAIN_HELP = 'https://code.visualstudio.com/docs/configure/settings-sync#_troubleshooting-keychain-issues';

/**
 * Returns `undefined` if there is nothing to do, or if another finding gives the advice.
 * @param shown writes a text so that it is no link
 */
export function fixFor({ code, verdict, facts = {} }: Finding, shown: (text: string) => string): string | undefined {
  switch (code) {
    case 'machine.remote':
      return l10n.t('If tokens should not go there, install the extension on your own computer as well.');
    case 'secretStorage.forgets':
    case 'secretStorage.keepsNothing':
    case 'secretStorage.fails':
      return l10n.t(
        "Install or unlock your system's keyring (GNOME Keyring or KWallet on Linux), then restart the editor. See {0}",
        KEYCHAIN_HELP,
      );
    case 'secretStorage.lostOnce':
      return l10n.t(
        'Sign in again. If this happens every time you start the editor, the keyring is missing; if it happened once, its key has changed. See {0}',
        KEYCHAIN_HELP,
      );
    case 'secretStorage.late':
    case 'session.unsaved':
      return l10n.t(
        'Look for a window in which your system asks for the keyring password, then run the diagnosis again.',
      );
    case 'dns.notFound':
      return l10n.t('Check the URL of the instance; if it is on a company network, connect to the VPN.');
    case 'dns.unavailable':
    case 'dns.late':
      return l10n.t("Check your connection and your network's DNS server.");
    case 'proxy.off':
      return l10n.t('Set {0} to "override", or remove the proxy if it is not needed.', inQuotes('http.proxySupport'));
    case 'proxy.unused':
      return l10n.t('If the proxy is needed, set {0} to its address.', inQuotes('http.proxy'));
    case 'proxy.invalid':
    case 'answer.proxyInvalid':
      return withRestart(
        l10n.t('Correct the address; it must look like {0}.', shown('http://proxy.example.com:8080')),
        facts,
      );
    case 'answer.proxyCredentials':
      return withRestart(
        l10n.t(
          'Percent-encode the special characters in the user name and password, as %25 for %, %23 for #, %2F for / and %3F for ?.',
        ),
        facts,
      );
    case 'answer.proxyAuthorization':
      return l10n.t('Correct {0} in the settings.', inQuotes('http.proxyAuthorization'));
    case 'proxy.unreachable':
    case 'proxy.malformed':
      return isVariable(sourceOf(facts))
        ? l10n.t(
            'Check the proxy address in the environment variable {0} and restart the editor, or set {1}; outside the company network, connect to its VPN or remove the proxy.',
            sourceOf(facts),
            inQuotes('http.proxy'),
          )
        : l10n.t(
            'Check the proxy address in {0}; outside the company network, connect to its VPN or remove the proxy.',
            inQuotes('http.proxy'),
          );
    case 'proxy.authenticationRequired':
    case 'answer.proxyAuthentication':
      return authenticationFix(facts);
    case 'proxy.schemeUnsupported':
      return schemeFix(facts);
    case 'proxy.clearText':
    case 'answer.clearTextProxy': {
      const exemptions = String(facts['exemptions'] ?? [facts['settings'] ?? []].flat()[0] ?? 'http.noProxy');
      return isVariable(exemptions)
        ? l10n.t(
            'Add the host to {0}, together with the entries of {1}, which the editor ignores from then on, or use 127.0.0.1 in the URL of the instance.',
            inQuotes('http.noProxy'),
            exemptions,
          )
        : l10n.t('Add the host to {0}, or use 127.0.0.1 in the URL of the instance.', inQuotes('http.noProxy'));
    }
    case 'proxy.refuses':
      return l10n.t('Ask the proxy administrator to allow this host.');
    case 'tls.expiresSoon':
    case 'tls.expired':
      return l10n.t("The server administrator has to renew it. If this machine's clock is wrong, correct it.");
    case 'tls.notYetValid':
      return l10n.t("Check this machine's clock; if it is right, tell the server administrator.");
    case 'tls.selfSigned':
    case 'tls.unknownAuthority':
      return trustFix(facts);
    case 'tls.caFileParts':
      return l10n.t('Replace these parts of the file with certificates in PEM, or remove them; the others are used.');
    case 'tls.clientCertificate':
    case 'tls.rejected':
      return l10n.t('Ask the server administrator for an address that does not require a client certificate.');
    case 'tls.oldTls':
      return l10n.t('The server administrator has to enable TLS 1.2 or later.');
    case 'tls.http2Only':
      return l10n.t('The server administrator has to allow HTTP/1.1 as well.');
    case 'tls.wrongName':
      return l10n.t(
        'Check the URL of the instance. If it is right, the server or proxy administrator has to correct the certificate.',
      );
    case 'tls.notTls':
    case 'tls.otherProblem':
      return l10n.t('Check that the URL and port belong to an HTTPS server, and check the proxy.');
    case 'tls.verificationOff':
    case 'answer.unverified':
      return verificationFix([facts['settings'] ?? 'http.proxyStrictSSL'].flat().map(String));
    case 'answer.caFileRelative':
    case 'answer.caFileMissing':
    case 'answer.caFileUnreadable':
    case 'answer.caFileNotPem':
      return l10n.t('Correct {0} for the instance in the settings.', inQuotes('caFile'));
    case 'answer.proxyUnsupported':
      return isVariable(sourceOf(facts))
        ? l10n.t('Correct the environment variable {0}, then restart the editor.', sourceOf(facts))
        : l10n.t('Correct {0} in the settings.', inQuotes('http.proxy'));
    case 'answer.page':
      return l10n.t(
        'Open a web page in the browser and log in to the network if prompted; otherwise check the URL of the instance and the proxy. You stay signed in to ZeyOS.',
      );
    case 'answer.gateway':
    case 'answer.serverError':
      return l10n.t('Try again later, or ask the server administrator. You stay signed in.');
    case 'answer.busy':
      return l10n.t('Wait a minute, then try again. You stay signed in.');
    case 'answer.redirect':
    case 'answer.notZeyos':
      return l10n.t('Correct the URL of the instance in the settings.');
    case 'answer.refused':
      return l10n.t('Check the port in the URL of the instance, and whether the server is running.');
    case 'answer.late':
    case 'answer.cut':
      return l10n.t('Check your connection, the VPN and the proxy. You stay signed in.');
    case 'apis.methodMissing':
      return l10n.t('Change "signIn" for the instance in the settings.');
    case 'clock.ahead':
    case 'clock.behind':
      return verdict === 'good'
        ? undefined
        : l10n.t('Let this machine set its clock automatically; if the clock is right, tell the server administrator.');
    case 'session.expired':
    case 'session.revoked':
    case 'session.interrupted':
      return l10n.t('Sign in again.');
    case 'session.expiring':
      return l10n.t('Run "ZeyOS: Renew Token".');
    case 'session.lost':
      return l10n.t(
        'Sign in again. The editor deletes secrets that it cannot decrypt, for example after the keyring has changed. See {0}',
        KEYCHAIN_HELP,
      );
    default:
      return undefined;
  }
}

function sourceOf({ source, settings }: Facts): string {
  return String(source ?? [settings ?? []].flat()[0] ?? 'http.proxy');
}

/** A change of a variable needs a restart of the editor. */
function withRestart(advice: string, facts: Facts): string {
  const source = sourceOf(facts);
  return isVariable(source)
    ? `${advice} ${l10n.t('{0} is an environment variable: restart the editor afterwards.', source)}`
    : advice;
}

function authenticationFix(facts: Facts): string {
  const { schemes } = facts;
  if (Array.isArray(schemes) && !takesPassword(schemes as readonly string[])) return schemeFix(facts);
  const source = sourceOf(facts);
  return isVariable(source)
    ? l10n.t(
        'Put the user name and password into the URL in the environment variable {0}, then restart the editor.',
        source,
      )
    : l10n.t(
        'Put the user name and password into the URL in {0}. ({1} is used only for an instance with {2}.)',
        inQuotes('http.proxy'),
        inQuotes('http.proxyAuthorization'),
        inQuotes('caFile'),
      );
}

function schemeFix({ kerberos, exemptions = 'http.noProxy' }: Facts): string {
  const others = l10n.t(
    'Set {0} to a local proxy that authenticates with this one, or exempt the host in {1} if it can be reached without a proxy.',
    inQuotes('http.proxy'),
    inQuotes(String(exemptions)),
  );
  if (kerberos === undefined) return others;
  const own = l10n.t(
    'For an instance without {0}, the editor can use Kerberos: log in to your domain, and set {1} if the proxy has an unusual service principal.',
    inQuotes('caFile'),
    inQuotes('http.proxyKerberosServicePrincipal'),
  );
  return `${own} ${others}`;
}

function trustFix({ caFile, systemCertificates, unused }: Facts): string {
  if (caFile !== undefined)
    return l10n.t(
      "Add the authority's certificate to the file in {0}. Never turn off verification.",
      inQuotes('caFile'),
    );
  if (systemCertificates !== undefined)
    return l10n.t(
      'Turn on {0} so that the editor uses the system certificates, or set {1} for this instance to a file that contains the certificate. Never turn off verification.',
      inQuotes('http.systemCertificates'),
      inQuotes('caFile'),
    );
  const advice = l10n.t(
    "Have the authority's certificate installed on this machine; the editor uses the system certificates ({0}). Or set {1} for this instance to a file that contains it. Never turn off verification.",
    inQuotes('http.systemCertificates'),
    inQuotes('caFile'),
  );
  return unused === undefined
    ? advice
    : `${advice} ${l10n.t('The editor does not use the file in {0} here.', String(unused))}`;
}

function verificationFix(settings: readonly string[]): string {
  const variable = settings.find(isVariable);
  const file = l10n.t(
    'Or set {0} for this instance to a file with its certificate authority. Until then, no secrets are sent to it.',
    inQuotes('caFile'),
  );
  if (variable === undefined)
    return l10n.t(
      'Turn {0} back on, or set {1} for this instance to a file with its certificate authority. Until then, no secrets are sent to it.',
      inQuotes('http.proxyStrictSSL'),
      inQuotes('caFile'),
    );
  const removed = l10n.t(
    'Remove the environment variable {0} and restart the editor; if it is not set there, another extension sets it.',
    variable,
  );
  return settings.length === 1
    ? `${removed} ${file}`
    : `${l10n.t('Turn {0} back on.', inQuotes('http.proxyStrictSSL'))} ${removed} ${file}`;
}
