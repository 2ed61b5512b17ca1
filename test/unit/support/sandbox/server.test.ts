import assert from 'node:assert/strict';
import { get as secureGet } from 'node:https';
import { eventually } from '../../../support/clock';
import { demo, juergen, maxPower, olga, vscodeApplication } from '../../../support/sandbox/fixtures';
import { describeSandbox, Sandbox } from '../../../support/sandbox/sandbox';
import { basic, SandboxClient } from '../../../support/sandboxClient';

describe('The sandbox server', () => {
  let sandbox: Sandbox;
  let client: SandboxClient;
  let now: number;

  beforeEach(async () => {
    now = Date.parse('2030-01-01T12:00:00Z');
    sandbox = await Sandbox.start({ now: () => now });
    client = new SandboxClient(sandbox);
  });

  afterEach(() => sandbox.stop());

  describe('in its routing', () => {
    it('requires a form body for POST requests', async () => {
      const headers = { authorization: `Bearer ${await client.issued()}` };
      for (const call of ['introspect', 'revoke']) {
        const url = `${sandbox.url('demo')}/auth/v1/token/${call}`;
        const response = await fetch(url, { method: 'POST', headers, body: '{"token":"x"}' });
        assert.equal(response.status, 400);
        assert.equal(((await response.json()) as { error: string }).error, 'invalid_request');
        assert.equal((await fetch(url, { method: 'POST', headers, body: new URLSearchParams() })).status, 400);
      }
      const url = `${sandbox.url('demo')}/auth/v1/token`;
      assert.equal(
        (await fetch(url, { method: 'POST', headers: { authorization: basic(olga) }, body: 'otp=123456' })).status,
        400,
      );
    });

    it('answers a wrong method with the allowed ones', async () => {
      const response = await fetch(`${sandbox.url('demo')}/auth/v1/token`);
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'POST');
    });

    it('answers 404 for an unknown instance or path', async () => {
      assert.equal((await fetch(`${sandbox.origin}/nowhere/auth/v1/token`, { method: 'POST' })).status, 404);
      assert.equal((await fetch(`${sandbox.url('demo')}/auth/v2/token`, { method: 'POST' })).status, 404);
      assert.throws(() => sandbox.instance('nowhere'));
    });

    it('decodes a path, and rejects an invalid or too large request', async () => {
      assert.equal((await fetch(`${sandbox.origin}/d%65mo/`)).status, 200);
      assert.equal((await fetch(`${sandbox.origin}/demo/%zz`)).status, 400);
      assert.equal((await client.token(maxPower, 'demo', { otp: '0'.repeat(65 * 1024) })).status, 413);
    });

    it('serves an instance below a longer path', async () => {
      const deep = await Sandbox.start({ instances: [{ ...demo, name: 'zeyos/demo' }] });
      const response = await fetch(`${deep.url('zeyos/demo')}/auth/v1/token`, {
        method: 'POST',
        headers: { authorization: basic(maxPower) },
      });
      assert.equal(response.status, 200);
      await deep.stop();
    });

    it('serves the user of a valid bearer token at /api/v1/me', async () => {
      assert.deepEqual(await (await client.me(await client.issued(juergen))).json(), {
        instance: 'demo',
        username: 'jürgen',
        sub: '8',
      });
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

  describe('in its request log', () => {
    it('keeps each request with its answer until it is cleared', async () => {
      await client.token(olga, 'demo', { otp: '1' });
      await fetch(`${sandbox.origin}/nowhere?a=b`);
      assert.deepEqual(
        sandbox.requests.map(({ headers, ...rest }) => ({ ...rest, authorization: headers.authorization })),
        [
          {
            at: now,
            method: 'POST',
            path: '/demo/auth/v1/token',
            query: '',
            instance: 'demo',
            status: 401,
            body: 'otp=1',
            authorization: basic(olga),
          },
          {
            at: now,
            method: 'GET',
            path: '/nowhere',
            query: 'a=b',
            instance: undefined,
            status: 404,
            body: '',
            authorization: undefined,
          },
        ],
      );
      sandbox.clearRequests();
      assert.deepEqual(sandbox.requests, []);
    });
  });

  describe('on its control page', () => {
    const press = (path: string, form: Record<string, string> = {}, origin = sandbox.origin) =>
      fetch(`${sandbox.origin}/_sandbox/${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin },
        body: new URLSearchParams(form),
      });

    it('shows users, secrets and masked tokens', async () => {
      const value = await client.issued();
      const page = await (await fetch(`${sandbox.origin}/`)).text();
      for (const text of [
        sandbox.url('demo'),
        maxPower.name,
        juergen.password,
        olga.otp,
        'other-s3cret',
        vscodeApplication.client_secret,
        vscodeApplication.redirect_uris[0],
        `${value.slice(0, 4)}…`,
      ]) {
        assert.ok(page.includes(text), text);
      }
      assert.ok(!page.includes(value));
      assert.doesNotMatch(page, /<script/);
      assert.deepEqual(
        sandbox.requests.map(({ path }) => path),
        ['/demo/auth/v1/token'],
      );
    });

    it('has buttons for faults, which work while every request fails', async () => {
      sandbox.fault('/', { kind: 'hang' });
      assert.equal((await press('fault', { fault: '503' })).status, 303);
      assert.equal((await client.token(maxPower)).status, 503);
      assert.match(await (await fetch(`${sandbox.origin}/`)).text(), /Set now/);
      assert.equal((await press('clear-faults')).status, 303);
      assert.equal((await client.token(maxPower)).status, 200);
      assert.equal((await press('fault', { fault: 'unheard of' })).status, 400);
    });

    it('has buttons that revoke every token and set the lifetime', async () => {
      const value = await client.issued();
      assert.equal((await press('revoke-all')).status, 303);
      assert.equal((await client.me(value)).status, 401);
      assert.equal((await press('lifetime', { instance: 'demo', seconds: '90' })).headers.get('location'), '/');
      assert.equal(sandbox.instance('demo').lifetimeSeconds, 90);
      assert.equal((await press('lifetime', { instance: 'demo', seconds: '-1' })).status, 400);
    });

    it('rejects a button that another page presses', async () => {
      const value = await client.issued();
      assert.equal((await press('revoke-all', {}, 'https://elsewhere.example')).status, 403);
      assert.equal((await press('revoke-all', {}, 'null')).status, 403);
      assert.equal((await fetch(`${sandbox.origin}/_sandbox/revoke-all`)).status, 405);
      assert.equal((await client.me(value)).status, 200);
    });

    it('shows the same as text for a terminal', () => {
      const text = describeSandbox(sandbox);
      for (const part of [
        sandbox.origin,
        ...sandbox.instances.flatMap(({ name, users }) => [
          sandbox.url(name),
          ...users.flatMap((user) => [user.name, user.password]),
        ]),
        olga.otp,
        vscodeApplication.client_secret,
      ]) {
        assert.ok(text.includes(part), part);
      }
    });
  });

  it('speaks TLS with a certificate of its own', async () => {
    const secure = await Sandbox.start({ tls: true });
    assert.match(secure.origin, /^https:\/\/localhost:\d+$/);
    const status = await new Promise((resolve, reject) => {
      secureGet(`${secure.url('demo')}/`, { ca: secure.ca }, (response) => resolve(response.resume().statusCode)).on(
        'error',
        reject,
      );
    });
    assert.equal(status, 200);
    await assert.rejects(fetch(secure.url('demo')));
    await secure.stop();
  });

  it('closes open connections and frees its port when it stops', async () => {
    const first = await Sandbox.start();
    first.fault('/', { kind: 'hang' });
    const hanging = assert.rejects(fetch(first.url('demo')));
    await eventually(() => first.unanswered === 1);
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
