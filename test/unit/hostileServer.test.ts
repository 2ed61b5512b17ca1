import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describeFailure } from '../../src/signIn/failure';
import { authorizationCodeGrant, authorizationRequest, refreshTokenGrant } from '../../src/zeyos/oauth2';
import { requestToken } from '../../src/zeyos/authV1';
import { HttpError, MalformedResponseError, NetworkError, OAuthError, TimeoutError } from '../../src/zeyos/errors';
import { login } from '../../src/zeyos/legacy';
import { PlatformUrl } from '../../src/zeyos/platform';
import { findSurface, introspect, probe, revoke, type Surface } from '../../src/zeyos/surface';
import { MemoryLog } from '../support/memoryLog';
import { OnceClient } from '../support/onceClient';
import { Sandbox, type Fault } from '../support/sandbox/sandbox';

/** Each is told apart by what its name says; anything else would be a defect. */
const errors = [OAuthError, HttpError, NetworkError, TimeoutError, MalformedResponseError];
const secrets = { username: 'max.power', password: 'canary-password', token: 'ca11ab1e'.repeat(5), code: 'canary-code', clientSecret: 'canary-client-secret' };

/** What an answer may hold to be shown, clicked or run. */
const texts = [
  '[sign in](command:zeyos.signIn)', '[x](https://evil.example)', '<a href="command:zeyos.revokeToken">x</a>', '<img src=x onerror=alert(1)>', '$(error) $(zeyos-logo)',
  'https://evil.example/login', 'command:workbench.action.quit', 'a\u0000b\u001b[31mc\u0007', '\u202egnp.exe\u202c \u2066x\u2069', 'line\r\nSet-Cookie: a=b', '\ud800', '\ufeff', '\u200b'.repeat(50), 'x'.repeat(20_000),
  '{0} {1} {2}', '%s %d %o', '__proto__', 'constructor', `you sent ${secrets.password} and ${secrets.token}`,
];

describe('A hostile server', () => {
  let sandbox: Sandbox;
  let elsewhere: Sandbox;
  let platform: PlatformUrl;
  let log: MemoryLog;
  let count: number;

  before(async () => {
    sandbox = await Sandbox.start();
    elsewhere = await Sandbox.start();
    platform = PlatformUrl.parse(sandbox.url('demo'));
  });

  beforeEach(() => {
    log = new MemoryLog();
    count = 0;
    sandbox.clearFaults();
    sandbox.clearRequests();
  });

  after(async () => {
    await sandbox.stop();
    await elsewhere.stop();
  });

  /** Every call that the product makes. */
  function calls(bounds: { exchangeMs: number; totalMs: number } = { exchangeMs: 1000, totalMs: 2000 }): readonly (readonly [string, () => Promise<unknown>])[] {
    const http = new OnceClient({ fetch, now: Date.now, log, bounds });
    const { username, password, token, code, clientSecret } = secrets;
    const client = { clientId: 'vscode', clientSecret };
    const surfaces: readonly Surface[] = ['authV1', 'oauth2', 'legacy'];
    return [
      ['token', () => requestToken(http, platform, { username, password })],
      ['code', () => authorizationCodeGrant(http, platform, client, authorizationRequest(platform, 'vscode', 'http://127.0.0.1:9005/callback'), code)],
      ['refresh', () => refreshTokenGrant(http, platform, client, token)],
      ['login', () => login(http, platform, { username, password }, 'vscode-1')],
      ...surfaces.map((surface) => [`introspect ${surface}`, () => introspect(http, platform, { surface, token, client })] as const),
      ...surfaces.map((surface) => [`revoke ${surface}`, () => revoke(http, platform, { surface, token, client })] as const),
      ['find', () => findSurface(http, platform, token)],
      ['probe', () => probe(http, platform)],
    ];
  }

  /** Lets every call meet an answer: each ends with a value or one of the errors, and what is said of it is harmless. */
  async function meet(fault: Fault, what: string, bounds?: { exchangeMs: number; totalMs: number }): Promise<void> {
    sandbox.clearFaults();
    sandbox.fault('/', fault);
    await Promise.all(
      calls(bounds).map(async ([call, run]) => {
        count++;
        const error: unknown = await run().then(() => undefined, (thrown: unknown) => thrown);
        if (error === undefined) return;
        assert.ok(errors.some((Class) => error instanceof Class), `${call}, ${what}: ${(error as Error).name}`);
        const message = describeFailure(error, platform);
        assert.ok(message.length < 1000, `${call}, ${what}: too long`);
        // What was not said to it just now it cannot quote; tokens are known by their looks.
        const said = ['token', 'login'].includes(call) ? [secrets.password, secrets.token] : [secrets.token];
        for (const secret of said) assert.ok(!message.includes(secret), `${call}, ${what}: ${secret} is shown`);
        for (const secret of said.slice(0, -1)) assert.ok(!inspect(error, { depth: 10, showHidden: true, maxStringLength: Infinity }).includes(secret), `${call}, ${what}: ${secret} in the error or its causes`);
        // Notifications and prompts render links and icons, and nothing else.
        assert.doesNotMatch(message, /\]\(|command:|\$\(|[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/, `${call}, ${what}`);
      }),
    );
    for (const secret of [secrets.password, secrets.token, secrets.code, secrets.clientSecret]) assert.ok(!log.text.includes(secret), `${what}: ${secret} in the log`);
    log = new MemoryLog();
  }

  it('that says something to be shown, clicked or run is quoted as harmless text', async function () {
    this.timeout(60_000);
    for (const text of texts) {
      for (const status of [200, 400, 401, 403, 404, 500]) {
        const challenge = { 'WWW-Authenticate': `Bearer realm="demo", error="invalid_token", error_description="${text.replace(/[^\x20-\x7e]/g, '?').replaceAll('"', "'").slice(0, 4000)}"` };
        await meet({ kind: 'json', status, body: { error: text, error_description: text, access_token: text, username: text, sub: text, active: true, message: text, token: text }, headers: status === 401 ? challenge : {} }, `${status} ${text.slice(0, 20)}`);
      }
    }
    assert.equal(count, texts.length * 6 * calls().length);
  });

  it('that sends far too much, or never ends, or cuts off, ends within the bounds', async function () {
    this.timeout(60_000);
    const faults: readonly Fault[] = [{ kind: 'huge' }, { kind: 'bomb' }, { kind: 'slowDrip', everyMs: 20 }, { kind: 'hang' }, { kind: 'truncated' }, { kind: 'reset' }, { kind: 'text', body: 'not compressed', headers: { 'Content-Encoding': 'gzip' } }];
    for (const fault of faults) {
      const before = process.memoryUsage().rss;
      await meet(fault, fault.kind, { exchangeMs: 800, totalMs: 1600 });
      assert.ok(process.memoryUsage().rss - before < 200 * 2 ** 20, `${fault.kind} takes too much memory`);
    }
  });

  it('that redirects elsewhere, or sets cookies, gets nobody’s credentials', async () => {
    for (const status of [301, 302, 303, 307, 308]) await meet({ kind: 'redirect', status, location: `${elsewhere.url('demo')}/auth/v1/token?to=${secrets.token}` }, `redirect ${status}`);
    await meet({ kind: 'json', body: {}, headers: { 'Set-Cookie': 'ZEYOSID=evil; Path=/; HttpOnly', Refresh: `0; url=${elsewhere.origin}`, Link: `<${elsewhere.origin}>; rel=preload` } }, 'cookies');
    sandbox.clearRequests();
    await meet({ kind: 'json', body: {} }, 'after cookies');
    assert.ok(sandbox.requests.every(({ headers }) => headers.cookie === undefined));
    assert.deepEqual(elsewhere.requests, []);
  });

  it('is survived whatever it says', async function () {
    this.timeout(120_000);
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...texts), fc.double(), fc.bigInt().map(String));
    const member = fc.constantFrom('access_token', 'refresh_token', 'token_type', 'expires_in', 'active', 'exp', 'iat', 'sub', 'username', 'error', 'error_description', 'token', 'expdate', 'user', 'name', 'groups', 'preferred_username', '__proto__');
    const body = fc.oneof(
      { weight: 6, arbitrary: fc.array(fc.tuple(member, value), { maxLength: 8 }).map((members) => `{${members.map(([name, its]) => `${JSON.stringify(name)}:${JSON.stringify(its)}`).join(',')}}`) },
      { weight: 1, arbitrary: fc.json() },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    );
    const header = fc.record(
      {
        Date: fc.constantFrom('yesterday', 'Fri, 31 Dec 9999 23:59:59 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT', ''),
        'Retry-After': fc.constantFrom('-1', '1e9', '0', 'soon', 'Fri, 31 Dec 9999 23:59:59 GMT'),
        'WWW-Authenticate': fc.constantFrom('Basic', 'Bearer', 'Bearer realm="', 'Bearer error="invalid_token"', ','.repeat(2000), 'Bearer realm="a", Basic realm="b"'),
        'Content-Type': fc.constantFrom('application/json', 'text/html', 'multipart/form-data; boundary=', '\u00ff/\u00ff', ''),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(body, header, fc.constantFrom(200, 200, 201, 206, 400, 401, 403, 404, 407, 418, 429, 500, 503), async (text, headers, status) => {
        await meet({ kind: 'text', status, body: text, headers }, `${status} ${text.slice(0, 60)}`);
      }),
      { numRuns: Number(process.env['HOSTILE_RUNS'] ?? 150) },
    );
  });
});
