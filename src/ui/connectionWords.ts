import * as l10n from '@vscode/l10n';
import type { CodeOf } from '../diagnosis/finding';
import type { Fact } from './diagnosisWords';
import { inQuotes } from './words';

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
      return l10n.t('{0} could not be looked up within {1} seconds.', fact('host'), fact('seconds'));
    case 'dns.leftToProxy':
      return l10n.t('This machine cannot resolve {0}; that is left to the proxy.', fact('host'));
  }
}

export function proxyText(code: CodeOf<'proxy'>, fact: Fact): string {
  switch (code) {
    case 'proxy.none':
      return l10n.t('None: the editor connects directly ({0}).', `${inQuotes('http.proxySupport')}: ${inQuotes('off')}`);
    case 'proxy.system':
      return l10n.t('None is set in the editor or the environment. A proxy set in the system, or by its PAC file, is used automatically.');
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
    case 'proxy.invalid':
      return l10n.t('{0} is not the address of a proxy.', fact('source'));
    case 'proxy.unreachable':
      return l10n.t('{0}, from {1}, cannot be reached ({2}).', fact('proxy'), fact('source'), fact('error'));
    case 'proxy.authenticationRequired':
      return l10n.t('{0}, from {1}, requires authentication (407).', fact('proxy'), fact('source'));
    case 'proxy.malformed':
      return l10n.t('{0}, from {1}, does not respond like a proxy.', fact('proxy'), fact('source'));
    case 'proxy.refuses':
      return l10n.t('{0}, from {1}, refuses to connect to this host ({2}).', fact('proxy'), fact('source'), fact('status'));
  }
}

export function certificateText(code: CodeOf<'tls'>, fact: Fact, end: string): string {
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
    case 'tls.verificationOff':
      return l10n.t('The editor does not verify certificates ({0}).', `${inQuotes('http.proxyStrictSSL')}: false`);
  }
}
