// @ts-check
// Packages the extension: the same commit gives the same file, byte for byte. Options are passed on to vsce.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readmeWithoutRepository } from './readme.mjs';
import packageSize from './packageSize.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const vsce = join(dirname(require.resolve('@vscode/vsce/package.json')), 'vsce');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** @param {readonly string[]} args @param {import('node:child_process').SpawnSyncOptions} [options] */
function node(args, options) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? 1);
}

/** The commit's time in seconds. Without a repository, the first day that a zip file can hold. */
function commitTime() {
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '315532800';
}

/**
 * Copies what is packaged into a folder, where the manifest has no scripts to run and the README fits the package.
 * @param {string} folder
 */
async function stage(folder) {
  /** @type {{ listFiles(options: { cwd: string, packageManager: number }): Promise<string[]> }} */
  const { listFiles } = require('@vscode/vsce');
  const files = await listFiles({ cwd: root, packageManager: 0 });
  for (const file of [...files, '.vscodeignore']) cpSync(join(root, file), join(folder, file));
  const { scripts: _scripts, devDependencies: _devDependencies, ...published } = manifest;
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
  if (manifest.repository !== undefined) return;
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  writeFileSync(join(folder, 'README.md'), readmeWithoutRepository(readme));
}

const given = process.argv.slice(2);
const at = given.findIndex((option) => option === '--out' || option === '-o');
const out = resolve(at < 0 ? join(root, `${manifest.name}-${manifest.version}.vsix`) : (given[at + 1] ?? ''));
/** The options for vsce, with the package's path seen from here and not from the folder that vsce runs in. */
const options = [...given.filter((_, index) => at < 0 || (index !== at && index !== at + 1)), '--out', out];

node(['esbuild.js', '--production']);
const folder = mkdtempSync(join(tmpdir(), 'zeyos-package-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
await stage(folder);
// vsce gives every entry this time, and sorts them; a zip file holds it in the local time zone.
const env = { ...process.env, SOURCE_DATE_EPOCH: process.env['SOURCE_DATE_EPOCH'] ?? commitTime(), TZ: 'UTC' };
node([vsce, 'package', '--no-dependencies', '--allow-missing-repository', ...options], { cwd: folder, env });
const { pictures, rest } = packageSize.checkPackageSize(out);
console.log(`Compressed: ${rest} bytes, and ${pictures} bytes of pictures.`);
