import { format } from 'node:util';
import Mocha from 'mocha';

export interface Outcome {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
  readonly failureTitles: readonly string[];
  readonly pendingTitles: readonly string[];
}

export interface MochaOptions {
  readonly grep?: string | undefined;
  readonly timeout: number;
  /** Where the report goes, instead of the console. */
  readonly write?: (text: string) => void;
}

/** Runs compiled test files, in the order given; the report is mocha's own. */
export async function runMocha(files: readonly string[], { grep, timeout, write }: MochaOptions): Promise<Outcome> {
  process.setSourceMapsEnabled(true);
  if (write) Mocha.reporters.Base.consoleLog = (...args: unknown[]) => write(`${format(...args)}\n`);
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: 'spec',
    timeout,
    forbidOnly: Boolean(process.env['CI']),
    ...(grep === undefined ? {} : { grep }),
  });
  for (const file of files) mocha.addFile(file);

  const failureTitles: string[] = [];
  const pendingTitles: string[] = [];
  const { passes, failures, pending } = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() =>
      resolve(runner.stats ?? { suites: 0, tests: 0, passes: 0, pending: 0, failures: 1 }),
    );
    runner.on('fail', (test) => failureTitles.push(test.fullTitle()));
    runner.on('pending', (test) => pendingTitles.push(test.fullTitle()));
  });
  return { passes, failures, pending, failureTitles, pendingTitles };
}
