import assert from 'node:assert/strict';
import { harmlessText, plainText } from '../../../src/base/plainText';

describe('Plain text', () => {
  const table: readonly [string, string, string][] = [
    ['stays as it is', 'Max Power', 'Max Power'],
    ['keeps letters of every script', 'Jürgen Großß 田中 😀', 'Jürgen Großß 田中 😀'],
    ['loses the blanks around it', '  max \n', 'max'],
    ['folds white space and control characters', 'a\r\n\t b\u0000\u001b[31mc', 'a b [31mc'],
    ['loses bidirectional characters', 'a\u202eb\u2066c\u200f', 'abc'],
    ['loses other invisible characters', 'a\u200bb\u00adc\u2060d\u3164', 'abcd'],
    ['folds white space that only an invisible character parted', 'a \u200b b', 'a b'],
    ['loses lone surrogates and private use', 'a\ud800b\ue900', 'ab'],
    ['may be nothing', '\u202e \u200b', ''],
  ];
  for (const [what, text, expected] of table) it(what, () => assert.equal(plainText(text), expected));

  it('is cut at a length of whole characters', () => {
    assert.equal(plainText('abcdef', 6), 'abcdef');
    assert.equal(plainText('abcdefg', 6), 'abcde…');
    assert.equal(plainText('😀'.repeat(7), 6), `${'😀'.repeat(5)}…`);
    assert.equal([...plainText('x'.repeat(100))].length, 64);
  });
});

describe('The server’s own words', () => {
  const harmless = [
    'Invalid credentials',
    'Your account is locked (see your administrator)',
    'a [b] c',
    'costs $5',
    'https://example.com',
  ];
  for (const text of harmless) it(`may be shown: ${text}`, () => assert.equal(harmlessText(text), text));

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
    it(`are dropped where they would be something to click: ${JSON.stringify(text)}`, () =>
      assert.equal(harmlessText(text), undefined));

  it('are nothing where there are none', () => {
    for (const text of [undefined, '', ' \n', '\u202e']) assert.equal(harmlessText(text), undefined);
  });

  it('are cut', () => assert.equal([...(harmlessText('x'.repeat(1000)) ?? '')].length, 200));
});
