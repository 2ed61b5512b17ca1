import * as l10n from '@vscode/l10n';
import type { Facts, Finding } from '../diagnosis/finding';
import { momentText, spanText } from './words';

/** What was looked at, in the user's language. */
export function titleOf({ code }: Finding): string {
  switch (code.split('.')[0]) {
    case 'secretStorage':
      return l10n.t('Secret storage');
    case 'dns':
      return l10n.t('Host name');
    case 'proxy':
      return l10n.t('Proxy');
    case 'tls':
      return l10n.t('Certificate');
    case 'answer':
      return l10n.t('Answer');
    case 'surfaces':
      return l10n.t('Ways to sign in');
    case 'clock':
      return l10n.t('Clock');
    default:
      return l10n.t('Session');
  }
}

/**
 * What was found, in the user's language.
 * @param shown makes an untrusted text fit for where the sentence goes
 */
export function findingText({ code, facts = {} }: Finding, shown: (text: string) => string, locale: string): string {
  const fact = (name: string): string => shown(String(facts[name] ?? '?'));
  switch (code) {
    case 'secretStorage.works':
      return l10n.t('It writes, reads and deletes. Whether it outlives a restart of the editor shows after the next one.');
    case 'secretStorage.persists':
      return l10n.t('It writes, reads and deletes, and has kept what was in it before the editor was started.');
    case 'secretStorage.forgets':
      return l10n.t('It works, but was empty after each of the last {0} starts of the editor: secrets are kept in memory only.', fact('starts'));
    case 'secretStorage.lostOnce':
      return l10n.t('It works, but what was in it before the editor was started is gone: it was kept in memory only, or the editor could not decrypt it and deleted it.');
    case 'secretStorage.fails':
      return l10n.t('It does not work ({0}): no sign-in can be kept.', fact('error'));
    case 'secretStorage.late':
      return l10n.t('It did not answer within {0} seconds.', fact('seconds'));
    case 'dns.found':
      return l10n.t('{0} is {1}.', fact('host'), fact('addresses'));
    case 'dns.literal':
      return l10n.t('{0} is an address: there is no name to look up.', fact('host'));
    case 'dns.notFound':
      return l10n.t('There is no host {0}.', fact('host'));
    case 'dns.unavailable':
      return l10n.t('{0} could not be looked up ({1}).', fact('host'), fact('error'));
    case 'dns.late':
      return l10n.t('{0} could not be looked up within {1} seconds.', fact('host'), fact('seconds'));
    case 'dns.leftToProxy':
      return l10n.t('This machine does not know {0}; looking it up is left to the proxy.', fact('host'));
    case 'proxy.none':
      return l10n.t('None: the editor connects directly, as {0} says.', '"http.proxySupport": "off"');
    case 'proxy.system':
      return l10n.t('None is set in the editor or the environment. One that is set in the system, or by its PAC file, is used by itself.');
    case 'proxy.loopback':
      return l10n.t('None: the server is on this machine.');
    case 'proxy.bypassed':
      return l10n.t('None: {0} exempts this host, by {1}.', fact('source'), fact('entry'));
    case 'proxy.used':
      return l10n.t('{0}, from {1}. It can be reached.', fact('proxy'), fact('source'));
    case 'proxy.off':
      return l10n.t('{0} names one, but {1} keeps the editor from using it.', fact('source'), '"http.proxySupport": "off"');
    case 'proxy.invalid':
      return l10n.t('{0} is not the address of a proxy.', fact('source'));
    case 'proxy.unreachable':
      return l10n.t('{0}, from {1}, cannot be reached ({2}).', fact('proxy'), fact('source'), fact('error'));
    case 'proxy.authenticationRequired':
      return l10n.t('{0}, from {1}, wants you to authenticate (407).', fact('proxy'), fact('source'));
    case 'proxy.refuses':
      return l10n.t('{0}, from {1}, does not connect to this host ({2}).', fact('proxy'), fact('source'), fact('status'));
    case 'tls.notUsed':
      return l10n.t('None is needed: the server is on this machine.');
    case 'tls.good':
      return l10n.t('Trusted. Issued by {0}, valid until {1}.', fact('issuer'), endText(facts, locale));
    case 'tls.unseen':
      return l10n.t('It could not be looked at from here.');
    case 'tls.expiresSoon':
      return l10n.t('Trusted, but only until {1}. Issued by {0}.', fact('issuer'), endText(facts, locale));
    case 'tls.expired':
      return l10n.t('Expired on {0} ({1}). Issued by {2}.', endText(facts, locale), fact('error'), fact('issuer'));
    case 'tls.notYetValid':
      return l10n.t('Not valid yet ({0}). Issued by {1}.', fact('error'), fact('issuer'));
    case 'tls.selfSigned':
      return l10n.t('Not trusted: the server has signed it itself ({0}).', fact('error'));
    case 'tls.unknownAuthority':
      return l10n.t('Not trusted: its authority {0} is not known on this machine, or the server does not send the whole chain ({1}).', fact('issuer'), fact('error'));
    case 'tls.wrongName':
      return l10n.t('It belongs to another host, {0} ({1}).', fact('subject'), fact('error'));
    case 'tls.otherProblem':
      return l10n.t('No secure connection comes about ({0}).', fact('error'));
    case 'tls.verificationOff':
      return l10n.t('The editor does not check certificates: {0}.', '"http.proxyStrictSSL": false');
    default:
      return laterFindingText(code, facts, fact);
  }
}

/** Those that begin where the connection stands. */
function laterFindingText(code: Exclude<Finding['code'], `${'secretStorage' | 'dns' | 'proxy' | 'tls'}.${string}`>, facts: Facts, fact: (name: string) => string): string {
  const span = spanText(Number(facts['leftMs'] ?? 0));
  switch (code) {
    case 'answer.zeyos':
      return l10n.t('ZeyOS answers.');
    case 'answer.page':
      return l10n.t('A web page answers where ZeyOS should ({0}): the login page of a network, or a proxy.', fact('status'));
    case 'answer.gateway':
      return l10n.t('A proxy or gateway answers with an error page ({0}): it does not get through to ZeyOS.', fact('status'));
    case 'answer.serverError':
      return l10n.t('The server has a problem of its own ({0}).', fact('status'));
    case 'answer.busy':
      return l10n.t('The server gets too many requests.');
    case 'answer.proxyAuthentication':
      return l10n.t('A proxy on the way wants you to authenticate (407).');
    case 'answer.redirect':
      return l10n.t('The address redirects to {0} ({1}), which is never followed.', fact('host'), fact('status'));
    case 'answer.notZeyos':
      return l10n.t('A server answers ({0}), but there is no ZeyOS authentication API at this address.', fact('status'));
    case 'answer.unknownHost':
      return l10n.t('None: the host was not found.');
    case 'answer.refused':
      return l10n.t('None: the connection was refused.');
    case 'answer.late':
      return l10n.t('None within {0} seconds.', fact('seconds'));
    case 'answer.certificate':
      return l10n.t('None was asked for: the certificate is not trusted ({0}).', fact('error'));
    case 'answer.settings':
      return l10n.t('None was asked for: the settings do not let anything be sent ({0}).', fact('problem'));
    case 'answer.cut':
      return l10n.t('None: there is no connection, or it was cut ({0}).', fact('error'));
    case 'surfaces.offered':
      return 'unclear' in facts ? l10n.t('{0}; no clear answer from {1}.', surfacesText(facts['surfaces']), surfacesText(facts['unclear'])) : `${surfacesText(facts['surfaces'])}.`;
    case 'surfaces.methodMissing':
      return l10n.t('{0}. The way that the setting names is not among them: {1}.', surfacesText(facts['surfaces']), fact('method'));
    case 'surfaces.unknown':
    case 'clock.unknown':
      return l10n.t('Not known, as ZeyOS did not answer.');
    case 'clock.inStep':
      return l10n.t('The server\'s is in step with this machine\'s.');
    case 'clock.ahead':
      return l10n.t('The server\'s is {0} seconds ahead of this machine\'s.', fact('seconds'));
    case 'clock.behind':
      return l10n.t('The server\'s is {0} seconds behind this machine\'s.', fact('seconds'));
    case 'session.pendingRevocations':
      return l10n.t('{0} tokens are still to be revoked at the server, which is tried again by itself.', fact('count'));
    case 'session.none':
      return l10n.t('Nobody is signed in.');
    default: {
      const state = sessionText(code, 'leftMs' in facts ? span : undefined);
      return 'account' in facts ? l10n.t('Account {0}: {1}', fact('account'), state) : state;
    }
  }
}

function sessionText(code: `session.${'good' | 'expiring' | 'expired' | 'revoked' | 'interrupted' | 'lost'}`, span: string | undefined): string {
  switch (code) {
    case 'session.good':
    case 'session.expiring':
      return span === undefined ? l10n.t('Signed in.') : l10n.t('Signed in, {0} left.', span);
    case 'session.expired':
      return l10n.t('It has expired.');
    case 'session.revoked':
      return l10n.t('The server has ended it.');
    case 'session.interrupted':
      return l10n.t('It has ended, as a renewal was interrupted.');
    case 'session.lost':
      return l10n.t('Its secret is gone from the secret storage, though nobody signed out.');
  }
}

function surfacesText(surfaces: string | number | undefined): string {
  const names: Readonly<Record<string, string>> = { authV1: l10n.t('user name and password'), oauth2: l10n.t('browser (OAuth 2.0)'), legacy: l10n.t('legacy login') };
  return String(surfaces ?? '').split(', ').map((surface) => names[surface] ?? surface).join(', ');
}

function endText({ validTo }: Facts, locale: string): string {
  return typeof validTo === 'number' ? momentText(validTo, locale) : '?';
}
