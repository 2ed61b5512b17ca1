/** Counts as a reader does: an accent or a skin tone belongs to the character before it. */
function charactersOf(text: string): readonly string[] {
  return [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment);
}

/** Cuts the middle, because the ends of a name say more. */
export function shortened(text: string, length: number): string {
  // Counting code units is faster, and no text has more characters than code units.
  if (text.length <= length) return text;
  const characters = charactersOf(text);
  if (characters.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return cut(characters, [
    [0, length - 1 - tail],
    [characters.length - tail, characters.length],
  ]);
}

/**
 * Keeps the short forms of all texts different. Cuts all in the middle if the results differ, else around the first
 * character that differs, else not at all.
 * @param others texts that differ from this one
 */
export function distinctlyShortened(text: string, others: readonly string[], length: number): string {
  const all = [text, ...others];
  const difference = commonLength(all.map(charactersOf));
  const shapes = [
    (each: string): string => shortened(each, length),
    (each: string): string => aroundDifference(charactersOf(each), difference, length),
  ];
  const shape = shapes.find((candidate) => new Set(all.map(candidate)).size === new Set(all).size);
  return shape?.(text) ?? text;
}

/** The number of characters with which all texts begin. */
function commonLength([first = [], ...others]: readonly (readonly string[])[]): number {
  const end = first.findIndex((character, index) => others.some((other) => other[index] !== character));
  return end < 0 ? first.length : end;
}

/** Keeps the beginning, the characters around the difference, and the end. */
function aroundDifference(characters: readonly string[], difference: number, length: number): string {
  if (characters.length <= length) return characters.join('');
  const part = Math.floor((length - 2) / 3);
  const from = Math.max(part, difference - Math.floor(part / 2));
  return cut(characters, [
    [0, part],
    [from, from + length - 2 - 2 * part],
    [characters.length - part, characters.length],
  ]);
}

/** Joins parts, given by their start and end, with an ellipsis for each gap. */
function cut(characters: readonly string[], parts: readonly (readonly [number, number])[]): string {
  let end = 0;
  return parts
    .map(([from, to]) => {
      const start = Math.max(end, from);
      const gap = start > end ? '…' : '';
      end = Math.max(end, to);
      return gap + characters.slice(start, end).join('');
    })
    .join('');
}
