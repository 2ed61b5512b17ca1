import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages } from '../../support/bundledPackages';
import { root } from '../../support/paths';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('Bundled packages', () => {
  const packages = bundledPackages();
  const { dependencies } = JSON.parse(read('package.json')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };

  it('are listed in the build’s metadata', () =>
    assert.ok(
      packages.some(({ name }) => name === '@vscode/l10n'),
      'esbuild reported no package',
    ));

  for (const { name, version, license, folder } of packages) {
    it(`are packaged with their licence: ${name}`, () => {
      const notices = read('dist/ThirdPartyNotices.txt');
      const at = notices.indexOf(`\n${name} ${version} (${license})\n`);
      assert.ok(at >= 0, `${name} ${version} is not in the notices`);
      const own = ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'license']
        .map((file) => join(folder, file))
        .find(existsSync);
      const [section = ''] = notices.slice(at).split(`\n${'-'.repeat(80)}\n`);
      assert.ok(
        own
          ? section.includes(readFileSync(own, 'utf8').trim().replace(/\r\n/g, '\n'))
          : /Permission is hereby granted/.test(section),
        'the licence text is missing',
      );
    });

    it(`have a licence that permits bundling: ${name}`, () =>
      assert.match(license, /^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|0BSD|Unlicense|CC0-1\.0)$/));
    it(`are dependencies that CONTRIBUTING.md explains: ${name}`, () => {
      assert.ok(name in dependencies, 'not among the dependencies');
      assert.ok(read('CONTRIBUTING.md').includes(`| \`${name}\` |`), 'not in CONTRIBUTING.md');
    });
  }

  it('are the only dependencies', () =>
    assert.deepEqual(Object.keys(dependencies).sort(), packages.map(({ name }) => name).sort()));
});
