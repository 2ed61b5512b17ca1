import assert from 'node:assert/strict';
import { introspectToken, probe, requestToken, revokeToken, type PasswordCredentials } from '../../../src/zeyos/authV1';
import { HttpError, MalformedResponseError, NetworkError, OAuthError } from '../../../src/zeyos/errors';
import { HttpClient, type Fetch, type HttpBounds } from '../../../src/zeyos/transport/http';
import { PlatformUrl } from '../../../src/zeyos/address/platform';
import { Clock, eventually } from '../../support/clock';
import { demandsForCode } from '../../support/demandsForCode';
import { MemoryLog } from '../../support/memoryLog';
import { NoRetryClient } from '../../support/noRetryClient';
import { juergen, maxPower, olga } from '../../support/sandbox/fixtures';
import { Sandbox, type Fault, type SandboxUser } from '../../support/sandbox/sandbox';
import { TimeoutError } from '../../../src/base/deadline';
import { standingFetch } from '../../support/standingFetch';

/** The errors that callers may get, whatever the server does. */
const known = [OAuthError, HttpError, NetworkError, TimeoutError, MalformedResponseError];

describe('In Auth API v1,', () => {
  let sandbox: Sandbox;
  let clock: Clock;
  let log: MemoryLog;
  let platform: PlatformUrl;

  beforeEach(async () => {
    clock = new Clock();
    log = new MemoryLog();
    sandbox = await Sandbox.start({ now: clock.now });
    platform = PlatformUrl.parse(sandbox.url('demo'));
  });

  afterEach(() => {
    // The log must contain no password and no token.
    const secrets = [
      ...sandbox.tokens().map(({ value }) => value),
      ...sandbox.instances.flatMap(({ users }) => users.map(({ password }) => password)),
    ];
    assert.deepEqual(
      secrets.filter((secret) => log.text.includes(secret)),
      [],
    );
    return sandbox.stop();
  });

  const http = (bounds: Partial<HttpBounds> = {}) =>
    new NoRetryClient({ fetch: standingFetch(clock, sandbox), clock, log, bounds });
  const persistent = (bounds: Partial<HttpBounds> = {}) =>
    new HttpClient({ fetch: standingFetch(clock, sandbox), clock, log, bounds });
  const credentials = ({ name, password }: SandboxUser): PasswordCredentials => ({ username: name, password });
  const signIn = (user: SandboxUser = maxPower, oneTimeCode?: string) =>
    requestToken(http(), platform, { ...credentials(user), ...(oneTimeCode !== undefined && { oneTimeCode }) });
  const issued = async (): Promise<string> => {
    const { value } = await signIn();
    sandbox.clearRequests();
    return value.access_token;
  };
  const isRefusal = (expected: Partial<OAuthError>) => (error: unknown) => {
    assert.ok(error instanceof OAuthError);
    for (const [name, value] of Object.entries(expected))
      assert.deepEqual(error[name as keyof OAuthError], value, name);
    return true;
  };

  describe('requesting a token', () => {
    it('ignores a user name or id in the answer that contains the password', async () => {
      sandbox.fault('/demo/', {
        kind: 'json',
        body: { access_token: 'a', username: maxPower.password, sub: `of ${maxPower.password}` },
      });
      assert.deepEqual((await signIn()).value, { access_token: 'a' });
    });

    it('ignores a user name, id or client ID in an introspection that contains the token', async () => {
      const token = 'bearer~Kx8.Wm3_Vt+/9==';
      sandbox.fault('/demo/', { kind: 'json', body: { active: true, username: token, sub: token, client_id: token } });
      assert.deepEqual((await introspectToken(http(), platform, token)).value, { active: true });
    });

    it('returns a token with its lifetime for a user name and a password', async () => {
      const { value, sentAt, receivedAt, clockSkewMs } = await signIn();
      assert.deepEqual(value, { access_token: sandbox.tokens()[0]?.value, expires_in: 86400 });
      assert.deepEqual([sentAt, receivedAt, clockSkewMs], [clock.now(), clock.now(), 0]);
      assert.deepEqual(
        sandbox.requests.map(({ method, path, body }) => ({ method, path, body })),
        [{ method: 'POST', path: '/demo/auth/v1/token', body: '' }],
      );
    });

    it('accepts user names and passwords with colons, blanks and umlauts in any Unicode normal form', async () => {
      await signIn(juergen);
      await signIn({ name: juergen.name.normalize('NFD'), password: juergen.password.normalize('NFD') });
      assert.deepEqual(
        sandbox.tokens().map(({ user }) => user),
        ['jürgen', 'jürgen'],
      );
    });

    it('asks for a one-time code, and accepts it', async () => {
      await assert.rejects(
        signIn(olga),
        isRefusal({ status: 401, requiresOneTimeCode: true, rejectsCredentials: false }),
      );
      await assert.rejects(signIn(olga, '000000'), isRefusal({ requiresOneTimeCode: true, rejectsCredentials: false }));
      await signIn(olga, olga.otp);
      assert.deepEqual(
        sandbox.tokens().map(({ user }) => user),
        ['olga'],
      );
    });

    it('recognizes a demand for a one-time code in plain text', async () => {
      sandbox.instance('demo').plainTextErrors = true;
      await assert.rejects(
        signIn(olga),
        isRefusal({ requiresOneTimeCode: true, errorDescription: 'Unauthorized: One-time password (OTP) required' }),
      );
    });

    for (const [words, more] of demandsForCode) {
      it(`recognizes a demand for a one-time code in the words ${JSON.stringify(words)} with ${JSON.stringify(more)}`, async () => {
        sandbox.fault('/token', { kind: 'oneTimeCode', code: '424242', words, ...more });
        await assert.rejects(
          signIn(),
          isRefusal({ requiresOneTimeCode: true, rejectsCredentials: false, errorDescription: words }),
        );
        await assert.rejects(
          signIn(maxPower, '000000'),
          isRefusal({ requiresOneTimeCode: true, rejectsCredentials: false }),
        );
        await signIn(maxPower, '424242');
        assert.deepEqual(
          sandbox.tokens().map(({ user }) => user),
          ['max.power'],
        );
      });
    }

    it('recognizes a demand for a one-time code in JSON without an error code, but not in a web page or another error', async () => {
      for (const body of [
        { message: 'Verification code required' },
        { status: 401, error: null, detail: 'Bestätigungscode fehlt' },
      ]) {
        sandbox.fault('/token', { kind: 'json', status: 401, body }, 1);
        await assert.rejects(signIn(), isRefusal({ requiresOneTimeCode: true }));
      }
      for (const fault of [
        { kind: 'text', status: 403, body: 'Forbidden: Lacking access permission' },
        { kind: 'text', status: 401, body: '<html>OTP</html>', headers: { 'Content-Type': 'text/html' } },
        { kind: 'text', status: 404, body: 'OTP' },
      ] as const) {
        sandbox.fault('/token', fault, 1);
        await assert.rejects(signIn(), (error) => !(error instanceof OAuthError && error.requiresOneTimeCode));
      }
    });

    it('never sends back the cookie that came with a token', async () => {
      const token = await issued();
      await signIn();
      await introspectToken(http(), platform, token);
      await revokeToken(http(), platform, token);
      assert.deepEqual(
        sandbox.requests.map(({ headers }) => headers.cookie),
        [undefined, undefined, undefined],
      );
    });

    it('rejects a wrong password, in JSON or plain text', async () => {
      const wrong = { ...maxPower, password: 'wrong' };
      await assert.rejects(
        signIn(wrong),
        isRefusal({
          status: 401,
          error: 'invalid_grant',
          errorDescription: 'Invalid credentials',
          rejectsCredentials: true,
        }),
      );
      sandbox.instance('demo').plainTextErrors = true;
      await assert.rejects(
        signIn(wrong),
        isRefusal({
          status: 401,
          error: 'invalid_grant',
          errorDescription: 'Unauthorized: Invalid credentials',
          rejectsCredentials: true,
        }),
      );
    });

    it('returns a token without lifetime if the server sends none', async () => {
      sandbox.instance('demo').tokenAnswer = { expires_in: false, token_type: false };
      assert.deepEqual(Object.keys((await signIn()).value), ['access_token']);
    });
  });

  describe('introspecting a token', () => {
    it('returns user, start and end of the token', async () => {
      const token = await issued();
      const { value } = await introspectToken(http(), platform, token);
      const iat = clock.now() / 1000;
      assert.deepEqual(value, {
        active: true,
        username: 'max.power',
        sub: '7',
        token_type: 'Bearer',
        iat,
        exp: iat + 86400,
      });
      assert.deepEqual(
        sandbox.requests.map(({ body, headers }) => [body, headers.authorization]),
        [[`token=${token}`, `Bearer ${token}`]],
      );
    });

    it('reports an ended token as inactive after one request', async () => {
      const token = await issued();
      sandbox.revoke(token);
      for (const plainTextErrors of [false, true]) {
        sandbox.instance('demo').plainTextErrors = plainTextErrors;
        assert.deepEqual((await introspectToken(http(), platform, token)).value, { active: false });
      }
      assert.equal(sandbox.requests.length, 2);
    });

    it('rejects with 404 if the instance does not offer introspection', async () => {
      const token = await issued();
      sandbox.instance('demo').introspection.offered = false;
      await assert.rejects(introspectToken(http(), platform, token), { name: 'HttpError', status: 404 });
    });
  });

  describe('revoking a token', () => {
    it('ends the token, and succeeds for a token that has ended', async () => {
      const token = await issued();
      await revokeToken(http(), platform, token);
      assert.deepEqual(
        sandbox.tokens().map(({ active }) => active),
        [false],
      );
      await revokeToken(http(), platform, token);
      assert.deepEqual(
        sandbox.requests.map(({ status, body }) => [status, body]),
        [
          [200, `token=${token}`],
          [401, `token=${token}`],
        ],
      );
    });

    it('rejects a web page as the answer', async () => {
      const token = await issued();
      sandbox.fault('/revoke', { kind: 'html', status: 200 });
      await assert.rejects(revokeToken(http(), platform, token), MalformedResponseError);
    });
  });

  describe('a 401 without an explanation', () => {
    it('is confirmed by a second request within the total time', async () => {
      let count = 0;
      const slow: Fetch = (_url, { signal }) =>
        ++count % 2 === 0
          ? Promise.resolve(new Response('', { status: 401 }))
          : new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
      const startedAt = clock.now();
      await assert.rejects(
        clock.run(
          introspectToken(
            new HttpClient({
              fetch: slow,
              clock,
              log,
              bounds: { exchangeMs: 400, totalMs: 600, backOffMs: [10, 10] },
            }),
            platform,
            'token',
          ),
        ),
        TimeoutError,
      );
      assert.ok(clock.now() - startedAt < 900, `${clock.now() - startedAt} ms, ${count} requests`);
    });

    const bare: readonly [string, Fault][] = [
      ['without a challenge', { kind: 'text', status: 401, body: 'Unauthorized' }],
      [
        'with a challenge that names no realm',
        { kind: 'text', status: 401, body: '', headers: { 'WWW-Authenticate': 'Bearer' } },
      ],
    ];
    const others: readonly [string, Fault][] = [
      [
        'for another realm',
        { kind: 'text', status: 401, body: 'Unauthorized', headers: { 'WWW-Authenticate': 'Basic realm="proxy"' } },
      ],
      [
        'for another scheme',
        { kind: 'text', status: 401, body: 'Unauthorized', headers: { 'WWW-Authenticate': 'Negotiate' } },
      ],
      ['with a web page', { kind: 'html', status: 401 }],
    ];
    for (const [what, fault] of bare) {
      it(`${what} means that a token is inactive only if it comes twice`, async () => {
        const token = await issued();
        sandbox.fault('/introspect', fault, 1);
        assert.equal((await introspectToken(http(), platform, token)).value.active, true);
        sandbox.fault('/introspect', fault, 2);
        assert.equal((await introspectToken(http(), platform, token)).value.active, false);
        assert.equal(sandbox.requests.length, 4);
      });

      it(`${what} means that a token is revoked only if it comes twice`, async () => {
        const token = await issued();
        sandbox.fault('/revoke', fault, 1);
        await revokeToken(http(), platform, token);
        assert.deepEqual(
          sandbox.tokens().map(({ active }) => active),
          [false],
        );
      });
    }

    for (const [what, fault] of others) {
      it(`${what} does not come from ZeyOS: introspection and revocation reject, even if it comes twice`, async () => {
        const token = await issued();
        sandbox.fault('/introspect', fault);
        await assert.rejects(introspectToken(http(), platform, token), { name: 'HttpError', status: 401 });
        sandbox.fault('/revoke', fault);
        await assert.rejects(revokeToken(http(), platform, token), { name: 'HttpError', status: 401 });
        assert.deepEqual(
          sandbox.tokens().map(({ active }) => active),
          [true],
        );
      });
    }

    for (const [what, fault] of [...bare, ...others]) {
      it(`${what} does not mean that a password is wrong`, async () => {
        sandbox.fault('/token', fault);
        await assert.rejects(signIn(), { name: 'HttpError', status: 401 });
        assert.equal(sandbox.requests.length, 1);
      });
    }

    for (const realm of ['Basic realm="demo"', 'basic realm=demo', 'Basic realm="DEMO", charset="UTF-8"']) {
      it(`is not bare with ${realm}, which means that the password is wrong`, async () => {
        sandbox.fault('/token', { kind: 'text', status: 401, body: '', headers: { 'WWW-Authenticate': realm } });
        await assert.rejects(signIn(), isRefusal({ error: 'invalid_grant', rejectsCredentials: true }));
      });
    }
  });

  describe('the client', () => {
    const page: Fault = { kind: 'html', status: 200 };
    const troubles: readonly [string, Fault, object][] = [
      [
        '403 with invalid_grant',
        { kind: 'json', status: 403, body: { error: 'invalid_grant' } },
        { name: 'OAuthError', status: 403, rejectsCredentials: true },
      ],
      ['403 without a body', { kind: 'status', status: 403 }, { name: 'HttpError', status: 403 }],
      ['404', { kind: 'status', status: 404 }, { name: 'HttpError', status: 404 }],
      [
        '429 with Retry-After',
        { kind: 'status', status: 429, retryAfterSeconds: 90 },
        { name: 'HttpError', status: 429, retryAfterMs: 90_000 },
      ],
      [
        '429 with an error body',
        { kind: 'json', status: 429, body: { error: 'slow_down' } },
        { name: 'HttpError', status: 429 },
      ],
      ['500 as plain text', { kind: 'text', status: 500, body: 'Oops' }, { name: 'HttpError', status: 500 }],
      [
        '500 with an error body',
        { kind: 'json', status: 500, body: { error: 'server_error' } },
        { name: 'HttpError', status: 500 },
      ],
      ['502 from a proxy', { kind: 'html' }, { name: 'HttpError', status: 502 }],
      ['a web page instead of an answer', page, { name: 'MalformedResponseError', status: 200 }],
      ['an answer of 5 MiB', { kind: 'huge' }, { name: 'MalformedResponseError' }],
      ['a cut connection', { kind: 'reset' }, { name: 'NetworkError', code: 'ECONNRESET' }],
      ['a truncated answer', { kind: 'truncated' }, { name: 'NetworkError' }],
      ['no answer', { kind: 'hang' }, { name: 'TimeoutError' }],
      ['an endless answer', { kind: 'slowDrip', everyMs: 5 }, { name: 'TimeoutError' }],
    ];
    for (const [what, fault, expected] of troubles) {
      it(`rejects each call with the error after ${what}, and requests a token only once`, async () => {
        const token = await issued();
        sandbox.fault('/', fault);
        await assert.rejects(clock.run(requestToken(persistent(), platform, credentials(maxPower))), expected);
        assert.equal(sandbox.requests.length, 1);
        await assert.rejects(clock.run(introspectToken(http(), platform, token)), expected);
        await assert.rejects(clock.run(revokeToken(http(), platform, token)), expected);
      });
    }

    it('requests a token once, even if there is time for another try', async () => {
      for (const fault of [
        { kind: 'status', status: 503, retryAfterSeconds: 0 },
        { kind: 'reset' },
        { kind: 'status', status: 401 },
        { kind: 'truncated' },
      ] satisfies Fault[]) {
        sandbox.clearRequests();
        sandbox.fault('/token', fault, 1);
        await assert.rejects(requestToken(persistent(), platform, credentials(maxPower)));
        assert.equal(sandbox.requests.length, 1);
      }
    });

    it('repeats introspection and revocation up to two times', async () => {
      const token = await issued();
      const again = persistent();
      sandbox.fault('/', { kind: 'status', status: 503, retryAfterSeconds: 0 }, 2);
      assert.equal((await introspectToken(again, platform, token)).value.active, true);
      sandbox.fault('/', { kind: 'status', status: 503, retryAfterSeconds: 0 });
      await assert.rejects(revokeToken(again, platform, token), { name: 'HttpError', status: 503 });
      assert.equal(sandbox.requests.length, 6);
    });

    it('follows no redirect', async () => {
      const elsewhere = await Sandbox.start();
      const token = await issued();
      for (const status of [302, 307, 308]) {
        sandbox.fault('/', { kind: 'redirect', location: `${elsewhere.url('demo')}/auth/v1/token`, status });
        const redirected = {
          name: 'HttpError',
          status,
          isRedirect: true,
          redirectHost: new URL(elsewhere.origin).host,
        };
        for (const call of [
          () => signIn(),
          () => introspectToken(http(), platform, token),
          () => revokeToken(http(), platform, token),
        ]) {
          await assert.rejects(call(), (error: HttpError) => {
            assert.deepEqual(
              {
                name: error.name,
                status: error.status,
                isRedirect: error.isRedirect,
                redirectHost: error.redirection && new URL(error.redirection.address).host,
              },
              redirected,
            );
            return true;
          });
        }
        sandbox.clearFaults();
      }
      assert.deepEqual(elsewhere.requests, []);
      await elsewhere.stop();
    });

    it('rejects with the network error if the host is unknown or its certificate is not trusted', async () => {
      await assert.rejects(
        requestToken(http(), PlatformUrl.parse('https://zeyos.invalid/demo'), credentials(maxPower)),
        (error) => error instanceof NetworkError && ['ENOTFOUND', 'EAI_AGAIN'].includes(error.code ?? ''),
      );
      const secure = await Sandbox.start({ tls: true });
      await assert.rejects(
        requestToken(http(), PlatformUrl.parse(secure.url('demo')), credentials(maxPower)),
        (error) => error instanceof NetworkError && error.isCertificate,
      );
      assert.deepEqual(secure.requests, []);
      await secure.stop();
      await assert.rejects(
        requestToken(http(), PlatformUrl.parse(`${sandbox.origin.replace(/\d+$/, '2')}/demo`), credentials(maxPower)),
        NetworkError,
      );
    });

    it('rejects at once with the reason of the caller’s abort', async () => {
      const token = await issued();
      sandbox.fault('/', { kind: 'hang' });
      const calls = [
        (signal: AbortSignal) => requestToken(persistent(), platform, credentials(maxPower), signal),
        (signal: AbortSignal) => introspectToken(persistent(), platform, token, signal),
        (signal: AbortSignal) => revokeToken(persistent(), platform, token, signal),
      ];
      for (const call of calls) {
        sandbox.clearRequests();
        const caller = new AbortController();
        const reason = new Error('the user pressed Esc');
        const outcome = assert.rejects(call(caller.signal), reason);
        await eventually(() => sandbox.requests.length > 0);
        caller.abort(reason);
        await outcome;
        assert.equal(sandbox.requests.length, 1);
      }
    });
  });

  describe('the client, given a hostile answer,', () => {
    const bodies: readonly (readonly [string, string])[] = [
      '',
      ' ',
      'null',
      'true',
      '0',
      '""',
      '[]',
      '{}',
      '{',
      '[{}]',
      '\u0000',
      '\ufeff',
      'OK',
      '<',
      '<html>',
      '{"access_token":',
      '['.repeat(50_000),
      '{"a":'.repeat(10_000),
      ...[null, 0, true, '', ' ', 'a b', 'a\nb', 'ä', '\ud800', [], {}, ['a'], 'x'.repeat(500_000)].map(
        (access_token) => JSON.stringify({ access_token }),
      ),
      ...['mac', '', 7, []].map((token_type) => JSON.stringify({ access_token: 'a', token_type })),
      ...[null, 'true', 1, {}, []].map((active) => JSON.stringify({ active })),
      '{"access_token":"a","expires_in":1e999}',
      '{"access_token":"a","expires_in":-1,"sub":{},"username":[]}',
      '{"active":true,"exp":1e999,"iat":"x","sub":1.5,"username":null}',
      '{"__proto__":{"access_token":"a","active":true}}',
      '{"constructor":{},"toString":1,"access_token":"a","active":true}',
      '{"active":true,"active":false}',
      '{"error":7}',
      '{"error":""}',
      '{"error":{"toString":1}}',
      JSON.stringify({ error: 'x'.repeat(10_000), error_description: '\u202e\u0000'.repeat(1000) }),
    ].map((body) => [body.slice(0, 40), body]);
    const headers: readonly Record<string, string>[] = [
      {},
      { 'Content-Type': 'application/json' },
      { 'Content-Type': 'text/html' },
      { Date: 'yesterday', 'Retry-After': '-1' },
      { Date: 'Fri, 31 Dec 9999 23:59:59 GMT', 'WWW-Authenticate': 'Basic realm="' },
      { 'WWW-Authenticate': `Bearer realm="${'x'.repeat(1000)}` },
      { Location: 'javascript:alert(1)' },
      { 'Content-Encoding': 'br' },
    ];

    const others = [201, 304, 400, 403, 500];

    it('returns a valid value or rejects with a known error, for any body, status and header', async function () {
      this.timeout(60_000);
      const token = await issued();
      const client = http();
      const calls: readonly [string, () => Promise<unknown>][] = [
        [
          'token',
          () =>
            requestToken(client, platform, credentials(maxPower)).then(({ value, clockSkewMs }) => {
              assert.match(value.access_token, /^[\w.~+/-]+=*$/);
              assert.ok(
                (value.expires_in ?? 1) > 0 && Number.isFinite(value.expires_in ?? 1) && Number.isFinite(clockSkewMs),
              );
            }),
        ],
        [
          'introspect',
          () =>
            introspectToken(client, platform, token).then(({ value, clockSkewMs }) => {
              assert.ok(typeof value.active === 'boolean' && Number.isFinite(clockSkewMs));
              if (value.active) assert.ok(Number.isFinite(value.exp ?? 1) && Number.isFinite(value.iat ?? 1));
            }),
        ],
        ['revoke', () => revokeToken(client, platform, token)],
        ['probe', () => probe(client, platform)],
      ];
      for (const [index, [title, body]] of bodies.entries()) {
        for (const status of [200, 401, others[index % others.length] ?? 200]) {
          const with_ = headers[(index + status) % headers.length];
          sandbox.clearFaults();
          sandbox.fault('/', {
            kind: 'text',
            status,
            body: status === 304 ? '' : body,
            ...(with_ && { headers: with_ }),
          });
          for (const [call, run] of calls) {
            await run().catch((error: unknown) =>
              assert.ok(
                known.some((Class) => error instanceof Class),
                `${call}, ${status} ${title}: ${String(error)}`,
              ),
            );
          }
        }
      }
    });
  });

  describe('the client, with the server’s clock', () => {
    for (const [seconds, expected] of [
      [600, 600_500],
      [-600, -599_500],
      [1, 0],
      [-1, 0],
      [0, 0],
    ] as const) {
      it(`${seconds} s ahead reports the skew to within a second`, async () => {
        sandbox.instance('demo').clockSkewSeconds = seconds;
        const { clockSkewMs } = await signIn();
        assert.ok(Math.abs(clockSkewMs - expected) <= 500, `${clockSkewMs}`);
      });
    }

    it('unreadable reports no skew', async () => {
      sandbox.fault('/token', { kind: 'json', body: { access_token: 'a' }, headers: { Date: 'yesterday' } });
      assert.equal((await signIn()).clockSkewMs, 0);
    });
  });

  describe('probing', () => {
    it('succeeds without credentials, for JSON or plain text answers', async () => {
      await probe(http(), platform);
      sandbox.instance('demo').plainTextErrors = true;
      await probe(http(), platform);
      assert.deepEqual(
        sandbox.requests.map(({ headers, body }) => [headers.authorization, body]),
        [
          [undefined, ''],
          [undefined, ''],
        ],
      );
      assert.deepEqual(sandbox.tokens(), []);
    });

    it('rejects for an unknown instance, another server, or a proxy', async () => {
      await assert.rejects(probe(http(), PlatformUrl.parse(`${sandbox.origin}/nowhere`)), {
        name: 'HttpError',
        status: 404,
      });
      for (const fault of [
        { kind: 'html', status: 200 },
        { kind: 'html', status: 401 },
        { kind: 'json', body: { access_token: 'a' } },
        { kind: 'status', status: 401 },
        { kind: 'redirect', location: 'https://example.com' },
      ] satisfies Fault[]) {
        sandbox.fault('/token', fault, 1);
        await assert.rejects(probe(http(), platform), HttpError);
      }
    });
  });
});
