import { textLanguage } from './language';

/**
 * The plural forms of the texts, as CLDR names them. For a language that needs another form, add it here and to each
 * use.
 */
export const PLURAL_FORMS = ['one', 'other'] as const;
type PluralForm = (typeof PLURAL_FORMS)[number];

/** Chooses the text for a count, by the plural rules of the language of the texts. */
export function plural(count: number, texts: Readonly<Record<PluralForm, string>>): string {
  const form = new Intl.PluralRules(textLanguage()).select(count);
  return form === 'one' ? texts.one : texts.other;
}
