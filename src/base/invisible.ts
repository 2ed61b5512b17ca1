/**
 * Characters that leave no mark on the screen, or only a gap: control and bidirectional characters, soft hyphens, byte order
 * marks, zero-width characters, line ends, tabs, and every Unicode blank but U+0020, which a person can see and type.
 * U+2800 and U+FFF9–FFFB look like nothing either, though Unicode does not call them ignorable.
 */
const INVISIBLE = /(?! )[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]/u;

/**
 * Removes from a pasted text what the user cannot see: at the ends together with blanks, and `everywhere` unless told otherwise.
 * Characters inside may only be removed where they cannot mean anything, as in a URL, a token or a one-time code.
 */
export function withoutInvisible(text: string, where: 'everywhere' | 'atEnds' = 'everywhere'): string {
  const characters = where === 'everywhere' ? [...text].filter((character) => !INVISIBLE.test(character)) : [...text];
  const isPart = (character: string): boolean => character !== ' ' && !INVISIBLE.test(character);
  const first = characters.findIndex(isPart);
  // Not by a regular expression for the end of the text, which would take quadratic time.
  return first < 0 ? '' : characters.slice(first, characters.findLastIndex(isPart) + 1).join('');
}

/** Whether a text contains a character that the user cannot see. A blank (U+0020) is none. */
export function hasInvisible(text: string): boolean {
  return INVISIBLE.test(text);
}
