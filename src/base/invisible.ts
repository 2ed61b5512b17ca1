/**
 * Characters that show no mark: control and bidirectional characters, soft hyphens, byte order marks, zero-width
 * characters, line ends, tabs, and every Unicode blank except U+0020, which a person can see and type. It adds U+2800
 * and U+FFF9–FFFB, which are invisible although Unicode does not call them ignorable.
 */
const INVISIBLE = /(?! )[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]/u;

/**
 * Removes the invisible characters from a pasted text, and the blanks at its ends. Use `everywhere` only for a text in
 * which invisible characters cannot have a meaning, such as a URL, a token or a one-time code.
 */
export function withoutInvisible(text: string, where: 'everywhere' | 'atEnds' = 'everywhere'): string {
  const characters = where === 'everywhere' ? [...text].filter((character) => !INVISIBLE.test(character)) : [...text];
  const isPart = (character: string): boolean => character !== ' ' && !INVISIBLE.test(character);
  const first = characters.findIndex(isPart);
  // A regular expression for the end of the text would take quadratic time.
  return first < 0 ? '' : characters.slice(first, characters.findLastIndex(isPart) + 1).join('');
}

/** Tells whether a text contains an invisible character. A blank (U+0020) is visible. */
export function hasInvisible(text: string): boolean {
  return INVISIBLE.test(text);
}
