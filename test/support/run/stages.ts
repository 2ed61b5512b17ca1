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
  /** All options, for programs that have their own. */
  readonly all: readonly string[];
}

/** Maps each stage’s name to its parts, in the order in which they run. */
export const groups: Readonly<Record<string, (options: Options) => Stage[]>> = {
  check: () => [
    { name: 'types', run: () => bin('typescript/bin/tsc', '--noEmit') },
    { name: 'lint', run: () => bin('eslint/bin/eslint.js', '.') },
    { name: 'format', run: () => bin('prettier/bin/prettier.cjs', '--check', '.') },
  ],
  unit: (options) => [mochaStage('unit', options)],
  fuzz: (options) => [mochaStage('fuzz', options)],
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
      // The oldest editor runs only the essentials, unless it is selected by `--host`. The story that takes longest
      // starts first.
      const all = testFiles(join(out, 'test/e2e')).map((file) => basename(file, '.test.js'));
      const stories = index > 0 ? ['essentials'] : ['renewal', ...all.filter((story) => story !== 'renewal')];
      return stories.map((story) => ({
        name: `e2e ${version} ${story}`,
        run: (say) => program(say, 'test/e2e/main.js', '--host', version, '--story', story),
      }));
    }),
  stress: (options) => [
    { name: 'stress', run: (say) => program(say, 'test/stress/main.js', ...options.all) },
    { ...mochaStage('stress', options), name: 'stress leases' },
  ],
  bench: ({ all }) => [{ name: 'bench', run: (say) => program(say, 'test/bench/main.js', ...all) }],
};

/**
 * Installs browser and editors before the stages `host` and `e2e`, which would otherwise install them at the same time.
 */
export async function provideEditors(options: Options): Promise<void> {
  if (options.desktop) return;
  provideChromium();
  for (const version of editors(options)) await installHost(version, console.log);
}

/** Stages that mostly wait for an editor and are independent of each other. The longest starts first. */
export const sideBySide = ['e2e', 'host'];

/**
 * The stages that run if none is named. The web-served editor, which `host` and `e2e` need, does not run on Windows.
 * @param platform as in `process.platform`
 */
export function usualStages(platform: string): readonly string[] {
  return platform === 'win32'
    ? ['check', 'unit', 'fuzz', 'stress', 'package']
    : ['check', 'unit', 'fuzz', 'stress', 'host', 'package', 'e2e'];
}

const suite = { extension: root, suite: join(out, 'test/host/index.js'), also: [consumer, context] };

function editors({ host }: Options): EditorVersion[] {
  return host === undefined ? [...editorVersions] : [parseEditorVersion(host)];
}

const bin = (path: string, ...args: string[]): Promise<Tally> =>
  command(process.execPath, join(root, 'node_modules', path), ...args);

const mochaStage = (name: string, { all }: Options): Stage => ({
  name,
  run: (say) => program(say, 'test/support/run/mochaStage.js', `test/${name}`, ...all),
});

function program(say: Say, path: string, ...args: string[]): Promise<Tally> {
  const file = join(out, path);
  if (!existsSync(file)) throw new Error(`There is no ${path.replace(/\.js$/, '.ts')}.`);
  return testProgram(say, file, ...args);
}

function show(say: Say, { log, passes, failures, pending }: SuiteResult): Tally {
  say(log);
  return { passed: passes, failed: failures, skipped: pending };
}

/** Turns a function into one test, which fails if it throws. */
const asTest = (work: () => void) => () =>
  Promise.resolve()
    .then(work)
    .then((): Tally => ({ passed: 1, failed: 0, skipped: 0 }));
