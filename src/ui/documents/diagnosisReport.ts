import * as l10n from '@vscode/l10n';
import type { Finding, FindingCode, Verdict } from '../../diagnosis/finding';
import { harmlessText } from '../../hiding/plainText';
import { earlierChecksLines, type Check } from './checkHistory';
import { fixFor } from './diagnosisFixes';
import { findingText, titleOf } from './diagnosisWords';
import { pageOf, type TextStyle } from './textStyle';
import type { InstanceInfo } from '../../session/model/instance';

interface ReportedFinding {
  readonly code: FindingCode;
  readonly verdict: Verdict;
  readonly text: string;
  readonly fix?: string;
}

/** Plain JSON, with host names and addresses, but no user name, path or secret. */
export interface DiagnosisReport {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly extension: string;
  readonly editor: string;
  readonly system: string;
  readonly findings: readonly ReportedFinding[];
  readonly instances: readonly (InstanceInfo & { readonly findings: readonly ReportedFinding[] })[];
}

export interface Findings {
  readonly at: number;
  readonly extension: string;
  readonly editor: string;
  readonly system: string;
  readonly ofEditor: readonly Finding[];
  readonly ofInstances: readonly (InstanceInfo & { readonly findings: readonly Finding[] })[];
}

export function diagnosisReport({ ofEditor, ofInstances, ...about }: Findings, locale: string): DiagnosisReport {
  const told = ({ code, verdict, facts }: Finding): ReportedFinding => {
    const fix = fixFor({ code, verdict, ...(facts && { facts }) }, plain);
    return {
      code,
      verdict,
      text: findingText({ code, verdict, ...(facts && { facts }) }, plain, locale),
      ...(fix !== undefined && { fix }),
    };
  };
  return {
    ...about,
    findings: ofEditor.map(told),
    instances: ofInstances.map(({ url, name, findings }) => ({ url, name, findings: findings.map(told) })),
  };
}

/** @param redact removes what a user should not publish */
export function diagnosisCheck(
  findings: Findings,
  locale: string,
  earlier: readonly Check[],
  redact: (text: string) => string,
): Check {
  return {
    at: findings.at,
    result: overallResult(findings),
    page: pageOf((style) => redact(diagnosisText(findings, locale, style, earlier))),
  };
}

function diagnosisText(
  { at, extension, editor, system, ofEditor, ofInstances }: Findings,
  locale: string,
  style: TextStyle,
  earlier: readonly Check[],
): string {
  const { heading, item, value } = style;
  const lines = (findings: readonly Finding[]): readonly string[] =>
    findings.flatMap((finding) => {
      const fix = fixFor(finding, value);
      return [
        item(
          `${mark(finding.verdict)} ${verdictText(finding.verdict)} – ${titleOf(finding)}: ${findingText(finding, value, locale)}`,
        ),
        ...(fix === undefined ? [] : [item(l10n.t('Fix: {0}', fix), 1)]),
      ];
    });
  return [
    heading(1, l10n.t('ZeyOS connection diagnosis')),
    '',
    style.strong(overallResult({ ofEditor, ofInstances })),
    '',
    ...(ofInstances.length > 0 ? [] : [l10n.t('Fix: {0}', l10n.t('Run "ZeyOS: Add Instance".')), '']),
    l10n.t(
      'This report contains host names and addresses so that others can help. It contains no user names, passwords or tokens, and none were sent to create it.',
    ),
    '',
    item(`ZeyOS Authentication ${extension}, ${value(editor)}, ${system}`),
    item(new Date(at).toISOString()),
    '',
    heading(2, `${mark(worst(ofEditor))} ${l10n.t('This editor')}`),
    '',
    ...lines(ofEditor),
    ...ofInstances.flatMap(({ url, name, findings }) => [
      '',
      heading(2, `${mark(worst(findings))} ${value(name)} – ${style.address(url)}`),
      '',
      ...lines(findings),
    ]),
    '',
    ...earlierChecksLines(earlier, style, locale),
  ].join('\n');
}

export function overallResult({ ofEditor, ofInstances }: Pick<Findings, 'ofEditor' | 'ofInstances'>): string {
  const findings = [...ofEditor, ...ofInstances.flatMap((instance) => instance.findings)];
  const count = (verdict: Verdict): number => findings.filter((finding) => finding.verdict === verdict).length;
  const [problems, warnings] = [count('bad'), count('warning')];
  if (ofInstances.length > 0) return summary(problems, warnings);
  const none = l10n.t('No ZeyOS instance is configured.');
  return problems + warnings === 0 ? none : `${none} ${l10n.t('Problems: {0}. Warnings: {1}.', problems, warnings)}`;
}

function summary(problems: number, warnings: number): string {
  if (problems + warnings === 0) return l10n.t('No problems found.');
  if (problems === 0) return l10n.t('No problems found. Warnings: {0}.', warnings);
  return warnings === 0
    ? l10n.t('Problems: {0}.', problems)
    : l10n.t('Problems: {0}. Warnings: {1}.', problems, warnings);
}

function worst(findings: readonly Finding[]): Verdict {
  return (
    (['bad', 'warning', 'good'] as const).find((verdict) => findings.some((finding) => finding.verdict === verdict)) ??
    'unknown'
  );
}

function verdictText(verdict: Verdict): string {
  switch (verdict) {
    case 'good':
      return l10n.t('Good');
    case 'warning':
      return l10n.t('Warning');
    case 'bad':
      return l10n.t('Problem');
    case 'unknown':
      return l10n.t('Unknown');
  }
}

function mark(verdict: Verdict): string {
  return { good: '✓', warning: '⚠', bad: '✗', unknown: '?' }[verdict];
}

function plain(text: string): string {
  return harmlessText(text) ?? '…';
}
