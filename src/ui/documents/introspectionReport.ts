import * as l10n from '@vscode/l10n';
import { refreshTokenOf } from '../../session/model/grant';
import type { StoredAccount } from '../../session/model/session';
import type { Introspection } from '../../session/tokens/accountTokens';
import { concealSecrets } from '../../hiding/concealment';
import { maskAnswer } from '../../hiding/answerMask';
import { maskToken } from '../../hiding/tokenMask';
import type { UserInfoResponse } from '../../zeyos/messages';
import { durationText } from '../../dialog/duration';
import { earlierChecksLines, type Check } from './checkHistory';
import { pageOf, type TextStyle } from './textStyle';
import { momentText, spanText } from '../words/words';

/** How much of the answer the document shows, in characters. */
const LONGEST_ANSWER = 20_000;
/** How much of the raw response is shown, in characters. */
const LONGEST_RESPONSE = 1_000_000;
interface IntrospectionFindings {
  readonly stored: StoredAccount;
  readonly introspection: Introspection;
  /** Hidden even if the server quotes them. */
  readonly secrets: readonly string[];
  readonly locale: string;
}

/** Every secret is masked. */
export function introspectionCheck(findings: IntrospectionFindings, earlier: readonly Check[]): Check {
  const { answer, token } = findings.introspection;
  const conceal = concealSecrets([token.value, ...findings.secrets]);
  return {
    at: answer.receivedAt,
    result: verdictText(answer.value.active),
    page: pageOf((style) => introspectionText(findings, style, earlier)),
    response: maskAnswer(answer.body, conceal, LONGEST_RESPONSE) || l10n.t('(empty)'),
  };
}

function introspectionText(
  { stored, introspection, secrets, locale }: IntrospectionFindings,
  style: TextStyle,
  earlier: readonly Check[],
): string {
  const { answer, token, expiresAt } = introspection;
  const { value, receivedAt, clockSkewMs } = answer;
  const refreshToken = refreshTokenOf(stored.session);
  const conceal = concealSecrets([token.value, ...secrets]);
  const shown = (text: string): string => style.value(conceal(text));
  const unknown = l10n.t('not reported');
  const orUnknown = (text: string | undefined): string => (text === undefined ? unknown : shown(text));
  const lines: readonly (readonly [string, string])[] = [
    [l10n.t('Instance'), style.address(stored.platform.href)],
    [l10n.t('Account'), shown(stored.account.userName)],
    ...(value.active
      ? ([
          [
            l10n.t('User'),
            [orUnknown(value.username), ...(value.sub === undefined ? [] : [`(sub ${shown(value.sub)})`])].join(' '),
          ],
          ...(value.userInfo ? claimLines(value.userInfo, shown) : []),
          [l10n.t('Client'), orUnknown(value.client_id)],
          [l10n.t('Issued'), value.iat === undefined ? unknown : momentText(value.iat * 1000 - clockSkewMs, locale)],
        ] as const)
      : []),
    // The server's expiry of an inactive token means nothing.
    ...(value.active ? [[l10n.t('Expires'), expiryText(expiresAt, receivedAt, locale)] as const] : []),
    [l10n.t('Token'), maskToken(token.value)],
    ...(refreshToken
      ? [
          [
            l10n.t('Renewable until'),
            refreshToken.expiresAt === undefined ? unknown : momentText(refreshToken.expiresAt, locale),
          ] as const,
        ]
      : []),
    [l10n.t('Server clock'), skewText(clockSkewMs)],
    [l10n.t('Checked'), momentText(receivedAt, locale)],
  ];
  return [
    style.heading(1, l10n.t('ZeyOS token introspection')),
    '',
    style.strong(verdictText(value.active)),
    '',
    ...lines.map(([name, text]) => style.item(`${name}: ${text}`)),
    '',
    ...earlierChecksLines(earlier, style, locale),
    style.heading(2, l10n.t('Server response')),
    '',
    style.json(maskAnswer(answer.body, conceal, LONGEST_ANSWER) || l10n.t('(empty)')),
    '',
  ].join('\n');
}

function verdictText(isActive: boolean): string {
  return isActive
    ? l10n.t('Active: the server accepts this token.')
    : l10n.t('Inactive: the server no longer accepts this token. Sign in again.');
}

function claimLines(
  { name, email, groups }: UserInfoResponse,
  shown: (text: string) => string,
): readonly (readonly [string, string])[] {
  return [
    ...(name === undefined ? [] : [[l10n.t('Name'), shown(name)] as const]),
    ...(email === undefined ? [] : [[l10n.t('Email'), shown(email)] as const]),
    ...(groups.length === 0 ? [] : [[l10n.t('Groups'), shown(groups.join(', '))] as const]),
  ];
}

function expiryText(expiresAt: number | undefined, now: number, locale: string): string {
  if (expiresAt === undefined) return l10n.t('unknown: not reported by the server');
  const moment = momentText(expiresAt, locale);
  return expiresAt > now
    ? l10n.t('{0}, in {1}', moment, spanText(expiresAt - now))
    : l10n.t('{0}, {1} ago', moment, spanText(now - expiresAt));
}

function skewText(skewMs: number): string {
  if (skewMs === 0) return l10n.t('in sync with this machine');
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const span = seconds < 60 ? durationText(seconds, 'second', 'short') : spanText(Math.abs(skewMs));
  return skewMs > 0 ? l10n.t('{0} ahead of this machine', span) : l10n.t('{0} behind this machine', span);
}
