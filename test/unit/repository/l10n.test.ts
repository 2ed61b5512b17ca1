import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languages } from '../../support/languages';
import { root } from '../../support/paths';

type Bundle = Readonly<Record<string, string | { readonly message: string; readonly comment: readonly string[] }>>;
type Texts = Readonly<Record<string, string>>;

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const parse = <T>(file: string): T => JSON.parse(read(file)) as T;

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, contents: read(join('src', file)) }));
const exported = parse<Bundle>('l10n/bundle.l10n.json');
const english = Object.fromEntries(
  Object.entries(exported).map(([key, entry]) => [key, typeof entry === 'string' ? entry : entry.message]),
);
const names = parse<Texts>('package.nls.json');
/** Every character that some language uses as a quotation mark, save the apostrophe. */
const QUOTATION_MARKS = /["„“”«»‹›「」『』]/gu;

function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\w+\}/g))].sort();
}

/**
 * All sources that have texts, as one source with one import of the texts. The export takes 0.1 s for each import,
 * whatever the length of the source.
 */
function asOne(all: readonly { readonly contents: string }[]): string {
  const imported = /^import \* as (?:l10n from '@vscode\/l10n'|vscode from 'vscode');$/gm;
  const texts = all
    .filter(({ contents }) => contents.includes('l10n'))
    .map(({ contents }) => contents.replace(imported, ''));
  return ["import * as l10n from '@vscode/l10n';", "import * as vscode from 'vscode';", ...texts].join('\n');
}

/** Keys whose translation is empty, or lacks or adds a placeholder. */
function unlike(original: Texts, translation: Texts): string[] {
  return Object.entries(original).flatMap(([key, text]) => {
    const translated = translation[key];
    return translated?.trim() && placeholders(translated).join() === placeholders(text).join() ? [] : [key];
  });
}

function assertSameKeys(actual: object, expected: object): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
}

describe('The translatable texts', () => {
  it('of the sources are in l10n/bundle.l10n.json (npm run l10n updates it)', async () => {
    // The package is slow to load, and only this test uses it.
    const { getL10nJson } = await import('@vscode/l10n-dev');
    assert.deepEqual(exported, await getL10nJson([{ contents: asOne(sources), extension: '.ts' }]));
  });

  it('of each l10n.t call begin with a literal, so that the export finds them', () => {
    const hidden = sources.flatMap(({ file, contents }) =>
      [...contents.matchAll(/\bl10n\.t\((?!\s*(?:'|"|\{))[^\n]*/g)].map(([call]) => `${file}: ${call}`),
    );
    assert.deepEqual(hidden, []);
  });

  it('of the manifest are all in package.nls.json, which has no others', () => {
    const used = [...read('package.json').matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(names).sort());
  });

  it('exist in German and Spanish', () =>
    assert.deepEqual(
      ['de', 'es'].filter((each) => !languages.includes(each)),
      [],
    ));

  for (const language of languages) {
    describe(`in the language ${language}`, () => {
      const texts = parse<Texts>(`l10n/bundle.l10n.${language}.json`);
      const localNames = parse<Texts>(`package.nls.${language}.json`);

      it('translate each text of the sources, and no other', () => assertSameKeys(texts, exported));
      it('keep the placeholders of each text of the sources', () => assert.deepEqual(unlike(english, texts), []));
      it('translate each text of the manifest, and no other', () => assertSameKeys(localNames, names));
      it('keep the placeholders of each text of the manifest', () => assert.deepEqual(unlike(names, localNames), []));

      it('have the quotation marks that the language has around a name, and no others', () => {
        const [opening = '', closing = ''] = (texts['"{0}"'] ?? '').split('{0}');
        const wrong = Object.entries({ ...texts, ...localNames }).filter(([, text]) => {
          const marks = text.match(QUOTATION_MARKS) ?? [];
          return marks.join('') !== `${opening}${closing}`.repeat(marks.length / 2);
        });
        assert.deepEqual(wrong, []);
      });

      it('refer to a command by its translated title', () => {
        const titles = Object.keys(names).flatMap((key) =>
          key.startsWith('command.') ? [[names[key] ?? '', localNames[key] ?? ''] as const] : [],
        );
        const wrong = Object.entries(english).flatMap(([key, text]) => {
          const translated = texts[key] ?? '';
          const fits = titles.every(
            ([title, localTitle]) =>
              (text !== title || translated === localTitle) &&
              (!text.includes(`ZeyOS: ${title}"`) || translated.includes(`ZeyOS: ${localTitle}`)),
          );
          return fits ? [] : [key];
        });
        assert.deepEqual(wrong, []);
      });
    });
  }
});
