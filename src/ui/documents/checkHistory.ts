import * as l10n from '@vscode/l10n';
import type { Page, TextStyle } from './textStyle';

/** The result of a check, with every secret masked. */
export interface Check {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The result in a sentence of the extension's own. */
  readonly result: string;
  readonly page: Page;
  /** The server's answer as JSON, with every secret masked. */
  readonly response?: string;
}

/** The number of checks that are kept for each subject. */
export const LONGEST_HISTORY = 10;

/** The latest checks of this window, by subject. They are kept in memory only. */
export class CheckHistory {
  readonly #checks = new Map<string, readonly Check[]>();

  of(subject: string): readonly Check[] {
    return this.#checks.get(subject) ?? [];
  }

  add(subject: string, check: Check): void {
    this.#checks.set(subject, [check, ...this.of(subject)].slice(0, LONGEST_HISTORY));
  }
}

/** Writes the time of a check with its seconds, because a user who looks for a cause checks several times a minute. */
export function checkMoment(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

/** The section of a document that lists earlier checks, with a blank line after it; empty if there are none. */
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
