import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';

export interface ProgramSearch {
  readonly environment: Readonly<Partial<Record<string, string>>>;
  readonly isWindows: boolean;
  /** Programs in these folders are ignored: a workspace could contain one. */
  readonly excluded: readonly string[];
}

/** The absolute path of a program on the PATH; `undefined` if there is none outside the excluded folders. */
export async function findProgram(name: string, search: ProgramSearch): Promise<string | undefined> {
  const { environment, isWindows } = search;
  const variable = isWindows ? Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') : 'PATH';
  const folders = (environment[variable ?? 'PATH'] ?? '').split(isWindows ? ';' : ':');
  const excluded = await Promise.all(search.excluded.map(realOrSame));
  for (const folder of folders.map((each) => each.replace(/^"(.*)"$/, '$1'))) {
    // A relative entry means the current folder, which may be the workspace.
    if (!path.isAbsolute(folder)) continue;
    for (const ending of isWindows ? ['.exe', '.cmd', '.bat'] : ['']) {
      const file = path.join(folder, name + ending);
      if (await isProgram(file)) {
        const places = [file, await realOrSame(file)];
        if (!excluded.some((each) => places.some((place) => isInside(place, each)))) return file;
      }
    }
  }
  return undefined;
}

export async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

function realOrSame(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}
