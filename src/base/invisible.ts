/**
 * Control, bidirectional and zero-width characters, soft hyphens, byte order marks, line ends, tabs, and every Unicode
 * blank except U+0020, which a user can see and type. Unicode does not list U+2800 and U+FFF9–FFFB as ignorable.
 */
const INVISIBLE = /(?! )[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]/u;

/**
 * Removes invisible characters, and the blanks at the ends. `everywhere` is only for texts in which invisible
 * characters mean nothing, such as a URL or a token.
 */
export function withoutInvisible(text: string, where: 'everywhere' | 'atEnds' = 'everywhere'): string {
  const characters = where === 'everywhere' ? [...text].filter((character) => !INVISIBLE.test(character)) : [...text];
  const isPart = (character: string): boolean => character !== ' ' && !INVISIBLE.test(character);
  const first = characters.findIndex(isPart);
  // A regular expression for the end of the text takes quadratic time.
  return first < 0 ? '' : characters.slice(first, characters.findLastIndex(isPart) + 1).join('');
}

/** A blank (U+0020) is visible. */
export function hasInvisible(text: string): boolean {
  return INVISIBLE.test(text);
}
