import assert from 'node:assert/strict';
import { ClientSecrets } from '../../../src/session/storage/clientSecrets';
import { LegacyPlatforms } from '../../../src/session/storage/legacyPlatforms';
import { Reachability } from '../../../src/session/tokens/reachability';
import { PasswordRequests } from '../../../src/session/tokens/passwordRequests';
import { TokenRequests } from '../../../src/session/tokens/tokenRequests';
import { HttpError, NetworkError, OAuthError } from '../../../src/zeyos/errors';
import { HttpClient } from '../../../src/zeyos/transport/http';
import { PlatformUrl } from '../../../src/zeyos/address/platform';
import { findApi, introspect, isNotOffered, probe, revoke, type TokenReference } from '../../../src/zeyos/api';
import { Clock } from '../../support/clock';
import { MemoryLog } from '../../support/memoryLog';
import { MemoryMemento } from '../../support/memoryMemento';
import { MemorySecrets } from '../../support/memorySecrets';
import { demo, hans, legacy, lotte, maxPower, vscodeApplication } from '../../support/sandbox/fixtures';
import { OAuth2Client } from '../../support/sandbox/oauth2Client';
import { Sandbox, type Fault, type ApiName } from '../../support/sandbox/sandbox';
import { SandboxClient } from '../../support/sandboxClient';
import { openWindow } from '../../support/window';

const client = { clientId: vscodeApplication.client_id, clientSecret: vscodeApplication.client_secret };

describe('The ZeyOS APIs', () => {
  let sandbox: Sandbox;
  let clock: Clock;
  let http: HttpClient;
  let platform: PlatformUrl;

  beforeEach(async () => {
    clock = new Clock();
    sandbox = await Sandbox.start({
      now: clock.now,
      instances: [{ ...demo, apis: ['authV1', 'oauth2', 'legacy'] }, legacy],
    });
    platform = PlatformUrl.parse(sandbox.url('demo'));
    http = new HttpClient({ fetch, clock, log: new MemoryLog(), bounds: { backOffMs: [] } });
  });

  afterEach(() => sandbox.stop());

  const issuedBy: Readonly<Record<ApiName, () => Promise<string>>> = {
    authV1: () => new SandboxClient(sandbox).issued(),
    oauth2: async () => (await new OAuth2Client(sandbox).issued()).access_token,
    legacy: async () => {
      const body = new URLSearchParams({ name: maxPower.name, password: maxPower.password, identifier: 'sdk' });
      return (
        (await (await fetch(`${sandbox.url('demo')}/auth/v1/login`, { method: 'POST', body })).json()) as {
          token: string;
        }
      ).token;
    },
  };
  const offer = (...apis: ApiName[]): void => {
    sandbox.instance('demo').apis = new Set(apis);
  };
  const paths = () => sandbox.requests.map(({ method, path }) => `${method} ${path.replace('/demo/', '')}`);

  describe('on an instance with only one of them', () => {
    const table: readonly [ApiName, object][] = [
      ['authV1', { active: true, username: 'max.power', sub: '7', token_type: 'Bearer' }],
      ['oauth2', { active: true, username: 'max.power', sub: '7', client_id: 'vscode' }],
      ['legacy', { active: true, username: 'max.power', sub: '7', email: 'max.power@example.com' }],
    ];
    for (const [api, expected] of table) {
      it(`introspect and revoke a token with ${api}`, async () => {
        const reference = { api, token: await issuedBy[api](), client };
        const {
          exp: _exp,
          iat: _iat,
          userInfo: _userInfo,
          ...told
        } = { exp: 0, iat: 0, userInfo: undefined, ...(await introspect(http, platform, reference)).value };
        assert.deepEqual(told, expected);
        await revoke(http, platform, reference);
        assert.deepEqual((await introspect(http, platform, reference)).value, { active: false });
        await revoke(http, platform, reference);
      });
    }
  });

  describe('include OAuth 2.0, which', () => {
    it('returns the user’s claims in addition to the introspection', async () => {
      const { value } = await introspect(
        http,
        platform,
        { api: 'oauth2', token: await issuedBy.oauth2(), client },
        { withClaims: true },
      );
      assert.ok(value.active);
      assert.deepEqual(
        [value.exp, value.userInfo?.name, value.userInfo?.groups],
        [clock.now() / 1000 + 3600, 'Max Power', ['Operations']],
      );
    });

    for (const [what, its] of [
      ['without the client', {}],
      ['with a rejected client', { client: { ...client, clientSecret: 'wrong' } }],
    ] as const) {
      it(`introspects by the user information ${what}`, async () => {
        const reference = { api: 'oauth2', token: await issuedBy.oauth2(), ...its } as const;
        const { value } = await introspect(http, platform, reference);
        assert.ok(value.active);
        assert.deepEqual([value.username, value.sub, value.exp], ['max.power', '7', undefined]);
        sandbox.revoke(reference.token);
        assert.deepEqual((await introspect(http, platform, reference)).value, { active: false });
      });
    }

    it('does not request claims unless asked to', async () => {
      const reference = { api: 'oauth2', token: await issuedBy.oauth2(), client } as const;
      sandbox.clearRequests();
      const { value } = await introspect(http, platform, reference);
      assert.deepEqual([value.active, paths()], [true, ['POST oauth2/v1/introspect']]);
    });

    it('revokes a token without client through Auth API v1, and introspects it afterwards', async () => {
      const token = await issuedBy.oauth2();
      await revoke(http, platform, { api: 'oauth2', token });
      assert.equal(sandbox.tokens().find(({ value }) => value === token)?.active, false);
    });

    it('cannot revoke a token without client if no other API is offered', async () => {
      const token = await issuedBy.oauth2();
      offer('oauth2');
      await assert.rejects(
        revoke(http, platform, { api: 'oauth2', token }),
        (error) => error instanceof OAuthError && error.rejectsClient,
      );
      await assert.rejects(
        revoke(http, platform, { api: 'oauth2', token, client: { ...client, clientSecret: 'wrong' } }),
        (error) => error instanceof OAuthError && error.rejectsClient,
      );
      assert.ok(sandbox.tokens().every(({ active }) => active));
    });

    it('reports an inactive token without a user', async () => {
      const token = await issuedBy.oauth2();
      clock.advance(3_600_000);
      sandbox.clearRequests();
      assert.deepEqual((await introspect(http, platform, { api: 'oauth2', token, client })).value, {
        active: false,
      });
      assert.deepEqual(paths(), ['POST oauth2/v1/introspect']);
    });

    it('rejects if introspection fails', async () => {
      const token = await issuedBy.oauth2();
      sandbox.fault('/introspect', { kind: 'status', status: 503 }, 1);
      await assert.rejects(introspect(http, platform, { api: 'oauth2', token, client }), HttpError);
    });

    for (const status of [403, 404, 503]) {
      it(`omits the claims if user information fails with ${status}`, async () => {
        const token = await issuedBy.oauth2();
        sandbox.fault('/userinfo', { kind: 'status', status });
        const { value } = await introspect(http, platform, { api: 'oauth2', token, client }, { withClaims: true });
        assert.deepEqual([value.active, value.userInfo], [true, undefined]);
      });
    }
  });

  describe('for a token of unknown origin', () => {
    const table: readonly [ApiName[], ApiName, string[]][] = [
      [['authV1', 'oauth2', 'legacy'], 'authV1', ['POST auth/v1/token/introspect']],
      [['authV1'], 'authV1', ['POST auth/v1/token/introspect']],
      [['oauth2', 'legacy'], 'oauth2', ['POST auth/v1/token/introspect', 'GET oauth2/v1/userinfo']],
      [['legacy'], 'legacy', ['POST auth/v1/token/introspect', 'GET oauth2/v1/userinfo', 'GET auth/v1/']],
    ];
    for (const [offered, expected, asked] of table) {
      it(`are tried until one answers, which is ${expected} if the instance offers ${offered.join(', ')}`, async () => {
        const tokens = await Promise.all(Object.values(issuedBy).map((issue) => issue()));
        offer(...offered);
        for (const token of tokens) {
          sandbox.clearRequests();
          const found = await findApi(http, platform, token);
          assert.ok(found.answer.value.active);
          assert.deepEqual([found.api, found.answer.value.username, paths()], [expected, 'max.power', asked]);
        }
        const never = await findApi(http, platform, 'neverIssued');
        assert.deepEqual([never.api, never.answer.value], [expected, { active: false }]);
      });
    }

    it('reject if none is offered', async () => {
      offer();
      await assert.rejects(
        findApi(http, platform, 'token'),
        (error) => error instanceof HttpError && isNotOffered(error),
      );
    });

    for (const status of [404, 405]) {
      it(`are skipped if they answer ${status}, also in JSON`, async () => {
        const token = await issuedBy.oauth2();
        sandbox.fault('auth/v1/token', {
          kind: 'json',
          status,
          body: { error: 'not_found', error_description: 'No such method' },
        });
        sandbox.clearRequests();
        assert.equal((await findApi(http, platform, token)).api, 'oauth2');
        sandbox.fault('oauth2/v1/', { kind: 'json', status, body: { error: 'invalid_grant' } });
        assert.equal((await findApi(http, platform, token)).api, 'legacy');
      });
    }

    it('are not skipped after a temporary failure', async () => {
      const token = await issuedBy.authV1();
      for (const fault of [
        { kind: 'status', status: 503 },
        { kind: 'reset' },
        { kind: 'html', status: 200 },
      ] as const satisfies Fault[]) {
        sandbox.clearRequests();
        sandbox.fault('/introspect', fault, 1);
        await assert.rejects(findApi(http, platform, token));
        assert.deepEqual(paths(), ['POST auth/v1/token/introspect']);
      }
    });
  });

  describe('given a 401 that does not come from ZeyOS', () => {
    const others: readonly [string, Fault][] = [
      ['a web page', { kind: 'html', status: 401 }],
      [
        'another realm',
        { kind: 'text', status: 401, body: 'Unauthorized', headers: { 'WWW-Authenticate': 'Bearer realm="gateway"' } },
      ],
      [
        'several foreign realms',
        {
          kind: 'text',
          status: 401,
          body: 'Unauthorized',
          headers: { 'WWW-Authenticate': 'Basic realm="proxy", Bearer realm="gateway, demo"' },
        },
      ],
      [
        'another scheme',
        { kind: 'text', status: 401, body: 'Unauthorized', headers: { 'WWW-Authenticate': 'Negotiate' } },
      ],
    ];
    const asked: readonly [string, Omit<TokenReference, 'token'>][] = [
      ['authV1', { api: 'authV1' }],
      ['oauth2', { api: 'oauth2', client }],
      ['oauth2 without the client', { api: 'oauth2' }],
      ['legacy', { api: 'legacy' }],
    ];
    for (const [what, fault] of others) {
      for (const [name, its] of asked) {
        it(`introspect and revoke nothing with ${name} if it has ${what}`, async () => {
          const token = await issuedBy[its.api]();
          sandbox.fault('/demo/', fault);
          sandbox.clearRequests();
          await assert.rejects(introspect(http, platform, { ...its, token }), { name: 'HttpError', status: 401 });
          await assert.rejects(revoke(http, platform, { ...its, token }), { name: 'HttpError', status: 401 });
          assert.equal(sandbox.requests.length, 2, 'the request was repeated');
          sandbox.clearFaults();
          assert.equal((await introspect(http, platform, { ...its, token })).value.active, true);
        });
      }
    }
  });

  describe('prove that ZeyOS answers a probe', () => {
    for (const apis of [['authV1'], ['authV1', 'oauth2', 'legacy'], ['legacy'], ['legacy', 'oauth2']] as const) {
      it(`with ${apis.join(', ')}`, async () => {
        offer(...apis);
        await probe(http, platform);
      });
    }

    it('but not if another server answers', async () => {
      const elsewhere: readonly [string, Fault][] = [
        ['', { kind: 'status', status: 404 }],
        ['', { kind: 'status', status: 405 }],
        ['', { kind: 'html', status: 200 }],
        ['', { kind: 'json', body: {} }],
        ['', { kind: 'redirect', location: 'https://login.example/' }],
        ['', { kind: 'status', status: 204 }],
        ['', { kind: 'status', status: 503 }],
      ];
      for (const [where, fault] of elsewhere) {
        sandbox.clearFaults();
        sandbox.fault(where, fault);
        await assert.rejects(probe(http, platform), () => true, JSON.stringify(fault));
      }
    });

    it('but not if the server offers none or resets the connection', async () => {
      offer();
      await assert.rejects(probe(http, platform), (error) => error instanceof HttpError && error.status === 404);
      sandbox.fault('', { kind: 'reset' });
      await assert.rejects(probe(http, platform), NetworkError);
    });
  });

  describe('for a password', () => {
    let legacy: LegacyPlatforms;
    let clientSecrets: ClientSecrets;
    let requests: PasswordRequests;

    beforeEach(() => {
      platform = PlatformUrl.parse(sandbox.url('legacy'));
      const secrets = new MemorySecrets();
      const { store } = openWindow(secrets);
      legacy = new LegacyPlatforms(new MemoryMemento());
      clientSecrets = new ClientSecrets(secrets);
      const reachability = new Reachability();
      const setAside = store.setAside.bind(store);
      requests = new PasswordRequests({
        http,
        tokenRequests: new TokenRequests({ http, clientSecrets, reachability, setAside }),
        clientSecrets,
        legacyPlatforms: legacy,
        reachability,
        machineId: 'this machine',
      });
    });

    const signIn = (password: string = hans.password) => requests.request(platform, { username: hans.name, password });
    const asked = () => sandbox.requests.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));

    it('use the legacy login if no other API is offered, and remember this for the instance', async () => {
      const { value } = await signIn();
      assert.deepEqual(value, {
        api: 'legacy',
        accessToken: {
          value: sandbox.tokens()[0]?.value,
          issuedAt: clock.now(),
          expiresAt: clock.now() + 100 * 86_400_000,
        },
      });
      await signIn();
      assert.deepEqual([asked(), legacy.has(platform)], [['token', 'login', 'login'], true]);
    });

    it('receive the application secret of the instance, and no other', async () => {
      sandbox.instance('legacy').applications = [vscodeApplication];
      await clientSecrets.storeApplicationSecret(PlatformUrl.parse('https://cloud.zeyos.com/other'), 'another secret');
      await signIn();
      await clientSecrets.storeApplicationSecret(platform, vscodeApplication.client_secret);
      await signIn();
      await clientSecrets.deleteApplicationSecret(platform);
      await signIn();
      assert.deepEqual(
        sandbox.tokens().map(({ client_id }) => client_id),
        [undefined, 'vscode', undefined],
      );
      assert.equal(
        sandbox.requests.some(({ body }) => body.includes('another')),
        false,
      );
    });

    it('receive a device identifier that is constant for an account and does not reveal it', async () => {
      await signIn();
      await signIn();
      await requests.request(platform, {
        username: lotte.name,
        password: lotte.password,
        oneTimeCode: lotte.otp,
      });
      const identifiers = sandbox.requests.flatMap(({ body }) => new URLSearchParams(body).get('identifier') ?? []);
      assert.equal(identifiers[0], identifiers[1]);
      assert.notEqual(identifiers[0], identifiers[2]);
      for (const identifier of identifiers) assert.match(identifier, /^vscode-[0-9a-f]{32}$/);
      assert.deepEqual(
        sandbox.tokens().map(({ active }) => active),
        [false, true, true],
      );
    });

    it('are remembered as legacy also after a rejected password, but not after a server error', async () => {
      sandbox.fault('/login', { kind: 'status', status: 503 }, 1);
      await assert.rejects(signIn('wrong'), { name: 'HttpError', status: 503 });
      assert.equal(legacy.has(platform), false);
      await assert.rejects(signIn('wrong'), { name: 'OAuthError', rejectsCredentials: true });
      await signIn();
      assert.deepEqual([asked(), legacy.has(platform)], [['token', 'login', 'token', 'login', 'login'], true]);
    });

    for (const status of [404, 405]) {
      it(`use the legacy login if the other APIs answer ${status} in JSON`, async () => {
        sandbox.fault('/token', { kind: 'json', status, body: { error: 'not_found' } });
        assert.equal((await signIn()).value.api, 'legacy');
        assert.deepEqual([asked(), legacy.has(platform)], [['token', 'login'], true]);
      });
    }

    it('use Auth API v1 as soon as the server offers it', async () => {
      await signIn();
      sandbox.instance('legacy').apis = new Set(['authV1']);
      await assert.rejects(signIn(), isNotOffered);
      assert.equal((await signIn()).value.api, 'authV1');
    });

    it('do not use the legacy login if Auth API v1 fails temporarily', async () => {
      for (const fault of [
        { kind: 'status', status: 503 },
        { kind: 'reset' },
        { kind: 'status', status: 401 },
      ] as const satisfies Fault[]) {
        sandbox.clearRequests();
        sandbox.fault('/token', fault, 1);
        await assert.rejects(signIn());
        assert.deepEqual([asked(), legacy.has(platform)], [['token'], false], JSON.stringify(fault));
      }
    });

    it('reject with the error of Auth API v1 if none is offered', async () => {
      sandbox.instance('legacy').apis = new Set();
      await assert.rejects(signIn(), (error) => error instanceof HttpError && error.status === 404);
      assert.equal(legacy.has(platform), false);
    });
  });
});
