import { availableParallelism, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { runSideBySide } from './stage';
import type { StageReport } from './stage';
import { editorGroups, editorsAtATime, groups, independentGroups, provideEditors, usualStages } from './stages';
import { sum, tallyLine } from './tally';

/** Runs the named stages, or the default ones. Resolves to the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const firstOption = args.findIndex((arg) => arg.startsWith('-'));
  const names = firstOption < 0 ? args : args.slice(0, firstOption);
  const all = firstOption < 0 ? [] : args.slice(firstOption).filter((arg) => arg !== '--');
  const unknown = names.filter((name) => !(name in groups));
  if (unknown.length > 0) {
    console.error(`There is no stage ${unknown.join(', ')}. There are ${Object.keys(groups).join(', ')}.`);
    return 2;
  }
  const { values } = parseArgs({
    args: all,
    strict: false,
    options: { host: { type: 'string' }, grep: { type: 'string' }, desktop: { type: 'boolean' } },
  });
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const options = { host: text(values.host), grep: text(values.grep), desktop: values.desktop === true, all };

  const cores = availableParallelism();
  const wanted = names.length > 0 ? names : usualStages(process.platform);
  if (names.length === 0 && process.platform === 'win32')
    console.log(
      'On Windows, the stages host and e2e are left out, because the web-served editor runs on Linux and macOS only. In the desktop editor: npm run test:host -- --desktop',
    );
  // The stages `e2e` and `bench` install the package.
  const included = (name: string) =>
    wanted.includes(name) || (name === 'package' && (wanted.includes('e2e') || wanted.includes('bench')));
  const inEditors = editorGroups.filter(included).flatMap((name) => groups[name]?.(options) ?? []);
  // Installing the editors is mostly downloading, so it happens beside the first stages.
  const editors = inEditors.length > 0 ? provideEditors(options) : Promise.resolve();
  editors.catch(() => undefined);
  const reports: StageReport[] = [];
  for (const [name, stagesOf] of Object.entries(groups)) {
    if (!included(name) || editorGroups.includes(name)) continue;
    reports.push(...(await runSideBySide(stagesOf(options), independentGroups.includes(name) ? cores : 1)));
  }
  await editors;
  reports.push(...(await runSideBySide(inEditors, editorsAtATime({ cores, memory: totalmem() }))));

  const total = sum(reports.map(({ tally }) => tally));
  for (const line of failures(reports)) console.log(line);
  console.log(`\n${table(reports)}\n\n${tallyLine(total)}`);
  const unsteady = reports.filter((report) => report.unsteady).map(({ name }) => name);
  if (unsteady.length > 0) console.log(`Passed only when it ran once more: ${unsteady.join(', ')}`);
  return total.failed > 0 ? 1 : 0;
}

/**
 * Repeats all failures at the end, where they are found in a long log, and where a log that is cut off still has them.
 */
function failures(reports: readonly StageReport[]): readonly string[] {
  return reports.flatMap((report) =>
    report.failures.length === 0
      ? []
      : [`\n── ${report.unsteady ? 'failed once' : 'failed'}: ${report.name}`, ...report.failures],
  );
}

function table(reports: readonly StageReport[]): string {
  const width = Math.max(...reports.map(({ name }) => name.length)) + 2;
  const row = (name: string, ...cells: string[]) => name.padEnd(width) + cells.map((cell) => cell.padStart(9)).join('');
  return [
    row('stage', 'passed', 'failed', 'skipped', 'seconds'),
    ...reports.map(({ name, tally, seconds }) =>
      row(name, `${tally.passed}`, `${tally.failed}`, `${tally.skipped}`, seconds.toFixed(1)),
    ),
  ].join('\n');
}
