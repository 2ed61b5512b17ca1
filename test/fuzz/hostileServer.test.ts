import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describeFailure } from '../../src/dialog/failure/failure';
import { InstanceFailure } from '../../src/dialog/failure/instanceFailure';
import { authorizationCodeGrant, authorizationRequest, refreshTokenGrant } from '../../src/zeyos/oauth2';
import type { Answer } from '../../src/zeyos/answer';
import { requestToken } from '../../src/zeyos/authV1';
import { HttpError, MalformedResponseError, NetworkError, OAuthError } from '../../src/zeyos/errors';
import { login } from '../../src/zeyos/legacy';
import { PlatformUrl } from '../../src/zeyos/address/platform';
import { findApi, introspect, probe, revoke, type Api } from '../../src/zeyos/api';
import { quotations, allTextOf, secretsIn, type RequestSecrets } from '../support/secretSearch';
import { MemoryLog } from '../support/memoryLog';
import { NoRetryClient } from '../support/noRetryClient';
import { fuzzRuns } from '../support/fuzzRuns';
import { Sandbox, type Fault } from '../support/sandbox/sandbox';
import { TimeoutError } from '../../src/base/deadline';
import { systemClock } from '../../src/base/clock';

/** Callers distinguish these errors. Any other error is a defect. */
const errors = [OAuthError, HttpError, NetworkError, TimeoutError, MalformedResponseError];

/** All secrets that requests contain, each with characters that make it hard to find in a quotation. */
const username = 'max.power';
const password = 'Zq7 pä:ss/"wörd"\\+1%';
const otp = '924751';
const bearer = 'bearer~Kx8.Wm3_Vt+/9==';
const refreshToken = 'refresh~Nb4.Gd1_Tz';
const code = 'code-Ru2/Xy+Lp6~';
const client = { clientId: 'vscode', clientSecret: 'client:Hj5 sécret&%' };
const basic = (name: string, secret: string): string => Buffer.from(`${name}:${secret}`).toString('base64');
const ofClient: RequestSecrets = {
  clientSecret: client.clientSecret,
  basic: basic(client.clientId, client.clientSecret),
};

interface Call {
  readonly name: string;
  readonly secrets: RequestSecrets;
  readonly run: () => Promise<unknown>;
}

interface Outcome {
  readonly name: string;
  readonly message: string;
  readonly error?: Error;
}

interface Bounds {
  readonly exchangeMs: number;
  readonly totalMs: number;
}

/** Texts that could be rendered, clicked or run. */
const texts = [
  '[sign in](command:zeyos.signIn)',
  '[x](https://evil.example)',
  '<a href="command:zeyos.revokeToken">x</a>',
  '<img src=x onerror=alert(1)>',
  '$(error) $(zeyos-logo)',
  'https://evil.example/login',
  'command:workbench.action.quit',
  'a\u0000b\u001b[31mc\u0007',
  '\u202egnp.exe\u202c \u2066x\u2069',
  'line\r\nSet-Cookie: a=b',
  '\ud800',
  '\ufeff',
  '\u200b'.repeat(50),
  'x'.repeat(20_000),
  '{0} {1} {2}',
  '%s %d %o',
  '__proto__',
  'constructor',
  `you sent ${password} and ${bearer}`,
];

/** Places in an answer where a server can put words. */
const places: Readonly<Record<string, (words: string) => Fault>> = {
  'an error description': (words) => ({
    kind: 'json',
    status: 400,
    body: { error: 'invalid_request', error_description: words },
  }),
  'the description of a rejected one-time code': (words) => ({
    kind: 'json',
    status: 401,
    body: { error: 'invalid_otp', error_description: words },
  }),
  'an error code': (words) => ({ kind: 'json', status: 403, body: { error: words } }),
  'plain text with the instance’s realm': (words) => ({
    kind: 'text',
    status: 401,
    body: words,
    headers: { 'WWW-Authenticate': 'Bearer realm="demo"' },
  }),
  'plain text in the form of the legacy login': (words) => ({
    kind: 'text',
    status: 401,
    body: `Unauthorized: ${words}`,
  }),
  'an answer': (words) => ({
    kind: 'json',
    body: { access_token: 'a', token: 'a', active: true, sub: '7', user: 7, name: words, email: words },
  }),
  'a web page instead of an error': (words) => ({
    kind: 'text',
    status: 401,
    body: `<!doctype html><p>${words}</p>`,
    headers: { 'Content-Type': 'text/html' },
  }),
  'a web page instead of an answer': (words) => ({
    kind: 'text',
    body: `<!doctype html><p>${words}</p>`,
    headers: { 'Content-Type': 'text/html' },
  }),
  'the page of a gateway': (words) => ({
    kind: 'text',
    status: 502,
    body: words,
    headers: { 'Content-Type': 'text/html' },
  }),
  'an answer of the wrong types': (words) => ({
    kind: 'json',
    body: { access_token: [words], token: { words }, active: words, sub: [words], [words]: words },
  }),
  'a realm': (words) => ({
    kind: 'text',
    status: 401,
    body: '',
    headers: { 'WWW-Authenticate': `Bearer realm="${words}"` },
  }),
  'a challenge': (words) => ({
    kind: 'text',
    status: 401,
    body: '',
    headers: { 'WWW-Authenticate': `Bearer realm="demo", error="${words}", error_description="${words}"` },
  }),
  'the host of a redirect': (words) => ({
    kind: 'redirect',
    location: `https://${words.replace('you sent ', '').replace(' so it says', '')}.evil.example/`,
  }),
  'bytes that are not HTTP': (words) => ({ kind: 'raw', bytes: `${words}\r\n\r\n` }),
  'the path of a redirect': (words) => ({ kind: 'redirect', location: `https://evil.example/${words}` }),
  'the query of a redirect': (words) => ({ kind: 'redirect', location: `https://evil.example/?${words}` }),
  'other headers': (words) => ({ kind: 'status', status: 429, ...{ retryAfterSeconds: words as unknown as number } }),
  'a cookie': (words) => ({
    kind: 'text',
    status: 404,
    body: words,
    headers: { 'Set-Cookie': `ZEYOSID=${words}`, 'Content-Type': words, Date: words, Link: words },
  }),
};

function bodyOf(outcome: unknown): string {
  const { body, answer } = (outcome ?? {}) as Partial<Answer<unknown>> & { readonly answer?: Answer<unknown> };
  return answer?.body ?? body ?? '';
}

describe('A hostile server', () => {
  let sandbox: Sandbox;
  let elsewhere: Sandbox;
  let platform: PlatformUrl;
  let log: MemoryLog;

  before(async () => {
    sandbox = await Sandbox.start();
    elsewhere = await Sandbox.start();
    platform = PlatformUrl.parse(sandbox.url('demo'));
  });

  beforeEach(() => {
    log = new MemoryLog();
    sandbox.clearFaults();
    sandbox.clearRequests();
  });

  after(async () => {
    await sandbox.stop();
    await elsewhere.stop();
  });

  /** Returns every call of the product with the secrets that it sends. */
  function calls(bounds: Bounds = { exchangeMs: 1000, totalMs: 2000 }): readonly Call[] {
    const http = new NoRetryClient({ fetch, clock: systemClock, log, bounds });
    const request = authorizationRequest(platform, client.clientId, 'http://127.0.0.1:9005/callback');
    const apis: readonly (readonly [string, { readonly api: Api; readonly client?: typeof client }, RequestSecrets])[] =
      [
        ['authV1', { api: 'authV1' }, { bearer }],
        ['oauth2', { api: 'oauth2', client }, { bearer, ...ofClient }],
        ['oauth2 without the client', { api: 'oauth2' }, { bearer }],
        ['legacy', { api: 'legacy' }, { bearer }],
      ];
    return [
      {
        name: 'token',
        secrets: { password, basic: basic(username, password) },
        run: () => requestToken(http, platform, { username, password }),
      },
      {
        name: 'token with a one-time code',
        secrets: { password, basic: basic(username, password), otp },
        run: () => requestToken(http, platform, { username, password, oneTimeCode: otp }),
      },
      {
        name: 'code',
        secrets: { code, verifier: request.codeVerifier, ...ofClient },
        run: () => authorizationCodeGrant(http, platform, client, request, code),
      },
      {
        name: 'refresh',
        secrets: { refreshToken, ...ofClient },
        run: () => refreshTokenGrant(http, platform, client, refreshToken),
      },
      { name: 'login', secrets: { password }, run: () => login(http, platform, { username, password }, 'vscode-1') },
      {
        name: 'login with a one-time code',
        secrets: { password, otp },
        run: () => login(http, platform, { username, password, oneTimeCode: otp }, 'vscode-1'),
      },
      ...apis.map(([name, its, secrets]) => ({
        name: `introspect ${name}`,
        secrets,
        run: () => introspect(http, platform, { ...its, token: bearer }),
      })),
      ...apis.map(([name, its, secrets]) => ({
        name: `revoke ${name}`,
        secrets,
        run: () => revoke(http, platform, { ...its, token: bearer }),
      })),
      { name: 'find', secrets: { bearer }, run: () => findApi(http, platform, bearer) },
      { name: 'probe', secrets: {}, run: () => probe(http, platform) },
    ];
  }
  const names = [
    'token',
    'token with a one-time code',
    'code',
    'refresh',
    'login',
    'login with a one-time code',
    'introspect authV1',
    'introspect oauth2',
    'introspect oauth2 without the client',
    'introspect legacy',
    'revoke authV1',
    'revoke oauth2',
    'revoke oauth2 without the client',
    'revoke legacy',
    'find',
    'probe',
  ];

  /**
   * Runs a call against the server’s fault. Asserts that it resolves or rejects with one of the errors, that its
   * message is harmless, and that no secret is quoted.
   */
  async function assertHarmless({ name, secrets, run }: Call, what: string): Promise<Outcome> {
    let error: Error | undefined;
    try {
      // The user may see the body of an answer.
      assert.deepEqual(secretsIn(bodyOf(await run()), secrets), [], `${name}, ${what}: the answer contains a secret`);
    } catch (thrown) {
      if (thrown instanceof assert.AssertionError) throw thrown;
      error = thrown as Error;
    }
    assert.deepEqual(secretsIn(log.text, secrets), [], `${name}, ${what}: the log contains a secret`);
    if (error === undefined) return { name, message: '' };
    assert.ok(
      errors.some((Class) => error instanceof Class),
      `${name}, ${what}: ${String(error)}`,
    );
    const message = describeFailure(error, platform);
    assert.ok(message.length < 1000, `${name}, ${what}: the message is too long`);
    // Notifications and prompts render only links and icons.
    assert.doesNotMatch(
      message,
      /\]\(|command:|\$\(|[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
      `${name}, ${what}`,
    );
    assert.deepEqual(
      secretsIn(allTextOf(new InstanceFailure(platform, error)), secrets),
      [],
      `${name}, ${what}: the error, its causes or its message contain a secret`,
    );
    return { name, message, error };
  }

  async function assertAllHarmless(fault: Fault, what: string, bounds?: Bounds): Promise<readonly Outcome[]> {
    sandbox.clearFaults();
    sandbox.fault('/', fault);
    const outcomes = await Promise.all(calls(bounds).map((call) => assertHarmless(call, what)));
    log.lines.length = 0;
    return outcomes;
  }

  it('receives each of the calls that are tested', () =>
    assert.deepEqual(
      calls().map(({ name }) => name),
      names,
    ));

  describe('that quotes a secret of the request cannot get it into a message or the log:', () => {
    for (const name of names.filter((each) => each !== 'probe')) {
      it(`in the call "${name}"`, async function () {
        this.timeout(60_000);
        const call = calls().find((each) => each.name === name) ?? assert.fail();
        sandbox.fault('/', places['an error description']!('nothing'));
        await assertHarmless(call, 'nothing');
        const received = sandbox.requests.flatMap(({ headers: { authorization = '' }, body }) => [
          authorization.replace(/^\w+ /, ''),
          ...[...new URLSearchParams(body).values()],
        ]);
        const { basic: header, ...others } = call.secrets;
        for (const secret of Object.values(others))
          assert.ok(
            [...received, ...received.map((text) => Buffer.from(text, 'base64').toString())].some(
              (text) => text === secret || text.endsWith(`:${secret}`),
            ),
            `the server did not receive ${secret}`,
          );
        assert.ok(header === undefined || received.includes(header), 'the server did not receive the header');

        let shown = 0;
        for (const [secret, value] of Object.entries(call.secrets)) {
          for (const [how, quotation] of Object.entries(quotations(value))) {
            for (const [place, fault] of Object.entries(places)) {
              sandbox.clearFaults();
              sandbox.fault('/', fault(`you sent ${quotation} so it says`));
              const { message } = await assertHarmless(call, `${secret}, ${how}, in ${place}`);
              if (message.includes('so it says')) shown++;
            }
          }
        }
        // The other words of the server are shown, so the assertions above are not empty.
        assert.ok(
          shown >= Object.keys(call.secrets).length * 3,
          `only ${shown} messages show the server’s other words`,
        );
      });
    }
  });

  it('that sends markup or commands is quoted as harmless text', async function () {
    this.timeout(60_000);
    let shownCount = 0;
    for (const text of texts) {
      for (const status of [200, 400, 401, 403, 404, 500]) {
        const challenge = {
          'WWW-Authenticate': `Bearer realm="demo", error="invalid_token", error_description="${text
            .replace(/[^\x20-\x7e]/g, '?')
            .replaceAll('"', "'")
            .slice(0, 4000)}"`,
        };
        const outcomes = await assertAllHarmless(
          {
            kind: 'json',
            status,
            body: {
              error: text,
              error_description: text,
              access_token: text,
              username: text,
              sub: text,
              active: true,
              message: text,
              token: text,
            },
            headers: status === 401 ? challenge : {},
          },
          `${status} ${text.slice(0, 20)}`,
        );
        shownCount += outcomes.filter(({ message }) => message.includes(text)).length;
      }
    }
    assert.ok(shownCount > 0, 'harmless text must be shown unchanged');
  });

  describe('makes no call take longer than its time limit if the server sends', () => {
    const shortLimits = { exchangeMs: 800, totalMs: 1600 };
    /** Longer than a test may take, so that only the other outcomes are accepted on a busy machine as well. */
    const longLimits = { exchangeMs: 200_000, totalMs: 200_000 };
    const TooLarge = MalformedResponseError;
    const nested = (open: string, close: string, depth: number): string =>
      `{"active":true,"access_token":"a","token":"a","sub":"7","error":"x","more":${open.repeat(depth)}1${close.repeat(depth)}}`;
    const bodies: readonly (readonly [string, () => Fault, (new (...args: never[]) => Error)?])[] = [
      ['5 MiB', () => ({ kind: 'huge' }), TooLarge],
      ['64 MiB compressed to a few kilobytes', () => ({ kind: 'bomb' }), TooLarge],
      [
        '10 MB at once',
        () => ({ kind: 'text', body: JSON.stringify({ access_token: 'a'.repeat(10_000_000) }) }),
        TooLarge,
      ],
      [
        '10 MB in a rejection',
        () => ({
          kind: 'json',
          status: 401,
          body: { error: 'invalid_grant', error_description: 'x'.repeat(10_000_000) },
        }),
        TooLarge,
      ],
      ['one byte at a time', () => ({ kind: 'slowDrip', everyMs: 20 }), TimeoutError],
      ['no answer', () => ({ kind: 'hang' }), TimeoutError],
      ['half of an answer', () => ({ kind: 'truncated' }), NetworkError],
      ['a reset', () => ({ kind: 'reset' }), NetworkError],
      [
        'a wrong Content-Encoding',
        () => ({ kind: 'text', body: 'not compressed', headers: { 'Content-Encoding': 'gzip' } }),
        NetworkError,
      ],
      ['arrays 200,000 deep', () => ({ kind: 'text', body: nested('[', ']', 200_000) })],
      ['objects 100,000 deep', () => ({ kind: 'text', status: 400, body: nested('{"a":', '}', 100_000) })],
      ['arrays that are not closed', () => ({ kind: 'text', body: '['.repeat(1_000_000) })],
      ['bytes that are not HTTP', () => ({ kind: 'raw', bytes: 'SSH-2.0-OpenSSH_9.9\r\n' }), NetworkError],
      [
        'a header that does not end',
        () => ({ kind: 'raw', bytes: `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(1_000_000)}` }),
        NetworkError,
      ],
      [
        'a switch of protocols',
        () => ({
          kind: 'raw',
          bytes: 'HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nabc',
        }),
        NetworkError,
      ],
      [
        'more bytes than Content-Length',
        () => ({ kind: 'raw', bytes: 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\n' }),
        HttpError,
      ],
    ];
    for (const [what, fault, expected] of bodies) {
      it(what, async function () {
        this.timeout(120_000);
        const outcomes = await assertAllHarmless(fault(), what, expected === TimeoutError ? shortLimits : longLimits);
        if (expected)
          for (const { name, error } of outcomes) assert.ok(error instanceof expected, `${name}: ${String(error)}`);
      });
    }

    /** Almost the maximum size that is read. Processing it must not take longer than receiving it. */
    const maximumBytes = 1024 * 1024 - 200;
    for (const unit of ['x', '](', 'Bearer a', '\u202e']) {
      it(`just under 1 MiB of ${JSON.stringify(unit)} in any place`, async function () {
        this.timeout(120_000);
        const long = unit.repeat(Math.floor(maximumBytes / Buffer.byteLength(unit)));
        const faults: readonly Fault[] = [
          { kind: 'json', status: 401, body: { error: 'invalid_otp', error_description: long } },
          { kind: 'json', status: 400, body: { error: long } },
          { kind: 'json', body: { access_token: long, active: true, sub: 'x' } },
          { kind: 'json', body: { token: long, user: 7 } },
          { kind: 'json', body: { access_token: 'a', token: 'a', active: true, sub: long } },
          { kind: 'text', status: 401, body: long, headers: { 'WWW-Authenticate': 'Bearer realm="demo"' } },
        ];
        const each = calls(longLimits).filter(({ name }) =>
          ['token', 'login', 'introspect authV1', 'introspect oauth2 without the client', 'introspect legacy'].includes(
            name,
          ),
        );
        for (const fault of faults) {
          sandbox.clearFaults();
          sandbox.fault('/', fault);
          const outcomes = await Promise.all(each.map((call) => assertHarmless(call, `1 MiB of ${unit}`)));
          assert.ok(!outcomes.some(({ message }) => message.includes('too large')), 'this size must be accepted');
        }
      });
    }
  });

  it('that redirects to another host gets no request sent there', async () => {
    for (const status of [300, 301, 302, 303, 307, 308]) {
      elsewhere.clearRequests();
      const outcomes = await assertAllHarmless(
        { kind: 'redirect', status, location: `${elsewhere.url('demo')}/auth/v1/token?to=${bearer}` },
        `redirect ${status}`,
      );
      for (const { name, message } of outcomes)
        assert.ok(message.includes(`redirects to ${elsewhere.url('demo')}/auth/v1/token.`), `${name}: ${message}`);
      assert.deepEqual(elsewhere.requests, []);
    }
    assert.ok(
      sandbox.requests.some(({ headers }) => headers.authorization?.includes(bearer)),
      'the redirecting server itself must receive the request',
    );
  });

  it('that redirects to itself gets no additional request', async () => {
    await assertAllHarmless({ kind: 'status', status: 403 }, '403');
    const asked = sandbox.requests.length;
    sandbox.clearRequests();
    for (const location of [
      '/demo/auth/v1/token',
      '',
      '?',
      '//',
      'javascript:alert(1)',
      'http://[',
      `${platform.href}/auth/v1/token`,
    ]) {
      sandbox.clearRequests();
      await assertAllHarmless({ kind: 'redirect', status: 307, location }, location);
      assert.equal(sandbox.requests.length, asked, location);
    }
  });

  it('that sets cookies or links gets no cookie, and links are not followed', async () => {
    await assertAllHarmless(
      {
        kind: 'json',
        body: {},
        headers: {
          'Set-Cookie': 'ZEYOSID=evil; Path=/; HttpOnly',
          Refresh: `0; url=${elsewhere.origin}`,
          Link: `<${elsewhere.origin}>; rel=preload`,
          'Clear-Site-Data': '"*"',
          'Alt-Svc': `h2="${new URL(elsewhere.origin).host}"`,
        },
      },
      'cookies',
    );
    sandbox.clearRequests();
    elsewhere.clearRequests();
    await assertAllHarmless({ kind: 'json', body: {} }, 'after cookies');
    assert.ok(sandbox.requests.length >= names.length);
    assert.deepEqual(
      sandbox.requests.filter(
        ({ headers }) => headers.cookie !== undefined || JSON.stringify(headers).includes('evil'),
      ),
      [],
    );
    assert.deepEqual(elsewhere.requests, []);
  });

  it('cannot cause an unknown error or show a secret, whatever it sends', async function () {
    this.timeout(120_000);
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...texts), fc.double(), fc.bigInt().map(String));
    const member = fc.constantFrom(
      'access_token',
      'refresh_token',
      'token_type',
      'expires_in',
      'active',
      'exp',
      'iat',
      'sub',
      'username',
      'error',
      'error_description',
      'token',
      'expdate',
      'user',
      'name',
      'groups',
      'preferred_username',
      '__proto__',
    );
    const body = fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .array(fc.tuple(member, value), { maxLength: 8 })
          .map(
            (members) =>
              `{${members.map(([name, its]) => `${JSON.stringify(name)}:${JSON.stringify(its)}`).join(',')}}`,
          ),
      },
      { weight: 1, arbitrary: fc.json() },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    );
    const header = fc.record(
      {
        Date: fc.constantFrom('yesterday', 'Fri, 31 Dec 9999 23:59:59 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT', ''),
        'Retry-After': fc.constantFrom('-1', '1e9', '0', 'soon', 'Fri, 31 Dec 9999 23:59:59 GMT'),
        'WWW-Authenticate': fc.constantFrom(
          'Basic',
          'Bearer',
          'Bearer realm="',
          'Bearer realm="demo"',
          'Bearer error="invalid_token"',
          ','.repeat(2000),
          'Bearer realm="a", Basic realm="b"',
        ),
        'Content-Type': fc.constantFrom(
          'application/json',
          'text/plain',
          'text/html',
          'multipart/form-data; boundary=',
          '\u00ff/\u00ff',
          '',
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        body,
        header,
        fc.constantFrom(200, 200, 201, 206, 400, 401, 403, 404, 407, 418, 429, 500, 503),
        async (text, headers, status) => {
          await assertAllHarmless({ kind: 'text', status, body: text, headers }, `${status} ${text.slice(0, 60)}`);
        },
      ),
      fuzzRuns(150),
    );
  });
});
