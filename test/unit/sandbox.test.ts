import assert from 'node:assert/strict';
import { get as secureGet } from 'node:https';
import { acme, demo, juergen, maxPower, olga } from '../support/sandbox/fixtures';
import { describeSandbox, Sandbox } from '../support/sandbox/sandbox';
import type { SandboxUser } from '../support/sandbox/sandbox';

function basic({ name, password }: SandboxUser): string {
  return `Basic ${Buffer.from(`${name}:${password}`, 'utf8').toString('base64')}`;
}

describe('The sandbox ZeyOS', () => {
  let sandbox: Sandbox;
  let now: number;

  beforeEach(async () => {
    now = Date.parse('2030-01-01T12:00:00Z');
    sandbox = await Sandbox.start({ now: () => now });
  });

  afterEach(() => sandbox.stop());

  const token = (user: SandboxUser, instance = 'demo', form: Record<string, string> = {}) =>
    fetch(`${sandbox.url(instance)}/auth/v1/token`, {
      method: 'POST', headers: { authorization: basic(user) }, ...(Object.keys(form).length > 0 && { body: new URLSearchParams(form) }),
    });
  const issued = async (user: SandboxUser = maxPower, instance = 'demo'): Promise<string> =>
    ((await (await token(user, instance)).json()) as { access_token: string }).access_token;
  const ask = (call: 'introspect' | 'revoke', bearer: string, value = bearer, instance = 'demo') =>
    fetch(`${sandbox.url(instance)}/auth/v1/token/${call}`, {
      method: 'POST', headers: { authorization: `Bearer ${bearer}` }, body: new URLSearchParams({ token: value }),
    });
  const me = (bearer: string, instance = 'demo') => fetch(`${sandbox.url(instance)}/api/v1/me`, { headers: { authorization: `Bearer ${bearer}` } });

  describe('issuing a token', () => {
    it('answers a name and a password with a bearer token for 24 hours', async () => {
      const response = await token(maxPower);
      assert.equal(response.status, 200);
      const { access_token, ...rest } = (await response.json()) as Record<string, string>;
      assert.match(access_token ?? '', /^[a-f0-9]{40}$/);
      assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 86400 });
    });

    it('sets the session cookie for browsers, forbids storing, and takes no cookie itself', async () => {
      const response = await token(maxPower);
      const cookie = response.headers.get('set-cookie') ?? '';
      assert.match(cookie, /^ZEYOSID=[a-f0-9]+;.* HttpOnly/);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal((await fetch(`${sandbox.url('demo')}/api/v1/me`, { headers: { cookie } })).status, 401);
    });

    it('takes a password with colons, blanks and umlauts', async () => {
      assert.equal((await token(juergen)).status, 200);
      assert.equal((await token({ ...juergen, password: 'pä' })).status, 401);
    });

    it('knows the same user name on another instance by another password', async () => {
      assert.equal((await token(maxPower, 'acme')).status, 401);
      assert.equal((await token(acme.users[0], 'acme')).status, 200);
    });

    it('leaves out the optional members that are switched off', async () => {
      sandbox.instance('demo').tokenAnswer = { expires_in: false, token_type: false };
      assert.deepEqual(Object.keys((await (await token(maxPower)).json()) as object), ['access_token']);
    });

    it('refuses wrong credentials with a challenge, as JSON', async () => {
      const response = await token({ ...maxPower, password: 'wrong' });
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Basic realm="demo"');
      assert.deepEqual(await response.json(), { error: 'invalid_grant', error_description: 'Invalid credentials' });
    });

    it('refuses wrong credentials as plain text where the instance does so', async () => {
      sandbox.instance('demo').plainTextErrors = true;
      const response = await token({ ...maxPower, password: 'wrong' });
      assert.equal(response.status, 401);
      assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
      assert.equal(await response.text(), 'Unauthorized: Invalid credentials');
    });

    it('refuses a request without or with unreadable credentials', async () => {
      const url = `${sandbox.url('demo')}/auth/v1/token`;
      assert.equal((await fetch(url, { method: 'POST' })).status, 401);
      assert.equal((await fetch(url, { method: 'POST', headers: { authorization: 'Basic !!' } })).status, 401);
    });

    it('asks for a one-time code, tells a wrong one, and takes the right one', async () => {
      const without = await token(olga);
      assert.equal(without.status, 401);
      assert.deepEqual(await without.json(), { error: 'otp_required', error_description: 'One-time password (OTP) required' });
      const wrong = await token(olga, 'demo', { otp: '000000' });
      assert.equal(wrong.status, 401);
      assert.deepEqual(await wrong.json(), { error: 'invalid_otp', error_description: 'The one-time password (OTP) is wrong' });
      assert.equal((await token(olga, 'demo', { otp: olga.otp })).status, 200);
    });

    it('says nothing about the one-time code to somebody with a wrong password', async () => {
      const response = await token({ ...olga, password: 'wrong' }, 'demo', { otp: olga.otp });
      assert.equal(((await response.json()) as { error: string }).error, 'invalid_grant');
    });
  });

  describe('looking at a token', () => {
    it('tells of a live one whose it is and until when', async () => {
      const value = await issued();
      const iat = now / 1000;
      assert.deepEqual(await (await ask('introspect', value)).json(), {
        active: true, token_type: 'Bearer', iat, exp: iat + 86400, username: 'max.power', sub: '7',
      });
    });

    it('leaves out the members that are switched off, and is absent where it is not offered', async () => {
      const value = await issued();
      Object.assign(sandbox.instance('demo').introspection, { exp: false, username: false, sub: false });
      assert.deepEqual(await (await ask('introspect', value)).json(), { active: true, token_type: 'Bearer', iat: now / 1000 });
      sandbox.instance('demo').introspection.offered = false;
      assert.equal((await ask('introspect', value)).status, 404);
    });

    it('calls an unknown one, and one of another instance, inactive', async () => {
      const value = await issued();
      assert.deepEqual(await (await ask('introspect', value, 'unknown')).json(), { active: false });
      assert.deepEqual(await (await ask('introspect', value, await issued(acme.users[0], 'acme'))).json(), { active: false });
    });

    it('refuses a dead bearer', async () => {
      const value = await issued();
      sandbox.revoke(value);
      const response = await ask('introspect', value);
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="demo", error="invalid_token"');
    });

    it('shows a clock that is ahead in the Date header and in exp and iat, and nowhere else', async () => {
      sandbox.instance('demo').clockSkewSeconds = 600;
      const response = await token(maxPower);
      assert.equal(Date.parse(response.headers.get('date') ?? ''), now + 600_000);
      const { access_token: value = '', expires_in } = (await response.json()) as { access_token?: string; expires_in: number };
      assert.equal(expires_in, 86400);
      const { exp, iat } = (await (await ask('introspect', value)).json()) as { exp: number; iat: number };
      assert.deepEqual({ exp, iat }, { iat: now / 1000 + 600, exp: now / 1000 + 600 + 86400 });
      assert.equal(sandbox.tokens()[0]?.expiresAt, now + 86400_000);
    });
  });

  describe('the end of a token', () => {
    it('comes by its own request, once and for all', async () => {
      const value = await issued();
      assert.equal((await me(value)).status, 200);
      assert.equal((await ask('revoke', value)).status, 200);
      assert.equal((await me(value)).status, 401);
      assert.equal((await ask('revoke', value)).status, 401);
      assert.deepEqual(sandbox.tokens().map(({ active, revokedAt }) => ({ active, revokedAt })), [{ active: false, revokedAt: now }]);
    });

    it('is a success for a token nobody knows, and harms no other instance', async () => {
      const value = await issued();
      const foreign = await issued(acme.users[0], 'acme');
      assert.equal((await ask('revoke', value, 'unknown')).status, 200);
      assert.equal((await ask('revoke', value, foreign)).status, 200);
      assert.equal((await me(foreign, 'acme')).status, 200);
    });

    it('comes with time', async () => {
      sandbox.instance('demo').lifetimeSeconds = 60;
      const value = await issued();
      now += 59_999;
      assert.equal((await me(value)).status, 200);
      now += 1;
      assert.equal((await me(value)).status, 401);
    });

    it('comes behind the client’s back', async () => {
      const [first, second, third] = [await issued(), await issued(), await issued()];
      sandbox.revoke(first);
      sandbox.expire(second);
      assert.deepEqual(sandbox.tokens().map(({ active }) => active), [false, false, true]);
      sandbox.revokeAll();
      assert.equal((await me(third)).status, 401);
      assert.throws(() => sandbox.revoke('never issued'));
    });
  });

  describe('routing', () => {
    it('demands a form where a form is due', async () => {
      const headers = { authorization: `Bearer ${await issued()}` };
      for (const call of ['introspect', 'revoke']) {
        const url = `${sandbox.url('demo')}/auth/v1/token/${call}`;
        const response = await fetch(url, { method: 'POST', headers, body: '{"token":"x"}' });
        assert.equal(response.status, 400);
        assert.equal(((await response.json()) as { error: string }).error, 'invalid_request');
        assert.equal((await fetch(url, { method: 'POST', headers, body: new URLSearchParams() })).status, 400);
      }
      const url = `${sandbox.url('demo')}/auth/v1/token`;
      assert.equal((await fetch(url, { method: 'POST', headers: { authorization: basic(olga) }, body: 'otp=123456' })).status, 400);
    });

    it('names the allowed methods', async () => {
      const response = await fetch(`${sandbox.url('demo')}/auth/v1/token`);
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'POST');
    });

    it('finds neither an unknown instance nor an unknown path', async () => {
      assert.equal((await fetch(`${sandbox.origin}/nowhere/auth/v1/token`, { method: 'POST' })).status, 404);
      assert.equal((await fetch(`${sandbox.url('demo')}/auth/v2/token`, { method: 'POST' })).status, 404);
      assert.throws(() => sandbox.instance('nowhere'));
    });

    it('decodes a path, and refuses a broken or an oversized request', async () => {
      assert.equal((await fetch(`${sandbox.origin}/d%65mo/`)).status, 200);
      assert.equal((await fetch(`${sandbox.origin}/demo/%zz`)).status, 400);
      assert.equal((await token(maxPower, 'demo', { otp: '0'.repeat(65 * 1024) })).status, 413);
    });

    it('serves an instance below a longer path', async () => {
      const deep = await Sandbox.start({ instances: [{ ...demo, name: 'zeyos/demo' }] });
      const response = await fetch(`${deep.url('zeyos/demo')}/auth/v1/token`, { method: 'POST', headers: { authorization: basic(maxPower) } });
      assert.equal(response.status, 200);
      await deep.stop();
    });

    it('serves who I am to a live bearer', async () => {
      assert.deepEqual(await (await me(await issued(juergen))).json(), { instance: 'demo', username: 'jürgen', sub: '8' });
      const response = await fetch(`${sandbox.url('demo')}/api/v1/me`);
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="demo"');
    });

    it('serves a page that names the instance', async () => {
      const response = await fetch(sandbox.url('acme'));
      assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
      assert.match(await response.text(), /<strong>acme<\/strong>/);
      assert.equal((await fetch(`${sandbox.url('acme')}/`, { method: 'HEAD' })).status, 200);
    });
  });

  describe('a fault', () => {
    it('of delay only takes its time', async () => {
      sandbox.fault('/token', { kind: 'delay', ms: 40 });
      const start = performance.now();
      assert.equal((await token(maxPower)).status, 200);
      assert.ok(performance.now() - start >= 39);
    });

    it('may leave a request without an answer, and the log says so', async () => {
      sandbox.fault('/token', { kind: 'hang' });
      await assert.rejects(fetch(`${sandbox.url('demo')}/auth/v1/token`, { method: 'POST', signal: AbortSignal.timeout(50) }), { name: 'TimeoutError' });
      assert.deepEqual(sandbox.requests.map(({ status }) => status), [undefined]);
    });

    it('may cut the connection before or within the answer', async () => {
      sandbox.fault('/token', { kind: 'reset' }, 1);
      await assert.rejects(token(maxPower), ({ cause }: Error) => (cause as NodeJS.ErrnoException).code === 'ECONNRESET');
      sandbox.fault('/token', { kind: 'truncated' }, 1);
      const response = await token(maxPower);
      assert.equal(response.status, 200);
      await assert.rejects(response.text());
    });

    it('may answer anything else', async () => {
      sandbox.fault('/token', { kind: 'html' }, 1);
      sandbox.fault('/token', { kind: 'json', status: 403, body: { error: 'invalid_grant' }, headers: { 'x-by': 'test' } }, 1);
      sandbox.fault('/token', { kind: 'text', status: 500, body: 'Oops' }, 1);
      sandbox.fault('/token', { kind: 'status', status: 429, retryAfterSeconds: 5 }, 1);
      const [html, json, text, status] = [await token(maxPower), await token(maxPower), await token(maxPower), await token(maxPower)];
      assert.deepEqual([html.status, html.headers.get('content-type')], [502, 'text/html; charset=utf-8']);
      assert.deepEqual([json.status, json.headers.get('x-by'), await json.json()], [403, 'test', { error: 'invalid_grant' }]);
      assert.deepEqual([text.status, await text.text()], [500, 'Oops']);
      assert.deepEqual([status.status, status.headers.get('retry-after')], [429, '5']);
      assert.equal((await token(maxPower)).status, 200);
    });

    it('may lead elsewhere', async () => {
      sandbox.fault('/token', { kind: 'redirect', location: 'http://127.0.0.1:1/' });
      const response = await fetch(`${sandbox.url('demo')}/auth/v1/token`, { method: 'POST', redirect: 'manual' });
      assert.deepEqual([response.status, response.headers.get('location')], [302, 'http://127.0.0.1:1/']);
    });

    it('may answer with 5 MiB', async () => {
      sandbox.fault('/token', { kind: 'huge' });
      const text = await (await token(maxPower)).text();
      assert.ok(text.length > 5 * 1024 * 1024);
      assert.doesNotThrow(() => void JSON.parse(text));
    });

    it('may answer byte by byte without an end', async () => {
      sandbox.fault('/token', { kind: 'slowDrip', everyMs: 2 });
      const response = await token(maxPower);
      let received = 0;
      for await (const chunk of response.body ?? []) {
        received += (chunk as Uint8Array).length;
        if (received >= 5) {
          break;
        }
      }
      assert.ok(received >= 5);
    });

    it('hits what matches, as often as told, until it is lifted', async () => {
      const lift = sandbox.fault(/^GET .*\/me$/g, { kind: 'status', status: 503 });
      const value = await issued();
      assert.deepEqual([(await me(value)).status, (await me(value)).status], [503, 503]);
      lift();
      assert.equal((await me(value)).status, 200);
      sandbox.fault('POST /acme/', { kind: 'status', status: 503 });
      assert.equal((await token(maxPower)).status, 200);
      assert.equal((await token(acme.users[0], 'acme')).status, 503);
      sandbox.clearFaults();
      assert.equal((await token(acme.users[0], 'acme')).status, 200);
    });
  });

  describe('the log', () => {
    it('keeps what was asked and how it was answered, until it is cleared', async () => {
      await token(olga, 'demo', { otp: '1' });
      await fetch(`${sandbox.origin}/nowhere?a=b`);
      assert.deepEqual(sandbox.requests.map(({ headers, ...rest }) => ({ ...rest, authorization: headers.authorization })), [
        { at: now, method: 'POST', path: '/demo/auth/v1/token', query: '', instance: 'demo', status: 401, body: 'otp=1', authorization: basic(olga) },
        { at: now, method: 'GET', path: '/nowhere', query: 'a=b', instance: undefined, status: 404, body: '', authorization: undefined },
      ]);
      sandbox.clearRequests();
      assert.deepEqual(sandbox.requests, []);
    });
  });

  describe('for a person', () => {
    const press = (path: string, form: Record<string, string> = {}, origin = sandbox.origin) =>
      fetch(`${sandbox.origin}/_sandbox/${path}`, { method: 'POST', redirect: 'manual', headers: { origin }, body: new URLSearchParams(form) });

    it('shows how to sign in, and the tokens masked', async () => {
      const value = await issued();
      const page = await (await fetch(`${sandbox.origin}/`)).text();
      for (const text of [sandbox.url('demo'), maxPower.name, juergen.password, olga.otp, 'other-s3cret', `${value.slice(0, 4)}…`]) {
        assert.ok(page.includes(text), text);
      }
      assert.ok(!page.includes(value));
      assert.doesNotMatch(page, /<script/);
      assert.deepEqual(sandbox.requests.map(({ path }) => path), ['/demo/auth/v1/token']);
    });

    it('has buttons for faults, which a fault on everything does not disable', async () => {
      sandbox.fault('/', { kind: 'hang' });
      assert.equal((await press('fault', { fault: '503' })).status, 303);
      assert.equal((await token(maxPower)).status, 503);
      assert.match(await (await fetch(`${sandbox.origin}/`)).text(), /Set now/);
      assert.equal((await press('clear-faults')).status, 303);
      assert.equal((await token(maxPower)).status, 200);
      assert.equal((await press('fault', { fault: 'unheard of' })).status, 400);
    });

    it('has buttons to revoke every token and to set the lifetime', async () => {
      const value = await issued();
      assert.equal((await press('revoke-all')).status, 303);
      assert.equal((await me(value)).status, 401);
      assert.equal((await press('lifetime', { instance: 'demo', seconds: '90' })).headers.get('location'), '/');
      assert.equal(sandbox.instance('demo').lifetimeSeconds, 90);
      assert.equal((await press('lifetime', { instance: 'demo', seconds: '-1' })).status, 400);
    });

    it('lets no other page press a button', async () => {
      const value = await issued();
      assert.equal((await press('revoke-all', {}, 'https://elsewhere.example')).status, 403);
      assert.equal((await press('revoke-all', {}, 'null')).status, 403);
      assert.equal((await fetch(`${sandbox.origin}/_sandbox/revoke-all`)).status, 405);
      assert.equal((await me(value)).status, 200);
    });

    it('describes itself for a terminal', () => {
      const text = describeSandbox(sandbox);
      for (const part of [sandbox.origin, ...sandbox.instances.flatMap(({ name, users }) => [sandbox.url(name), ...users.flatMap((user) => [user.name, user.password])]), olga.otp]) {
        assert.ok(text.includes(part), part);
      }
    });
  });

  it('speaks TLS with a certificate of its own', async () => {
    const secure = await Sandbox.start({ tls: true });
    assert.match(secure.origin, /^https:\/\/localhost:\d+$/);
    const status = await new Promise((resolve, reject) => {
      secureGet(`${secure.url('demo')}/`, { ca: secure.ca }, (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
    assert.equal(status, 200);
    await assert.rejects(fetch(secure.url('demo')));
    await secure.stop();
  });

  it('ends open connections when it stops, and releases its port', async () => {
    const first = await Sandbox.start();
    first.fault('/', { kind: 'hang' });
    const hanging = assert.rejects(fetch(first.url('demo')));
    while (first.requests.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await first.stop();
    await hanging;
    const port = Number(new URL(first.origin).port);
    const second = await Sandbox.start({ port });
    assert.equal(second.origin, first.origin);
    await assert.rejects(Sandbox.start({ port }), { code: 'EADDRINUSE' });
    await second.stop();
    await second.stop();
  });
});
