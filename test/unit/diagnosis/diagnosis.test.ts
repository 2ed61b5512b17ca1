import assert from 'node:assert/strict';
import { savedPassword } from '../../../src/session/model/grant';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generate, type SelfsignedOptions } from 'selfsigned';
import { Agent, fetch as undiciFetch, ProxyAgent } from 'undici';
import { Diagnosis } from '../../../src/diagnosis/diagnosis';
import type { Finding, FindingCode } from '../../../src/diagnosis/finding';
import { sharedController } from '../../../src/base/deadline';
import type { NetworkSettings } from '../../../src/zeyos/transport/proxy';
import { SecretStorageCheck } from '../../../src/diagnosis/secretStorageCheck';
import { parseInstances, type Instance } from '../../../src/session/model/instance';
import { InstanceFetch } from '../../../src/zeyos/transport/instanceFetch';
import type { StoredAccount } from '../../../src/session/model/session';
import { HttpClient, type Fetch } from '../../../src/zeyos/transport/http';
import { PlatformUrl } from '../../../src/zeyos/address/platform';
import { accessToken, pending, session, storedAccount } from '../../support/builders';
import { CertificateAuthority, validity } from '../../support/certificateAuthority';
import { temporaryFolder } from '../../support/cleanUp';
import { Clock, eventually, turns } from '../../support/clock';
import { ConnectProxy } from '../../support/connectProxy';
import { ForwardProxy } from '../../support/forwardProxy';
import { MemoryLog } from '../../support/memoryLog';
import { MemoryMemento } from '../../support/memoryMemento';
import { MemorySecrets } from '../../support/memorySecrets';
import { demo, legacy } from '../../support/sandbox/fixtures';
import { Sandbox, type Fault } from '../../support/sandbox/sandbox';
import { warningsDuring } from '../../support/warnings';
import { withoutNames } from '../../support/withoutNames';

const DAY_MS = 24 * 3_600_000;
const noProxy: NetworkSettings = {
  proxy: '',
  support: 'override',
  noProxy: [],
  authorization: '',
  verifies: true,
  environment: {},
};

describe('The diagnosis of a connection', () => {
  withoutNames();
  let sandbox: Sandbox;
  let clock: Clock;

  before(async () => {
    sandbox = await Sandbox.start({ instances: [demo, legacy, { ...demo, name: 'skewed', clockSkewSeconds: -7_200 }] });
  });
  beforeEach(() => {
    // TLS and the certificates of the tests go by the clock of the machine.
    clock = new Clock(validity(0, 0).notBeforeDate.getTime());
    sandbox.clearFaults();
    sandbox.clearRequests();
  });
  after(() => sandbox.stop());

  interface Conditions {
    readonly network?: Partial<NetworkSettings>;
    readonly accounts?: readonly StoredAccount[];
    readonly fetch?: Fetch;
    readonly exchangeMs?: number;
    readonly connectMs?: number;
  }

  const instanceAt = (url: string, options: object = {}): Instance =>
    parseInstances([{ url, ...options }]).instances[0] ?? assert.fail(url);

  function diagnosis({
    network = {},
    accounts = [],
    fetch: through = fetch,
    exchangeMs = 2_000,
    connectMs = 2_000,
  }: Conditions = {}): Diagnosis {
    const http = new HttpClient({
      fetch: through,
      clock,
      log: new MemoryLog(),
      bounds: { backOffMs: [], exchangeMs },
    });
    const secretStorageCheck = new SecretStorageCheck({
      secrets: new MemorySecrets(),
      memento: new MemoryMemento(),
      start: '1',
    });
    return new Diagnosis({
      http,
      accounts: () => accounts,
      secretStorageCheck,
      network: () => ({ ...noProxy, ...network }),
      warningMs: () => 30 * 60_000,
      clock,
      bounds: { nameMs: 4_000, connectMs, secretsMs: 500 },
    });
  }

  async function findings(instance: Instance, circumstances?: Conditions): Promise<readonly Finding[]> {
    return diagnosis(circumstances).ofInstance(instance);
  }

  const codes = (found: readonly Finding[]): readonly FindingCode[] => found.map(({ code }) => code);
  const troubles = (found: readonly Finding[]): readonly FindingCode[] =>
    codes(found.filter(({ verdict }) => verdict === 'bad' || verdict === 'warning'));

  function assertFound(found: readonly Finding[], code: FindingCode, facts?: Finding['facts']): void {
    const finding = found.find((other) => other.code === code);
    assert.ok(finding, `${code} in ${codes(found).join(', ')}`);
    if (facts) assert.deepEqual({ ...finding.facts, ...facts }, finding.facts);
  }

  it('lists the findings of a healthy connection in the order in which a request meets them', async () => {
    const found = await findings(instanceAt(sandbox.url('demo')));
    assert.deepEqual(codes(found), [
      'dns.literal',
      'proxy.loopback',
      'tls.notUsed',
      'answer.zeyos',
      'apis.offered',
      'clock.inStep',
      'session.none',
    ]);
    assert.deepEqual(
      found.filter(({ verdict }) => verdict !== 'good'),
      [],
    );
    assertFound(found, 'apis.offered', { apis: ['authV1', 'oauth2'] });
  });

  it('sends no credentials, and asks each API once', async () => {
    const accounts = [
      storedAccount({
        platform: PlatformUrl.parse(sandbox.url('demo')),
        session: { ...session(accessToken('secret')), grant: savedPassword('secret') },
      }),
    ];
    const found = await findings(instanceAt(sandbox.url('demo')), { accounts });
    assert.equal(JSON.stringify(found).includes('secret'), false);
    assert.equal(JSON.stringify(found).includes('max.power'), false);
    assert.deepEqual(sandbox.requests.map(({ method, path }) => `${method} ${path}`).sort(), [
      'HEAD /demo/auth/v1/',
      'POST /demo/auth/v1/token',
      'POST /demo/oauth2/v1/token',
    ]);
    for (const { headers, body } of sandbox.requests)
      assert.deepEqual([headers.authorization, headers.cookie, body], [undefined, undefined, '']);
  });

  it('does not repeat a request that fails', async () => {
    sandbox.fault('/demo/', { kind: 'status', status: 503, retryAfterSeconds: 0 });
    await findings(instanceAt(sandbox.url('demo')));
    assert.equal(sandbox.requests.length, 3);
  });

  describe('in its part about the answer', () => {
    const table: readonly (readonly [string, Fault, FindingCode])[] = [
      ['a server error', { kind: 'status', status: 500 }, 'answer.serverError'],
      ['a gateway without an answer', { kind: 'html', status: 502 }, 'answer.gateway'],
      ['the login page of a network (captive portal)', { kind: 'html', status: 200 }, 'answer.page'],
      ['a network that requires a login (511)', { kind: 'status', status: 511 }, 'answer.page'],
      ['a server that limits the rate', { kind: 'status', status: 429, retryAfterSeconds: 7 }, 'answer.busy'],
      ['a redirect', { kind: 'redirect', location: 'https://elsewhere.example/' }, 'answer.redirect'],
      ['a server that is not ZeyOS', { kind: 'json', body: { hello: 'world' } }, 'answer.notZeyos'],
      ['a connection that is cut', { kind: 'reset' }, 'answer.cut'],
      ['an answer that never ends', { kind: 'huge' }, 'answer.cut'],
    ];
    for (const [what, fault, code] of table) {
      it(`reports ${what}`, async () => {
        sandbox.fault('/demo/', fault);
        const found = await findings(instanceAt(sandbox.url('demo')));
        assertFound(found, code);
        assert.deepEqual(troubles(found), [code]);
        assertFound(found, 'clock.unknown');
        assertFound(found, 'apis.unknown');
      });
    }

    it('reports a server that does not answer, within the deadline', async () => {
      sandbox.fault('/demo/', { kind: 'hang' });
      const found = findings(instanceAt(sandbox.url('demo')), { exchangeMs: 1_000 });
      await eventually(() => sandbox.unanswered === 3);
      clock.elapse(1_000);
      assertFound(await found, 'answer.late', { seconds: 1 });
    });

    it('reports a host that refuses the connection', async () => {
      const closed = await Sandbox.start();
      await closed.stop();
      assert.deepEqual(troubles(await findings(instanceAt(closed.url('demo')))), ['answer.refused']);
    });

    it('reports a host name that does not exist', async () => {
      const found = troubles(await findings(instanceAt('https://zeyos.invalid/demo')));
      // A machine without a network cannot distinguish an unknown name from an unavailable name server.
      assert.match(found.join(), /^dns\.(notFound|unavailable),answer\.unknownHost$/);
    });

    it('reports a caFile that cannot be used, and sends nothing', async () => {
      const instance = instanceAt('https://zeyos.invalid/demo', { caFile: '/nowhere/company.pem' });
      const transport = new InstanceFetch({
        clock,
        editorFetch: fetch,
        instances: () => [instance],
        network: () => noProxy,
      });
      assertFound(await findings(instance, { fetch: transport.fetch }), 'answer.caFileMissing');
      transport.dispose();
    });

    it('reports a URL at which no ZeyOS instance exists', async () => {
      assert.deepEqual(troubles(await findings(instanceAt(`${sandbox.origin}/nothing`))), ['answer.notZeyos']);
    });
  });

  describe('in its part about the sign-in methods', () => {
    it('reports the legacy login', async () => {
      const found = await findings(instanceAt(sandbox.url('legacy'), { signIn: 'password' }));
      assertFound(found, 'apis.offered', { apis: ['legacy'] });
      assert.deepEqual(troubles(found), []);
    });

    it('warns when the instance does not offer the sign-in method that the setting names', async () => {
      assert.deepEqual(troubles(await findings(instanceAt(sandbox.url('legacy'), { signIn: 'browser' }))), [
        'apis.methodMissing',
      ]);
    });

    it('warns when one API does not answer like the others', async () => {
      sandbox.fault('/demo/oauth2', { kind: 'status', status: 503 });
      const found = await findings(instanceAt(sandbox.url('demo')));
      assertFound(found, 'apis.offered', { apis: ['authV1'], unclear: ['oauth2'] });
      assert.deepEqual(troubles(found), ['apis.offered']);
    });
  });

  it('reports the skew of the server’s clock', async () => {
    const found = await findings(instanceAt(sandbox.url('skewed')));
    assert.deepEqual(troubles(found), ['clock.behind']);
    const seconds = Number(found.find(({ code }) => code === 'clock.behind')?.facts?.['seconds']);
    assert.ok(Math.abs(seconds - 7_200) < 3, `${seconds}`);
  });

  describe('in its part about the certificate', () => {
    const servers: Server[] = [];
    after(() => servers.forEach((server) => server.close().closeAllConnections()));

    /** Starts a server that answers 404 and presents a certificate made to order. */
    async function serve(
      options: SelfsignedOptions = {},
      host = 'localhost',
    ): Promise<{ readonly instance: Instance; readonly cert: string; readonly port: number }> {
      const { private: key, cert } = await generate([{ name: 'commonName', value: host }], {
        keyType: 'ec',
        algorithm: 'sha256',
        extensions: [
          { name: 'basicConstraints', cA: true, critical: true },
          { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
        ],
        ...options,
      });
      const server = createServer({ key, cert }, (_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      servers.push(server);
      const { port } = server.address() as AddressInfo;
      return { instance: instanceAt(`https://localhost:${port}/demo`), cert, port };
    }

    /** Returns the fetch of an editor that trusts `ca`. */
    const trusting = (ca: string): Fetch => {
      const dispatcher = new Agent({ connect: { ca } });
      return (url, init) => undiciFetch(url, { ...init, dispatcher } as Parameters<typeof undiciFetch>[1]);
    };

    it('reports a self-signed certificate', async () => {
      const { instance } = await serve();
      const found = await findings(instance);
      assert.deepEqual(troubles(found), ['tls.selfSigned', 'answer.certificate']);
      assertFound(found, 'tls.selfSigned', { error: 'DEPTH_ZERO_SELF_SIGNED_CERT', issuer: 'localhost' });
      assertFound(found, 'dns.found', { host: 'localhost' });
    });

    it('reports a trusted certificate when only the editor can see it, because a proxy requires credentials', async () => {
      const proxy = await ConnectProxy.start({ refuses: 407 });
      const found = await findings(instanceAt('https://zeyos.invalid/demo'), {
        network: { proxy: proxy.url },
        fetch: () => Promise.resolve(new Response('{}')),
      });
      assertFound(found, 'tls.trusted');
      await proxy.stop();
    });

    it('reports a trusted certificate with its issuer and end', async () => {
      const { notAfterDate } = validity(0, 100);
      notAfterDate.setMilliseconds(0);
      const { instance, cert } = await serve({ notAfterDate });
      assertFound(await findings(instance, { fetch: trusting(cert) }), 'tls.good', {
        issuer: 'localhost',
        validTo: notAfterDate.getTime(),
      });
    });

    it('warns of a certificate that expires soon', async () => {
      const { instance, cert } = await serve(validity(-1, 3));
      assertFound(await findings(instance, { fetch: trusting(cert) }), 'tls.expiresSoon');
    });

    it('reports an expired certificate', async () => {
      const { instance, cert } = await serve(validity(-9, -1));
      assertFound(await findings(instance, { fetch: trusting(cert) }), 'tls.expired', { error: 'CERT_HAS_EXPIRED' });
    });

    it('reports a certificate of another host', async () => {
      const { instance, cert } = await serve({}, 'other.example');
      assertFound(await findings(instance, { fetch: trusting(cert) }), 'tls.wrongName', { subject: 'other.example' });
    });

    it('reports a certificate of an unknown authority', async () => {
      const authority = await generate([{ name: 'commonName', value: 'Company Root' }], {
        keyType: 'ec',
        algorithm: 'sha256',
        extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
      });
      const { instance } = await serve({ ca: { key: authority.private, cert: authority.cert } });
      const found = await findings(instance);
      assert.deepEqual(troubles(found), ['tls.unknownAuthority', 'answer.certificate']);
      assertFound(found, 'tls.unknownAuthority', { issuer: 'Company Root' });
    });

    describe('that an authority in the caFile has issued', () => {
      const folder = temporaryFolder('diagnosis');
      after(() => folder.remove());

      for (const [what, fault, code] of [
        ['trusts the certificate although the server does not answer', { kind: 'hang' }, 'answer.late'],
        ['trusts the certificate although the server closes the connection', { kind: 'reset' }, 'answer.cut'],
      ] as const) {
        it(what, async () => {
          const authority = await CertificateAuthority.create();
          const caFile = join(folder.path, 'company.pem');
          writeFileSync(caFile, authority.certificate);
          const server = await Sandbox.start({ tls: await authority.issue() });
          const instance = instanceAt(server.url('demo'), { caFile });
          const transport = new InstanceFetch({
            clock,
            editorFetch: fetch,
            instances: () => [instance],
            network: () => noProxy,
          });
          server.fault('/demo/', fault);
          const finding = findings(instance, { fetch: transport.fetch, exchangeMs: 1_000 });
          if (fault.kind === 'hang') {
            await eventually(() => server.unanswered === 3);
            clock.elapse(1_000);
          }
          const found = await finding;
          assert.ok(server.requests.length > 0, 'the request was not sent, so the certificate was not trusted');
          assertFound(found, code);
          assert.ok(
            codes(found).some((each) => each === 'tls.good' || each === 'tls.expiresSoon'),
            codes(found).join(),
          );
          transport.dispose();
          await server.stop();
        });
      }

      it('does not inspect the certificate when the caFile cannot be used', async () => {
        const { instance } = await serve();
        assertFound(
          await findings(
            { ...instance, caFile: '/nowhere/company.pem' },
            { fetch: () => Promise.reject(new TypeError('fetch failed')) },
          ),
          'tls.unseen',
        );
      });
    });

    it('warns when the editor does not verify certificates, and reports what a verification would find', async () => {
      const { instance, cert } = await serve();
      const found = await findings(instance, { fetch: trusting(cert), network: { verifies: false } });
      assertFound(found, 'tls.selfSigned');
      assertFound(found, 'tls.verificationOff');
    });

    it('reports a server that does not speak TLS', async () => {
      const found = await findings(instanceAt(sandbox.url('demo').replace('http:', 'https:')));
      assertFound(found, 'tls.notTls');
    });

    it('inspects the certificate through the proxy without sending it credentials', async () => {
      const { port } = await serve({}, 'zeyos.invalid');
      const proxy = await ConnectProxy.start({ to: port });
      const found = await findings(instanceAt('https://zeyos.invalid/demo'), {
        network: { proxy: proxy.url.replace('//', '//user:secret@') },
      });
      assertFound(found, 'proxy.used', { proxy: proxy.url, source: 'http.proxy' });
      assertFound(found, 'tls.selfSigned', { issuer: 'zeyos.invalid' });
      assertFound(found, 'dns.leftToProxy');
      assert.deepEqual(proxy.asked, [{ authority: 'zeyos.invalid:443', authorization: undefined }]);
      assert.equal(JSON.stringify(found).includes('secret'), false);
      await proxy.stop();
    });
  });

  describe('in its part about the proxy', () => {
    it('reports a proxy that cannot be reached', async () => {
      const gone = await ConnectProxy.start({ refuses: 502 });
      await gone.stop();
      const found = await findings(instanceAt('https://zeyos.invalid/demo'), {
        network: { environment: { HTTPS_PROXY: gone.url } },
      });
      assertFound(found, 'proxy.unreachable', { proxy: gone.url, source: 'HTTPS_PROXY', error: 'ECONNREFUSED' });
    });

    for (const [what, refuses, code] of [
      ['requires credentials', 407, 'proxy.authenticationRequired'],
      ['does not let a host through', 403, 'proxy.refuses'],
    ] as const) {
      it(`reports a proxy that ${what}`, async () => {
        const proxy = await ConnectProxy.start({ refuses });
        const dispatcher = new ProxyAgent(proxy.url);
        const through: Fetch = (url, init) =>
          undiciFetch(url, { ...init, dispatcher } as Parameters<typeof undiciFetch>[1]);
        const found = await findings(instanceAt('https://zeyos.invalid/demo'), {
          network: { proxy: proxy.url },
          fetch: through,
        });
        assertFound(found, code, { proxy: proxy.url });
        assertFound(found, 'answer.cut');
        await proxy.stop();
      });
    }

    describe('does not report that a proxy with valid credentials requires credentials,', () => {
      for (const [what, leadsSomewhere, code] of [
        ['although the certificate of the host is not trusted', true, 'proxy.used'],
        ['although the proxy does not reach the host', false, 'proxy.refuses'],
      ] as const) {
        it(what, async () => {
          const authority = await CertificateAuthority.create('Inspecting Proxy');
          const server = await Sandbox.start({ tls: await authority.issue({ host: 'zeyos.invalid' }) });
          const proxy = await ForwardProxy.start(
            leadsSomewhere ? { 'zeyos.invalid:443': Number(new URL(server.origin).port) } : {},
          );
          proxy.behaviour = { kind: 'basic', user: 'max', password: 'right' };
          const url = proxy.url('max:right');
          const dispatcher = new ProxyAgent(url);
          const through: Fetch = (target, init) =>
            undiciFetch(target, { ...init, dispatcher } as Parameters<typeof undiciFetch>[1]);
          assertFound(
            await findings(instanceAt('https://zeyos.invalid/demo'), { network: { proxy: url }, fetch: through }),
            code,
            { proxy: proxy.url() },
          );
          await proxy.stop();
          await server.stop();
        });
      }

      for (const [where, network] of [
        ['', {}],
        [', but the setting contains the credentials', { authorization: 'Basic bWF4OnJpZ2h0' }],
      ] as const) {
        it(`although the editor does not say how the proxy answered${where}`, async () => {
          const proxy = await ConnectProxy.start({ refuses: 407 });
          const url = where === '' ? proxy.url.replace('//', '//max:right@') : proxy.url;
          const found = await findings(instanceAt('https://zeyos.invalid/demo'), {
            network: { ...network, proxy: url },
            fetch: () => Promise.reject(new TypeError('fetch failed')),
          });
          assertFound(found, 'proxy.used');
          assertFound(found, 'tls.unseen');
          await proxy.stop();
        });
      }
    });

    it('reports a proxy whose credentials are wrong', async () => {
      const proxy = await ForwardProxy.start();
      proxy.behaviour = { kind: 'basic', user: 'max', password: 'right' };
      const url = proxy.url('max:wrong');
      const dispatcher = new ProxyAgent(url);
      const through: Fetch = (target, init) =>
        undiciFetch(target, { ...init, dispatcher } as Parameters<typeof undiciFetch>[1]);
      assertFound(
        await findings(instanceAt('https://zeyos.invalid/demo'), { network: { proxy: url }, fetch: through }),
        'proxy.authenticationRequired',
        { proxy: proxy.url() },
      );
      await proxy.stop();
    });

    for (const proxy of [
      'http://max:4711#geheim@127.0.0.1:9',
      'http://max:4711/geheim@127.0.0.1:9',
      'http://max:4711?geheim@127.0.0.1:9',
    ]) {
      it(`reports that the proxy URL is invalid, and shows nothing of its credentials: ${proxy}`, async () => {
        const found = await findings(instanceAt('https://zeyos.invalid/demo'), {
          network: { proxy },
          fetch: () => Promise.reject(new TypeError('fetch failed')),
        });
        assertFound(found, 'proxy.invalid', { source: 'http.proxy' });
        assert.doesNotMatch(JSON.stringify(found), /max|4711|geheim/);
      });
    }

    it('reports a proxy that closes the connection without an answer, and does not wait for more', async () => {
      const proxy = await ConnectProxy.start({ refuses: 'hangUp' });
      const found = await findings(instanceAt('https://zeyos.invalid/demo'), {
        network: { proxy: proxy.url },
        fetch: () => Promise.reject(new TypeError('fetch failed')),
      });
      assertFound(found, 'proxy.malformed', { proxy: proxy.url, source: 'http.proxy' });
      await proxy.stop();
    });

    it('reports a proxy that can read requests to a loopback address, because the editor does not exempt it', async () => {
      const proxy = await ConnectProxy.start({ refuses: 403 });
      const found = await findings(instanceAt('http://127.0.0.2:2/demo'), { network: { proxy: proxy.url } });
      assertFound(found, 'proxy.clearText', { proxy: proxy.url, source: 'http.proxy' });
      assert.deepEqual(proxy.asked, []);
      await proxy.stop();
    });

    it('gives up on a proxy that never answers, within the deadline', async () => {
      // Reserved for documentation (RFC 5737): no host has this address.
      const found = findings(instanceAt('https://192.0.2.1/demo'), { connectMs: 500, exchangeMs: 500 });
      await turns();
      clock.elapse(500);
      await found;
    });
  });

  describe('in its part about the sessions', () => {
    const now = validity(0, 0).notBeforeDate.getTime();
    const at = (state: Partial<StoredAccount>): StoredAccount => ({
      ...storedAccount({ platform: PlatformUrl.parse(sandbox.url('demo')) }),
      ...state,
    });
    const token = (lastsMs: number) => accessToken('token', { issuedAt: now - DAY_MS, expiresAt: now + lastsMs });
    const table: readonly (readonly [string, Partial<StoredAccount>, FindingCode])[] = [
      ['a session that is valid', { session: session(token(DAY_MS)) }, 'session.good'],
      ['a session that expires soon', { session: session(token(10 * 60_000)) }, 'session.expiring'],
      ['a session that has expired', { session: session(token(-1)) }, 'session.expired'],
      ['a session that the server ended', { session: session(undefined) }, 'session.revoked'],
      [
        'a session whose renewal was interrupted',
        { session: { ...session(undefined), ended: 'interrupted' } },
        'session.interrupted',
      ],
      ['a session whose secret is lost', { lost: true, signedIn: true }, 'session.lost'],
      ['a change that is not saved yet', { unsaved: 'late' }, 'session.unsaved'],
      ['a token that is still to be revoked', { pendingRevocations: [pending('token')] }, 'session.pendingRevocations'],
    ];
    for (const [what, state, code] of table) {
      it(`reports ${what}`, async () =>
        assertFound(await findings(instanceAt(sandbox.url('demo')), { accounts: [at(state)] }), code));
    }

    it('numbers several accounts instead of naming them', async () => {
      const found = await findings(instanceAt(sandbox.url('demo')), {
        accounts: [at({ lost: true }), at({ session: session(token(DAY_MS)) })],
      });
      assert.deepEqual(
        found.filter(({ code }) => code.startsWith('session.')).map(({ code, facts }) => [code, facts?.['account']]),
        [
          ['session.lost', 1],
          ['session.good', 2],
        ],
      );
    });
  });

  describe('distinguishes', () => {
    const signedIn = (lost = false): readonly StoredAccount[] => [
      storedAccount({
        platform: PlatformUrl.parse(sandbox.url('demo')),
        ...(lost ? { lost } : { session: session(accessToken('token')) }),
      }),
    ];

    it('an unreachable server from an ended session', async () => {
      sandbox.fault('/demo/', { kind: 'reset' });
      const found = await findings(instanceAt(sandbox.url('demo')), { accounts: signedIn() });
      assert.deepEqual(troubles(found), ['answer.cut']);
      assertFound(found, 'session.good');
    });

    it('a secret that the editor could not decrypt from an ended session', async () => {
      assert.deepEqual(troubles(await findings(instanceAt(sandbox.url('demo')), { accounts: signedIn(true) })), [
        'session.lost',
      ]);
    });

    it('the certificate of a company’s inspecting proxy from that of the host', async () => {
      const authority = await generate([{ name: 'commonName', value: 'Inspecting Proxy' }], {
        keyType: 'ec',
        algorithm: 'sha256',
        extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
      });
      const { private: key, cert } = await generate([{ name: 'commonName', value: 'zeyos.invalid' }], {
        keyType: 'ec',
        algorithm: 'sha256',
        ca: { key: authority.private, cert: authority.cert },
      });
      const server = createServer({ key, cert }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const proxy = await ConnectProxy.start({ to: (server.address() as AddressInfo).port });
      const found = await findings(instanceAt('https://zeyos.invalid/demo'), { network: { proxy: proxy.url } });
      assertFound(found, 'proxy.used');
      assertFound(found, 'tls.unknownAuthority', { issuer: 'Inspecting Proxy' });
      await proxy.stop();
      server.close();
    });
  });

  it('of 12 instances at a time causes no warning about a leak, and ends when it is cancelled', async () => {
    sandbox.fault('/demo/', { kind: 'hang' });
    const controller = sharedController();
    const reason = new Error('enough');
    const warnings = await warningsDuring(async () => {
      const checks = diagnosis();
      const instance = instanceAt(sandbox.url('demo'));
      const runs = Promise.allSettled(Array.from({ length: 12 }, () => checks.ofInstance(instance, controller.signal)));
      await eventually(() => sandbox.unanswered === 36);
      controller.abort(reason);
      for (const run of await runs) assert.deepEqual(run, { status: 'rejected', reason });
    });
    assert.deepEqual(warnings, []);
  });

  it('rejects at once when it is cancelled', async () => {
    sandbox.fault('/demo/', { kind: 'hang' });
    const controller = new AbortController();
    const run = diagnosis().ofInstance(instanceAt(sandbox.url('demo')), controller.signal);
    await eventually(() => sandbox.unanswered === 3);
    controller.abort(new Error('enough'));
    await assert.rejects(run, /enough/);
    await assert.rejects(diagnosis().ofEditor(controller.signal), /enough/);
  });
});
