import assert from 'node:assert/strict';
import { introspectionCheck } from '../../../../src/ui/documents/introspectionReport';
import { introspectionMarkdown } from '../../../support/checkDocuments';
import type { TokenInfo } from '../../../../src/zeyos/api';
import { accessToken, session, storedAccount } from '../../../support/builders';

const token = accessToken('0123456789abcdef0123456789abcdef01234567');
const now = Date.parse('2030-01-01T12:00:00Z');

const document = (body: string, secrets: readonly string[] = []): string =>
  introspectionMarkdown(
    storedAccount({ session: session(token) }),
    { token, answer: { value: { active: true }, body, sentAt: now, receivedAt: now, clockSkewMs: 0 } },
    secrets,
    'en',
  );

describe('The introspection document', () => {
  const quoted: readonly [string, string, (secret: string) => string][] = [
    [
      'a password with quotation marks',
      'pass "word" \\ 1',
      (secret) => JSON.stringify({ active: true, you: `sent ${secret}` }),
    ],
    ['a password in a list', 'pass "word"', (secret) => JSON.stringify({ active: true, you: [[secret]] })],
    ['a password as a member name', 'pass "word"', (secret) => JSON.stringify({ active: true, [secret]: 1 })],
    [
      'a secret with letters beyond ASCII, as PHP writes it',
      'sécret/ß',
      () => '{"active":true,"you":"sent s\\u00e9cret\\/\\u00df"}',
    ],
    [
      'the token with each letter escaped',
      token.value,
      (secret) =>
        `{"active":true,"you":"${[...secret].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')}"}`,
    ],
  ];
  for (const [what, secret, body] of quoted) {
    it(`hides a secret that the answer quotes: ${what}`, () => {
      const shown = document(body(secret), [secret]);
      for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) assert.ok(!shown.includes(form), shown);
    });
  }

  for (const [what, member, secrets] of [
    [
      'by its member name',
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
    ['by its value in a list', { you: [1, -47114711.5] }, ['47114711']],
  ] as const) {
    it(`hides a secret of digits that the answer writes as a number, recognized ${what}`, () =>
      assert.doesNotMatch(document(JSON.stringify({ active: true, ...member }), secrets), /924751|47114711/));
  }

  it('shows an answer in which secrets of digits were concealed before', () => {
    const shown = document('{"active":true,"you":…,"list":[1,-….5],"text":"a … b","password":"correct horse"}');
    assert.match(
      shown,
      /"you": "…",\n {2}"list": \[\n {4}1,\n {4}"…"\n {2}\],\n {2}"text": "a … b",\n {2}"password": "…"/,
    );
  });

  it('shows numbers unchanged if JavaScript can represent them exactly', () => {
    const shown = document('{"active":true,"exp":1893499200,"ratio":0.5,"large":12345678901234567891}', [
      '12345678901234567891',
    ]);
    assert.match(shown, /"exp": 1893499200,\n {2}"ratio": 0\.5,\n {2}"large": "…"/);
  });

  describe('in its part about the user', () => {
    const told = (value: TokenInfo, secrets: readonly string[] = []): string =>
      introspectionMarkdown(
        storedAccount({ session: session(token) }),
        { token, answer: { value, body: '{}', sentAt: now, receivedAt: now, clockSkewMs: 0 } },
        secrets,
        'en',
      );

    it('hides secrets that the claims quote', () => {
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
      it(`shows claims without links, images or markup: ${name}`, () => {
        const lines = told({
          active: true,
          username: name,
          sub: name,
          client_id: name,
          userInfo: { sub: name, name, email: name, groups: [name] },
        }).split('\n');
        for (const title of ['User', 'Name', 'Email', 'Client', 'Groups']) {
          const line = lines.find((each) => each.startsWith(`- ${title}: `)) ?? assert.fail(title);
          // Without the content of code spans.
          assert.doesNotMatch(line.replace(/`[^`]*`/g, ''), /[<>`[\]]|evil|:\/\//, line);
        }
      });
    }

    it('shows harmless claims as they are', () =>
      assert.match(
        told({ active: true, username: 'max.power', sub: '7' }),
        /^- User: `max\.power` \(sub `7`\)\n- Client: not reported$/m,
      ));
  });

  for (const name of ['password', 'client_secret', 'otp', 'code']) {
    it(`shows no part of a member named ${name}, because only tokens are shown in part`, () => {
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

  it('is complete even if the document is cut off', () => {
    const body = JSON.stringify({ active: true, list: Array.from({ length: 5000 }, (_, index) => index) });
    assert.deepEqual(JSON.parse(response(body)), JSON.parse(body));
    assert.throws(() => JSON.parse(document(body).split('```')[1]?.slice('json'.length) ?? ''), SyntaxError);
  });
});
