import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildPackage, buildPackageAgain } from '../buildPackage';
import { consumer, context, out, root } from '../paths';
import { installHost } from '../host/install';
import { runDesktopSuite } from '../host/desktop';
import { runSuite } from '../host/suite';
import type { SuiteResult } from '../host/suiteResult';
import { editorVersions, parseEditorVersion } from '../host/versions';
import type { EditorVersion } from '../host/versions';
import { testFiles } from '../testFiles';
import { provideChromium } from './chromium';
import { command, testProgram } from './stage';
import type { Say, Stage } from './stage';
import type { Tally } from './tally';

export interface Options {
  readonly host?: string | undefined;
  readonly grep?: string | undefined;
  readonly desktop: boolean;
  /** Everything given, for the programs that have more options. */
  readonly all: readonly string[];
}

/** All groups of stages, in the order in which they run. */
export const groups: Readonly<Record<string, (options: Options) => Stage[]>> = {
  check: () => [
    { name: 'types', run: () => bin('typescript/bin/tsc', '--noEmit') },
    { name: 'lint', run: () => bin('eslint/bin/eslint.js', '.') },
    { name: 'format', run: () => bin('prettier/bin/prettier.cjs', '--check', '.') },
  ],
  unit: ({ all }) => [{ name: 'unit', run: (say) => testProgram(say, join(out, 'test/support/run/unit.js'), ...all) }],
  host: (options) =>
    options.desktop
      ? [
          {
            name: 'host desktop',
            run: async (say) =>
              show(say, await runDesktopSuite({ ...suite, grep: options.grep, version: options.host })),
          },
        ]
      : editors(options).map((version) => ({
          name: `host ${version}`,
          run: async (say) =>
            show(say, await runSuite({ ...suite, version, grep: options.grep, timeout: 900_000, say })),
        })),
  package: () => [
    { name: 'package', run: asTest(buildPackage) },
    { name: 'package again', run: asTest(buildPackageAgain) },
  ],
  e2e: (options) =>
    editors(options).flatMap((version, index) => {
      if (options.grep !== undefined)
        return [
          {
            name: `e2e ${version}`,
            run: (say: Say) => program(say, 'test/e2e/main.js', '--host', version, '--grep', options.grep ?? ''),
          },
        ];
      // The oldest editor is asked for the essentials only, unless it is asked for by name.
      // The one that waits longest is begun first.
      const all = testFiles(join(out, 'test/e2e')).map((file) => basename(file, '.test.js'));
      const stories = index > 0 ? ['essentials'] : ['renewal', ...all.filter((story) => story !== 'renewal')];
      return stories.map((story) => ({
        name: `e2e ${version} ${story}`,
        run: (say) => program(say, 'test/e2e/main.js', '--host', version, '--story', story),
      }));
    }),
  stress: ({ all }) => [{ name: 'stress', run: (say) => program(say, 'test/stress/main.js', ...all) }],
  bench: ({ all }) => [{ name: 'bench', run: (say) => program(say, 'test/bench/main.js', ...all) }],
};

/** Gets what the stages `host` and `e2e` run in; before them, as they would do it at the same time. */
export async function provideEditors(options: Options): Promise<void> {
  if (options.desktop) return;
  provideChromium();
  for (const version of editors(options)) await installHost(version, console.log);
}

/** Those that mostly wait for an editor, and need not wait for each other; the longest is begun first. */
export const sideBySide = ['e2e', 'host'];

/**
 * What runs when nothing is named. The web-served editor, which `host` and `e2e` need, does not run on Windows.
 * @param platform as in `process.platform`
 */
export function usualStages(platform: string): readonly string[] {
  return platform === 'win32'
    ? ['check', 'unit', 'stress', 'package']
    : ['check', 'unit', 'stress', 'host', 'package', 'e2e'];
}

const suite = { extension: root, suite: join(out, 'test/host/index.js'), also: [consumer, context] };

function editors({ host }: Options): EditorVersion[] {
  return host === undefined ? [...editorVersions] : [parseEditorVersion(host)];
}

const bin = (path: string, ...args: string[]): Promise<Tally> =>
  command(process.execPath, join(root, 'node_modules', path), ...args);

function program(say: Say, path: string, ...args: string[]): Promise<Tally> {
  const file = join(out, path);
  if (!existsSync(file)) throw new Error(`There is no ${path.replace(/\.js$/, '.ts')}.`);
  return testProgram(say, file, ...args);
}

function show(say: Say, { log, passes, failures, pending }: SuiteResult): Tally {
  say(log);
  return { passed: passes, failed: failures, skipped: pending };
}

/** One test, which fails by throwing. */
const asTest = (work: () => void) => () =>
  Promise.resolve()
    .then(work)
    .then((): Tally => ({ passed: 1, failed: 0, skipped: 0 }));
