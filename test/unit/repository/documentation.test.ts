import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as Readme from '../../../.ci/readme.mjs';
import { root } from '../../support/paths';
import { repositoryModule } from '../../support/repositoryModule';

interface Property {
  readonly default?: unknown;
  readonly items?: { readonly properties: Readonly<Record<string, Property>> };
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
  };
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const pages = ['.', 'docs', '.github']
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith('.md'))
      .map((file) => (folder === '.' ? file : `${folder}/${file}`)),
  );
/** Pages that are linked to and still to be written. */
const manifest = JSON.parse(read('package.json')) as Manifest;
const texts = JSON.parse(read('package.nls.json')) as Readonly<Record<string, string>>;

/** Turns a heading into the fragment that code hosts give it. */
function fragmentOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function fragmentsOf(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => fragmentOf(heading));
}

/** The relative links and pictures of a page that lead nowhere. */
function brokenLinks(page: string): readonly string[] {
  const links = [...read(page).matchAll(/\[(?:[^\]]|\]\()*?\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links
    .filter((link) => !/^\w+:/.test(link))
    .filter((link) => {
      const [path = '', fragment] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return true;
      return fragment !== undefined && !fragmentsOf(target).includes(fragment);
    })
    .map((link) => `${page}: ${link}`);
}

describe('The documentation', () => {
  it('has links and pictures that lead to files and headings of the repository', () => {
    assert.ok(pages.length > 8, pages.join());
    assert.deepEqual(pages.flatMap(brokenLinks), []);
  });

  it('has a README of one screen', () => {
    assert.ok(read('README.md').split('\n').length <= 66, 'move what is not for every user into docs/');
  });

  it('describes every command of the manifest in docs/commands.md, by its title', () => {
    const page = read('docs/commands.md');
    const missing = manifest.contributes.commands
      .map(({ title }) => texts[title.slice(1, -1)] ?? title)
      .filter((title) => !page.includes(`| ZeyOS: ${title} |`));
    assert.deepEqual(missing, []);
  });

  it('describes every setting of the manifest in docs/settings.md, with its default', () => {
    const page = read('docs/settings.md');
    const missing = Object.entries(manifest.contributes.configuration.properties)
      .map(([name, { default: value }]) => `| \`${name}\` | \`${JSON.stringify(value)}\` |`)
      .filter((row) => !page.includes(row));
    assert.deepEqual(missing, []);
  });

  it('describes every property of an instance in docs/settings.md', () => {
    const page = read('docs/settings.md');
    const properties = manifest.contributes.configuration.properties['zeyos.instances']?.items?.properties ?? {};
    assert.ok('url' in properties);
    assert.deepEqual(
      Object.keys(properties).filter((name) => !page.includes(`| \`${name}\` |`)),
      [],
    );
  });
});

describe('The README of a package without a repository', () => {
  let readmeWithoutRepository: (text: string) => string;

  before(async () => {
    ({ readmeWithoutRepository } = await repositoryModule<typeof Readme>('.ci/readme.mjs'));
  });

  it('names the path of a relative link, and keeps other links', () => {
    assert.equal(
      readmeWithoutRepository(
        'See [Settings](docs/settings.md), [VS Code](https://code.visualstudio.com) and [below](#below).',
      ),
      'See Settings (`docs/settings.md`), [VS Code](https://code.visualstudio.com) and [below](#below).',
    );
  });

  it('leaves out paragraphs and tables with a relative picture, and keeps a picture with an https address', () => {
    const kept = 'Text\n\n![kept](https://example.com/a.png)\n';
    assert.equal(
      readmeWithoutRepository(
        'Text\n\n![a](media/a.webp)\n\n| A | B |\r\n| --- | --- |\r\n| ![a](a.png) | [![b](b.png)](b.md) |\n\n![kept](https://example.com/a.png)\n',
      ),
      kept,
    );
  });

  it('has no relative link or picture left of the real README', () => {
    assert.doesNotMatch(readmeWithoutRepository(read('README.md')), /\]\((?!https:|#)/);
  });
});
