import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { maxPower, juergen } from '../../support/sandbox/fixtures';
import { byRefresh, OAuth2Client } from '../../support/sandbox/oauth2Client';
import { Sandbox } from '../../support/sandbox/sandbox';
import { SandboxClient } from '../../support/sandboxClient';

describe('The control calls of the sandbox ZeyOS', () => {
  let sandbox: Sandbox;
  let client: SandboxClient;

  beforeEach(async () => {
    sandbox = await Sandbox.start();
    client = new SandboxClient(sandbox);
  });

  afterEach(() => sandbox.stop());

  const call = (method: string, name: string, body?: unknown): Promise<Response> =>
    fetch(`${sandbox.origin}/_sandbox/v1/${name}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });

  it('set a fault for a number of requests, and remove all faults', async () => {
    assert.equal((await call('POST', 'faults', { where: '/token', fault: '503', times: 1 })).status, 204);
    assert.equal((await client.token(maxPower)).status, 503);
    assert.equal((await client.token(maxPower)).status, 200);
    await call('POST', 'faults', { where: '^POST ', fault: { kind: 'text', status: 400, body: 'no' } });
    assert.equal(await (await client.token(maxPower)).text(), 'no');
    assert.equal((await call('DELETE', 'faults')).status, 204);
    assert.equal((await client.token(maxPower)).status, 200);
  });

  it('work while a fault strikes every request', async () => {
    sandbox.fault('/', { kind: 'reset' });
    assert.equal((await call('DELETE', 'faults')).status, 204);
  });

  it('expire and revoke the tokens of a user, of an instance, or of a kind, and report their number', async () => {
    const [max, other] = [await client.issued(), await client.issued(juergen)];
    assert.deepEqual(await (await call('POST', 'expire', { instance: 'demo', user: 'max.power' })).json(), {
      ended: 1,
    });
    assert.deepEqual([(await client.me(max)).status, (await client.me(other)).status], [401, 200]);
    assert.deepEqual(await (await call('POST', 'revoke', {})).json(), { ended: 1 });
    assert.equal((await client.me(other)).status, 401);
    const { refresh_token } = await new OAuth2Client(sandbox).issued();
    assert.deepEqual(await (await call('POST', 'expire', { kind: 'access' })).json(), { ended: 1 });
    assert.equal((await new OAuth2Client(sandbox).call('token', byRefresh(refresh_token))).status, 200);
  });

  it('select one of both rules about token sets, for one instance or for all', async () => {
    const oauth2 = new OAuth2Client(sandbox);
    const first = await oauth2.issued();
    await oauth2.issued();
    assert.equal((await client.me(first.access_token)).status, 200, 'many live side by side');
    assert.equal((await call('PATCH', 'instances', { instance: 'demo', tokenSets: 'one' })).status, 204);
    await oauth2.issued();
    assert.equal((await client.me(first.access_token)).status, 401, 'the new set ended the previous ones');
    await call('PATCH', 'instances', { lifetimeSeconds: 90, clockSkewSeconds: -5 });
    for (const { lifetimeSeconds, oauth2: rules, clockSkewSeconds } of sandbox.instances)
      assert.deepEqual([lifetimeSeconds, rules.accessLifetimeSeconds, clockSkewSeconds], [90, 90, -5]);
  });

  it('show instances, tokens, faults and requests without a secret', async () => {
    const token = await client.issued();
    await client.me(token);
    await client.me('0'.repeat(40), 'acme');
    sandbox.fault(/token$/, { kind: 'hang' }, 2);
    const texts = [await (await call('GET', 'state')).text(), await (await call('GET', 'requests')).text()] as const;
    for (const text of texts)
      for (const secret of [token, maxPower.password, btoa(`${maxPower.name}:${maxPower.password}`)])
        assert.ok(!text.includes(secret));
    const state = JSON.parse(texts[0]) as { tokens: Record<string, unknown>[]; faults: unknown[] };
    assert.deepEqual(
      state.tokens.map(({ user, api, state: is }) => [user, api, is]),
      [['max.power', 'authV1', 'active']],
    );
    assert.deepEqual(state.faults, [{ where: 'token$', fault: { kind: 'hang' }, times: 2 }]);
    const { requests } = JSON.parse(texts[1]) as { requests: Record<string, unknown>[] };
    assert.deepEqual(
      requests.map(({ path, status, bearer }) => [path, status, bearer]),
      [
        ['/demo/auth/v1/token', 200, null],
        ['/demo/api/v1/me', 200, { instance: 'demo', user: 'max.power' }],
        ['/acme/api/v1/me', 401, 'unknown'],
      ],
    );
    assert.equal((await call('DELETE', 'requests')).status, 204);
    assert.deepEqual(sandbox.requests, []);
  });

  for (const [name, method, path, body, status] of [
    ['a call that does not exist', 'GET', 'nowhere', undefined, 404],
    ['a method that the call does not have', 'PUT', 'faults', {}, 405],
    ['a body that is no object', 'POST', 'faults', [], 415],
    ['a fault that does not exist', 'POST', 'faults', { where: '/', fault: 'explode' }, 400],
    ['a fault without a place', 'POST', 'faults', { fault: '503' }, 400],
    ['a number of requests that is none', 'POST', 'faults', { where: '/', fault: '503', times: 0 }, 400],
    ['an instance that does not exist', 'PATCH', 'instances', { instance: 'nowhere' }, 400],
    ['a rule that does not exist', 'PATCH', 'instances', { colour: 'red' }, 400],
    ['a member that selects no tokens', 'POST', 'revoke', { token: 'x' }, 400],
  ] as const)
    it(`reject ${name} with ${status}`, async () => {
      const response = await call(method, path, body);
      assert.equal(response.status, status);
      if (status !== 405) assert.ok(((await response.json()) as { error: string }).error.length > 0);
    });

  it('reject the request of a foreign page, which can send a form but no JSON', async () => {
    const token = await client.issued();
    const form = await fetch(`${sandbox.origin}/_sandbox/v1/revoke`, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example', 'content-type': 'text/plain' },
      body: '{}',
    });
    assert.equal(form.status, 415);
    const asked = await fetch(`${sandbox.origin}/_sandbox/v1/revoke`, { method: 'OPTIONS' });
    assert.equal(asked.headers.get('access-control-allow-origin'), null);
    assert.equal((await client.me(token)).status, 200);
  });

  it('reject a request with a foreign host name', async () => {
    const asked = request(`${sandbox.origin}/_sandbox/v1/state`, { headers: { host: 'elsewhere.example' } }).end();
    const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume: () => void }];
    response.resume();
    assert.equal(response.statusCode, 403);
  });

  it('are accepted, like the buttons of the page, at another loopback address', async function () {
    if (process.platform === 'darwin') this.skip();
    const other = await Sandbox.start({ host: '127.0.0.2' });
    assert.equal((await fetch(`${other.origin}/_sandbox/v1/state`)).status, 200);
    const pressed = await fetch(`${other.origin}/_sandbox/revoke-all`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: other.origin },
      body: new URLSearchParams(),
    });
    assert.equal(pressed.status, 303);
    await other.stop();
  });
});
