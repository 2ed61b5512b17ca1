import assert from 'node:assert/strict';
import { hans, legacy, lotte, vscodeApplication } from '../../../support/sandbox/fixtures';
import { Sandbox } from '../../../support/sandbox/sandbox';
import { SandboxClient } from '../../../support/sandboxClient';

interface Login {
  readonly token: string;
  readonly expdate: number | null;
}

describe('The sandbox’s legacy login', () => {
  let sandbox: Sandbox;
  let client: SandboxClient;
  let now: number;

  beforeEach(async () => {
    now = Date.parse('2030-01-01T12:00:00Z');
    sandbox = await Sandbox.start({ now: () => now, instances: [{ ...legacy, applications: [vscodeApplication] }] });
    client = new SandboxClient(sandbox);
  });

  afterEach(() => sandbox.stop());

  const base = () => `${sandbox.url('legacy')}/auth/v1`;
  const fields = { name: hans.name, password: hans.password, identifier: 'laptop:1' };

  function logIn(changes: Record<string, string> = {}): Promise<Response> {
    return fetch(`${base()}/login`, { method: 'POST', body: new URLSearchParams({ ...fields, ...changes }) });
  }

  async function loggedIn(changes: Record<string, string> = {}): Promise<Login> {
    return (await (await logIn(changes)).json()) as Login;
  }

  function ask(path: string, bearer: string, method = 'GET'): Promise<Response> {
    return fetch(`${base()}${path}`, { method, headers: { authorization: `Bearer ${bearer}` } });
  }

  it('issues a token for 100 days that the API accepts', async () => {
    const { token, ...rest } = await loggedIn();
    assert.match(token, /^[a-f0-9]{40}$/);
    assert.deepEqual(rest, { user: 5, application: null, identifier: 'laptop:1', expdate: now / 1000 + 8640000 });
    assert.equal((await client.me(token, 'legacy')).status, 200);
    assert.deepEqual(
      sandbox.tokens().map(({ api, kind, user }) => ({ api, kind, user })),
      [{ api: 'legacy', kind: 'access', user: 'hans' }],
    );
  });

  it('accepts JSON in place of a form', async () => {
    const headers = { 'content-type': 'application/json' };
    const send = (body: object) =>
      fetch(`${base()}/login`, { method: 'POST', headers, body: JSON.stringify({ ...fields, ...body }) });
    assert.equal(((await (await send({ expdate: now / 1000 + 60 })).json()) as Login).expdate, now / 1000 + 60);
    assert.equal(((await (await send({ expdate: null })).json()) as Login).expdate, now / 1000 + 8640000);
  });

  it('is the only API of a legacy instance unless another one is added', async () => {
    assert.equal((await client.token(hans, 'legacy')).status, 404);
    assert.equal((await fetch(`${sandbox.url('legacy')}/oauth2/v1/userinfo`)).status, 404);
    sandbox.instance('legacy').apis.add('authV1');
    assert.equal((await client.token(hans, 'legacy')).status, 200);
    sandbox.instance('legacy').apis = new Set();
    assert.equal((await logIn()).status, 404);
  });

  it('replaces the token of the same user and device, and no other token', async () => {
    const first = await loggedIn();
    const elsewhere = await loggedIn({ identifier: 'laptop:2' });
    const somebodyElse = await loggedIn({ name: lotte.name, password: lotte.password, otp: lotte.otp });
    const second = await loggedIn();
    const statuses = await Promise.all(
      [first, elsewhere, somebodyElse, second].map(async ({ token }) => (await ask('/', token, 'HEAD')).status),
    );
    assert.deepEqual(statuses, [401, 204, 204, 204]);
  });

  it('rejects wrong credentials in plain text, and asks for a one-time code', async () => {
    const text = async (changes: Record<string, string>) => {
      const response = await logIn(changes);
      return [response.status, await response.text()];
    };
    const person = { name: lotte.name, password: lotte.password };
    assert.deepEqual(await text({ password: 'wrong' }), [401, 'Unauthorized: Invalid credentials']);
    assert.deepEqual(await text(person), [401, 'Unauthorized: One-time password (OTP) required']);
    assert.deepEqual(await text({ ...person, otp: '1' }), [401, 'Unauthorized: The one-time password (OTP) is wrong']);
  });

  it('recognizes an application by its secret', async () => {
    assert.equal(
      ((await (await logIn({ appsecret: vscodeApplication.client_secret })).json()) as { application: number })
        .application,
      6,
    );
    assert.equal((await logIn({ appsecret: 'wrong' })).status, 401);
  });

  it('issues a token that the API rejects if the API demands an application and the token has none', async () => {
    sandbox.instance('legacy').legacy.apiNeedsApplication = true;
    const { token } = await loggedIn();
    assert.deepEqual([(await client.me(token, 'legacy')).status, (await ask('/', token, 'HEAD')).status], [401, 204]);
    const { token: ofApplication } = await loggedIn({ appsecret: vscodeApplication.client_secret });
    assert.equal((await client.me(ofApplication, 'legacy')).status, 200);
  });

  it('rejects an invalid login with 400', async () => {
    for (const changes of [
      { identifier: 'lap top' },
      { identifier: '' },
      { name: '' },
      { expdate: 'soon' },
      { expdate: String(now / 1000) },
    ]) {
      assert.equal((await logIn(changes)).status, 400, JSON.stringify(changes));
    }
  });

  it('distinguishes a valid token from an ended one, with and without a slash at the end of the URL', async () => {
    const { token } = await loggedIn({ expdate: String(now / 1000 + 60) });
    assert.deepEqual([(await ask('/', token, 'HEAD')).status, (await ask('', token, 'HEAD')).status], [204, 204]);
    now += 60_000;
    const dead = await ask('/', token, 'HEAD');
    assert.deepEqual(
      [dead.status, dead.headers.get('www-authenticate')],
      [401, 'Bearer realm="legacy", error="invalid_token"'],
    );
  });

  it('issues a token without end if the lifetime is null', async () => {
    sandbox.instance('legacy').legacy.lifetimeSeconds = null;
    const { token, expdate } = await loggedIn();
    assert.equal(expdate, null);
    now += 1e15;
    assert.equal((await ask('/', token, 'HEAD')).status, 204);
    assert.match(await (await fetch(`${sandbox.origin}/`)).text(), /never/);
  });

  it('reports the user of a token, and the access rights if asked', async () => {
    const { token } = await loggedIn({ appsecret: vscodeApplication.client_secret });
    const about = {
      auth: { user: 5, application: 6, lang: 'de_DE' },
      user: 5,
      contact: null,
      name: 'hans',
      email: 'user-5@example.com',
    };
    assert.deepEqual(await (await ask('/', token)).json(), about);
    assert.deepEqual(await (await ask('/?access=1', token)).json(), {
      ...about,
      admin: false,
      nopublic: false,
      apionly: false,
      groups: { 1: true },
    });
    assert.equal(await (await ask('/', 'dead')).text(), 'Unauthorized: Invalid bearer token');
  });

  it('ends a token at logout, and rejects a second logout', async () => {
    const { token } = await loggedIn();
    assert.deepEqual([(await ask('/logout', token)).status, (await ask('/logout', token)).status], [204, 401]);
    assert.equal((await client.me(token, 'legacy')).status, 401);
  });

  it('ends a token although the answer is lost, for fault lostAnswer', async () => {
    for (const how of ['reset', 'truncated'] as const) {
      const { token } = await loggedIn();
      sandbox.fault('/logout', { kind: 'lostAnswer', how }, 1);
      await assert.rejects(ask('/logout', token));
      assert.equal((await client.me(token, 'legacy')).status, 401);
    }
  });
});
