import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages } from '../support/bundledPackages';
import { root } from '../support/paths';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('What is bundled', () => {
  const packages = bundledPackages();
  const { dependencies } = JSON.parse(read('package.json')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };

  it('is known', () =>
    assert.ok(
      packages.some(({ name }) => name === '@vscode/l10n'),
      'esbuild told of no package',
    ));

  for (const { name, version, license, folder } of packages) {
    it(`is licensed, and the licence is packaged: ${name}`, () => {
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
        'without its licence',
      );
    });

    it(`may be bundled: ${name}`, () =>
      assert.match(license, /^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|0BSD|Unlicense|CC0-1\.0)$/));
    it(`is a dependency, and CONTRIBUTING.md says why: ${name}`, () => {
      assert.ok(name in dependencies, 'not among the dependencies');
      assert.ok(read('CONTRIBUTING.md').includes(`| \`${name}\` |`), 'not in CONTRIBUTING.md');
    });
  }

  it('is all that is a dependency', () =>
    assert.deepEqual(Object.keys(dependencies).sort(), packages.map(({ name }) => name).sort()));
});
