import assert from 'node:assert/strict';
import { acme, juergen, maxPower, olga } from '../../../support/sandbox/fixtures';
import { Sandbox } from '../../../support/sandbox/sandbox';
import { SandboxClient } from '../../../support/sandboxClient';

describe('The sandbox’s Auth API v1', () => {
  let sandbox: Sandbox;
  let client: SandboxClient;
  let now: number;

  beforeEach(async () => {
    now = Date.parse('2030-01-01T12:00:00Z');
    sandbox = await Sandbox.start({ now: () => now });
    client = new SandboxClient(sandbox);
  });

  afterEach(() => sandbox.stop());

  describe('given a token request', () => {
    it('issues a bearer token for 24 hours for a user name and a password', async () => {
      const response = await client.token(maxPower);
      assert.equal(response.status, 200);
      const { access_token, ...rest } = (await response.json()) as Record<string, string>;
      assert.match(access_token ?? '', /^[a-f0-9]{40}$/);
      assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 86400 });
    });

    it('sets a session cookie, forbids caching, and does not accept the cookie itself', async () => {
      const response = await client.token(maxPower);
      const cookie = response.headers.get('set-cookie') ?? '';
      assert.match(cookie, /^ZEYOSID=[a-f0-9]+;.* HttpOnly/);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal((await fetch(`${sandbox.url('demo')}/api/v1/me`, { headers: { cookie } })).status, 401);
    });

    it('accepts a password with colons, blanks and umlauts', async () => {
      assert.equal((await client.token(juergen)).status, 200);
      assert.equal((await client.token({ ...juergen, password: 'pä' })).status, 401);
    });

    it('accepts the same user name with another password on another instance', async () => {
      assert.equal((await client.token(maxPower, 'acme')).status, 401);
      assert.equal((await client.token(acme.users[0], 'acme')).status, 200);
    });

    it('leaves out optional members that are switched off', async () => {
      sandbox.instance('demo').tokenAnswer = { expires_in: false, token_type: false };
      assert.deepEqual(Object.keys((await (await client.token(maxPower)).json()) as object), ['access_token']);
    });

    it('rejects wrong credentials with a challenge, as JSON', async () => {
      const response = await client.token({ ...maxPower, password: 'wrong' });
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Basic realm="demo"');
      assert.deepEqual(await response.json(), { error: 'invalid_grant', error_description: 'Invalid credentials' });
    });

    it('rejects wrong credentials as plain text if plainTextErrors is on', async () => {
      sandbox.instance('demo').plainTextErrors = true;
      const response = await client.token({ ...maxPower, password: 'wrong' });
      assert.equal(response.status, 401);
      assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
      assert.equal(await response.text(), 'Unauthorized: Invalid credentials');
    });

    it('rejects missing or unreadable credentials', async () => {
      const url = `${sandbox.url('demo')}/auth/v1/token`;
      assert.equal((await fetch(url, { method: 'POST' })).status, 401);
      assert.equal((await fetch(url, { method: 'POST', headers: { authorization: 'Basic !!' } })).status, 401);
    });

    it('asks for a one-time code, rejects a wrong one and accepts the right one', async () => {
      const without = await client.token(olga);
      assert.equal(without.status, 401);
      assert.deepEqual(await without.json(), {
        error: 'otp_required',
        error_description: 'One-time password (OTP) required',
      });
      const wrong = await client.token(olga, 'demo', { otp: '000000' });
      assert.equal(wrong.status, 401);
      assert.deepEqual(await wrong.json(), {
        error: 'invalid_otp',
        error_description: 'The one-time password (OTP) is wrong',
      });
      assert.equal((await client.token(olga, 'demo', { otp: olga.otp })).status, 200);
    });

    it('does not mention the one-time code if the password is wrong', async () => {
      const response = await client.token({ ...olga, password: 'wrong' }, 'demo', { otp: olga.otp });
      assert.equal(((await response.json()) as { error: string }).error, 'invalid_grant');
    });
  });

  describe('given an introspection', () => {
    it('reports user, start and end of a valid token', async () => {
      const value = await client.issued();
      const iat = now / 1000;
      assert.deepEqual(await (await client.ask('introspect', value)).json(), {
        active: true,
        token_type: 'Bearer',
        iat,
        exp: iat + 86400,
        username: 'max.power',
        sub: '7',
      });
    });

    it('leaves out members that are switched off, and answers 404 if it is not offered', async () => {
      const value = await client.issued();
      Object.assign(sandbox.instance('demo').introspection, { exp: false, username: false, sub: false });
      assert.deepEqual(await (await client.ask('introspect', value)).json(), {
        active: true,
        token_type: 'Bearer',
        iat: now / 1000,
      });
      sandbox.instance('demo').introspection.offered = false;
      assert.equal((await client.ask('introspect', value)).status, 404);
    });

    it('reports an unknown token, and one of another instance, as inactive', async () => {
      const value = await client.issued();
      assert.deepEqual(await (await client.ask('introspect', value, 'unknown')).json(), { active: false });
      assert.deepEqual(
        await (await client.ask('introspect', value, await client.issued(acme.users[0], 'acme'))).json(),
        { active: false },
      );
    });

    it('rejects an ended bearer token', async () => {
      const value = await client.issued();
      sandbox.revoke(value);
      const response = await client.ask('introspect', value);
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="demo", error="invalid_token"');
    });

    it('shows a clock that is ahead in the Date header, exp and iat only', async () => {
      sandbox.instance('demo').clockSkewSeconds = 600;
      const response = await client.token(maxPower);
      assert.equal(Date.parse(response.headers.get('date') ?? ''), now + 600_000);
      const { access_token: value = '', expires_in } = (await response.json()) as {
        access_token?: string;
        expires_in: number;
      };
      assert.equal(expires_in, 86400);
      const { exp, iat } = (await (await client.ask('introspect', value)).json()) as { exp: number; iat: number };
      assert.deepEqual({ exp, iat }, { iat: now / 1000 + 600, exp: now / 1000 + 600 + 86400 });
      assert.equal(sandbox.tokens()[0]?.expiresAt, now + 86400_000);
    });
  });

  describe('ends a token', () => {
    it('by a revocation request for this token, which is rejected the second time', async () => {
      const value = await client.issued();
      assert.equal((await client.me(value)).status, 200);
      assert.equal((await client.ask('revoke', value)).status, 200);
      assert.equal((await client.me(value)).status, 401);
      assert.equal((await client.ask('revoke', value)).status, 401);
      assert.deepEqual(
        sandbox.tokens().map(({ active, revokedAt }) => ({ active, revokedAt })),
        [{ active: false, revokedAt: now }],
      );
    });

    it('of this instance only, and reports a success for any other token', async () => {
      const value = await client.issued();
      const foreign = await client.issued(acme.users[0], 'acme');
      assert.equal((await client.ask('revoke', value, 'unknown')).status, 200);
      assert.equal((await client.ask('revoke', value, foreign)).status, 200);
      assert.equal((await client.me(foreign, 'acme')).status, 200);
    });

    it('when its lifetime is over', async () => {
      sandbox.instance('demo').lifetimeSeconds = 60;
      const value = await client.issued();
      now += 59_999;
      assert.equal((await client.me(value)).status, 200);
      now += 1;
      assert.equal((await client.me(value)).status, 401);
    });

    it('if a test revokes it or lets it expire', async () => {
      const [first, second, third] = [await client.issued(), await client.issued(), await client.issued()];
      sandbox.revoke(first);
      sandbox.expire(second);
      assert.deepEqual(
        sandbox.tokens().map(({ active }) => active),
        [false, false, true],
      );
      sandbox.revokeAll();
      assert.equal((await client.me(third)).status, 401);
      assert.throws(() => sandbox.revoke('never issued'));
    });
  });
});
