import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { InstalledHost } from './install';

/** The built-in extensions that the tests need. The other ones only slow down each window. */
const needed = ['theme-defaults', 'markdown-basics', 'markdown-language-features', 'json', 'github-authentication'];

export function linkNeededExtensions(
  folder: string,
  { folder: installation }: InstalledHost,
  disabled: readonly string[] = [],
): string {
  mkdirSync(folder, { recursive: true });
  for (const name of needed.filter((each) => !disabled.includes(each)))
    symlinkSync(join(installation, 'code-server/lib/vscode/extensions', name), join(folder, name));
  return folder;
}
