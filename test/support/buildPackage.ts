import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from './environment';
import { cache, root, vsix } from './paths';

/** Makes the .vsix as it would be published, and then the build for tests again, which that replaces. */
export function buildPackage(): void {
  mkdirSync(cache, { recursive: true });
  run('npm', 'run', '--silent', 'package', '--', '--out', vsix);
  run(process.execPath, join(root, 'esbuild.js'));
}

function run(command: string, ...args: string[]): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, env: environment(), encoding: 'utf8', shell: process.platform === 'win32' && command === 'npm' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}.\n${error?.message ?? ''}${stdout}${stderr}`);
}
