import assert from 'node:assert/strict';
import { parseChallenges } from '../../../src/zeyos/challenges';

describe('The parser of the header WWW-Authenticate', () => {
  /** Returns for each challenge its scheme, its token68 if any, and its parameters. */
  const parsed = (header: string) =>
    parseChallenges(header).map(({ scheme, token68, parameters }) => [
      scheme,
      ...(token68 === undefined ? [] : [token68]),
      Object.fromEntries(parameters),
    ]);

  const wellFormed: readonly [string, unknown[]][] = [
    ['', []],
    ['Negotiate', [['negotiate', {}]]],
    ['Basic realm="demo"', [['basic', { realm: 'demo' }]]],
    ['BASIC REALM="demo"', [['basic', { realm: 'demo' }]]],
    ['Bearer realm=demo', [['bearer', { realm: 'demo' }]]],
    ['Bearer realm = "demo"', [['bearer', { realm: 'demo' }]]],
    ['Bearer\trealm\t=\t"demo"\t,\terror="invalid_token"', [['bearer', { realm: 'demo', error: 'invalid_token' }]]],
    ['Bearer error="invalid_token", realm="demo"', [['bearer', { error: 'invalid_token', realm: 'demo' }]]],
    ['Bearer error=invalid_token,realm=demo', [['bearer', { error: 'invalid_token', realm: 'demo' }]]],
    ['Bearer realm="a, b = \\"c\\" \\\\", error="x"', [['bearer', { realm: 'a, b = "c" \\', error: 'x' }]]],
    ['Bearer realm="Basic realm=\\"demo\\""', [['bearer', { realm: 'Basic realm="demo"' }]]],
    ['Bearer realm=""', [['bearer', { realm: '' }]]],
    [
      'Basic realm="a", Bearer realm="b"',
      [
        ['basic', { realm: 'a' }],
        ['bearer', { realm: 'b' }],
      ],
    ],
    [
      'Negotiate, NTLM, Basic realm="a"',
      [
        ['negotiate', {}],
        ['ntlm', {}],
        ['basic', { realm: 'a' }],
      ],
    ],
    ['Negotiate YIIJvwYGKwYBBQUCoIIJszCC==', [['negotiate', 'YIIJvwYGKwYBBQUCoIIJszCC==', {}]]],
    [
      'Negotiate abc==, Basic realm="a"',
      [
        ['negotiate', 'abc==', {}],
        ['basic', { realm: 'a' }],
      ],
    ],
    [
      'NTLM abc-._~+/ ,Bearer',
      [
        ['ntlm', 'abc-._~+/', {}],
        ['bearer', {}],
      ],
    ],
    [
      ' , ,Basic realm="a", , ,Bearer,',
      [
        ['basic', { realm: 'a' }],
        ['bearer', {}],
      ],
    ],
    // The example of RFC 9110.
    [
      'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
      [
        ['basic', { realm: 'simple' }],
        ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
      ],
    ],
    [
      'Digest realm="a", qop="auth, auth-int", nonce="x==", algorithm=SHA-256',
      [['digest', { realm: 'a', qop: 'auth, auth-int', nonce: 'x==', algorithm: 'SHA-256' }]],
    ],
    [
      'Bearer realm="demo", error_description="no, it is \\"dead\\"", error="invalid_token"',
      [['bearer', { realm: 'demo', error_description: 'no, it is "dead"', error: 'invalid_token' }]],
    ],
  ];
  for (const [header, expected] of wellFormed) {
    it(`parses ${JSON.stringify(header)}`, () => assert.deepEqual(parsed(header), expected));
  }

  const malformed: readonly [string, unknown[]][] = [
    ['realm="demo"', []],
    ['realm="demo", Basic realm="a"', [['basic', { realm: 'a' }]]],
    ['Basic realm="demo', [['basic', { realm: 'demo' }]]],
    ['Basic realm="demo\\', [['basic', { realm: 'demo' }]]],
    ['Basic realm="', [['basic', { realm: '' }]]],
    ['Basic realm', [['basic', 'realm', {}]]],
    [
      'Basic realm demo, Bearer realm="b"',
      [
        ['basic', {}],
        ['bearer', { realm: 'b' }],
      ],
    ],
    ['Bearer realm=My Site, error="invalid_token"', [['bearer', { realm: 'My', error: 'invalid_token' }]]],
    ['Bearer realm="demo" error="invalid_token"', [['bearer', { realm: 'demo', error: 'invalid_token' }]]],
    ['Bearer realm="demo"; error="invalid_token"', [['bearer', { realm: 'demo', error: 'invalid_token' }]]],
    ['Bearer, realm="demo"', [['bearer', { realm: 'demo' }]]],
    ['Bearer realm="a", realm="b"', [['bearer', { realm: 'a' }]]],
    [
      'Bearer authorization_uri=https://login.example/common?a=b, realm=demo',
      [['bearer', { authorization_uri: 'https://login.example/common?a=b', realm: 'demo' }]],
    ],
    ['"quoted, Basic" Bearer, NTLM', [['ntlm', {}]]],
    ['(comment), @, Basic realm="a"', [['basic', { realm: 'a' }]]],
    ['Bärer realm="a"', []],
  ];
  for (const [header, expected] of malformed) {
    it(`parses the valid parts of ${JSON.stringify(header)}`, () => assert.deepEqual(parsed(header), expected));
  }

  for (const part of ['a', 'a ', ' ', 'a=', '"', '\\', '"\\', ',', 'a=b ', 'a="', 'a b,', '=', 'a , '])
    it(`parses a long header of ${JSON.stringify(part)} in linear time`, function () {
      this.timeout(3_000);
      for (const before of ['', 'Bearer ', 'Bearer realm="']) parseChallenges(before + part.repeat(20_000));
    });
});
