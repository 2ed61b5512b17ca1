import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { InstalledHost } from './install';

/** Of the editor's own extensions, those that something here is about: the others only cost each window time. */
const needed = ['theme-defaults', 'markdown-basics', 'markdown-language-features', 'json', 'github-authentication'];

/** Makes a folder with them, save those that count as disabled, and returns its path. */
export function fewBuiltIn(
  folder: string,
  { folder: installation }: InstalledHost,
  disabled: readonly string[] = [],
): string {
  mkdirSync(folder, { recursive: true });
  for (const name of needed.filter((each) => !disabled.includes(each)))
    symlinkSync(join(installation, 'code-server/lib/vscode/extensions', name), join(folder, name));
  return folder;
}
