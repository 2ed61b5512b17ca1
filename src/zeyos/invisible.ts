/**
 * Characters that leave no mark on the screen, or only a gap: control and bidirectional characters, soft hyphens, byte order
 * marks, zero-width characters, line ends, tabs, and every Unicode blank but U+0020, which a person can see and type.
 * U+2800 and U+FFF9–FFFB look like nothing either, though Unicode does not call them ignorable.
 */
const INVISIBLE = '(?! )[\\s\\p{Cc}\\p{Default_Ignorable_Code_Point}\\u2800\\ufff9-\\ufffb]';
const ALL_INVISIBLE = new RegExp(INVISIBLE, 'gu');
const ANY_INVISIBLE = new RegExp(INVISIBLE, 'u');
const AT_START = new RegExp(`^(?: |${INVISIBLE})+`, 'u');

/**
 * Removes from a pasted text what the user cannot see: at the ends together with blanks, and `everywhere` unless told otherwise.
 * Characters inside may only be removed where they cannot mean anything, as in a URL, a token or a one-time code.
 */
export function withoutInvisible(text: string, where: 'everywhere' | 'atEnds' = 'everywhere'): string {
  return trimEnd((where === 'everywhere' ? text.replace(ALL_INVISIBLE, '') : text).replace(AT_START, ''));
}

/** Whether a text contains a character that the user cannot see. A blank (U+0020) is none. */
export function hasInvisible(text: string): boolean {
  return ANY_INVISIBLE.test(text);
}

/** A regular expression for the end would be tried at each blank in the text, which takes quadratic time. */
function trimEnd(text: string): string {
  const characters = [...text];
  const last = characters.findLastIndex((character) => character !== ' ' && !ANY_INVISIBLE.test(character));
  return characters.slice(0, last + 1).join('');
}
