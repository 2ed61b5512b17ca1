import assert from 'node:assert/strict';
import fc from 'fast-check';
import { concealRequestSecrets, concealSecrets } from '../../../src/hiding/concealment';

const password = 'pä:ss "wörd"/1%';
const conceal = concealRequestSecrets({
  headers: { Authorization: `Basic ${Buffer.from(`max:${password}`).toString('base64')}` },
  form: { grant_type: 'refresh_token', refresh_token: 'refresh~Nb4/Gd1' },
});

describe('Concealing secrets in a server’s text', () => {
  const quotations: readonly [string, string][] = [
    ['unchanged', password],
    ['as Basic credentials', Buffer.from(`max:${password}`).toString('base64')],
    ['from a form', 'refresh~Nb4/Gd1'],
    ['percent-encoded', 'p%C3%A4%3Ass%20%22w%C3%B6rd%22%2F1%25'],
    ['percent-encoded in lower case', 'p%c3%a4%3ass%20%22w%c3%b6rd%22%2f1%25'],
    ['form-encoded', 'p%C3%A4%3Ass+%22w%C3%B6rd%22%2F1%25'],
    ['in JSON', JSON.stringify(password).slice(1, -1)],
    ['in JSON as PHP writes it', 'p\\u00e4:ss \\"w\\u00f6rd\\"\\/1%'],
    ['in JSON as PHP writes it, if only a slash is escaped', 'refresh~Nb4\\/Gd1'],
  ];
  for (const [how, quotation] of quotations)
    it(`removes a secret that is quoted ${how}`, () => assert.equal(conceal(`you sent ${quotation}.`), 'you sent ….'));

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
    ['in HTML with a shorter character reference', (text) => entities(text, '&#39;')],
    ['in HTML with &apos;', (text) => entities(text, '&apos;')],
    [
      'in HTML with decimal character references',
      (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`),
    ],
    [
      'in HTML with hexadecimal character references',
      (text) => text.replace(/[&<>"']/g, (letter) => `&#x${letter.charCodeAt(0).toString(16).toUpperCase()};`),
    ],
    ['in HTML that is escaped twice', (text) => entities(entities(text, '&#039;'), '')],
    ['in JSON with HTML-safe escapes', hex],
    ['in JSON that contains HTML', (text) => JSON.stringify(entities(text, '&#039;')).slice(1, -1)],
    ['in JSON with HTML-safe escapes that contains HTML', (text) => hex(entities(text, '&#039;'))],
  ];
  for (const [how, quoted] of escapes)
    it(`removes a secret with markup that is quoted ${how}`, () =>
      assert.equal(concealSecrets([markup])(`you sent ${quoted(markup)}.`), 'you sent ….'));

  it('removes any secret in any of these forms', () => {
    const secrets = fc.string({ unit: fc.constantFrom(...'\\/"\'<>&;#a0x39amp\n\tä€😀'), minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(secrets, fc.constantFrom(...escapes), (secret, [, quoted]) =>
        assert.doesNotMatch(concealSecrets([secret])(`(${quoted(secret)})`), /^\([^…]/),
      ),
    );
  });

  it('takes linear time, however many backslashes are in secret and text', function () {
    this.timeout(2_000);
    concealSecrets([`${'\\'.repeat(60)}<&`])('\\'.repeat(100_000));
  });

  it('removes a secret of any length', () => {
    for (const unit of ['x', '<', '-']) {
      const long = unit.repeat(30_000);
      assert.equal(concealSecrets([long])(`you sent ${long}.`), 'you sent ….');
    }
  });

  it('removes a secret with a lone surrogate', () => {
    const broken = concealRequestSecrets({
      headers: { Authorization: 'Basic x' },
      form: { password: 'half an emoji: \ud83d' },
    });
    assert.equal(broken('half an emoji: \ud83d'), '…');
  });

  it('cuts text that is longer than 100,000 characters', () =>
    assert.equal(conceal('x'.repeat(1_000_000)), `${'x'.repeat(100_000)}…`));

  it('leaves other words of the request in the text', () =>
    assert.equal(conceal('refresh_token max Basic'), 'refresh_token max Basic'));
});
