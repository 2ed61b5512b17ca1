import assert from 'node:assert/strict';
import { introspectionCheck, introspectionMarkdown } from '../../src/ui/documents/introspectionReport';
import type { TokenInfo } from '../../src/zeyos/surface';
import { accessToken, session, storedAccount } from '../support/builders';

const token = accessToken('0123456789abcdef0123456789abcdef01234567');
const now = Date.parse('2030-01-01T12:00:00Z');

/** What the document says where the server answers so. */
const document = (body: string, secrets: readonly string[] = []): string =>
  introspectionMarkdown(
    storedAccount({ session: session(token) }),
    { token, answer: { value: { active: true }, body, sentAt: now, receivedAt: now, clockSkewMs: 0 } },
    secrets,
    'en',
  );

describe('What a server answered about a token', () => {
  const quoted: readonly [string, string, (secret: string) => string][] = [
    [
      'a password with quotation marks',
      'pass "word" \\ 1',
      (secret) => JSON.stringify({ active: true, you: `sent ${secret}` }),
    ],
    ['a password in a list', 'pass "word"', (secret) => JSON.stringify({ active: true, you: [[secret]] })],
    ['a password as a name', 'pass "word"', (secret) => JSON.stringify({ active: true, [secret]: 1 })],
    [
      'a secret with letters beyond ASCII, as PHP writes it',
      'sécret/ß',
      () => '{"active":true,"you":"sent s\\u00e9cret\\/\\u00df"}',
    ],
    [
      'the token, escaped letter by letter',
      token.value,
      (secret) =>
        `{"active":true,"you":"${[...secret].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')}"}`,
    ],
  ];
  for (const [what, secret, body] of quoted) {
    it(`is shown without the secrets that it quotes: ${what}`, () => {
      const shown = document(body(secret), [secret]);
      for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) assert.ok(!shown.includes(form), shown);
    });
  }

  for (const [what, member, secrets] of [
    [
      'by its name',
      {
        otp: 924751,
        password: 47114711,
        code: [47114711],
        client_secret: { value: '47114711' },
        access_token: 47114711,
      },
      [],
    ],
    ['by its value', { you: 47114711 }, ['47114711']],
    ['by its value, among others', { you: [1, -47114711.5] }, ['47114711']],
  ] as const) {
    it(`is shown without a secret of digits that is written as a number, known ${what}`, () =>
      assert.doesNotMatch(document(JSON.stringify({ active: true, ...member }), secrets), /924751|47114711/));
  }

  it('is shown as what it is where a secret of digits has been concealed in it before', () => {
    const shown = document('{"active":true,"you":…,"list":[1,-….5],"text":"a … b","password":"correct horse"}');
    assert.match(
      shown,
      /"you": "…",\n {2}"list": \[\n {4}1,\n {4}"…"\n {2}\],\n {2}"text": "a … b",\n {2}"password": "…"/,
    );
  });

  it('is shown with its numbers, unless reading would have changed them', () => {
    const shown = document('{"active":true,"exp":1893499200,"ratio":0.5,"large":12345678901234567891}', [
      '12345678901234567891',
    ]);
    assert.match(shown, /"exp": 1893499200,\n {2}"ratio": 0\.5,\n {2}"large": "…"/);
  });

  describe('about whose it is', () => {
    const told = (value: TokenInfo, secrets: readonly string[] = []): string =>
      introspectionMarkdown(
        storedAccount({ session: session(token) }),
        { token, answer: { value, body: '{}', sentAt: now, receivedAt: now, clockSkewMs: 0 } },
        secrets,
        'en',
      );

    it('is shown without the secrets that are quoted in it', () => {
      const password = 'correct horse battery';
      const text = told(
        {
          active: true,
          username: token.value,
          sub: password,
          client_id: `app ${token.value}`,
          userInfo: { sub: '7', name: password, email: token.value, groups: [password] },
        },
        [password],
      );
      assert.ok(!text.includes(token.value) && !text.includes(password), text);
    });

    const evil = [
      '<img src="https://evil.example/x.png">',
      'https://evil.example/login',
      '<a href="https://evil.example">Sign in again</a>',
      '`https://evil.example`',
      '![x](https://evil.example/x.png)',
      'www.evil.example',
    ];
    for (const name of evil) {
      it(`is nothing to click or to load when it is previewed: ${name}`, () => {
        const lines = told({
          active: true,
          username: name,
          sub: name,
          client_id: name,
          userInfo: { sub: name, name, email: name, groups: [name] },
        }).split('\n');
        for (const title of ['User', 'Name', 'Email', 'Client', 'Groups']) {
          const line = lines.find((each) => each.startsWith(`- ${title}: `)) ?? assert.fail(title);
          // Without what is in code spans.
          assert.doesNotMatch(line.replace(/`[^`]*`/g, ''), /[<>`[\]]|evil|:\/\//, line);
        }
      });
    }

    it('is shown as it is otherwise', () =>
      assert.match(
        told({ active: true, username: 'max.power', sub: '7' }),
        /^- User: `max\.power` \(sub `7`\)\n- Client: not reported$/m,
      ));
  });

  for (const name of ['password', 'client_secret', 'otp', 'code']) {
    it(`is shown with nothing of what it calls ${name}: only of a token, a part tells it from another`, () => {
      const shown = document(JSON.stringify({ active: true, [name]: 'correct horse battery staple' }));
      assert.doesNotMatch(shown, /corr|aple/);
    });
  }
});

describe('The raw response of an introspection', () => {
  const response = (body: string, secrets: readonly string[] = []): string =>
    introspectionCheck(
      {
        stored: storedAccount({ session: session(token) }),
        introspection: {
          token,
          answer: { value: { active: true }, body, sentAt: now, receivedAt: now, clockSkewMs: 0 },
        },
        secrets,
        locale: 'en',
      },
      [],
    ).response ?? '';

  it('is JSON without the secrets that it quotes', () => {
    const password = 'correct horse';
    const body = JSON.stringify({ active: true, you: `sent ${password} and ${token.value}`, client_secret: 'abc' });
    assert.deepEqual(JSON.parse(response(body, [password])), { active: true, you: 'sent … and …', client_secret: '…' });
  });

  it('is complete where the document is cut off', () => {
    const body = JSON.stringify({ active: true, list: Array.from({ length: 5000 }, (_, index) => index) });
    assert.deepEqual(JSON.parse(response(body)), JSON.parse(body));
    assert.throws(() => JSON.parse(document(body).split('```')[1]?.slice('json'.length) ?? ''), SyntaxError);
  });
});
