import * as l10n from '@vscode/l10n';
import type { CodeOf, Facts, Finding, FindingCode, FindingPart } from '../../diagnosis/finding';
import { answerText, clockText, apisText } from './serverWords';
import { certificateText, dnsText, proxyText } from './connectionWords';
import { machineText } from './machineWords';
import { durationText } from '../../dialog/duration';
import { plural } from '../../dialog/plural';
import { momentText, spanText } from '../words/words';

/** Escapes the fact for the place of the sentence. */
export type Fact = (name: string) => string;

export function titleOf({ code }: Finding): string {
  const titles: Readonly<Record<FindingPart, string>> = {
    machine: l10n.t('Machine'),
    secretStorage: l10n.t('Secret storage'),
    dns: l10n.t('Host name'),
    proxy: l10n.t('Proxy'),
    tls: l10n.t('Certificate'),
    answer: l10n.t('Response'),
    apis: l10n.t('Sign-in methods'),
    clock: l10n.t('Clock'),
    session: l10n.t('Session'),
  };
  return titles[code.split('.')[0] as FindingPart];
}

/** @param shown escapes an untrusted text for the place of the sentence */
export function findingText({ code, facts = {} }: Finding, shown: (text: string) => string, locale: string): string {
  const fact = (name: string): string =>
    name === 'seconds' ? secondsText(Number(facts[name])) : shown([facts[name] ?? '?'].flat().join(', '));
  if (isAbout('machine', code)) return machineText(code, fact);
  if (isAbout('secretStorage', code)) return secretStorageText(code, facts, fact);
  if (isAbout('dns', code)) return dnsText(code, fact);
  if (isAbout('proxy', code)) return proxyText(code, fact);
  if (isAbout('tls', code))
    return certificateText(
      code,
      facts,
      fact,
      typeof facts['validTo'] === 'number' ? momentText(facts['validTo'], locale) : '?',
    );
  if (isAbout('answer', code)) return answerText(code, fact);
  if (isAbout('apis', code)) return apisText(code, facts, fact);
  return isAbout('clock', code) ? clockText(code, fact) : sessionText(code, facts, fact);
}

function secondsText(seconds: number): string {
  return seconds < 60 ? durationText(seconds, 'second', 'long') : spanText(seconds * 1000);
}

function isAbout<P extends FindingPart>(part: P, code: FindingCode): code is CodeOf<P> {
  return code.startsWith(`${part}.`);
}

function secretStorageText(code: CodeOf<'secretStorage'>, { starts }: Facts, fact: Fact): string {
  switch (code) {
    case 'secretStorage.works':
      return l10n.t(
        'Writing, reading and deleting work. Whether secrets survive an editor restart will be known after the next one.',
      );
    case 'secretStorage.persists':
      return l10n.t('Writing, reading and deleting work, and secrets survived the last editor restart.');
    case 'secretStorage.forgets':
      return plural(Number(starts), {
        one: l10n.t('It works, but was empty after the last editor start: secrets are kept in memory only.'),
        other: l10n.t(
          'It works, but was empty after each of the last {0} editor starts: secrets are kept in memory only.',
          Number(starts),
        ),
      });
    case 'secretStorage.lostOnce':
      return l10n.t(
        'It works, but the secrets it held before the editor started are gone: they were kept in memory only, or the editor could not decrypt them and deleted them.',
      );
    case 'secretStorage.keepsNothing':
      return l10n.t('It accepts secrets but does not keep them, so you cannot stay signed in.');
    case 'secretStorage.fails':
      return l10n.t('It does not work ({0}), so you cannot stay signed in.', fact('error'));
    case 'secretStorage.late':
      return l10n.t('It did not respond within {0}.', fact('seconds'));
  }
}

function sessionText(code: CodeOf<'session'>, { account, leftMs }: Facts, fact: Fact): string {
  if (code === 'session.unsaved')
    return l10n.t(
      'Accounts with changes that are not saved yet: {0}. They are lost if this window closes first; saving is retried automatically.',
      fact('count'),
    );
  if (code === 'session.pendingRevocations')
    return l10n.t('Tokens still to be revoked on the server: {0}. This is retried automatically.', fact('count'));
  const state = sessionStateText(code, typeof leftMs === 'number' ? spanText(leftMs) : undefined);
  return account === undefined ? state : l10n.t('Account {0}: {1}', fact('account'), state);
}

function sessionStateText(
  code: Exclude<CodeOf<'session'>, 'session.unsaved' | 'session.pendingRevocations'>,
  left: string | undefined,
): string {
  switch (code) {
    case 'session.none':
      return l10n.t('Not signed in.');
    case 'session.good':
    case 'session.expiring':
      return left === undefined ? l10n.t('Signed in.') : l10n.t('Signed in, {0} left.', left);
    case 'session.expired':
      return l10n.t('Expired.');
    case 'session.revoked':
      return l10n.t('Ended by the server.');
    case 'session.interrupted':
      return l10n.t('Ended because a renewal was interrupted.');
    case 'session.lost':
      return l10n.t('Its credentials are gone from the secret storage, although you did not sign out.');
  }
}
