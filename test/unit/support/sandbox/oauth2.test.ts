import assert from 'node:assert/strict';
import { eventually } from '../../../support/clock';
import { demo, maxPower, olga, vscodeApplication } from '../../../support/sandbox/fixtures';
import {
  byCode,
  byPassword,
  byRefresh,
  code_verifier,
  inBody,
  inHeader,
  OAuth2Client,
  outcome,
} from '../../../support/sandbox/oauth2Client';
import type { Tokens } from '../../../support/sandbox/oauth2Client';
import { Sandbox } from '../../../support/sandbox/sandbox';
import { SandboxClient } from '../../../support/sandboxClient';

describe('The sandbox’s OAuth 2.0 token endpoint', () => {
  let sandbox: Sandbox;
  let client: SandboxClient;
  let oauth2: OAuth2Client;
  let now: number;

  beforeEach(async () => {
    now = Date.parse('2030-01-01T12:00:00Z');
    sandbox = await Sandbox.start({ now: () => now, instances: [demo, { ...demo, name: 'twin' }] });
    client = new SandboxClient(sandbox);
    oauth2 = new OAuth2Client(sandbox);
  });

  afterEach(() => sandbox.stop());

  describe('for a password', () => {
    it('issues an access token for an hour and a refresh token for 100 days', async () => {
      const { access_token, refresh_token, ...rest } = await oauth2.issued();
      assert.match(access_token, /^[a-f0-9]{40}$/);
      assert.match(refresh_token, /^[a-f0-9]{40}$/);
      assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600, refresh_token_expires_in: 8640000 });
      Object.assign(sandbox.instance('demo').oauth2, { accessLifetimeSeconds: 60, refreshLifetimeSeconds: 120 });
      const { expires_in, refresh_token_expires_in } = {
        expires_in: 0,
        refresh_token_expires_in: 0,
        ...(await oauth2.issued()),
      };
      assert.deepEqual({ expires_in, refresh_token_expires_in }, { expires_in: 60, refresh_token_expires_in: 120 });
    });

    it('issues an access token that the API accepts, and a refresh token that it rejects', async () => {
      const { access_token, refresh_token } = await oauth2.issued();
      assert.deepEqual([(await client.me(access_token)).status, (await client.me(refresh_token)).status], [200, 401]);
      assert.deepEqual(await (await client.ask('introspect', access_token, refresh_token)).json(), { active: false });
    });

    it('accepts JSON in place of a form', async () => {
      const body = JSON.stringify({ ...inBody, ...byPassword, otp: null });
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      const send = (text: string) =>
        fetch(`${sandbox.url('demo')}/oauth2/v1/token`, { method: 'POST', headers, body: text });
      assert.equal((await send(body)).status, 200);
      for (const bad of ['{', '[]', 'null']) {
        assert.deepEqual(await outcome(send(bad)), [400, 'invalid_request']);
      }
    });

    it('rejects a wrong password, and a right one if a one-time code is required', async () => {
      assert.deepEqual(await outcome(oauth2.call('token', { ...byPassword, password: 'wrong' })), [
        403,
        'invalid_grant',
      ]);
      const person = { ...byPassword, username: olga.name, password: olga.password };
      assert.match(await (await oauth2.call('token', person)).text(), /invalid_grant.*\(OTP\) required/);
      assert.equal((await oauth2.call('token', { ...person, otp: olga.otp })).status, 200);
    });

    it('rejects unknown grant types, and requests with missing fields', async () => {
      assert.deepEqual(await outcome(oauth2.call('token', { grant_type: 'client_credentials' })), [
        400,
        'unsupported_grant_type',
      ]);
      for (const grant_type of ['authorization_code', 'refresh_token', 'password']) {
        assert.deepEqual(await outcome(oauth2.call('token', { grant_type })), [400, 'invalid_request']);
      }
    });

    it('answers invalid_grant with 400 if the instance follows RFC 6749', async () => {
      sandbox.instance('demo').oauth2.invalidGrantStatus = 400;
      assert.deepEqual(await outcome(oauth2.call('token', byRefresh('unknown'))), [400, 'invalid_grant']);
    });
  });

  describe('for an authorization code', () => {
    it('issues tokens once; a replay is rejected and ends all tokens of the code', async () => {
      const value = await oauth2.code();
      const first = await oauth2.issued(byCode(value, { redirect_uri: vscodeApplication.redirect_uris[0] }));
      const second = await oauth2.issued(byRefresh(first.refresh_token));
      assert.equal((await client.me(second.access_token)).status, 200);
      assert.deepEqual(await outcome(oauth2.call('token', byCode(value))), [403, 'invalid_grant']);
      assert.equal((await client.me(second.access_token)).status, 401);
      assert.deepEqual(await outcome(oauth2.call('token', byRefresh(second.refresh_token))), [403, 'invalid_grant']);
    });

    it('requires the verifier of the challenge, and rejects a code without a challenge', async () => {
      for (const changes of [{ code_verifier: '' }, { code_verifier: code_verifier.toLowerCase() }]) {
        assert.deepEqual(await outcome(oauth2.call('token', byCode(await oauth2.code(), changes))), [
          403,
          'invalid_grant',
        ]);
      }
      const bare = { code_challenge: '', code_challenge_method: '' };
      assert.deepEqual(await outcome(oauth2.call('token', byCode(await oauth2.code(bare)))), [403, 'invalid_grant']);
      assert.equal((await oauth2.call('token', byCode(await oauth2.code(bare), { code_verifier: '' }))).status, 200);
    });

    it('rejects another redirect URI and another instance', async () => {
      assert.deepEqual(
        await outcome(
          oauth2.call('token', byCode(await oauth2.code(), { redirect_uri: 'http://127.0.0.1:1/callback' })),
        ),
        [403, 'invalid_grant'],
      );
      assert.deepEqual(await outcome(new OAuth2Client(sandbox, 'twin').call('token', byCode(await oauth2.code()))), [
        403,
        'invalid_grant',
      ]);
    });

    it('rejects a code after a minute', async () => {
      const [early, late] = [await oauth2.code(), await oauth2.code()];
      now += 59_999;
      assert.equal((await oauth2.call('token', byCode(early))).status, 200);
      now += 1;
      assert.deepEqual(await outcome(oauth2.call('token', byCode(late))), [403, 'invalid_grant']);
    });
  });

  describe('for a refresh token', () => {
    it('issues new tokens once and ends the old ones', async () => {
      const first = await oauth2.issued();
      const second = await oauth2.issued(byRefresh(first.refresh_token));
      assert.deepEqual(
        [(await client.me(first.access_token)).status, (await client.me(second.access_token)).status],
        [401, 200],
      );
      assert.deepEqual(await outcome(oauth2.call('token', byRefresh(first.refresh_token))), [403, 'invalid_grant']);
      assert.equal((await client.me(second.access_token)).status, 200);
    });

    it('accepts it after the access token has expired, until it expires itself', async () => {
      const [first, second] = [await oauth2.issued(), await oauth2.issued()];
      now += 3600_000;
      assert.equal((await client.me(first.access_token)).status, 401);
      assert.equal((await oauth2.call('token', byRefresh(first.refresh_token))).status, 200);
      now += 8640000_000 - 3600_000;
      assert.deepEqual(await outcome(oauth2.call('token', byRefresh(second.refresh_token))), [403, 'invalid_grant']);
    });

    it('rejects an access token, and a refresh token that the server revoked', async () => {
      const { access_token, refresh_token } = await oauth2.issued();
      assert.deepEqual(await outcome(oauth2.call('token', byRefresh(access_token))), [403, 'invalid_grant']);
      sandbox.revoke(refresh_token);
      assert.deepEqual(await outcome(oauth2.call('token', byRefresh(refresh_token))), [403, 'invalid_grant']);
      assert.equal((await client.me(access_token)).status, 200);
    });
  });

  describe('with one token set for each user and application', () => {
    const second = { client_id: 'second', client_secret: 'second-secret' };
    const isActive = async (token: string): Promise<boolean> =>
      ((await (await oauth2.call('introspect', { token })).json()) as { active: boolean }).active;
    const activity = (...sets: Tokens[]) =>
      Promise.all(sets.flatMap(({ access_token, refresh_token }) => [isActive(access_token), isActive(refresh_token)]));
    const grants: Readonly<Record<string, (before: Tokens) => Promise<Tokens>>> = {
      'a code': async () => oauth2.issued(byCode(await oauth2.code())),
      'a password': () => oauth2.issued(),
      'a refresh token': ({ refresh_token }) => oauth2.issued(byRefresh(refresh_token)),
    };
    beforeEach(() => (sandbox.instance('demo').oauth2.oneTokenSet = true));

    for (const [name, grant] of Object.entries(grants)) {
      it(`ends the previous access and refresh token when it issues tokens for ${name}`, async () => {
        const before = await oauth2.issued();
        const after = await grant(before);
        assert.deepEqual(await activity(before, after), [false, false, true, true]);
      });
    }

    it('keeps the tokens of other users, applications, instances and APIs', async () => {
      const others: string[] = [];
      const demoInstance = sandbox.instance('demo');
      demoInstance.applications = [...demoInstance.applications, { ...second, id: 7, redirect_uris: [] }];
      const ask = async (fields: Record<string, string>, url = sandbox.url('demo')): Promise<void> => {
        const { access_token, refresh_token } = (await (
          await fetch(`${url}/oauth2/v1/token`, { method: 'POST', body: new URLSearchParams(fields) })
        ).json()) as Tokens;
        others.push(access_token, refresh_token);
      };
      await ask({ ...inBody, ...byPassword, username: olga.name, password: olga.password, otp: olga.otp });
      await ask({ ...second, ...byPassword });
      await ask({ ...inBody, ...byPassword }, sandbox.url('twin'));
      await client.token(maxPower);
      await oauth2.issued();
      await oauth2.issued();
      const active = sandbox
        .tokens()
        .filter((token) => token.active)
        .map(({ value }) => value);
      assert.deepEqual(
        others.filter((value) => !active.includes(value)),
        [],
      );
      assert.equal(active.length, others.length + 1 + 2);
    });

    it('keeps several token sets if the rule is off', async () => {
      sandbox.instance('demo').oauth2.oneTokenSet = false;
      const sets = [await oauth2.issued(), await oauth2.issued(byCode(await oauth2.code()))];
      assert.deepEqual(await activity(...sets), [true, true, true, true]);
    });

    it('ends the current token set when an old refresh token is revoked, only if revokesReplacement is on', async () => {
      const [before, after] = [await oauth2.issued(), await oauth2.issued()];
      await oauth2.call('revoke', { token: before.refresh_token });
      assert.deepEqual(await activity(after), [true, true]);
      sandbox.instance('demo').oauth2.revokesReplacement = true;
      await oauth2.call('revoke', { token: before.access_token });
      assert.deepEqual(await activity(after), [true, true]);
      await oauth2.call('revoke', { token: before.refresh_token });
      assert.deepEqual(await activity(after), [false, false]);
    });

    it('reports refresh tokens as inactive if introspectsRefreshTokens is off', async () => {
      sandbox.instance('demo').oauth2.introspectsRefreshTokens = false;
      assert.deepEqual(await activity(await oauth2.issued()), [true, false]);
    });
  });

  describe('has a record of exchanges that', () => {
    it('contains each exchange once, with the refresh token it consumed', async () => {
      const first = await oauth2.issued(byCode(await oauth2.code()));
      now += 1000;
      const second = await oauth2.issued(byRefresh(first.refresh_token));
      await oauth2.call('token', byRefresh(first.refresh_token));
      const whose = { instance: 'demo', user: 'max.power' };
      const pair = ({ access_token, refresh_token }: Tokens) => ({ access_token, refresh_token });
      assert.deepEqual(sandbox.exchanges, [
        { at: now - 1000, grant_type: 'authorization_code', ...whose, ...pair(first) },
        { at: now, grant_type: 'refresh_token', ...whose, from: first.refresh_token, ...pair(second) },
      ]);
      assert.deepEqual(
        sandbox.tokens().map(({ api, kind, active }) => [api, kind, active]),
        [
          ['oauth2', 'access', false],
          ['oauth2', 'refresh', false],
          ['oauth2', 'access', true],
          ['oauth2', 'refresh', true],
        ],
      );
    });

    for (const how of ['hang', 'reset', 'truncated'] as const) {
      it(`contains an exchange whose answer was lost: ${how}`, async () => {
        const { refresh_token } = await oauth2.issued();
        sandbox.fault('/oauth2/v1/token', { kind: 'lostAnswer', how }, 1);
        const caller = new AbortController();
        const rejection = assert.rejects(
          fetch(`${sandbox.url('demo')}/oauth2/v1/token`, {
            method: 'POST',
            headers: inHeader,
            body: new URLSearchParams(byRefresh(refresh_token)),
            signal: caller.signal,
          }).then((response) => response.json()),
        );
        if (how === 'hang') {
          await eventually(() => sandbox.unanswered === 1);
          caller.abort();
        }
        await rejection;
        assert.deepEqual(
          sandbox.exchanges.map(({ from }) => from),
          [undefined, refresh_token],
        );
        assert.deepEqual(await outcome(oauth2.call('token', byRefresh(refresh_token))), [403, 'invalid_grant']);
      });
    }
  });
});
