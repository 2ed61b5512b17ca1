import { existsSync } from 'node:fs';
import { win32 } from 'node:path';
import { pathVariable, programEndings } from '../programs';

/** For `spawn`. */
interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  /** Windows only: `args` are already quoted. */
  readonly isVerbatim: boolean;
}

/**
 * On Windows, Node would also search the current folder, which may be a workspace; this function uses only the search
 * path.
 * @throws {Error} see {@link quoteForBatchFile}
 */
export function invocation(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  exists: (path: string) => boolean = existsSync,
): Invocation | undefined {
  const [command = '', ...args] = words;
  if (platform !== 'win32') return { file: command, args, isVerbatim: false };
  const file = findOnWindows(command, environment, exists);
  if (file === undefined) return undefined;
  if (!/\.(bat|cmd)$/i.test(file)) return { file, args, isVerbatim: false };
  const line = [file, ...args].map(quoteForBatchFile).join(' ');
  return {
    file: environment['ComSpec'] ?? win32.join(environment['SystemRoot'] ?? 'C:\\Windows', 'System32', 'cmd.exe'),
    // Extensions are on for `%cd:~,%`. Delayed expansion is off, so "!" is a letter. AutoRun is off.
    args: ['/e:ON', '/v:OFF', '/d', '/s', '/c', `"${line}"`],
    isVerbatim: true,
  };
}

/**
 * cmd.exe and the program that a batch file starts both read a doubled quotation mark as one. An empty variable
 * expression after a per cent sign keeps it from beginning a variable.
 * @throws {Error} the word has several lines
 */
export function quoteForBatchFile(word: string): string {
  if (/[\r\n\0]/.test(word)) throw new Error('a batch file cannot be given an argument of several lines');
  const text = word
    .replaceAll('"', '""')
    // A backslash before the closing quotation mark would escape it.
    .replace(/\\+$/, '$&$&')
    .replaceAll('%', '%%cd:~,%');
  return `"${text}"`;
}

function findOnWindows(
  command: string,
  environment: NodeJS.ProcessEnv,
  exists: (path: string) => boolean,
): string | undefined {
  const endings = programEndings(environment);
  const isComplete = endings.includes(win32.extname(command).toLowerCase());
  const files = [...(isComplete ? [command] : []), ...endings.map((ending) => command + ending)];
  const folders = /[\\/]/.test(command)
    ? [process.cwd()]
    : pathVariable(environment)
        .value.split(';')
        .filter((folder) => win32.isAbsolute(folder));
  for (const folder of folders) {
    const found = files.map((file) => win32.resolve(folder, file)).find(exists);
    if (found !== undefined) return found;
  }
  return undefined;
}
