import assert from 'node:assert/strict';
import { introspectionMarkdown } from '../../src/ui/introspectionReport';
import { accessToken, session, storedAccount } from '../support/builders';

const token = accessToken('0123456789abcdef0123456789abcdef01234567');
const now = Date.parse('2030-01-01T12:00:00Z');

/** What the document says where the server answers so. */
const document = (body: string, secrets: readonly string[] = []): string =>
  introspectionMarkdown(storedAccount({ session: session(token) }), { token, answer: { value: { active: true }, body, sentAt: now, receivedAt: now, clockSkewMs: 0 } }, secrets, 'en');

describe('What a server answered about a token', () => {
  const quoted: readonly [string, string, (secret: string) => string][] = [
    ['a password with quotation marks', 'pass "word" \\ 1', (secret) => JSON.stringify({ active: true, you: `sent ${secret}` })],
    ['a password in a list', 'pass "word"', (secret) => JSON.stringify({ active: true, you: [[secret]] })],
    ['a password as a name', 'pass "word"', (secret) => JSON.stringify({ active: true, [secret]: 1 })],
    ['a secret with letters beyond ASCII, as PHP writes it', 'sécret/ß', () => '{"active":true,"you":"sent s\\u00e9cret\\/\\u00df"}'],
    ['the token, escaped letter by letter', token.value, (secret) => `{"active":true,"you":"${[...secret].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')}"}`],
  ];
  for (const [what, secret, body] of quoted) {
    it(`is shown without the secrets that it quotes: ${what}`, () => {
      const shown = document(body(secret), [secret]);
      for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) assert.ok(!shown.includes(form), shown);
    });
  }

  for (const name of ['password', 'client_secret', 'otp', 'code']) {
    it(`is shown with nothing of what it calls ${name}: only of a token, a part tells it from another`, () => {
      const shown = document(JSON.stringify({ active: true, [name]: 'correct horse battery staple' }));
      assert.doesNotMatch(shown, /corr|aple/);
    });
  }
});
