import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { HttpError, MalformedResponseError, NetworkError, OAuthError } from '../../../src/zeyos/errors';
import { HttpClient } from '../../../src/zeyos/transport/http';
import {
  authorizationCodeGrant,
  authorizationRequest,
  introspectToken,
  refreshTokenGrant,
  revokeToken,
  userInfo,
  type AuthorizationRequest,
  type ClientCredentials,
} from '../../../src/zeyos/oauth2';
import { PlatformUrl } from '../../../src/zeyos/address/platform';
import { parseRedirect } from '../../../src/zeyos/redirect';
import { logInAt } from '../../support/browserLogin';
import { Clock } from '../../support/clock';
import { MemoryLog } from '../../support/memoryLog';
import { demo, juergen, maxPower, olga, vscodeApplication } from '../../support/sandbox/fixtures';
import { Sandbox, type Fault, type SandboxUser } from '../../support/sandbox/sandbox';
import { TimeoutError } from '../../../src/base/deadline';
import { standingFetch } from '../../support/standingFetch';

const [redirectUri] = vscodeApplication.redirect_uris;
const client: ClientCredentials = {
  clientId: vscodeApplication.client_id,
  clientSecret: vscodeApplication.client_secret,
};
const wrongSecret: ClientCredentials = { ...client, clientSecret: 'wrong' };
const hour = 3_600_000;

describe('In OAuth 2.0,', () => {
  let sandbox: Sandbox;
  let clock: Clock;
  let log: MemoryLog;
  let http: HttpClient;
  let platform: PlatformUrl;

  beforeEach(async () => {
    clock = new Clock();
    log = new MemoryLog();
    // The strictest server that ZeyOS’s published description permits.
    sandbox = await Sandbox.start({ now: clock.now, instances: [{ ...demo, strictClientAuthentication: true }] });
    platform = PlatformUrl.parse(sandbox.url('demo'));
    http = new HttpClient({ fetch, clock, log, bounds: { backOffMs: [] } });
  });

  afterEach(() => {
    const secrets = [client.clientSecret, ...sandbox.tokens().map(({ value }) => value)];
    assert.deepEqual(
      secrets.filter((secret) => log.text.includes(secret)),
      [],
    );
    return sandbox.stop();
  });

  const codeFor = async (request: AuthorizationRequest, user: SandboxUser = maxPower): Promise<string> =>
    parseRedirect(await logInAt(request.url, user), request).code;
  const signIn = async (user: SandboxUser = maxPower) => {
    const request = authorizationRequest(platform, client.clientId, redirectUri);
    const { value } = await authorizationCodeGrant(http, platform, client, request, await codeFor(request, user));
    sandbox.clearRequests();
    return {
      accessToken: value.access_token,
      refreshToken: value.refresh_token ?? assert.fail('there is no refresh token'),
    };
  };
  const isRefusal = (expected: Partial<OAuthError>) => (error: unknown) => {
    assert.ok(error instanceof OAuthError, String(error));
    for (const [name, value] of Object.entries(expected))
      assert.deepEqual(error[name as keyof OAuthError], value, name);
    return true;
  };

  describe('an authorization request', () => {
    it('consists of a browser URL, and the state and verifier that the answer is checked against', () => {
      const request = authorizationRequest(platform, 'vscode', redirectUri);
      const { origin, pathname, searchParams } = new URL(request.url);
      assert.equal(`${origin}${pathname}`, `${platform.href}/oauth2/v1/authorize`);
      const { state, code_challenge, ...rest } = Object.fromEntries(searchParams);
      assert.deepEqual(rest, {
        response_type: 'code',
        client_id: 'vscode',
        redirect_uri: redirectUri,
        code_challenge_method: 'S256',
      });
      assert.equal(state, request.state);
      assert.equal(code_challenge, createHash('sha256').update(request.codeVerifier).digest('base64url'));
      assert.ok(!request.url.includes(request.codeVerifier));
    });

    it('has a new state and verifier of 43 random characters each time', () => {
      const requests = Array.from({ length: 100 }, () => authorizationRequest(platform, 'vscode', redirectUri));
      assert.equal(new Set(requests.flatMap(({ state, codeVerifier }) => [state, codeVerifier])).size, 200);
      for (const { state, codeVerifier } of requests) {
        assert.match(state, /^[\w-]{43}$/);
        // RFC 7636, section 4.1.
        assert.match(codeVerifier, /^[\w.~-]{43,128}$/);
      }
    });
  });

  describe('exchanging an authorization code', () => {
    it('returns an access token and a refresh token with their lifetimes', async () => {
      const request = authorizationRequest(platform, client.clientId, redirectUri);
      const { value, sentAt } = await authorizationCodeGrant(http, platform, client, request, await codeFor(request));
      const [access, refresh] = sandbox.tokens();
      assert.deepEqual(value, {
        access_token: access?.value,
        expires_in: 3600,
        refresh_token: refresh?.value,
        refresh_token_expires_in: 8_640_000,
      });
      assert.equal(sentAt, clock.now());
    });

    it('returns tokens of the user who logged in, with a one-time code or umlauts', async () => {
      await signIn(olga);
      await signIn(juergen);
      assert.deepEqual(
        sandbox.exchanges.map(({ user, grant_type }) => [user, grant_type]),
        [
          ['olga', 'authorization_code'],
          ['jürgen', 'authorization_code'],
        ],
      );
    });

    it('sends client ID and secret in the header and in the form, and no cookie', async () => {
      const request = authorizationRequest(platform, client.clientId, redirectUri);
      const code = await codeFor(request);
      sandbox.clearRequests();
      await authorizationCodeGrant(http, platform, client, request, code);
      const [{ method, path, headers, body }] = sandbox.requests as [(typeof sandbox.requests)[number]];
      assert.deepEqual([method, path, headers.cookie], ['POST', '/demo/oauth2/v1/token', undefined]);
      assert.equal(headers.authorization, `Basic ${btoa('vscode:vscode-secret')}`);
      assert.match(headers['content-type'] ?? '', /^application\/x-www-form-urlencoded/);
      assert.deepEqual(Object.fromEntries(new URLSearchParams(body)), {
        grant_type: 'authorization_code',
        code,
        code_verifier: request.codeVerifier,
        redirect_uri: redirectUri,
        client_id: 'vscode',
        client_secret: 'vscode-secret',
      });
    });

    it('succeeds once; a second exchange is rejected and ends the tokens of the first', async () => {
      const request = authorizationRequest(platform, client.clientId, redirectUri);
      const code = await codeFor(request);
      const { value } = await authorizationCodeGrant(http, platform, client, request, code);
      await assert.rejects(
        authorizationCodeGrant(http, platform, client, request, code),
        isRefusal({ status: 403, endsSession: true }),
      );
      assert.equal((await userInfo(http, platform, value.access_token)).value, undefined);
    });

    it('is rejected for the code of another request', async () => {
      const [mine, other] = [
        authorizationRequest(platform, client.clientId, redirectUri),
        authorizationRequest(platform, client.clientId, redirectUri),
      ];
      const code = await codeFor(mine);
      await assert.rejects(
        authorizationCodeGrant(http, platform, client, other, code),
        isRefusal({ error: 'invalid_grant' }),
      );
      assert.deepEqual(sandbox.exchanges, []);
    });

    it('is rejected after the code has expired', async () => {
      const request = authorizationRequest(platform, client.clientId, redirectUri);
      const code = await codeFor(request);
      clock.advance(60_000);
      await assert.rejects(
        authorizationCodeGrant(http, platform, client, request, code),
        isRefusal({ error: 'invalid_grant' }),
      );
    });
  });

  describe('exchanging a refresh token', () => {
    it('returns new tokens and ends the old ones', async () => {
      const before = await signIn();
      const { value } = await refreshTokenGrant(http, platform, client, before.refreshToken);
      assert.deepEqual(
        sandbox.tokens().map(({ value: token, active }) => [token, active]),
        [
          [before.accessToken, false],
          [before.refreshToken, false],
          [value.access_token, true],
          [value.refresh_token, true],
        ],
      );
    });

    for (const status of [403, 400] as const) {
      it(`succeeds once; the second exchange is rejected with ${status} invalid_grant`, async () => {
        sandbox.instance('demo').oauth2.invalidGrantStatus = status;
        const { refreshToken } = await signIn();
        await refreshTokenGrant(http, platform, client, refreshToken);
        await assert.rejects(
          refreshTokenGrant(http, platform, client, refreshToken),
          isRefusal({ status, error: 'invalid_grant', endsSession: true, rejectsClient: false }),
        );
      });
    }

    it('with a rejected client does not end the session', async () => {
      const { refreshToken } = await signIn();
      for (const stranger of [wrongSecret, { clientId: 'unknown', clientSecret: 'x' }]) {
        await assert.rejects(
          refreshTokenGrant(http, platform, stranger, refreshToken),
          isRefusal({ status: 401, error: 'invalid_client', rejectsClient: true, endsSession: false }),
        );
      }
      await refreshTokenGrant(http, platform, client, refreshToken);
    });

    it('with a client that is rejected in plain text does not end the session', async () => {
      const { refreshToken } = await signIn();
      sandbox.fault('/token', {
        kind: 'text',
        status: 401,
        body: 'Unauthorized: Unknown client application',
        headers: { 'WWW-Authenticate': 'Basic realm="demo"' },
      });
      await assert.rejects(
        refreshTokenGrant(http, platform, client, refreshToken),
        isRefusal({ rejectsClient: true, endsSession: false }),
      );
    });

    it('sends the refresh token once after any failure', async () => {
      const { refreshToken } = await signIn();
      const eager = new HttpClient({ fetch: standingFetch(clock, sandbox), clock, log, bounds: { backOffMs: [0, 0] } });
      const troubles: readonly [Fault, new (...args: never[]) => Error][] = [
        [{ kind: 'reset' }, NetworkError],
        [{ kind: 'truncated' }, NetworkError],
        [{ kind: 'hang' }, TimeoutError],
        [{ kind: 'status', status: 503, retryAfterSeconds: 0 }, HttpError],
        [{ kind: 'status', status: 429 }, HttpError],
        [{ kind: 'html' }, HttpError],
        [{ kind: 'html', status: 200 }, MalformedResponseError],
        [{ kind: 'html', status: 403 }, HttpError],
        [{ kind: 'status', status: 401 }, HttpError],
        [{ kind: 'redirect', location: 'https://login.example/' }, HttpError],
        [{ kind: 'json', body: {} }, MalformedResponseError],
      ];
      for (const [fault, Class] of troubles) {
        sandbox.clearRequests();
        sandbox.fault('/token', fault, 1);
        await assert.rejects(
          clock.run(refreshTokenGrant(eager, platform, client, refreshToken)),
          Class,
          JSON.stringify(fault),
        );
        assert.equal(sandbox.requests.length, 1, JSON.stringify(fault));
      }
      await refreshTokenGrant(http, platform, client, refreshToken);
    });
  });

  describe('introspecting a token', () => {
    it('returns user, client and end', async () => {
      const { accessToken, refreshToken } = await signIn();
      const about = { active: true, client_id: 'vscode', username: 'max.power', sub: '7' };
      assert.deepEqual((await introspectToken(http, platform, client, accessToken)).value, {
        ...about,
        exp: (clock.now() + hour) / 1000,
      });
      assert.deepEqual((await introspectToken(http, platform, client, refreshToken)).value, {
        ...about,
        exp: clock.now() / 1000 + 8_640_000,
      });
    });

    it('reports an ended or unknown token as inactive', async () => {
      const { accessToken } = await signIn();
      clock.advance(hour);
      assert.deepEqual((await introspectToken(http, platform, client, accessToken)).value, { active: false });
      assert.deepEqual((await introspectToken(http, platform, client, 'never issued')).value, { active: false });
    });

    it('rejects if the client is rejected', async () => {
      const { accessToken } = await signIn();
      await assert.rejects(
        introspectToken(http, platform, wrongSecret, accessToken),
        isRefusal({ rejectsClient: true }),
      );
    });
  });

  describe('revoking', () => {
    it('an access token revokes only that token', async () => {
      const { accessToken } = await signIn();
      await revokeToken(http, platform, client, accessToken);
      assert.deepEqual(
        sandbox.tokens().map(({ kind, active }) => [kind, active]),
        [
          ['access', false],
          ['refresh', true],
        ],
      );
    });

    it('a refresh token ends its access token too, and succeeds if it has ended', async () => {
      const { refreshToken } = await signIn();
      await revokeToken(http, platform, client, refreshToken);
      await revokeToken(http, platform, client, refreshToken);
      assert.ok(sandbox.tokens().every(({ active }) => !active));
    });

    it('rejects if the client is rejected, or a web page is the answer', async () => {
      const { refreshToken } = await signIn();
      await assert.rejects(revokeToken(http, platform, wrongSecret, refreshToken), isRefusal({ rejectsClient: true }));
      sandbox.fault('/revoke', { kind: 'html', status: 200 });
      await assert.rejects(revokeToken(http, platform, client, refreshToken), MalformedResponseError);
      assert.ok(sandbox.tokens().every(({ active }) => active));
    });
  });

  describe('requesting user information', () => {
    it('returns the claims without client authentication', async () => {
      const { accessToken } = await signIn();
      const { value } = await userInfo(http, platform, accessToken);
      assert.deepEqual(value, {
        sub: '7',
        preferred_username: 'max.power',
        name: 'Max Power',
        email: 'max.power@example.com',
        groups: ['Operations'],
      });
      assert.deepEqual(
        sandbox.requests.map(({ method, path, headers }) => [method, path, headers.authorization]),
        [['GET', '/demo/oauth2/v1/userinfo', `Bearer ${accessToken}`]],
      );
    });

    it('returns nothing for an ended access token or a refresh token', async () => {
      const { accessToken, refreshToken } = await signIn();
      sandbox.revoke(accessToken);
      for (const token of [accessToken, refreshToken])
        assert.equal((await userInfo(http, platform, token)).value, undefined);
    });

    it('accepts an unexplained 401 only if a second request gets it too', async () => {
      const { accessToken } = await signIn();
      sandbox.fault('/userinfo', { kind: 'status', status: 401 }, 1);
      assert.equal((await userInfo(http, platform, accessToken)).value?.sub, '7');
      sandbox.fault('/userinfo', { kind: 'status', status: 401 }, 2);
      assert.equal((await userInfo(http, platform, accessToken)).value, undefined);
    });

    it('rejects every other answer', async () => {
      const { accessToken } = await signIn();
      const troubles: readonly [Fault, new (...args: never[]) => Error][] = [
        [{ kind: 'html', status: 200 }, MalformedResponseError],
        [{ kind: 'json', body: { name: 'nobody' } }, MalformedResponseError],
        [{ kind: 'status', status: 404 }, HttpError],
        [{ kind: 'json', status: 403, body: { error: 'insufficient_scope' } }, OAuthError],
      ];
      for (const [fault, Class] of troubles) {
        sandbox.fault('/userinfo', fault, 1);
        await assert.rejects(userInfo(http, platform, accessToken), Class);
      }
    });
  });
});
