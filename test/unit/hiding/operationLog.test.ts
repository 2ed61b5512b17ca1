import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { OperationLog } from '../../../src/hiding/operationLog';
import { MemoryLog } from '../../support/memoryLog';

describe('The operation log', () => {
  let sink: MemoryLog;
  let log: OperationLog;

  beforeEach(() => {
    sink = new MemoryLog();
    log = new OperationLog(sink);
  });

  it('passes each line on at its level', () => {
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    assert.deepEqual(sink.lines, ['debug: a', 'info: b', 'warn: c', 'error: d']);
  });

  it('marks each line with its operation when operations interleave', async () => {
    const work = (name: string) => async () => {
      log.info(`${name} begins`);
      await turn();
      log.info(`${name} ends`);
      return name;
    };
    assert.deepEqual(await Promise.all([log.during('signIn', work('a')), log.during('signOut', work('b'))]), [
      'a',
      'b',
    ]);
    log.info('after');
    assert.deepEqual(sink.lines, [
      'info: [signIn 1] a begins',
      'info: [signOut 2] b begins',
      'info: [signIn 1] a ends',
      'info: [signOut 2] b ends',
      'info: after',
    ]);
  });

  const table: readonly [string, string, string][] = [
    ['a bearer token', 'sent Authorization: Bearer abc.DEF-123_~+/==; then', 'sent Authorization: [redacted]; then'],
    ['Basic credentials', 'basic bWF4OnMzY3JldA==', '[redacted]'],
    ['a token in the form that ZeyOS issues', `token=${'0123456789'.repeat(4)}&x`, 'token=[redacted]&x'],
  ];
  const digits = '0123456789abcdef';
  const more: readonly [string, string, string][] = [
    ['a longer token', `got ${digits.repeat(4)}.`, 'got [redacted].'],
    ['a token between other letters', `xy${digits.repeat(3)}zz_`, '[redacted]'],
    ['a token with its own prefix', 'got token_9fK2 and access_token_x1y2z3', 'got [redacted] and [redacted]'],
    [
      'a token with dashes, underscores and tildes',
      'got Zx8-Kd92_LqPo71~mWv0+Ab3cDe4fGh5iJk6=, then',
      'got [redacted], then',
    ],
    [
      'the parts of a signed token (JWT)',
      `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.x.${'dBjftJeZ4CVPmB92K27uhbUJU1p1rwW1gFWFOEjXk'}`,
      '[redacted].x.[redacted]',
    ],
    [
      'form fields with secret names',
      'user=max&client_secret=a%20b&password=x, otp=123456',
      'user=max&client_secret=[redacted]&password=[redacted], otp=[redacted]',
    ],
    [
      'JSON members with secret names',
      '{"user":"max","password": "x","refresh_token":"y"}',
      '{"user":"max","password": "[redacted]","refresh_token":"[redacted]"}',
    ],
    ['credentials in a URL', 'GET http://max:ge@heim@proxy:3128/x failed', 'GET http://proxy:3128/x failed'],
  ];
  for (const [what, line, expected] of [...table, ...more]) {
    it(`redacts ${what}`, () => {
      log.error(line);
      assert.deepEqual(sink.lines, [`error: ${expected}`]);
    });
  }

  const kept = [
    'POST https://cloud.zeyos.com/demo/oauth2/v1/token → 200, 12 ms',
    'GET https://cloud.zeyos.com/my-very-long-company-instance-name-2024/auth/v1/?access=1 → ENOTFOUND',
    'POST https://zeyos.example.com:8443/a/b/auth/v1/token/revoke → UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'a lease of renewal.123e4567-e89b-12d3-a456-426614174000 was lost',
    'https://cloud.zeyos.com/demo: the token could not be renewed: 401 invalid_grant, token_type_hint',
    'not signed in to demo as token-1a2b3c4d: the token expires at 2030-01-01T12:00:00.000Z',
    'a secret has version 2, this extension knows 1',
  ];
  for (const line of kept) {
    it(`does not redact: ${line}`, () => {
      log.info(line);
      assert.deepEqual(sink.lines, [`info: ${line}`]);
    });
  }

  it('redacts every long run of token characters in which a letter follows a digit', () => {
    const run = fc
      .oneof(
        fc.uint8Array({ minLength: 16, maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('hex')),
        fc.uint8Array({ minLength: 24, maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
        fc.stringMatching(/^[\w~+-]{32,80}$/),
      )
      .filter((its) => /\d[a-z]/i.test(its) && !/^[\da-f]{8}(-[\da-f]{4}){3}-/i.test(its));
    const [before, after] = [
      fc.constantFrom('', 'got ', 'x=', '"', 'https://cloud.zeyos.com/demo/', '.'),
      fc.constantFrom('', ' then', '&y', '"', '/', '.x'),
    ];
    fc.assert(
      fc.property(before, run, after, (left, its, right) => {
        log.info(`${left}${its}${right}`);
        assert.equal(sink.lines.at(-1), `info: ${left}[redacted]${right}`);
      }),
    );
  });

  it('does not redact the URL of an instance or the id of an account', () => {
    const word = fc.stringMatching(/^[a-z]{1,12}\d{0,4}$/);
    const name = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join('-'));
    fc.assert(
      fc.property(name, name, fc.uuid(), (host, instance, id) => {
        const line = `GET https://${host}.example.com/${instance}/auth/v1/token/introspect → 200, 5 ms; ${id}`;
        log.info(line);
        assert.equal(sink.lines.at(-1), `info: ${line}`);
      }),
    );
  });

  it('writes one line when a server’s text has several, without control characters', () => {
    log.warn('401 bad\r\n[info] all is well\u001b[0m\u202e');
    assert.deepEqual(sink.lines, ['warn: 401 bad [info] all is well [0m ']);
  });
});
