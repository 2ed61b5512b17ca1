import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages } from './bundledPackages';
import { temporaryFolder } from './cleanUp';
import { environment } from './environment';
import { cache, root, vsix } from './paths';
import { readZip } from './zip';

/** Makes the .vsix as it would be published, and then the build for tests again, which that replaces. */
export function buildPackage(): void {
  mkdirSync(cache, { recursive: true });
  packageTo(vsix);
  assertComplete(vsix);
  build();
}

/** Fails unless the package that was made comes out the same when it is made once more, byte by byte. */
export function buildPackageAgain(): void {
  const folder = temporaryFolder('package');
  const again = join(folder.path, 'again.vsix');
  packageTo(again);
  build();
  const [first, second] = [readZip(vsix), readZip(again)];
  assert.deepEqual([...second.keys()], [...first.keys()], 'other files are in the second package');
  assert.deepEqual(
    [...first].filter(([name, content]) => !second.get(name)?.equals(content)).map(([name]) => name),
    [],
    'these files differ in the second package',
  );
  assert.ok(
    readFileSync(vsix).equals(readFileSync(again)),
    'the packages differ in what they tell of their files, as their times',
  );
  folder.remove();
}

/** What has to be in a package is there, and nothing of the sources or the build. */
function assertComplete(path: string): void {
  const files = readZip(path);
  for (const name of [
    'package.json',
    'readme.md',
    'changelog.md',
    'SECURITY.md',
    'LICENSE.txt',
    'dist/extension.js',
    'dist/ThirdPartyNotices.txt',
  ])
    assert.ok(files.has(`extension/${name}`), `${name} is not packaged`);
  const foreign = [...files.keys()].filter(
    (name) =>
      name.startsWith('extension/') &&
      !/^extension\/((package(\.nls(\.\w+)?)?\.json|(readme|changelog|SECURITY)\.md|LICENSE\.txt)|(dist|dist\/parts|l10n|media)\/[^/]+\.(js|txt|json|png|woff))$/.test(
        name,
      ),
  );
  assert.deepEqual(foreign, [], 'these files are packaged');
  assert.ok(
    ![...files.keys()].some((name) => /meta\.json$|\.map$/.test(name)),
    'what the build leaves for tests is packaged',
  );
  const notices = files.get('extension/dist/ThirdPartyNotices.txt')?.toString() ?? '';
  for (const { name, version } of bundledPackages())
    assert.ok(notices.includes(`\n${name} ${version} (`), `the licence of ${name} is not packaged`);
}

function packageTo(path: string): void {
  run('npm', 'run', '--silent', 'package', '--', '--out', path);
}

function build(): void {
  run(process.execPath, join(root, 'esbuild.js'));
}

function run(command: string, ...args: string[]): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    env: environment(),
    encoding: 'utf8',
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${status}.\n${error?.message ?? ''}${stdout}${stderr}`);
}
