import * as l10n from '@vscode/l10n';

/**
 * The language of the texts, as a BCP 47 tag. It may differ from the editor's language, for which there may be no
 * translation. Numbers and plurals in a sentence follow the sentence.
 */
export function textLanguage(): string {
  return l10n.t({ message: 'en', comment: ['The language of this file as a BCP 47 tag, such as de or pt-BR'] });
}
