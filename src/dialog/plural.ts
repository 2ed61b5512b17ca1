import { textLanguage } from './language';

/** The plural forms that texts have, as CLDR names them. A translation into a language that needs another form adds it here and to each use. */
export const PLURAL_FORMS = ['one', 'other'] as const;
type PluralForm = (typeof PLURAL_FORMS)[number];

/** The text that fits a count in the language of the texts. */
export function plural(count: number, texts: Readonly<Record<PluralForm, string>>): string {
  const form = new Intl.PluralRules(textLanguage()).select(count);
  return form === 'one' ? texts.one : texts.other;
}
