// @ts-check
// Packages the extension: the same commit gives the same file, byte by byte. Options are handed on to vsce.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import packageSize from './packageSize.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const vsce = join(dirname(createRequire(import.meta.url).resolve('@vscode/vsce/package.json')), 'vsce');

/** Seconds. Outside of a repository, the first day that a zip file can tell. */
function commitTime() {
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '315532800';
}

const { values } = parseArgs({ options: { out: { type: 'string', short: 'o' } }, strict: false });
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const path = resolve(typeof values.out === 'string' ? values.out : join(root, `${name}-${version}.vsix`));
// vsce gives every entry this time, and sorts them; a zip file tells it in the local time zone.
const env = { ...process.env, SOURCE_DATE_EPOCH: process.env['SOURCE_DATE_EPOCH'] ?? commitTime(), TZ: 'UTC' };
const { status } = spawnSync(
  process.execPath,
  [vsce, 'package', '--no-dependencies', '--allow-missing-repository', ...process.argv.slice(2), '--out', path],
  { cwd: root, env, stdio: 'inherit' },
);
if (status !== 0) process.exit(status ?? 1);
const { pictures, rest } = packageSize.checkPackageSize(path);
console.log(`Compressed: ${rest} bytes, and ${pictures} bytes of pictures.`);
