import assert from 'node:assert/strict';
import fc from 'fast-check';
import { concealer, concealing } from '../../../src/zeyos/conceal';

const password = 'pä:ss "wörd"/1%';
const conceal = concealer({
  headers: { Authorization: `Basic ${Buffer.from(`max:${password}`).toString('base64')}` },
  form: { grant_type: 'refresh_token', refresh_token: 'refresh~Nb4/Gd1' },
});

describe('What a server was told in confidence', () => {
  const quotations: readonly [string, string][] = [
    ['as it is', password],
    ['as it was sent', Buffer.from(`max:${password}`).toString('base64')],
    ['of a form', 'refresh~Nb4/Gd1'],
    ['percent-encoded', 'p%C3%A4%3Ass%20%22w%C3%B6rd%22%2F1%25'],
    ['percent-encoded in lower case', 'p%c3%a4%3ass%20%22w%c3%b6rd%22%2f1%25'],
    ['form-encoded', 'p%C3%A4%3Ass+%22w%C3%B6rd%22%2F1%25'],
    ['in JSON', JSON.stringify(password).slice(1, -1)],
    ['in JSON as PHP writes it', 'p\\u00e4:ss \\"w\\u00f6rd\\"\\/1%'],
    ['in JSON as PHP writes it, without a letter that needs it', 'refresh~Nb4\\/Gd1'],
  ];
  for (const [how, quotation] of quotations)
    it(`is concealed where it quotes it ${how}`, () => assert.equal(conceal(`you sent ${quotation}.`), 'you sent ….'));

  const entities = (text: string, apostrophe: string): string =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('"', '&quot;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll("'", apostrophe);
  const hex = (text: string): string =>
    JSON.stringify(text)
      .slice(1, -1)
      .replaceAll('\\"', '\\u0022')
      .replace(/[<>&']/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
  const markup = 'Sommer<2024>&"Winter\'s"';
  const escapes: readonly [string, (text: string) => string][] = [
    ['in HTML', (text) => entities(text, '&#039;')],
    ['in HTML with a shorter number', (text) => entities(text, '&#39;')],
    ['in HTML by the newer name', (text) => entities(text, '&apos;')],
    ['in HTML by numbers', (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)],
    [
      'in HTML by hexadecimal numbers',
      (text) => text.replace(/[&<>"']/g, (letter) => `&#x${letter.charCodeAt(0).toString(16).toUpperCase()};`),
    ],
    ['in HTML twice over', (text) => entities(entities(text, '&#039;'), '')],
    ['in JSON that is fit for HTML', hex],
    ['in JSON with HTML in it', (text) => JSON.stringify(entities(text, '&#039;')).slice(1, -1)],
    ['in JSON that is fit for HTML, with HTML in it', (text) => hex(entities(text, '&#039;'))],
  ];
  for (const [how, quoted] of escapes)
    it(`is concealed where it quotes it ${how}`, () =>
      assert.equal(concealing([markup])(`you sent ${quoted(markup)}.`), 'you sent ….'));

  it('is concealed whatever is in it, however it is escaped', () => {
    const secrets = fc.string({ unit: fc.constantFrom(...'\\/"\'<>&;#a0x39amp\n\tä€😀'), minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(secrets, fc.constantFrom(...escapes), (secret, [, quoted]) =>
        assert.doesNotMatch(concealing([secret])(`(${quoted(secret)})`), /^\([^…]/),
      ),
    );
  });

  it('is looked for in no more time than there is text, however many backslashes are in both', () => {
    const startedAt = Date.now();
    concealing([`${'\\'.repeat(60)}<&`])('\\'.repeat(100_000));
    assert.ok(Date.now() - startedAt < 2_000);
  });

  it('may be of any length', () => {
    for (const unit of ['x', '<', '-']) {
      const long = unit.repeat(30_000);
      assert.equal(concealing([long])(`you sent ${long}.`), 'you sent ….');
    }
  });

  it('may be anything that can be typed', () => {
    const broken = concealer({ headers: { Authorization: 'Basic x' }, form: { password: 'half an emoji: \ud83d' } });
    assert.equal(broken('half an emoji: \ud83d'), '…');
  });

  it('is not looked for in more text than anybody is shown', () =>
    assert.equal(conceal('x'.repeat(1_000_000)), `${'x'.repeat(100_000)}…`));

  it('takes nothing else along', () => assert.equal(conceal('refresh_token max Basic'), 'refresh_token max Basic'));
});
