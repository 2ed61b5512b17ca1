import assert from 'node:assert/strict';
import { HttpError, MalformedResponseError, NetworkError, OAuthError } from '../../../src/zeyos/errors';
import { HttpClient } from '../../../src/zeyos/transport/http';
import { introspectToken, login, logout } from '../../../src/zeyos/legacy';
import { PlatformUrl } from '../../../src/zeyos/address/platform';
import { Clock } from '../../support/clock';
import { demandsForCode } from '../../support/demandsForCode';
import { MemoryLog } from '../../support/memoryLog';
import { hans, legacy, lotte, vscodeApplication } from '../../support/sandbox/fixtures';
import { Sandbox, type Fault, type SandboxUser } from '../../support/sandbox/sandbox';
import { TimeoutError } from '../../../src/base/deadline';
import { standingFetch } from '../../support/standingFetch';

const day = 86_400_000;

describe('In the legacy login,', () => {
  let sandbox: Sandbox;
  let clock: Clock;
  let log: MemoryLog;
  let http: HttpClient;
  let platform: PlatformUrl;

  beforeEach(async () => {
    clock = new Clock();
    log = new MemoryLog();
    sandbox = await Sandbox.start({ now: clock.now, instances: [{ ...legacy, applications: [vscodeApplication] }] });
    platform = PlatformUrl.parse(sandbox.url('legacy'));
    http = new HttpClient({ fetch, clock, log, bounds: { backOffMs: [] } });
  });

  afterEach(() => {
    const secrets = [
      ...sandbox.tokens().map(({ value }) => value),
      hans.password,
      lotte.password,
      vscodeApplication.client_secret,
    ];
    assert.deepEqual(
      secrets.filter((secret) => log.text.includes(secret)),
      [],
    );
    return sandbox.stop();
  });

  const signIn = (
    { name, password }: SandboxUser = hans,
    more: { identifier?: string; oneTimeCode?: string; appSecret?: string } = {},
  ) => {
    const { identifier = 'vscode-1', appSecret, ...code } = more;
    return login(http, platform, { username: name, password, ...code }, identifier, appSecret);
  };
  const issued = async (): Promise<string> => {
    const { value } = await signIn();
    sandbox.clearRequests();
    return value.token;
  };
  const isRefusal = (expected: Partial<OAuthError>) => (error: unknown) => {
    assert.ok(error instanceof OAuthError, String(error));
    for (const [name, value] of Object.entries(expected))
      assert.deepEqual(error[name as keyof OAuthError], value, name);
    return true;
  };

  describe('requesting a token', () => {
    it('returns a token and its end', async () => {
      const { value } = await signIn();
      assert.deepEqual(value, { token: sandbox.tokens()[0]?.value, expdate: (clock.now() + 100 * day) / 1000 });
      const [{ method, path, body, headers }] = sandbox.requests as [(typeof sandbox.requests)[number]];
      assert.deepEqual(
        [method, path, headers.authorization, headers.cookie],
        ['POST', '/legacy/auth/v1/login', undefined, undefined],
      );
      assert.deepEqual(Object.fromEntries(new URLSearchParams(body)), {
        name: hans.name,
        password: hans.password,
        identifier: 'vscode-1',
      });
    });

    it('returns a token without an end if it never ends', async () => {
      sandbox.instance('legacy').legacy.lifetimeSeconds = null;
      assert.deepEqual((await signIn()).value, { token: sandbox.tokens()[0]?.value });
    });

    it('replaces the token of the same device, and no other token', async () => {
      await signIn();
      await signIn(hans, { identifier: 'vscode-2' });
      await signIn();
      assert.deepEqual(
        sandbox.tokens().map(({ active }) => active),
        [false, true, true],
      );
    });

    it('rejects a wrong password', async () => {
      await assert.rejects(
        signIn({ ...hans, password: 'wrong' }),
        isRefusal({ status: 401, rejectsCredentials: true, requiresOneTimeCode: false }),
      );
    });

    it('asks for a one-time code, and accepts it', async () => {
      await assert.rejects(
        signIn(lotte),
        isRefusal({ status: 401, requiresOneTimeCode: true, rejectsCredentials: false }),
      );
      await assert.rejects(signIn(lotte, { oneTimeCode: '000000' }), isRefusal({ requiresOneTimeCode: true }));
      await signIn(lotte, { oneTimeCode: lotte.otp });
      assert.deepEqual(
        sandbox.tokens().map(({ user }) => user),
        ['lotte'],
      );
    });

    for (const [words, more] of demandsForCode) {
      it(`recognizes a demand for a one-time code in the words ${JSON.stringify(words)} with ${JSON.stringify(more)}`, async () => {
        sandbox.fault('/login', { kind: 'oneTimeCode', code: '424242', words, ...more });
        await assert.rejects(
          signIn(),
          isRefusal({ requiresOneTimeCode: true, rejectsCredentials: false, errorDescription: words }),
        );
        await assert.rejects(
          signIn(hans, { oneTimeCode: '000000' }),
          isRefusal({ requiresOneTimeCode: true, rejectsCredentials: false }),
        );
        await signIn(hans, { oneTimeCode: '424242' });
        assert.deepEqual(
          sandbox.tokens().map(({ user }) => user),
          ['hans'],
        );
      });
    }

    describe('for an application', () => {
      const appSecret = vscodeApplication.client_secret;

      it('sends the application secret and returns a token of the application', async () => {
        const { value } = await signIn(hans, { appSecret });
        assert.equal(new URLSearchParams(sandbox.requests[0]?.body).get('appsecret'), appSecret);
        assert.deepEqual((await introspectToken(http, platform, value.token)).value, {
          active: true,
          username: 'hans',
          sub: '5',
          email: 'user-5@example.com',
          application: '6',
        });
      });

      it('sends no application secret if none is given', async () => {
        const { value } = await signIn();
        assert.equal(new URLSearchParams(sandbox.requests[0]?.body).has('appsecret'), false);
        assert.deepEqual((await introspectToken(http, platform, value.token)).value, {
          active: true,
          username: 'hans',
          sub: '5',
          email: 'user-5@example.com',
        });
      });

      it('distinguishes a wrong application secret, a wrong password and a demand for a one-time code', async () => {
        await assert.rejects(
          signIn(hans, { appSecret: 'wrong-secret' }),
          isRefusal({ status: 401, rejectsClient: true, rejectsCredentials: false, requiresOneTimeCode: false }),
        );
        await assert.rejects(
          signIn({ ...hans, password: 'wrong' }, { appSecret }),
          isRefusal({ rejectsClient: false, rejectsCredentials: true }),
        );
        await assert.rejects(
          signIn(lotte, { appSecret }),
          isRefusal({ rejectsClient: false, requiresOneTimeCode: true }),
        );
        await signIn(lotte, { appSecret, oneTimeCode: lotte.otp });
      });

      const refusals: readonly (readonly [Fault, boolean, boolean])[] = [
        [{ kind: 'text', status: 401, body: 'Unauthorized: Unknown application' }, true, false],
        [{ kind: 'text', status: 401, body: 'Unauthorized: Invalid application secret' }, true, true],
        [{ kind: 'text', status: 401, body: 'Unauthorized: appsecret required' }, true, true],
        [{ kind: 'text', status: 401, body: 'Unauthorized: Unbekannte Anwendung' }, true, false],
        [{ kind: 'json', status: 401, body: { error: 'invalid_client' } }, true, true],
        [
          { kind: 'json', status: 403, body: { error: 'invalid_grant', error_description: 'app_secret is wrong' } },
          true,
          true,
        ],
        [{ kind: 'text', status: 401, body: 'Unauthorized: Invalid credentials' }, false, false],
        [
          { kind: 'text', status: 401, body: 'Unauthorized: Application code: authentication code required' },
          false,
          false,
        ],
      ];
      for (const [fault, withSecret, without] of refusals) {
        it(`takes ${JSON.stringify(fault)} as ${withSecret ? 'a' : 'no'} rejection of the application if a secret was sent, and as ${without ? 'a' : 'no'} rejection of the application if no secret was sent`, async () => {
          sandbox.fault('/login', fault, 2);
          await assert.rejects(signIn(hans, { appSecret }), isRefusal({ rejectsClient: withSecret }));
          await assert.rejects(signIn(), isRefusal({ rejectsClient: without }));
        });
      }

      it('conceals the application secret in a rejection', async () => {
        sandbox.fault('/login', { kind: 'text', status: 401, body: `Unauthorized: Unknown application ${appSecret}` });
        await assert.rejects(
          signIn(hans, { appSecret }),
          (error) => error instanceof OAuthError && !error.errorDescription?.includes(appSecret),
        );
      });
    });

    it('sends the password once after any failure, and accepts only a token as the answer', async () => {
      const eager = new HttpClient({ fetch: standingFetch(clock, sandbox), clock, log, bounds: { backOffMs: [0, 0] } });
      const troubles: readonly [Fault, new (...args: never[]) => Error][] = [
        [{ kind: 'reset' }, NetworkError],
        [{ kind: 'hang' }, TimeoutError],
        [{ kind: 'status', status: 503 }, HttpError],
        [{ kind: 'status', status: 404 }, HttpError],
        [{ kind: 'html', status: 401 }, HttpError],
        [{ kind: 'status', status: 401 }, HttpError],
        [{ kind: 'html', status: 200 }, MalformedResponseError],
        [{ kind: 'json', body: { token: '' } }, MalformedResponseError],
        [{ kind: 'json', body: { token: null } }, MalformedResponseError],
      ];
      for (const [fault, Class] of troubles) {
        sandbox.clearRequests();
        sandbox.fault('/login', fault, 1);
        await assert.rejects(
          clock.run(login(eager, platform, { username: hans.name, password: hans.password }, 'vscode-1')),
          Class,
          JSON.stringify(fault),
        );
        assert.equal(sandbox.requests.length, 1, JSON.stringify(fault));
      }
    });
  });

  describe('introspecting a token', () => {
    it('returns the user, and no expiry', async () => {
      const token = await issued();
      assert.deepEqual((await introspectToken(http, platform, token)).value, {
        active: true,
        username: 'hans',
        sub: '5',
        email: 'user-5@example.com',
      });
      assert.deepEqual(
        sandbox.requests.map(({ method, path, query }) => [method, path, query]),
        [['GET', '/legacy/auth/v1/', 'access=1']],
      );
    });

    it('reports an ended token as inactive', async () => {
      const token = await issued();
      sandbox.revoke(token);
      assert.deepEqual((await introspectToken(http, platform, token)).value, { active: false });
    });

    it('accepts an unexplained 401 only if a second request gets it too', async () => {
      const token = await issued();
      sandbox.fault('GET', { kind: 'status', status: 401 }, 1);
      assert.equal((await introspectToken(http, platform, token)).value.active, true);
      sandbox.fault('GET', { kind: 'status', status: 401 }, 2);
      assert.equal((await introspectToken(http, platform, token)).value.active, false);
    });

    it('reports an active token without a user if the server names none', async () => {
      const token = await issued();
      sandbox.fault('GET', { kind: 'json', body: { auth: { lang: 'de_DE' } } });
      assert.deepEqual((await introspectToken(http, platform, token)).value, { active: true });
    });

    for (const fault of [
      { kind: 'status', status: 200 },
      { kind: 'json', body: { active: true } },
      { kind: 'status', status: 503 },
      { kind: 'html' },
      { kind: 'redirect', location: 'https://login.example/' },
      { kind: 'reset' },
    ] as const satisfies Fault[]) {
      it(`rejects ${JSON.stringify(fault)} as the answer`, async () => {
        const token = await issued();
        sandbox.fault('GET', fault);
        await assert.rejects(introspectToken(http, platform, token));
      });
    }
  });

  describe('revoking a token', () => {
    it('ends the token, and succeeds for a token that has ended', async () => {
      const token = await issued();
      await logout(http, platform, token);
      await logout(http, platform, token);
      assert.deepEqual(
        [sandbox.tokens().map(({ active }) => active), sandbox.requests.map(({ path, status }) => [path, status])],
        [
          [false],
          [
            ['/legacy/auth/v1/logout', 204],
            ['/legacy/auth/v1/logout', 401],
          ],
        ],
      );
    });

    for (const fault of [
      { kind: 'html', status: 200 },
      { kind: 'json', body: { error: 'server_error' } },
      { kind: 'json', body: { error: 'access_denied' } },
      { kind: 'status', status: 503 },
      { kind: 'reset' },
    ] as const satisfies Fault[]) {
      it(`rejects ${JSON.stringify(fault)} as the answer`, async () => {
        const token = await issued();
        sandbox.fault('/logout', fault);
        await assert.rejects(logout(http, platform, token));
      });
    }

    for (const fault of [
      { kind: 'text', body: 'OK' },
      { kind: 'text', status: 202, body: '' },
      { kind: 'json', body: {} },
      { kind: 'json', body: { error: null } },
      { kind: 'json', body: { error: '' } },
    ] as const satisfies Fault[]) {
      it(`accepts ${JSON.stringify(fault)} as the end of the token`, async () => {
        const token = await issued();
        sandbox.fault('/logout', fault);
        await logout(http, platform, token);
      });
    }
  });
});
