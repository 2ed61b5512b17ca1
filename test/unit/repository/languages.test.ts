import assert from 'node:assert/strict';
import { durationText } from '../../../src/dialog/duration';
import { textLanguage } from '../../../src/dialog/language';
import { plural, PLURAL_FORMS } from '../../../src/dialog/plural';
import { spanText } from '../../../src/ui/words/words';
import { inLanguage, languages } from '../../support/languages';

const HOUR_MS = 3_600_000;
const forms = { one: 'one', other: 'other' };

describe('Numbers in a sentence', () => {
  for (const language of ['en', ...languages]) {
    describe(`in the language ${language}`, () => {
      it('follow the language that the translation itself names', () =>
        assert.equal(inLanguage(language, textLanguage), language));

      it('need no plural form that the texts lack, up to 1000', () => {
        const rules = new Intl.PluralRules(language);
        const needed = new Set(Array.from({ length: 1001 }, (_, count) => rules.select(count)));
        assert.deepEqual(
          [...needed].filter((form) => !(PLURAL_FORMS as readonly string[]).includes(form)),
          [],
        );
      });

      it('have a unit that is not the English word', () =>
        assert.equal(inLanguage(language, () => durationText(5, 'hour', 'long')) === '5 hours', language === 'en'));
    });
  }

  it('select the plural form of a text', () =>
    assert.deepEqual(
      [0, 1, 2].map((count) => plural(count, forms)),
      ['other', 'one', 'other'],
    ));

  const spans: readonly (readonly [string, number, string])[] = [
    ['en', 59_999, 'less than 1 min'],
    ['en', 12 * 60_000, '12 min'],
    ['en', 5 * HOUR_MS, '5 h 0 min'],
    ['en', 26 * HOUR_MS, '1 d 2 h'],
    ['en', 24 * HOUR_MS, '1 d'],
    ['de', 59_999, 'weniger als 1 Min.'],
    ['de', 5 * HOUR_MS + 12 * 60_000, '5 Std. 12 Min.'],
    ['de', 74 * HOUR_MS, '3 Tg. 2 Std.'],
    ['es', 59_999, 'menos de 1 min'],
    ['es', 5 * HOUR_MS + 12 * 60_000, '5 h 12 min'],
    ['es', 74 * HOUR_MS, '3 d 2 h'],
  ];
  for (const [language, ms, expected] of spans)
    it(`are written as "${expected}" for a time span of ${ms} ms in the language ${language}`, () =>
      assert.equal(
        inLanguage(language, () => spanText(ms)),
        expected,
      ));

  for (const [language, expected] of [
    ['en', '1 second, 60 seconds'],
    ['de', '1 Sekunde, 60 Sekunden'],
    ['es', '1 segundo, 60 segundos'],
  ] as const)
    it(`are written in words as "${expected}" in the language ${language}`, () =>
      assert.equal(
        inLanguage(language, () => [1, 60].map((count) => durationText(count, 'second', 'long')).join(', ')),
        expected,
      ));
});
