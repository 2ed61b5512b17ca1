import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { temporaryFolder } from '../cleanUp';
import { onPath } from './desktopCommand';
import { quietSettings } from './settings';
import type { SuiteOptions } from './suite';
import { judge, variables } from './suiteResult';
import type { SuiteResult } from './suiteResult';

/** Returns $VSCODE_EXECUTABLE, which must be the program itself and not the `code` script. */
export function desktopExecutable(): string | undefined {
  const named = process.env['VSCODE_EXECUTABLE'];
  if (named !== undefined && named !== '' && !existsSync(named))
    throw new Error(`VSCODE_EXECUTABLE names ${named}, which does not exist.`);
  return named === '' ? undefined : named;
}

/** Without rights of a user, the desktop editor starts only like this. */
export const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export interface DesktopSuiteOptions extends Omit<SuiteOptions, 'say' | 'timeout' | 'version'> {
  /** The editor to download, such as `1.100.0` or `stable`, unless `VSCODE_EXECUTABLE` names one. */
  readonly version?: string | undefined;
}

/**
 * Runs the same suite in the desktop editor that $VSCODE_EXECUTABLE names, or one that @vscode/test-electron downloads.
 */
export async function runDesktopSuite({
  extension,
  suite,
  also = [],
  settings = {},
  env = {},
  grep,
  version,
}: DesktopSuiteOptions): Promise<SuiteResult> {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    throw new Error(
      `The desktop editor needs a display${onPath('xvfb-run') !== undefined ? '; try xvfb-run -a in front of the command' : ''}.`,
    );
  }
  const folder = temporaryFolder('desktop');
  const [user, extensions, workspace] = ['user', 'extensions', 'workspace'].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [join(user, 'User'), extensions, workspace]) mkdirSync(path, { recursive: true });
  for (const [index, path] of also.entries()) symlinkSync(path, join(extensions, `also-${index}`), 'junction');
  writeFileSync(join(user, 'User/settings.json'), JSON.stringify({ ...quietSettings, ...settings }));
  const results = join(folder.path, 'results.json');
  const executable = desktopExecutable();
  try {
    const complaint = await runTests({
      ...(executable !== undefined && { vscodeExecutablePath: executable }),
      ...(version !== undefined && { version }),
      extensionDevelopmentPath: extension,
      extensionTestsPath: suite,
      extensionTestsEnv: { ...env, [variables.results]: results, [variables.grep]: grep },
      launchArgs: [
        workspace,
        '--user-data-dir',
        user,
        '--extensions-dir',
        extensions,
        '--disable-workspace-trust',
        ...asRoot,
      ],
    }).then(
      (code) => (code === 0 ? undefined : `The editor ended with ${code}.`),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return judge(results, { complaint });
  } finally {
    folder.remove();
  }
}
