import * as l10n from '@vscode/l10n';
import type { Page, TextStyle } from './textStyle';

/** Every secret in a check is masked. */
export interface Check {
  /** Epoch milliseconds. */
  readonly at: number;
  /** A sentence of the extension's own. */
  readonly result: string;
  readonly page: Page;
  /** As JSON. */
  readonly response?: string;
}

/** For each subject. */
export const LONGEST_HISTORY = 10;

/** Kept in memory only, by subject. */
export class CheckHistory {
  readonly #checks = new Map<string, readonly Check[]>();

  of(subject: string): readonly Check[] {
    return this.#checks.get(subject) ?? [];
  }

  add(subject: string, check: Check): void {
    this.#checks.set(subject, [check, ...this.of(subject)].slice(0, LONGEST_HISTORY));
  }
}

/** Includes seconds, because a user who looks for a cause checks several times a minute. */
export function checkMoment(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

/** Ends with a blank line; empty if there are no earlier checks. */
export function earlierChecksLines(
  earlier: readonly Pick<Check, 'at' | 'result'>[],
  { heading, item }: TextStyle,
  locale: string,
): readonly string[] {
  if (earlier.length === 0) return [];
  return [
    heading(2, l10n.t('Earlier checks in this window')),
    '',
    ...earlier.map(({ at, result }) => item(`${checkMoment(at, locale)} – ${result}`)),
    '',
  ];
}
