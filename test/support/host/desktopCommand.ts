import { existsSync, readFileSync } from 'node:fs';
import { posix, win32 } from 'node:path';

/** How to start the command line of a desktop editor, without a shell. */
export interface DesktopCommand {
  readonly program: string;
  /** Arguments that come before all others. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What differs from one machine to another; tests simulate Windows by it. */
export interface Machine {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exists: (path: string) => boolean;
  readonly read: (path: string) => string;
}

export const thisMachine: Machine = {
  platform: process.platform,
  env: process.env,
  exists: existsSync,
  read: (path) => readFileSync(path, 'utf8'),
};

/** Finds a program on the PATH. */
export function onPath(name: string, { platform, env, exists }: Machine = thisMachine): string | undefined {
  const paths = platform === 'win32' ? win32 : posix;
  // Windows spells the variable "Path", and only the real `process.env` ignores the case.
  const path = env['PATH'] ?? env['Path'] ?? '';
  return path
    .split(paths.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => paths.join(folder, name))
    .find(exists);
}

/** Finds the `code` command that is on the PATH. */
export function codeOnPath(machine: Machine = thisMachine): string | undefined {
  return onPath(machine.platform === 'win32' ? 'code.cmd' : 'code', machine);
}

/**
 * Returns how to start the command line that a `code` script stands for. On Windows, Node refuses to start a `.cmd`
 * file without a shell, so the editor's program and its script are taken from the file.
 * @throws if the `.cmd` file names no program and script
 */
export function commandOf(code: string, { platform, read }: Machine = thisMachine): DesktopCommand {
  if (platform !== 'win32') return { program: code, args: [], env: {} };
  const [, program, script] = /"%~dp0([^"]+\.exe)"\s+"%~dp0([^"]+\.js)"/i.exec(read(code)) ?? [];
  if (program === undefined || script === undefined) throw new Error(`${code} is not the command of a VS Code.`);
  const beside = (path: string): string => win32.join(win32.dirname(code), path);
  return { program: beside(program), args: [beside(script)], env: { ELECTRON_RUN_AS_NODE: '1' } };
}
