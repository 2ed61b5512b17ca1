import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { isSignedIn } from '../../../src/session/model/session';
import { parseChallenges } from '../../../src/zeyos/challenges';
import { HttpError, MalformedResponseError, OAuthError } from '../../../src/zeyos/errors';
import { parseIntrospectionResponse, parseTokenResponse } from '../../../src/zeyos/messages';
import { httpResponse, platform } from '../../support/builders';
import { describeFailure } from '../../../src/dialog/failure/failure';
import type { Fault } from '../../support/sandbox/faults';
import { maxPower } from '../../support/sandbox/fixtures';
import { startScene, type Scene } from '../../support/scene';

describe('An error body of RFC 6749', () => {
  let scene: Scene;
  const credentials = { username: maxPower.name, password: maxPower.password };
  const refusals = ['server_error', 'invalid_request', 'access_denied', 'something of its own'];
  const ignored = [null, '', '  ', 0, false, {}, []];

  beforeEach(async () => void (scene = await startScene()));
  afterEach(() => scene.end());

  for (const status of [200, 201, 400, 401, 403, 409, 422]) {
    it(`rejects a token request with status ${status}`, async () => {
      scene.sandbox.fault('POST /demo/auth/v1/token', {
        kind: 'json',
        status,
        body: { error: 'invalid_grant', error_description: 'wrong' },
      });
      await assert.rejects(
        scene.passwordRequests.request(scene.platform, credentials),
        (error) => error instanceof OAuthError && error.rejectsCredentials && error.status === status,
      );
    });
  }

  for (const status of [429, 500, 503]) {
    it(`is a temporary failure with status ${status}`, async () => {
      scene.sandbox.fault('POST /demo/auth/v1/token', { kind: 'json', status, body: { error: 'invalid_grant' } });
      await assert.rejects(
        scene.passwordRequests.request(scene.platform, credentials),
        (error) => error instanceof HttpError && error.status === status,
      );
    });
  }

  for (const error of ignored) {
    it(`is ignored in a success if error is ${JSON.stringify(error)}`, async () => {
      scene.sandbox.fault('POST /demo/auth/v1/token', { kind: 'json', body: { access_token: 'abc', error } });
      assert.equal((await scene.passwordRequests.request(scene.platform, credentials)).value.accessToken.value, 'abc');
    });
  }

  for (const error of refusals) {
    it(`with status 200 and ${error} keeps a revocation pending`, async () => {
      const { id } = await scene.signIn();
      await scene.store.signOut(id);
      scene.sandbox.fault('/revoke', { kind: 'json', body: { error } });
      assert.equal(await scene.revocations.settleAccount(id), false);
      assert.equal(scene.account(id).pendingRevocations.length, 1);
      scene.sandbox.clearFaults();
      assert.equal(await scene.revocations.settleAccount(id), true);
      assert.deepEqual(
        scene.sandbox.tokens().map(({ active }) => active),
        [false],
      );
    });

    it(`with status 200 and ${error} is a failed revocation: the session stays`, async () => {
      const { id } = await scene.signIn();
      scene.sandbox.fault('/revoke', { kind: 'json', body: { error } });
      await assert.rejects(scene.accountTokens.revoke(id), OAuthError);
      assert.ok(scene.account(id).session?.accessToken);
    });
  }

  it('with status 200 and invalid_token ends a session like a 401', async () => {
    const { id } = await scene.signIn();
    scene.sandbox.fault('/introspect', { kind: 'json', body: { error: 'invalid_token' } });
    assert.equal((await scene.check.run(scene.account(id))).isGood, false);
    assert.equal(scene.account(id).session?.ended, 'revoked');
  });

  it('with status 200 and invalid_grant for a refresh token ends the session', async () => {
    const { id } = await scene.signInByBrowser();
    scene.clock.advance(3_600_000);
    scene.sandbox.fault('/oauth2/v1/token', { kind: 'json', body: { error: 'invalid_grant' } });
    await assert.rejects(scene.renewal.renew(id), { name: 'SignInRequiredError' });
    assert.equal(scene.account(id).session?.ended, 'revoked');
  });

  it('with server_error leaves the result of an exchange unknown, and the session stays', async () => {
    const { id } = await scene.signInByBrowser();
    scene.clock.advance(3_600_000);
    scene.sandbox.fault('/oauth2/v1/token', { kind: 'json', body: { error: 'server_error' } }, 1);
    await assert.rejects(scene.renewal.renew(id), OAuthError);
    assert.ok(scene.account(id).session?.exchange);
    assert.ok((await scene.renewal.renew(id)).session?.accessToken);
  });
});

describe('Tokens of an answer that cannot be used', () => {
  let scene: Scene;
  const credentials = { username: maxPower.name, password: maxPower.password };
  beforeEach(async () => void (scene = await startScene()));
  afterEach(() => scene.end());

  for (const token_type of [undefined, null, '', '  ', 'bearer', 'BEARER', 'Bearer ', ' bearer\t']) {
    it(`are accepted if token_type is ${JSON.stringify(token_type)}, which means Bearer`, () => {
      assert.equal(
        parseTokenResponse(httpResponse({ body: JSON.stringify({ access_token: 'abc', token_type }) })).access_token,
        'abc',
      );
    });
  }

  for (const token_type of ['mac', 'DPoP', 'Bearer token', 5, {}, [], true]) {
    it(`are revoked at once if token_type is ${JSON.stringify(token_type)}`, async () => {
      const value = (await scene.passwordRequests.request(scene.platform, credentials)).value.accessToken.value;
      scene.sandbox.fault('POST /demo/auth/v1/token', { kind: 'json', body: { access_token: value, token_type } }, 1);
      await assert.rejects(scene.passwordRequests.request(scene.platform, credentials), MalformedResponseError);
      assert.deepEqual(
        scene.sandbox.tokens().map(({ active }) => active),
        [false],
      );
    });
  }

  it('become a pending revocation if they cannot be revoked at once', async () => {
    const value = (await scene.passwordRequests.request(scene.platform, credentials)).value.accessToken.value;
    scene.sandbox.fault('/auth/v1/token', { kind: 'json', body: { access_token: value, token_type: 'mac' } }, 1);
    scene.sandbox.fault('/revoke', { kind: 'status', status: 503 });
    await assert.rejects(scene.passwordRequests.request(scene.platform, credentials), MalformedResponseError);
    assert.deepEqual(
      scene.store.accounts.map(({ pendingRevocations }) => pendingRevocations.map(({ token }) => token)),
      [[value]],
    );
    assert.ok(!scene.store.accounts.some(isSignedIn));
  });

  it('are revoked if the answer also contains an error', async () => {
    const value = (await scene.passwordRequests.request(scene.platform, credentials)).value.accessToken.value;
    scene.sandbox.fault(
      'POST /demo/auth/v1/token',
      { kind: 'json', body: { access_token: value, error: 'access_denied' } },
      1,
    );
    await assert.rejects(scene.passwordRequests.request(scene.platform, credentials), OAuthError);
    assert.deepEqual(
      scene.sandbox.tokens().map(({ active }) => active),
      [false],
    );
  });

  for (const member of ['expires_in', 'refresh_token', 'refresh_token_expires_in', 'username', 'sub']) {
    for (const value of [null, '', ' ', -1, 0, 'soon', {}, [], true, 1e300]) {
      it(`are accepted if only ${member} is ${JSON.stringify(value)}, because it is ignored or read`, () => {
        assert.equal(
          parseTokenResponse(httpResponse({ body: JSON.stringify({ access_token: 'abc', [member]: value }) }))
            .access_token,
          'abc',
        );
      });
    }
  }

  for (const [value, seconds] of [
    ['3600', 3600],
    [' 3600 ', 3600],
    ['3600.5', 3600.5],
    [3600, 3600],
  ] as const) {
    it(`have a lifetime of ${seconds} s for ${JSON.stringify(value)}`, () => {
      assert.equal(
        parseTokenResponse(httpResponse({ body: JSON.stringify({ access_token: 'abc', expires_in: value }) }))
          .expires_in,
        seconds,
      );
    });
  }
});

describe('A 401', () => {
  let scene: Scene;
  beforeEach(async () => void (scene = await startScene()));
  afterEach(() => scene.end());

  const recognised = [
    'Bearer error="invalid_token", realm="demo"',
    'Bearer realm = "demo"',
    'bearer   REALM=demo',
    'Bearer error="invalid_token"',
    'Bearer realm="gateway", error="invalid_token"',
    'Negotiate, Bearer realm="demo"',
    'Basic realm="proxy", charset="UTF-8", Bearer realm="demo", error="invalid_token"',
    'Bearer error_description="a, b=\\"c\\"", realm="demo"',
    'Negotiate YWJj==, Bearer realm="demo"',
  ];
  const fault = (challenge: string): Fault => ({
    kind: 'text',
    status: 401,
    body: '',
    headers: { 'WWW-Authenticate': challenge },
  });
  for (const challenge of recognised) {
    it(`with ${challenge} ends a session only if a second request gets it too`, async () => {
      const { id } = await scene.signIn();
      scene.sandbox.fault('/introspect', fault(challenge), 1);
      assert.equal((await scene.check.run(scene.account(id))).isGood, true);
      scene.sandbox.fault('/introspect', fault(challenge), 2);
      assert.equal((await scene.check.run(scene.account(id))).isGood, false);
      assert.equal(scene.account(id).session?.ended, 'revoked');
    });
  }

  it('for a token that another window has renewed does not end the session', async () => {
    const { id } = await scene.signIn({ keepsPassword: true });
    const before = scene.account(id);
    scene.clock.advance(24 * 3_600_000);
    const other = scene.openWindow();
    await other.store.refresh();
    await other.renewal.renew(id);
    scene.clock.advance(-24 * 3_600_000);
    assert.equal((await scene.check.run(before)).isGood, true);
    assert.equal(scene.account(id).session?.ended, undefined);
  });

  for (const body of ['Unauthorized: Invalid credentials', 'Unauthorized: Wrong password']) {
    it(`with the text "${body}" and no challenge rejects the password`, async () => {
      scene.sandbox.fault('POST /demo/auth/v1/token', { kind: 'text', status: 401, body });
      await assert.rejects(
        scene.passwordRequests.request(scene.platform, { username: 'a', password: 'b' }),
        (error) => error instanceof OAuthError && error.rejectsCredentials,
      );
    });
  }

  it('with the challenge of another realm does not reject the password', async () => {
    scene.sandbox.fault('POST /demo/auth/v1/token', {
      kind: 'text',
      status: 401,
      body: 'Unauthorized: Invalid credentials',
      headers: { 'WWW-Authenticate': 'Basic realm="proxy"' },
    });
    await assert.rejects(scene.passwordRequests.request(scene.platform, { username: 'a', password: 'b' }), HttpError);
  });

  for (const challenge of ['Bearer realm="demo"', 'Bearer', 'Bearer error="invalid_token"']) {
    it(`with ${challenge} to a password means that only the legacy login is offered`, async () => {
      const credentials = { username: maxPower.name, password: maxPower.password };
      scene.sandbox.instance('demo').apis = new Set(['legacy']);
      scene.sandbox.fault('POST /demo/auth/v1/token', fault(challenge));
      assert.equal((await scene.passwordRequests.request(scene.platform, credentials)).value.api, 'legacy');
    });
  }
});

describe('A rejected revocation', () => {
  let scene: Scene;
  beforeEach(async () => void (scene = await startScene()));
  afterEach(() => scene.end());

  for (const challenge of [
    'Bearer realm="gateway", error="invalid_token"',
    'Bearer error="invalid_token", realm="proxy"',
    'Basic realm="demo2"',
    'Negotiate',
  ]) {
    it(`with ${challenge} keeps the token pending`, async () => {
      const { id } = await scene.signIn();
      await scene.store.signOut(id);
      scene.sandbox.fault('/revoke', {
        kind: 'text',
        status: 401,
        body: '',
        headers: { 'WWW-Authenticate': challenge },
      });
      assert.equal(await scene.revocations.settleAccount(id), false);
      assert.deepEqual(
        scene.sandbox.tokens().map(({ active }) => active),
        [true],
      );
    });
  }

  for (const status of [200, 400, 403]) {
    it(`with invalid_token and status ${status} counts as revoked only if introspection says that the token has ended`, async () => {
      const { id } = await scene.signIn();
      await scene.store.signOut(id);
      scene.sandbox.fault('/revoke', { kind: 'json', status, body: { error: 'invalid_token' } });
      assert.equal(await scene.revocations.settleAccount(id), false);
      scene.sandbox.revokeAll();
      assert.equal(await scene.revocations.settleAccount(id), true);
    });
  }
});

describe('A challenge', () => {
  const rows: readonly [string | null, readonly [string, Readonly<Record<string, string>>, string?][]][] = [
    [null, []],
    ['', []],
    [' , ,', []],
    ['Basic', [['basic', {}]]],
    ['Bearer realm="a b", error=invalid_token', [['bearer', { realm: 'a b', error: 'invalid_token' }]]],
    [
      'Negotiate abc==, NTLM',
      [
        ['negotiate', {}, 'abc=='],
        ['ntlm', {}],
      ],
    ],
    [
      'Digest qop="auth,auth-int", nonce="x", Basic realm="y"',
      [
        ['digest', { qop: 'auth,auth-int', nonce: 'x' }],
        ['basic', { realm: 'y' }],
      ],
    ],
    ['Basic realm="say \\"hi\\""', [['basic', { realm: 'say "hi"' }]]],
    ['Basic realm="open', [['basic', { realm: 'open' }]]],
    ['Basic realm="a", realm="b"', [['basic', { realm: 'a' }]]],
  ];
  for (const [header, expected] of rows) {
    it(`is parsed from ${JSON.stringify(header)}`, () => {
      assert.deepEqual(
        parseChallenges(header).map(({ scheme, parameters, token68 }) => [
          scheme,
          Object.fromEntries(parameters),
          ...(token68 === undefined ? [] : [token68]),
        ]),
        expected,
      );
    });
  }
});

describe('The encoding of an answer', () => {
  let scene: Scene;
  beforeEach(async () => void (scene = await startScene()));
  afterEach(() => scene.end());

  const raw = (headers: string, body: Buffer): Fault => ({
    kind: 'raw',
    bytes: Buffer.concat([
      Buffer.from(
        `HTTP/1.1 401 Unauthorized\r\n${headers}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
      ),
      body,
    ]).toString('latin1'),
  });
  const words = 'Unauthorized: Ungültiges Kennwort für Müller';
  const rows: readonly [string, string, Buffer][] = [
    [
      'is the declared charset ISO-8859-1',
      'Content-Type: text/plain; charset=ISO-8859-1',
      Buffer.from(words, 'latin1'),
    ],
    [
      'is the declared charset windows-1252 in quotes',
      'Content-Type: text/plain;Charset="windows-1252"',
      Buffer.from(words, 'latin1'),
    ],
    ['is the declared charset UTF-16LE', 'Content-Type: text/plain; charset=utf-16le', Buffer.from(words, 'utf16le')],
    ['is UTF-8 for an unknown charset', 'Content-Type: text/plain; charset=nobody-knows', Buffer.from(words)],
    ['is UTF-8 without a charset', 'Content-Type: text/plain', Buffer.from(words)],
    [
      'is decompressed for "gzip, identity"',
      'Content-Type: text/plain\r\nContent-Encoding: gzip, identity',
      gzipSync(words),
    ],
    [
      'is decompressed for "identity, gzip"',
      'Content-Type: text/plain\r\nContent-Encoding: identity, gzip',
      gzipSync(words),
    ],
    ['is decompressed for "gzip"', 'Content-Type: text/plain\r\nContent-Encoding: gzip', gzipSync(words)],
    [
      'is not decompressed for "identity"',
      'Content-Type: text/plain\r\nContent-Encoding: identity',
      Buffer.from(words),
    ],
  ];
  for (const [what, headers, body] of rows) {
    it(what, async () => {
      scene.sandbox.fault('POST /demo/auth/v1/token', raw(headers, body));
      await assert.rejects(scene.passwordRequests.request(scene.platform, { username: 'a', password: 'b' }), {
        name: 'OAuthError',
        errorDescription: words,
      });
    });
  }

  it('is rejected if the decompressed body is too large', async () => {
    scene.sandbox.fault(
      'POST /demo/auth/v1/token',
      raw('Content-Type: text/plain\r\nContent-Encoding: gzip, identity', gzipSync(Buffer.alloc(8 << 20, 97))),
    );
    await assert.rejects(scene.passwordRequests.request(scene.platform, { username: 'a', password: 'b' }), {
      name: 'MalformedResponseError',
      problem: 'tooLarge',
    });
  });

  for (const [active, type] of [
    ['true', 'string'],
    [1, 'number'],
    [null, 'null'],
    [{}, 'object'],
    [[], 'array'],
  ] as const) {
    it(`has no effect on an invalid "active" of ${JSON.stringify(active)}, which the message reports by its JSON type`, () => {
      assert.throws(
        () => parseIntrospectionResponse(httpResponse({ body: JSON.stringify({ active }) })),
        (error) => {
          assert.ok(
            describeFailure(error, platform).includes(
              `"active" has a value that ZeyOS never sends (JSON type: ${type})`,
            ),
          );
          return error instanceof MalformedResponseError;
        },
      );
    });
  }
});
