import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hasInvisible, withoutInvisible } from '../../../src/base/invisible';

const invisible: readonly [string, string][] = [
  ['a zero-width space', '\u200b'],
  ['a zero-width non-joiner', '\u200c'],
  ['a zero-width joiner', '\u200d'],
  ['a word joiner', '\u2060'],
  ['a byte order mark', '\ufeff'],
  ['a soft hyphen', '\u00ad'],
  ['a left-to-right mark', '\u200e'],
  ['an Arabic letter mark', '\u061c'],
  ['a left-to-right embedding, as Windows puts in front of paths', '\u202a'],
  ['a right-to-left override', '\u202e'],
  ['an isolate', '\u2066'],
  ['a no-break space', '\u00a0'],
  ['a narrow no-break space', '\u202f'],
  ['a thin space', '\u2009'],
  ['an ideographic space', '\u3000'],
  ['a line end', '\n'],
  ['a line end of Windows', '\r\n'],
  ['a line separator', '\u2028'],
  ['a next-line character', '\u0085'],
  ['a tab', '\t'],
  ['a null character', '\u0000'],
  ['an escape character', '\u001b'],
  ['a combining grapheme joiner', '\u034f'],
  ['a Hangul filler', '\u3164'],
  ['a Mongolian vowel separator', '\u180e'],
  ['a variation selector', '\ufe0f'],
  ['a supplementary variation selector', '\u{e0100}'],
  ['a tag character', '\u{e0041}'],
  ['an interlinear annotation anchor', '\ufff9'],
  ['a Braille pattern blank', '\u2800'],
];

describe('Removing invisible characters from pasted text', () => {
  for (const [what, character] of invisible) {
    it(`removes ${what} at the ends and inside, or only at the ends if asked to`, () => {
      const text = `${character} ${character}de${character}mo ${character}`;
      assert.equal(withoutInvisible(text), 'demo');
      assert.equal(withoutInvisible(text, 'atEnds'), `de${character}mo`);
      assert.deepEqual([hasInvisible(text), hasInvisible(`de${character}mo`)], [true, true]);
    });
  }

  const visible = ['demo', 'two words', 'Jürgen Großß', '田中', '😀', 'مریم', '-–—', '\u0600', '\u00b7', '\ud800'];
  for (const text of visible) {
    it(`keeps ${JSON.stringify(text)} as it is`, () => {
      assert.deepEqual(
        [withoutInvisible(text), withoutInvisible(text, 'atEnds'), hasInvisible(text)],
        [text, text, false],
      );
    });
  }

  it('returns an empty string when the text has only invisible characters', () => {
    for (const [, character] of invisible)
      assert.deepEqual([withoutInvisible(character), withoutInvisible(` ${character} `, 'atEnds')], ['', '']);
    assert.equal(withoutInvisible(''), '');
  });

  it('leaves no invisible character and no blank at the ends, for any text', () => {
    const characters = fc.oneof(
      fc.constantFrom(...invisible.map(([, character]) => character), ' '),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    const text = fc.array(characters).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (pasted) => {
        const cleaned = withoutInvisible(pasted);
        assert.equal(hasInvisible(cleaned), false);
        assert.equal(cleaned, cleaned.trim());
        assert.equal(withoutInvisible(cleaned), cleaned);
        assert.equal(withoutInvisible(withoutInvisible(pasted, 'atEnds')), cleaned);
      }),
    );
  });

  it('takes linear time', function () {
    this.timeout(2_000);
    const text = `a${' \u200b'.repeat(200_000)}b`;
    assert.equal(withoutInvisible(text, 'atEnds'), text);
  });
});
