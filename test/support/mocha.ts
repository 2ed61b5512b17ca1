import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import Mocha from 'mocha';

export interface Outcome {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
  readonly failureTitles: readonly string[];
  readonly pendingTitles: readonly string[];
  /** The tests that ran, the slowest first. */
  readonly durations: readonly { readonly title: string; readonly ms: number }[];
}

export interface MochaOptions {
  readonly grep?: string | undefined;
  readonly timeout: number;
  /** Number of processes that share the files. With 1, the default, the files run in this process. */
  readonly jobs?: number;
  /** Module that each process loads before the first test file. */
  readonly preload?: string;
  /** Receives the report instead of the console. */
  readonly write?: (text: string) => void;
}

/**
 * Runs compiled test files and prints mocha's own report: in the given order, or with several jobs, each file as it
 * ends.
 */
export async function runMocha(
  files: readonly string[],
  { grep, jobs = 1, preload, timeout, write }: MochaOptions,
): Promise<Outcome> {
  process.setSourceMapsEnabled(true);
  if (preload !== undefined) await import(pathToFileURL(preload).href);
  if (write) Mocha.reporters.Base.consoleLog = (...args: unknown[]) => write(`${format(...args)}\n`);
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: 'spec',
    timeout,
    forbidOnly: Boolean(process.env['CI']),
    ...(grep === undefined ? {} : { grep }),
    ...(jobs > 1 ? { parallel: true, jobs } : {}),
    ...(preload === undefined ? {} : { require: [preload] }),
  });
  for (const file of files) mocha.addFile(file);

  const failureTitles: string[] = [];
  const pendingTitles: string[] = [];
  const durations: { title: string; ms: number }[] = [];
  const { passes, failures, pending } = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() =>
      resolve(runner.stats ?? { suites: 0, tests: 0, passes: 0, pending: 0, failures: 1 }),
    );
    runner.on('fail', (test) => failureTitles.push(test.fullTitle()));
    runner.on('test end', (test) => durations.push({ title: test.fullTitle(), ms: test.duration ?? 0 }));
    runner.on('pending', (test) => pendingTitles.push(test.fullTitle()));
  });
  durations.sort((a, b) => b.ms - a.ms);
  return { passes, failures, pending, failureTitles, pendingTitles, durations };
}
