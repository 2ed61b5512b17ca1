// @ts-check
// Finds npm as a Node program: a shell or npm.cmd is never needed, which Node refuses to start without a shell on
// Windows.
import { existsSync } from 'node:fs';
import { posix, win32 } from 'node:path';

/**
 * The command line that runs npm.
 * @param {{ platform: string, execPath: string, env: Readonly<Record<string, string | undefined>> }} machine
 * @param {(path: string) => boolean} exists
 * @returns {readonly string[]} the program and its first arguments
 */
export function npmCommand({ platform, execPath, env } = process, exists = existsSync) {
  const path = platform === 'win32' ? win32 : posix;
  // npm names itself to what it runs; pnpm and yarn do so too.
  const running = env['npm_execpath'];
  const folder = path.dirname(execPath);
  const script = [
    ...(running !== undefined && /[\\/]npm-cli\.[cm]?js$/.test(running) ? [running] : []),
    // Beside node.exe on Windows, and beside bin elsewhere.
    path.join(folder, 'node_modules/npm/bin/npm-cli.js'),
    path.join(folder, '../lib/node_modules/npm/bin/npm-cli.js'),
  ].find(exists);
  if (script !== undefined) return [execPath, script];
  if (platform === 'win32') throw new Error('npm was not found beside node.exe. Start this with npm.');
  return ['npm'];
}
