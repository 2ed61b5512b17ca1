import assert from 'node:assert/strict';
import { demo, maxPower, vscodeApplication } from '../../../support/sandbox/fixtures';
import {
  byCode,
  byPassword,
  byRefresh,
  inBody,
  inHeader,
  OAuth2Client,
  outcome,
} from '../../../support/sandbox/oauth2Client';
import { Sandbox } from '../../../support/sandbox/sandbox';
import { SandboxClient } from '../../../support/sandboxClient';

const now = Date.parse('2030-01-01T12:00:00Z');
const { client_id } = vscodeApplication;
const otherInBody = { client_id: 'other', client_secret: 'other-secret' };

describe('OAuth 2.0 clients of the sandbox', () => {
  let sandbox: Sandbox;
  let client: SandboxClient;
  let oauth2: OAuth2Client;

  beforeEach(async () => {
    sandbox = await Sandbox.start({
      now: () => now,
      instances: [{ ...demo, applications: [vscodeApplication, { ...otherInBody, redirect_uris: [] }] }],
    });
    client = new SandboxClient(sandbox);
    oauth2 = new OAuth2Client(sandbox);
  });

  afterEach(() => sandbox.stop());

  describe('authenticate by a method that', () => {
    it('is accepted in the header, in the body, or in both if they agree', async () => {
      assert.equal((await oauth2.send('token', byPassword, inHeader)).status, 200);
      assert.equal((await oauth2.send('token', { ...byPassword, ...inBody })).status, 200);
      assert.equal((await oauth2.send('token', { ...byPassword, client_id }, inHeader)).status, 200);
      assert.deepEqual(await outcome(oauth2.send('token', { ...byPassword, ...otherInBody }, inHeader)), [
        401,
        'invalid_client',
      ]);
    });

    it('is demanded by a challenge on every endpoint if it is missing or wrong', async () => {
      for (const path of ['token', 'introspect', 'revoke']) {
        for (const fields of [{}, { client_id }, { client_id, client_secret: 'wrong' }]) {
          const response = await oauth2.send(path, { ...byPassword, token: 'any', ...fields });
          assert.equal(response.headers.get('www-authenticate'), 'Basic realm="demo"');
          assert.deepEqual(await outcome(response), [401, 'invalid_client']);
        }
      }
    });

    it('must be in header and body if the instance is strict', async () => {
      sandbox.instance('demo').strictClientAuthentication = true;
      assert.equal((await oauth2.send('token', { ...byPassword, ...inBody }, inHeader)).status, 200);
      for (const path of ['token', 'introspect', 'revoke']) {
        assert.deepEqual(await outcome(oauth2.send(path, { ...byPassword, token: 'any' }, inHeader)), [
          400,
          'invalid_request',
        ]);
        assert.deepEqual(await outcome(oauth2.send(path, { ...byPassword, token: 'any', ...inBody })), [
          400,
          'invalid_request',
        ]);
      }
    });

    it('separates clients: a client cannot use, introspect or revoke another client’s tokens', async () => {
      const { access_token, refresh_token } = await oauth2.issued();
      const value = await oauth2.code();
      const foreign = (path: string, fields: Record<string, string>) =>
        oauth2.send(path, { ...fields, ...otherInBody });
      assert.deepEqual(await outcome(foreign('token', byRefresh(refresh_token))), [403, 'invalid_grant']);
      assert.deepEqual(await outcome(foreign('token', byCode(value))), [403, 'invalid_grant']);
      assert.deepEqual(await (await foreign('introspect', { token: access_token })).json(), { active: false });
      assert.equal((await foreign('revoke', { token: refresh_token })).status, 200);
      assert.equal((await oauth2.call('token', byRefresh(refresh_token))).status, 200);
      assert.equal((await oauth2.call('token', byCode(value))).status, 200);
    });
  });

  it('introspect access tokens and refresh tokens', async () => {
    const { access_token, refresh_token } = await oauth2.issued();
    const about = { active: true, client_id, username: 'max.power', sub: '7' };
    assert.deepEqual(await (await oauth2.call('introspect', { token: access_token })).json(), {
      ...about,
      exp: now / 1000 + 3600,
    });
    assert.deepEqual(await (await oauth2.call('introspect', { token: refresh_token })).json(), {
      ...about,
      exp: now / 1000 + 8640000,
    });
    assert.deepEqual(await (await oauth2.call('introspect', { token: 'unknown' })).json(), { active: false });
    assert.deepEqual(await outcome(oauth2.call('introspect', {})), [400, 'invalid_request']);
  });

  it('revoke an access token alone, and a refresh token together with its access token', async () => {
    const [first, second] = [await oauth2.issued(), await oauth2.issued()];
    assert.equal((await oauth2.call('revoke', { token: first.access_token })).status, 200);
    assert.equal((await client.me(first.access_token)).status, 401);
    assert.equal((await oauth2.call('token', byRefresh(first.refresh_token))).status, 200);
    assert.equal((await oauth2.call('revoke', { token: second.refresh_token })).status, 200);
    assert.equal((await client.me(second.access_token)).status, 401);
    assert.equal((await oauth2.call('revoke', { token: 'unknown' })).status, 200);
  });

  it('get user information for a valid bearer token of any API, and a rejection in plain text for others', async () => {
    const ask = (bearer: string) =>
      fetch(`${sandbox.url('demo')}/oauth2/v1/userinfo`, { headers: { authorization: `Bearer ${bearer}` } });
    const claims = (await (await ask((await oauth2.issued()).access_token)).json()) as Record<string, unknown>;
    assert.deepEqual(Object.keys(claims), [
      'sub',
      'name',
      'preferred_username',
      'email',
      'zoneinfo',
      'locale',
      'updated_at',
      'nopublic',
      'apionly',
      'groups',
      'permissions',
    ]);
    assert.deepEqual(
      [claims['sub'], claims['name'], claims['preferred_username'], claims['email']],
      ['7', 'Max Power', 'max.power', maxPower.email],
    );
    assert.deepEqual(await (await ask(await client.issued())).json(), claims);
    const refused = await ask('dead');
    assert.deepEqual(
      [refused.status, refused.headers.get('www-authenticate')],
      [401, 'Bearer realm="demo", error="invalid_token"'],
    );
    assert.equal(await refused.text(), 'Unauthorized: Invalid bearer token');
  });
});
