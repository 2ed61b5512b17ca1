import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the compiled tests in a folder and its subfolders. */
export function testFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .sort()
    .map((name) => join(folder, name));
}
