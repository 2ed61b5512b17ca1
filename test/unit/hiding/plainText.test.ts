import assert from 'node:assert/strict';
import { harmlessText, plainText } from '../../../src/hiding/plainText';

describe('Reducing text to plain text', () => {
  const table: readonly [string, string, string][] = [
    ['returns plain text unchanged', 'Max Power', 'Max Power'],
    ['keeps letters of every script', 'Jürgen Großß 田中 😀', 'Jürgen Großß 田中 😀'],
    ['removes white space at the ends', '  max \n', 'max'],
    ['folds white space and control characters', 'a\r\n\t b\u0000\u001b[31mc', 'a b [31mc'],
    ['removes bidirectional characters', 'a\u202eb\u2066c\u200f', 'abc'],
    ['removes other invisible characters', 'a\u200bb\u00adc\u2060d\u3164', 'abcd'],
    ['folds white space that only an invisible character separates', 'a \u200b b', 'a b'],
    ['removes lone surrogates and private-use characters', 'a\ud800b\ue900', 'ab'],
    ['returns an empty string when nothing is visible', '\u202e \u200b', ''],
  ];
  for (const [what, text, expected] of table) it(what, () => assert.equal(plainText(text), expected));

  it('cuts to the length limit between whole characters', () => {
    assert.equal(plainText('abcdef', 6), 'abcdef');
    assert.equal(plainText('abcdefg', 6), 'abcde…');
    assert.equal(plainText('😀'.repeat(7), 6), `${'😀'.repeat(5)}…`);
    assert.equal([...plainText('x'.repeat(100))].length, 64);
  });
});

describe('Making a server’s text harmless', () => {
  const harmless = [
    'Invalid credentials',
    'Your account is locked (see your administrator)',
    'a [b] c',
    'costs $5',
    'https://example.com',
  ];
  for (const text of harmless) it(`keeps: ${text}`, () => assert.equal(harmlessText(text), text));

  const links = [
    '[click](https://evil.example)',
    '[click] (x)',
    '[click]\u200b(x)',
    '[click]\n(x)',
    'command:zeyos.signOut',
    'COMMAND:x',
    'com\u00admand:x',
    '$(alert) Danger',
    '$\u200b(alert)',
  ];
  for (const text of links)
    it(`drops text that could become a link or a command: ${JSON.stringify(text)}`, () =>
      assert.equal(harmlessText(text), undefined));

  it('returns undefined when there is no visible text', () => {
    for (const text of [undefined, '', ' \n', '\u202e']) assert.equal(harmlessText(text), undefined);
  });

  it('cuts the text to 200 characters', () => assert.equal([...(harmlessText('x'.repeat(1000)) ?? '')].length, 200));
});
