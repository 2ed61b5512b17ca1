import { existsSync, readFileSync } from 'node:fs';
import type { Outcome } from '../mocha';

/** Environment variables by which a suite that runs in an editor is told what to do. */
export const variables = { results: 'VSCODE_TEST_RESULTS', grep: 'VSCODE_TEST_GREP' } as const;

export interface SuiteResult extends Outcome {
  /** What the suite reported, and if it did not end well, what is known about why. */
  readonly log: string;
}

/** How the editor that ran the suite ended. */
export interface Ending {
  readonly complaint?: string | undefined;
  /** The last of what it logged as an error; some of that is always there. */
  readonly errors?: readonly string[];
}

/**
 * Judges a run by what the suite wrote at its end. The editor's own word is not enough: it says that
 * all is well when the extension host died in the middle.
 */
export function judge(resultsFile: string, { complaint, errors = [] }: Ending): SuiteResult {
  const report = existsSync(reportOf(resultsFile)) ? readFileSync(reportOf(resultsFile), 'utf8') : '';
  const outcome = existsSync(resultsFile) ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as Outcome) : noOutcome;
  if (outcome !== noOutcome && (outcome.failures > 0 || complaint === undefined)) return { ...outcome, log: report };
  const failureTitles = [...outcome.failureTitles, complaint ?? 'The extension host died.'];
  return { ...outcome, failures: 1, failureTitles, log: [report, ...firstLines(errors), ...failureTitles].join('\n') };
}

const noOutcome: Outcome = {
  passes: 0,
  failures: 0,
  pending: 0,
  failureTitles: ['The suite did not reach its end.'],
  pendingTitles: [],
};

/** The reporter's text stands beside the results. */
export const reportOf = (resultsFile: string): string => `${resultsFile}.log`;

const firstLines = (errors: readonly string[]): string[] =>
  errors.slice(-20).map((error) => error.split('\n', 1)[0] ?? '');
