import { appendFileSync, writeFileSync } from 'node:fs';
import { reportOf, variables } from '../support/host/suiteResult';
import { runMocha } from '../support/mocha';
import { testFiles } from '../support/testFiles';

/** Runs every test in this folder. The editor calls it on the desktop and in the browser. */
export async function run(): Promise<void> {
  const results = process.env[variables.results];
  const outcome = await runMocha(testFiles(__dirname), {
    grep: process.env[variables.grep],
    timeout: 60_000,
    ...(results === undefined ? {} : { write: (text: string) => appendFileSync(reportOf(results), text) }),
  });
  if (results !== undefined) writeFileSync(results, JSON.stringify(outcome));
  if (outcome.failures > 0) throw new Error(`${outcome.failures} tests failed.`);
  if (outcome.passes === 0) throw new Error('No test ran.');
}
