// @ts-check
// Packages the extension. The same commit produces the same bytes. Options are passed on to vsce.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vsce = join(dirname(createRequire(import.meta.url).resolve('@vscode/vsce/package.json')), 'vsce');

/** Unix seconds as text. Outside of a repository, the first day that a zip file can represent. */
function commitTime() {
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '315532800';
}

// vsce sorts the entries and gives each this time. A zip file stores it in the local time zone.
const env = { ...process.env, SOURCE_DATE_EPOCH: process.env['SOURCE_DATE_EPOCH'] ?? commitTime(), TZ: 'UTC' };
const { status } = spawnSync(
  process.execPath,
  [vsce, 'package', '--no-dependencies', '--allow-missing-repository', ...process.argv.slice(2)],
  { cwd: root, env, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
