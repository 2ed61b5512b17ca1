import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages } from './bundledPackages';
import { temporaryFolder } from './cleanUp';
import { environment } from './environment';
import { cache, root, vsix } from './paths';
import { readZip } from './zip';

/** Builds the .vsix as for publishing, and then builds for tests again, because packaging replaces that build. */
export function buildPackage(): void {
  mkdirSync(cache, { recursive: true });
  packageTo(vsix);
  assertComplete(vsix);
  build();
}

/** Asserts that packaging again produces the same bytes. */
export function buildPackageAgain(): void {
  const folder = temporaryFolder('package');
  const again = join(folder.path, 'again.vsix');
  packageTo(again);
  build();
  const [first, second] = [readZip(vsix), readZip(again)];
  assert.deepEqual([...second.keys()], [...first.keys()], 'the second package has other files');
  assert.deepEqual(
    [...first].filter(([name, content]) => !second.get(name)?.equals(content)).map(([name]) => name),
    [],
    'files differ in the second package',
  );
  assert.ok(readFileSync(vsix).equals(readFileSync(again)), 'the packages differ in metadata, such as times');
  folder.remove();
}

/** Asserts that a package has all required files, and no source or build file. */
function assertComplete(path: string): void {
  const files = readZip(path);
  for (const name of [
    'package.json',
    'readme.md',
    'changelog.md',
    'SECURITY.md',
    'LICENSE.txt',
    'dist/extension.js',
    'dist/terminalHelper.js',
    'media/terminal/posix/zeyos-run',
    'dist/ThirdPartyNotices.txt',
  ])
    assert.ok(files.has(`extension/${name}`), `${name} is not packaged`);
  const foreign = [...files.keys()].filter(
    (name) =>
      name.startsWith('extension/') &&
      !/^extension\/((package(\.nls(\.\w+)?)?\.json|(readme|changelog|SECURITY)\.md|LICENSE\.txt)|((dist|dist\/parts|l10n|media)\/[^/]+\.(js|txt|json|png|woff)|media\/walkthrough\/[^/]+\.webp|media\/terminal\/(posix|windows)\/zeyos(-run)?(\.cmd|\.ps1)?))$/.test(
        name,
      ),
  );
  assert.deepEqual(foreign, [], 'unexpected files are packaged');
  assert.ok(![...files.keys()].some((name) => /meta\.json$|\.map$/.test(name)), 'build output for tests is packaged');
  const notices = files.get('extension/dist/ThirdPartyNotices.txt')?.toString() ?? '';
  for (const { name, version } of bundledPackages())
    assert.ok(notices.includes(`\n${name} ${version} (`), `the licence of ${name} is not packaged`);
}

function packageTo(path: string): void {
  run(process.execPath, join(root, '.ci/package.mjs'), '--out', path);
}

function build(): void {
  run(process.execPath, join(root, 'esbuild.js'));
}

function run(command: string, ...args: string[]): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    env: environment(),
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${status}.\n${error?.message ?? ''}${stdout}${stderr}`);
}
