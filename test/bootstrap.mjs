// Runs before the packages are installed, so it imports only Node's own modules.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCommand } from './npm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Installs the packages if they are missing or outdated, and builds. */
export function prepare() {
  if (!isInstalled()) run('Installing the packages (npm ci) …', ...npmCommand(), 'ci', '--no-audit', '--no-fund');
  run('Building (npm run build) …', process.execPath, 'esbuild.js');
}

/** Imports a compiled module, which exists only after `prepare`. */
export async function compiled(path) {
  process.setSourceMapsEnabled(true);
  return import(new URL(`../out/${path}`, import.meta.url).href);
}

/**
 * Whether every package of the lock file is installed in its version, except optional ones, which differ by platform.
 */
function isInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const present = packages(installed);
  return Object.entries(packages(join(root, 'package-lock.json'))).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  );
}

function run(what, command, ...args) {
  console.log(what);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status === 0) return;
  throw new Error(error?.message ?? `${command} ${args.join(' ')} ended with ${status}.`);
}
