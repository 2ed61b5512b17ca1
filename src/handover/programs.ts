import { access, constants, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

interface SearchOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Folders whose programs are ignored, such as the workspace's. */
  readonly outside: readonly string[];
  readonly platform?: NodeJS.Platform;
}

/** Skips relative entries, which mean another program in each folder. */
export async function findProgram(
  name: string,
  { environment, outside, platform = process.platform }: SearchOptions,
): Promise<string | undefined> {
  const forbidden = await Promise.all(outside.map(realPathOf));
  for (const folder of searchPath(environment, platform).filter(isAbsolute)) {
    for (const file of fileNames(name, environment, platform)) {
      const path = join(folder, file);
      if (!(await isProgram(path))) continue;
      const real = await realPathOf(path);
      // Neither path may be inside: a link outside may lead in, and a link inside may be changed.
      if (![path, real, await realPathOf(folder)].some((each) => forbidden.some((base) => isWithin(each, base))))
        return path;
    }
  }
  return undefined;
}

/** On Windows, the variable's name may be in any case. */
export function pathVariable(environment: NodeJS.ProcessEnv): { readonly name: string; readonly value: string } {
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return { name, value: environment[name] ?? '' };
}

/** In lower case. */
export function programEndings(environment: NodeJS.ProcessEnv): readonly string[] {
  const endings = environment['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD';
  return endings
    .toLowerCase()
    .split(';')
    .filter((ending) => ending.startsWith('.'));
}

/** Windows allows quotation marks around an entry. */
function searchPath(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): readonly string[] {
  const entries = pathVariable(environment).value.split(platform === 'win32' ? ';' : ':');
  return platform === 'win32' ? entries.map((entry) => entry.replace(/^"(.*)"$/, '$1')) : entries;
}

function fileNames(name: string, environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): readonly string[] {
  if (platform !== 'win32') return [name];
  return programEndings(environment).map((ending) => name + ending);
}

export async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

async function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
