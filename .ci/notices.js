// @ts-check
// Writes the licences of the bundled packages, which esbuild's metadata lists.
const { existsSync, readFileSync, readdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Texts of licences, for packages that name a licence but do not contain its text.
 * @type {Readonly<Record<string, (holder: string) => string>>}
 */
const TEXTS = {
  MIT: (holder) => `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
};

/**
 * Returns the folders of all packages with a part in a bundle.
 * @param {Pick<import('esbuild').Metafile, 'inputs'>} metafile
 */
function packageFolders({ inputs }) {
  return [
    ...new Set(
      Object.keys(inputs).flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
    ),
  ].sort();
}

/** @param {string} folder */
function notice(folder) {
  const { name, version, license, author, repository } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(entry));
  const holder = (typeof author === 'string' ? author : author?.name) ?? `the authors of ${name}`;
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : TEXTS[license]?.(holder);
  if (!text) throw new Error(`${name} cannot be bundled, because it contains no text of its licence (${license}).`);
  const notices = readdirSync(folder)
    .filter((entry) => /^notice(\.(md|txt))?$/i.test(entry))
    .map((entry) => readFileSync(join(folder, entry), 'utf8').trim());
  const source = typeof repository === 'string' ? repository : repository?.url;
  return [`${name} ${version} (${license})${source ? `\n${source}` : ''}`, text, ...notices].join('\n\n');
}

/**
 * Writes the notices of all bundles to one file.
 * @param {string} file
 * @param {Pick<import('esbuild').Metafile, 'inputs'>} metafile
 */
function writeNotices(file, metafile) {
  const parts = packageFolders(metafile)
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map(notice);
  writeFileSync(
    file,
    `${['ZeyOS Authentication contains code of these packages.', ...parts].join(`\n\n${'-'.repeat(80)}\n\n`).replace(/\r\n/g, '\n')}\n`,
  );
}

module.exports = { writeNotices };
