import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runSideBySide, runStage } from './stage';
import type { StageReport } from './stage';
import { groups, provideEditors, sideBySide, usualStages } from './stages';
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

  const wanted = names.length > 0 ? names : usualStages(process.platform);
  if (names.length === 0 && process.platform === 'win32')
    console.log(
      'On Windows, the stages host and e2e are left out, because the web-served editor runs on Linux and macOS only. In the desktop editor: npm run test:host -- --desktop',
    );
  // The stages `e2e` and `bench` install the package.
  const included = (name: string) =>
    wanted.includes(name) || (name === 'package' && (wanted.includes('e2e') || wanted.includes('bench')));
  const reports: StageReport[] = [];
  for (const [name, stagesOf] of Object.entries(groups)) {
    if (!included(name) || sideBySide.includes(name)) continue;
    for (const stage of stagesOf(options)) reports.push(await runStage(stage));
  }
  const slow = sideBySide.filter(included).flatMap((name) => groups[name]?.(options) ?? []);
  if (slow.length > 0) {
    await provideEditors(options);
    // An editor that waits, for instance for a token to expire, leaves the processor to another one.
    reports.push(...(await runSideBySide(slow, Math.min(slow.length, 1 + Math.min(2, availableParallelism())))));
  }

  const total = sum(reports.map(({ tally }) => tally));
  console.log(`\n${table(reports)}\n\n${tallyLine(total)}`);
  return total.failed > 0 ? 1 : 0;
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
