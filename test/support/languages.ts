import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { root } from './paths';

/** The languages, besides English, that `l10n/` or the root folder has a file for. */
export const languages: readonly string[] = [
  ...new Set(
    [...readdirSync(join(root, 'l10n')), ...readdirSync(root)].flatMap(
      (file) => /^(?:bundle\.l10n|package\.nls)\.(.+)\.json$/.exec(file)?.[1] ?? [],
    ),
  ),
].sort();

/** Runs a function while the texts are in a language; `en` is that of the sources. */
export function inLanguage<T>(language: string, work: () => T): T {
  const file = join(root, `l10n/bundle.l10n.${language}.json`);
  l10n.config({ contents: language === 'en' ? '{}' : readFileSync(file, 'utf8') });
  try {
    return work();
  } finally {
    l10n.config({ contents: '{}' });
  }
}
