import * as l10n from '@vscode/l10n';
import type { CodeOf, Facts } from '../../diagnosis/finding';
import type { UnusableReason } from '../../zeyos/transport/certificateFile';
import { unusableText } from '../../dialog/failure/certificateWords';
import type { Fact } from './diagnosisWords';
import { inQuotes } from '../words/words';

export function dnsText(code: CodeOf<'dns'>, fact: Fact): string {
  switch (code) {
    case 'dns.found':
      return l10n.t('{0} resolves to {1}.', fact('host'), fact('addresses'));
    case 'dns.literal':
      return l10n.t('{0} is an IP address, so there is no name to look up.', fact('host'));
    case 'dns.notFound':
      return l10n.t('There is no host named {0}.', fact('host'));
    case 'dns.unavailable':
      return l10n.t('{0} could not be looked up ({1}).', fact('host'), fact('error'));
    case 'dns.late':
      return l10n.t('{0} could not be looked up within {1}.', fact('host'), fact('seconds'));
    case 'dns.leftToProxy':
      return l10n.t('This machine cannot resolve {0}; that is left to the proxy.', fact('host'));
  }
}

export function proxyText(code: CodeOf<'proxy'>, fact: Fact): string {
  switch (code) {
    case 'proxy.none':
      return l10n.t(
        'None: the editor connects directly ({0}).',
        `${inQuotes('http.proxySupport')}: ${inQuotes('off')}`,
      );
    case 'proxy.system':
      return l10n.t(
        'None is set in the editor or the environment. A proxy set in the system, or by its PAC file, is used automatically.',
      );
    case 'proxy.loopback':
      return l10n.t('None: the server is on this machine.');
    case 'proxy.bypassed':
      return l10n.t('None: {0} exempts this host ({1}).', fact('source'), fact('entry'));
    case 'proxy.used':
      return l10n.t('{0}, from {1}, can be reached.', fact('proxy'), fact('source'));
    case 'proxy.clearText':
      return l10n.t(
        '{0}, from {1}, could read what is sent to an HTTP address, so no password or token is sent.',
        fact('proxy'),
        fact('source'),
      );
    case 'proxy.off':
      return l10n.t(
        '{0} specifies one, but {1} keeps the editor from using it.',
        fact('source'),
        `${inQuotes('http.proxySupport')}: ${inQuotes('off')}`,
      );
    case 'proxy.unused':
      return l10n.t('{0} specifies one, but the editor does not use this variable.', fact('source'));
    case 'proxy.invalid':
      return invalidProxyText(fact);
    case 'proxy.unreachable':
      return l10n.t('{0}, from {1}, cannot be reached ({2}).', fact('proxy'), fact('source'), fact('error'));
    case 'proxy.authenticationRequired':
      return l10n.t('{0}, from {1}, requires authentication (407).', fact('proxy'), fact('source'));
    case 'proxy.schemeUnsupported':
      return l10n.t(
        '{0}, from {1}, requires authentication (407), but accepts only {2}: the editor cannot send it a password.',
        fact('proxy'),
        fact('source'),
        fact('schemes'),
      );
    case 'proxy.malformed':
      return l10n.t('{0}, from {1}, does not respond like a proxy.', fact('proxy'), fact('source'));
    case 'proxy.refuses':
      return l10n.t(
        '{0}, from {1}, refuses to connect to this host ({2}).',
        fact('proxy'),
        fact('source'),
        fact('status'),
      );
  }
}

function invalidProxyText(fact: Fact): string {
  // `fact` may put marks around a text, so `includes` compares it.
  if (fact('fault').includes('credentials'))
    return l10n.t('{0} has a user name or password with characters that must be percent-encoded.', fact('source'));
  return fact('fault').includes('noScheme')
    ? l10n.t(
        '{0} is not the address of a proxy, as it does not begin with http:// or https://, so the editor ignores it.',
        fact('source'),
      )
    : l10n.t('{0} is not the address of a proxy.', fact('source'));
}

export function certificateText(code: CodeOf<'tls'>, facts: Facts, fact: Fact, end: string): string {
  switch (code) {
    case 'tls.notUsed':
      return l10n.t('None is needed: the server is on this machine.');
    case 'tls.good':
      return l10n.t('Trusted. Issued by {0}, valid until {1}.', fact('issuer'), end);
    case 'tls.trusted':
      return l10n.t('Trusted. Its details could not be read from here.');
    case 'tls.unseen':
      return l10n.t('It could not be inspected from here.');
    case 'tls.expiresSoon':
      return l10n.t('Trusted, but only until {1}. Issued by {0}.', fact('issuer'), end);
    case 'tls.expired':
      return l10n.t('Expired on {0} ({1}). Issued by {2}.', end, fact('error'), fact('issuer'));
    case 'tls.notYetValid':
      return l10n.t('Not valid yet ({0}). Issued by {1}.', fact('error'), fact('issuer'));
    case 'tls.selfSigned':
      return l10n.t('Not trusted: it is self-signed ({0}).', fact('error'));
    case 'tls.unknownAuthority':
      return l10n.t(
        'Not trusted: its authority {0} is not known on this machine, or the server does not send the whole chain ({1}).',
        fact('issuer'),
        fact('error'),
      );
    case 'tls.wrongName':
      return l10n.t('It belongs to another host, {0} ({1}).', fact('subject'), fact('error'));
    case 'tls.otherProblem':
      return l10n.t('No secure connection could be established ({0}).', fact('error'));
    case 'tls.clientCertificate':
      return l10n.t('The server requires a client certificate ({0}), which is not supported.', fact('error'));
    case 'tls.rejected':
      return l10n.t(
        'The server refused the secure connection ({0}): it probably requires a client certificate, which is not supported, or offers only outdated encryption.',
        fact('error'),
      );
    case 'tls.oldTls':
      return l10n.t('The server offers only an outdated version of TLS ({0}).', fact('error'));
    case 'tls.http2Only':
      return l10n.t('The server speaks only HTTP/2 ({0}), which is not supported.', fact('error'));
    case 'tls.notTls':
      return l10n.t('The server does not use HTTPS on this port ({0}).', fact('error'));
    case 'tls.caFileParts':
      return l10n.t('Parts of {0} cannot be used: {1}.', inQuotes('caFile'), unusableText(partsOf(facts)));
    case 'tls.verificationOff': {
      const settings = [facts['settings'] ?? 'http.proxyStrictSSL'].flat();
      const shown = settings.map((name) => (name === 'http.proxyStrictSSL' ? `${inQuotes(name)}: false` : `${name}=0`));
      return l10n.t('The editor does not verify certificates ({0}).', shown.join(', '));
    }
  }
}

/** The facts of a finding have one list for each property. */
function partsOf({ positions, lines, reasons }: Facts) {
  const list = (fact: Facts[string] | undefined): readonly (string | number)[] => [fact ?? []].flat();
  return list(positions).map((position, index) => ({
    position: Number(position),
    line: Number(list(lines)[index]),
    reason: list(reasons)[index] as UnusableReason,
  }));
}
