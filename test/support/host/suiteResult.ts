import { existsSync, readFileSync } from 'node:fs';
import type { Outcome } from '../mocha';

/** Environment variables that configure a suite inside an editor. */
export const variables = { results: 'VSCODE_TEST_RESULTS', grep: 'VSCODE_TEST_GREP' } as const;

export interface SuiteResult extends Outcome {
  /** The report of the suite, and errors if the suite did not end normally. */
  readonly log: string;
}

export interface Ending {
  readonly complaint?: string | undefined;
  /** The last errors in the editor’s log. Some always occur. */
  readonly errors?: readonly string[];
}

/**
 * Reads the result that the suite wrote at its end. The editor’s exit code is not enough: it is 0 even if the extension
 * host crashed.
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
  durations: [],
};

/** Path of the reporter’s text for a results file. */
export const reportOf = (resultsFile: string): string => `${resultsFile}.log`;

const firstLines = (errors: readonly string[]): string[] =>
  errors.slice(-20).map((error) => error.split('\n', 1)[0] ?? '');
