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
    { name: 'lint', run: (say) => bin(say, 'eslint/bin/eslint.js', '.') },
    { name: 'types', run: (say) => bin(say, 'typescript/bin/tsc', '--noEmit') },
    { name: 'format', run: (say) => bin(say, 'prettier/bin/prettier.cjs', '--check', '.') },
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
          run: async (say) => show(say, await runSuite({ ...suite, version, grep: options.grep, say })),
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
      // The oldest editor runs only the essentials, unless it is selected by `--host`.
      const stories = index > 0 ? ['essentials'] : longestFirst(testFiles(join(out, 'test/e2e')).map(storyOf));
      return stories.map((story) => ({
        name: `e2e ${version} ${story}`,
        run: (say) => program(say, 'test/e2e/main.js', '--host', version, '--story', story),
        repeats: true,
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
  await provideChromium();
  for (const version of editors(options)) await installHost(version, console.log);
}

/** Groups whose stages use one core each and are independent of each other. */
export const independentGroups: readonly string[] = ['check'];

/** Groups whose stages run in editors and are independent of each other. The longest stages start first. */
export const editorGroups: readonly string[] = ['host', 'e2e'];

/** Memory of an editor with its browser and two windows, in bytes: about 0.9 GiB, and a reserve. */
const EDITOR_BYTES = 1.5 * 2 ** 30;

/**
 * How many stages of {@link editorGroups} run at the same time. An editor that waits leaves its core to another one.
 * With more of them, no stage would end earlier, and each test would come closer to its time limit.
 * @param memory in bytes
 */
export function editorsAtATime({ cores, memory }: { readonly cores: number; readonly memory: number }): number {
  return Math.max(1, Math.min(Math.ceil(1.5 * cores), 4, Math.floor(memory / EDITOR_BYTES)));
}

/**
 * The stages that run if none is named. The web-served editor, which `host` and `e2e` need, does not run on Windows.
 * @param platform as in `process.platform`
 */
export function usualStages(platform: string): readonly string[] {
  return platform === 'win32'
    ? ['check', 'unit', 'fuzz', 'stress', 'package']
    : ['check', 'unit', 'fuzz', 'stress', 'host', 'package', 'e2e'];
}

/** The stories that take longer than the others. A long stage that starts last would run alone at the end. */
const longStories = ['renewal', 'accounts', 'documents', 'failures', 'windows', 'network'];

const storyOf = (file: string): string => basename(file, '.test.js');

function longestFirst(stories: readonly string[]): readonly string[] {
  return [
    ...longStories.filter((story) => stories.includes(story)),
    ...stories.filter((story) => !longStories.includes(story)),
  ];
}

const suite = { extension: root, suite: join(out, 'test/host/index.js'), also: [consumer, context] };

function editors({ host }: Options): EditorVersion[] {
  return host === undefined ? [...editorVersions] : [parseEditorVersion(host)];
}

const bin = (say: Say, path: string, ...args: string[]): Promise<Tally> =>
  command(say, process.execPath, join(root, 'node_modules', path), ...args);

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
