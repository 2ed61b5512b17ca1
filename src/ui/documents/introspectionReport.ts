import * as l10n from '@vscode/l10n';
import { refreshTokenOf } from '../../session/model/grant';
import type { StoredAccount } from '../../session/model/session';
import type { Introspection } from '../../session/tokens/tokens';
import { concealing } from '../../zeyos/conceal';
import { parseJsonObject } from '../../base/json';
import type { UserInfoResponse } from '../../zeyos/messages';
import { durationText } from '../../dialog/duration';
import { earlierChecksLines, type Check } from './checkHistory';
import { MARKDOWN, pageOf, type TextStyle } from './textStyle';
import { maskToken, momentText, spanText } from '../words/words';

/** Members that hold secrets by their name, wherever they stand in an answer; of a token, a part tells it from another. */
const SECRET_MEMBER = /secret|password|^otp$|^code(_verifier)?$/i;
const TOKEN_MEMBER = /token$/i;
/** How much of the server's answer the document shows, in characters. */
const LONGEST_ANSWER = 20_000;
/** How much of it is shown beside the document, in characters. */
const LONGEST_RESPONSE = 1_000_000;
/** How many levels of the server's answer are shown. */
const DEEPEST_ANSWER = 20;

/** One introspection, for its documents. */
export interface IntrospectionFindings {
  readonly stored: StoredAccount;
  readonly introspection: Introspection;
  /** What must not be seen in a document, even if the server quotes it. */
  readonly secrets: readonly string[];
  readonly locale: string;
}

/** What the server said about a token, as a check to show and to keep; no secret is in it. */
export function introspectionCheck(findings: IntrospectionFindings, earlier: readonly Check[]): Check {
  const { answer, token } = findings.introspection;
  const conceal = concealing([token.value, ...findings.secrets]);
  return {
    at: answer.receivedAt,
    result: verdictText(answer.value.active),
    page: pageOf((style) => introspectionText(findings, style, earlier)),
    response: maskedAnswer(answer.body, conceal, LONGEST_RESPONSE),
  };
}

/** The document of an introspection in Markdown. */
export function introspectionMarkdown(
  stored: StoredAccount,
  introspection: Introspection,
  secrets: readonly string[],
  locale: string,
): string {
  return introspectionText({ stored, introspection, secrets, locale }, MARKDOWN, []);
}

function introspectionText(
  { stored, introspection, secrets, locale }: IntrospectionFindings,
  style: TextStyle,
  earlier: readonly Check[],
): string {
  const { answer, token, expiresAt } = introspection;
  const { value, receivedAt, clockSkewMs } = answer;
  const refreshToken = refreshTokenOf(stored.session);
  const conceal = concealing([token.value, ...secrets]);
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
    // What is no longer active has no expiry worth telling.
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
    style.json(maskedAnswer(answer.body, conceal, LONGEST_ANSWER)),
    '',
  ].join('\n');
}

function verdictText(isActive: boolean): string {
  return isActive
    ? l10n.t('Active: the server accepts this token.')
    : l10n.t('Inactive: the server no longer accepts this token. Sign in again.');
}

/** OpenID Connect's claims, as far as a person wants to know them. */
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

function maskedAnswer(body: string, conceal: (text: string) => string, length: number): string {
  // Where a secret of digits stood as a number, what conceals it stands outside of any quotation marks.
  const json = parseJsonObject(
    body.replace(/"(?:[^"\\]|\\.)*"|[-+.\w…]+/g, (part) =>
      part.includes('…') && !part.startsWith('"') ? '"…"' : part,
    ),
  );
  const text = json ? JSON.stringify(masked(json, conceal), undefined, 2) : conceal(body);
  // Control and bidirectional characters would change what is read.
  return text.replace(/[^\P{Cc}\n]|[\p{Cf}]/gu, ' ').slice(0, length) || l10n.t('(empty)');
}

/** Secrets are looked for in what was read, however it was written: JSON has several ways to write a letter. */
function masked(value: unknown, conceal: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return conceal(value);
  if (typeof value === 'number') return isTold(value, conceal) ? value : '…';
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST_ANSWER) return '…';
  if (Array.isArray(value)) return value.map((member) => masked(member, conceal, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (SECRET_MEMBER.test(name)) return [conceal(name), '…'];
      if (TOKEN_MEMBER.test(name))
        return [conceal(name), typeof member === 'string' ? maskToken(conceal(member)) : '…'];
      return [conceal(name), masked(member, conceal, depth + 1)];
    }),
  );
}

/** A secret of digits may be written as a number; of a number that is too large, reading has changed the last digits only. */
function isTold(value: number, conceal: (text: string) => string): boolean {
  const digits = String(value);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && conceal(digits) === digits;
}
