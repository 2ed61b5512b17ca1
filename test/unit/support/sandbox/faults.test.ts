import assert from 'node:assert/strict';
import { Clock, eventually, turns } from '../../../support/clock';
import { acme, maxPower } from '../../../support/sandbox/fixtures';
import { Sandbox } from '../../../support/sandbox/sandbox';
import { SandboxClient } from '../../../support/sandboxClient';

describe('In the sandbox,', () => {
  let sandbox: Sandbox;
  let client: SandboxClient;
  let clock: Clock;

  beforeEach(async () => {
    clock = new Clock();
    sandbox = await Sandbox.start({ now: clock.now, wait: (ms, signal) => clock.wait(ms, signal) });
    client = new SandboxClient(sandbox);
  });

  afterEach(() => sandbox.stop());

  describe('a fault', () => {
    it('of kind delay only delays the answer', async () => {
      sandbox.fault('/token', { kind: 'delay', ms: 40 });
      const answer = client.token(maxPower);
      await eventually(() => clock.waits.length > 0);
      clock.elapse(39);
      await turns();
      assert.equal(sandbox.requests[0]?.status, undefined);
      clock.elapse(1);
      assert.equal((await answer).status, 200);
    });

    it('of kind hang leaves the request without an answer, and the log shows no status', async () => {
      sandbox.fault('/token', { kind: 'hang' });
      const caller = new AbortController();
      const answer = fetch(`${sandbox.url('demo')}/auth/v1/token`, { method: 'POST', signal: caller.signal });
      await eventually(() => sandbox.unanswered === 1);
      await turns();
      const reason = new Error('no longer wanted');
      caller.abort(reason);
      await assert.rejects(answer, reason);
      assert.deepEqual(
        sandbox.requests.map(({ status }) => status),
        [undefined],
      );
    });

    it('of kind reset or truncated cuts the connection before or within the answer', async () => {
      sandbox.fault('/token', { kind: 'reset' }, 1);
      await assert.rejects(
        client.token(maxPower),
        ({ cause }: Error) => (cause as NodeJS.ErrnoException).code === 'ECONNRESET',
      );
      sandbox.fault('/token', { kind: 'truncated' }, 1);
      const response = await client.token(maxPower);
      assert.equal(response.status, 200);
      await assert.rejects(response.text());
    });

    it('of kind html, json, text or status answers in the server’s place', async () => {
      sandbox.fault('/token', { kind: 'html' }, 1);
      sandbox.fault(
        '/token',
        { kind: 'json', status: 403, body: { error: 'invalid_grant' }, headers: { 'x-by': 'test' } },
        1,
      );
      sandbox.fault('/token', { kind: 'text', status: 500, body: 'Oops' }, 1);
      sandbox.fault('/token', { kind: 'status', status: 429, retryAfterSeconds: 5 }, 1);
      const [html, json, text, status] = [
        await client.token(maxPower),
        await client.token(maxPower),
        await client.token(maxPower),
        await client.token(maxPower),
      ];
      assert.deepEqual([html.status, html.headers.get('content-type')], [502, 'text/html; charset=utf-8']);
      assert.deepEqual(
        [json.status, json.headers.get('x-by'), await json.json()],
        [403, 'test', { error: 'invalid_grant' }],
      );
      assert.deepEqual([text.status, await text.text()], [500, 'Oops']);
      assert.deepEqual([status.status, status.headers.get('retry-after')], [429, '5']);
      assert.equal((await client.token(maxPower)).status, 200);
    });

    it('of kind oneTimeCode asks in the given words until it gets the right code', async () => {
      sandbox.fault('/token', { kind: 'oneTimeCode', code: '1', words: 'Einmalcode?' });
      assert.deepEqual(
        [(await client.token(maxPower)).status, await (await client.token(maxPower)).text()],
        [401, 'Einmalcode?'],
      );
      sandbox.clearFaults();
      sandbox.fault('/token', { kind: 'oneTimeCode', code: '1', words: 'TOTP', as: 'json', status: 403 });
      const refused = await client.token(maxPower, 'demo', { otp: '2' });
      assert.deepEqual(
        [refused.status, await refused.json()],
        [403, { error: 'invalid_grant', error_description: 'TOTP' }],
      );
      assert.equal((await client.token(maxPower, 'demo', { otp: '1' })).status, 200);
    });

    it('of kind issuer makes a redirect name another issuer, and changes nothing else', async () => {
      sandbox.fault('/', { kind: 'issuer', iss: 'https://evil.example/?' });
      const query = new URLSearchParams({
        client_id: 'vscode',
        redirect_uri: 'http://127.0.0.1:9005/callback',
        response_type: 'code',
        state: 's',
      }).toString();
      const response = await fetch(`${sandbox.url('demo')}/login?${query}`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ username: maxPower.name, password: maxPower.password }),
      });
      assert.deepEqual(
        [response.status, new URL(response.headers.get('location') ?? '').searchParams.get('iss')],
        [303, 'https://evil.example/?'],
      );
      assert.equal((await client.token(maxPower)).status, 200);
    });

    it('of kind redirect answers with a redirect', async () => {
      sandbox.fault('/token', { kind: 'redirect', location: 'http://127.0.0.1:1/' });
      const response = await fetch(`${sandbox.url('demo')}/auth/v1/token`, { method: 'POST', redirect: 'manual' });
      assert.deepEqual([response.status, response.headers.get('location')], [302, 'http://127.0.0.1:1/']);
    });

    it('of kind huge answers with 5 MiB', async () => {
      sandbox.fault('/token', { kind: 'huge' });
      const text = await (await client.token(maxPower)).text();
      assert.ok(text.length > 5 * 1024 * 1024);
      assert.doesNotThrow(() => void JSON.parse(text));
    });

    it('of kind slowDrip answers byte by byte without end', async () => {
      sandbox.fault('/token', { kind: 'slowDrip', everyMs: 2 });
      const response = await client.token(maxPower);
      let received = 0;
      for await (const chunk of response.body ?? []) {
        received += (chunk as Uint8Array).length;
        if (received >= 5) {
          break;
        }
        await eventually(() => clock.waits.length > 0);
        assert.deepEqual(clock.waits, [2]);
        clock.elapse(2);
      }
      assert.ok(received >= 5);
    });

    it('of kind raw answers with bytes that are not HTTP, or only begin like it', async () => {
      sandbox.fault('/token', { kind: 'raw', bytes: 'hello\r\n\r\n' }, 1);
      await assert.rejects(client.token(maxPower), ({ cause }: Error) =>
        /HTTP\/1\.1 protocol/.test((cause as Error).message),
      );
      sandbox.fault('/token', { kind: 'raw', bytes: 'HTTP/1.1 418 Teapot\r\nContent-Length: 1\r\n\r\n\xe4' }, 1);
      const response = await client.token(maxPower);
      assert.deepEqual([response.status, Buffer.from(await response.arrayBuffer())], [418, Buffer.from([0xe4])]);
      assert.equal((await client.token(maxPower)).status, 200);
    });

    it('applies to requests that match, as many times as given, until it is removed', async () => {
      const lift = sandbox.fault(/^GET .*\/me$/g, { kind: 'status', status: 503 });
      const value = await client.issued();
      assert.deepEqual([(await client.me(value)).status, (await client.me(value)).status], [503, 503]);
      lift();
      assert.equal((await client.me(value)).status, 200);
      sandbox.fault('POST /acme/', { kind: 'status', status: 503 });
      assert.equal((await client.token(maxPower)).status, 200);
      assert.equal((await client.token(acme.users[0], 'acme')).status, 503);
      sandbox.clearFaults();
      assert.equal((await client.token(acme.users[0], 'acme')).status, 200);
    });
  });
});
