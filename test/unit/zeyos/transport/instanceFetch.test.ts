import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parseInstances } from '../../../../src/session/model/instance';
import { InstanceFetch } from '../../../../src/zeyos/transport/instanceFetch';
import { describeFailure } from '../../../../src/dialog/failure/failure';
import { introspectToken, requestToken } from '../../../../src/zeyos/authV1';
import { MalformedResponseError, NetworkError, SettingsError } from '../../../../src/zeyos/errors';
import { HttpClient, type Fetch, type HttpBounds } from '../../../../src/zeyos/transport/http';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { routeOf, type NetworkSettings } from '../../../../src/zeyos/transport/proxy';
import { probe } from '../../../../src/zeyos/api';
import { CertificateAuthority, type IssueOptions } from '../../../support/certificateAuthority';
import { temporaryFolder } from '../../../support/cleanUp';
import { Clock, eventually } from '../../../support/clock';
import { ForwardProxy } from '../../../support/forwardProxy';
import { MemoryLog } from '../../../support/memoryLog';
import { out } from '../../../support/paths';
import { maxPower } from '../../../support/sandbox/fixtures';
import { Sandbox } from '../../../support/sandbox/sandbox';
import { TimeoutError } from '../../../../src/base/deadline';

const credentials = { username: maxPower.name, password: maxPower.password };
const direct: NetworkSettings = {
  proxy: '',
  support: 'override',
  noProxy: [],
  authorization: '',
  verifies: true,
  environment: {},
};

const clock = new Clock();

describe('An instance behind a private certificate authority', function () {
  // Each test creates certificates, which is slow on a busy machine.
  this.timeout(30_000);
  let folder: ReturnType<typeof temporaryFolder>;
  let authority: CertificateAuthority;
  let caFile: string;
  let sandbox: Sandbox;
  let log: MemoryLog;
  const cleanUp: (() => unknown)[] = [];

  before(async () => {
    authority = await CertificateAuthority.create();
    folder = temporaryFolder('ca');
    caFile = join(folder.path, 'company.pem');
  });
  beforeEach(() => {
    log = new MemoryLog();
    writeFileSync(caFile, `# the company\n${authority.certificate}`);
  });
  afterEach(async () => {
    for (const undo of cleanUp.splice(0).reverse()) await undo();
  });
  after(() => folder.remove());

  const serve = async (certificate: IssueOptions = {}, by = authority): Promise<Sandbox> => {
    sandbox = await Sandbox.start({ tls: await by.issue(certificate) });
    cleanUp.push(() => sandbox.stop());
    return sandbox;
  };
  const setting = (entry: object): unknown[] => [{ url: sandbox.url('demo'), ...entry }];
  const client = (
    instances: () => unknown,
    network: () => NetworkSettings = () => direct,
    bounds: Partial<HttpBounds> = {},
  ): HttpClient => {
    const transport = new InstanceFetch({
      clock,
      editorFetch: fetch,
      instances: () => parseInstances(instances()).instances,
      network,
    });
    cleanUp.push(() => transport.dispose());
    return new HttpClient({ fetch: transport.fetch, clock, log, bounds });
  };
  const signIn = (http: HttpClient, instance = sandbox.url('demo')) =>
    requestToken(http, PlatformUrl.parse(instance), credentials);
  const refusedWith = (code: string) => (error: unknown) =>
    error instanceof NetworkError && error.code === code && error.isCertificate;
  const isProblem = (problem: SettingsError['problem']) => (error: unknown) =>
    error instanceof SettingsError && error.problem === problem;

  describe('with its caFile', () => {
    it('accepts a sign-in', async () => {
      await serve();
      const { value } = await signIn(client(() => setting({ caFile })));
      assert.deepEqual(
        sandbox.tokens().map((token) => token.value),
        [value.access_token],
      );
    });

    it('accepts a sign-in with a self-signed certificate if the file contains it', async () => {
      sandbox = await Sandbox.start({ tls: true });
      cleanUp.push(() => sandbox.stop());
      writeFileSync(caFile, sandbox.ca ?? '');
      await signIn(client(() => setting({ caFile })));
    });

    it('accepts a sign-in if the file contains several certificates', async () => {
      await serve();
      const other = await CertificateAuthority.create('Another Root');
      writeFileSync(caFile, `${other.certificate}\n${authority.certificate}`);
      await signIn(client(() => setting({ caFile })));
    });

    it('accepts a sign-in if the path of the file is below the home folder', async () => {
      await serve();
      await signIn(client(() => setting({ caFile: `~/${relative(homedir(), caFile)}` })));
    });

    const refused: readonly [string, IssueOptions, string, RegExp][] = [
      [
        'has expired',
        { from: -10, until: -1 },
        'CERT_HAS_EXPIRED',
        /has expired\. The server administrator has to renew it/,
      ],
      ['is not valid yet', { from: 2 }, 'CERT_NOT_YET_VALID', /is not valid yet\. Check this machine's clock/],
      [
        'belongs to another host',
        { host: 'other.example' },
        'ERR_TLS_CERT_ALTNAME_INVALID',
        /belongs to another host\. Check the URL/,
      ],
    ];
    for (const [what, certificate, code, text] of refused) {
      it(`gets no request if its certificate ${what}`, async () => {
        await serve(certificate);
        await assert.rejects(signIn(client(() => setting({ caFile }))), (error) => {
          assert.ok(refusedWith(code)(error), String(error));
          const words = describeFailure(error, PlatformUrl.parse(sandbox.url('demo')));
          assert.ok(words.includes(new URL(sandbox.origin).host), words);
          assert.match(words, text);
          return true;
        });
        assert.deepEqual(sandbox.requests, []);
      });
    }

    it('gets no request if an authority of the same name, but another key, has issued its certificate', async () => {
      await serve({}, await CertificateAuthority.create());
      await assert.rejects(
        signIn(client(() => setting({ caFile }))),
        (error) => error instanceof NetworkError && error.certificateProblem === 'unknownAuthority',
      );
      assert.deepEqual(sandbox.requests, []);
    });

    it('gets no request if its self-signed certificate is not in the file', async () => {
      sandbox = await Sandbox.start({ tls: true });
      cleanUp.push(() => sandbox.stop());
      await assert.rejects(signIn(client(() => setting({ caFile }))), refusedWith('DEPTH_ZERO_SELF_SIGNED_CERT'));
      assert.deepEqual(sandbox.requests, []);
    });

    it('does not make another instance of this authority trusted', async () => {
      const trusted = await serve();
      const entry = { url: trusted.url('demo'), caFile };
      const other = await serve();
      const http = client(() => [entry, { url: other.url('demo') }, { url: `${trusted.url('demo')}mo` }]);
      await signIn(http, trusted.url('demo'));
      await assert.rejects(signIn(http, other.url('demo')), refusedWith('UNABLE_TO_VERIFY_LEAF_SIGNATURE'));
      await assert.rejects(signIn(http, `${trusted.url('demo')}mo`), refusedWith('UNABLE_TO_VERIFY_LEAF_SIGNATURE'));
      assert.deepEqual(other.requests, []);
    });

    it('does not make an instance trusted whose path is above or below its own', async () => {
      await serve();
      const [above, below] = [sandbox.url('demo'), `${sandbox.url('demo')}/auth`];
      // `{above}/auth/v1/token` begins with both URLs.
      const entries = (trusted: string): unknown[] =>
        [above, below].map((url) => (url === trusted ? { url, caFile } : { url }));
      await signIn(
        client(() => entries(above)),
        above,
      );
      await assert.rejects(
        signIn(
          client(() => entries(below)),
          above,
        ),
        refusedWith('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      );
      await assert.rejects(
        signIn(
          client(() => entries(above)),
          below,
        ),
        refusedWith('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      );
      assert.equal(sandbox.requests.length, 1);
    });

    it('is limited like every other instance: no redirects, no cookies, maximum size and time', async () => {
      await serve();
      const http = client(() => setting({ caFile }));
      const elsewhere = await Sandbox.start();
      cleanUp.push(() => elsewhere.stop());
      const request = {
        method: 'GET',
        url: PlatformUrl.parse(sandbox.url('demo')).endpoint('api/v1/me'),
        headers: { Authorization: 'Bearer secret' },
        idempotent: false,
      } as const;
      sandbox.fault('/me', { kind: 'redirect', location: `${elsewhere.url('demo')}/api/v1/me`, status: 307 }, 1);
      assert.equal((await http.send(request)).status, 307);
      assert.deepEqual(elsewhere.requests, []);
      sandbox.fault('/me', { kind: 'json', body: {}, headers: { 'Set-Cookie': 'ZEYOSID=1; Path=/' } }, 1);
      await http.send(request);
      await http.send(request);
      assert.equal(sandbox.requests.at(-1)?.headers.cookie, undefined);
      sandbox.fault('/me', { kind: 'huge' }, 1);
      await assert.rejects(http.send(request), MalformedResponseError);
      sandbox.fault('/me', { kind: 'hang' });
      const late = assert.rejects(
        client(() => setting({ caFile }), undefined, { exchangeMs: 300 }).send(request),
        TimeoutError,
      );
      await eventually(() => sandbox.unanswered === 1);
      clock.elapse(300);
      await late;
    });
  });

  describe('without a caFile', () => {
    const told: readonly [string, IssueOptions, string][] = [
      ['the server sends its own certificate only', {}, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
      ['the server sends the authority’s certificate too', { sendsAuthority: true }, 'SELF_SIGNED_CERT_IN_CHAIN'],
    ];
    for (const [what, certificate, code] of told) {
      it(`gets no request if ${what}, and the message names caFile as the remedy`, async () => {
        await serve(certificate);
        await assert.rejects(signIn(client(() => setting({}))), (error) => {
          assert.ok(refusedWith(code)(error), String(error));
          assert.match(
            describeFailure(error, PlatformUrl.parse(sandbox.url('demo'))),
            /from an authority that is not trusted here \(.+\)\. Set "caFile" for the instance to a file/,
          );
          return true;
        });
        assert.deepEqual(sandbox.requests, []);
      });
    }
  });

  describe('uses the caFile as it is at the time of the request, so that', () => {
    it('a change of the file has an effect on the next request', async () => {
      await serve();
      const http = client(() => setting({ caFile }));
      writeFileSync(caFile, (await CertificateAuthority.create('Another Root')).certificate);
      await assert.rejects(signIn(http), refusedWith('UNABLE_TO_VERIFY_LEAF_SIGNATURE'));
      writeFileSync(caFile, authority.certificate);
      await signIn(http);
      writeFileSync(caFile, 'nothing');
      await assert.rejects(signIn(http), isProblem('caFileNotPem'));
    });

    it('a change of the setting has an effect on the next request', async () => {
      await serve();
      let entry: object = {};
      const http = client(() => setting(entry));
      await assert.rejects(signIn(http), refusedWith('UNABLE_TO_VERIFY_LEAF_SIGNATURE'));
      entry = { caFile };
      await signIn(http);
      entry = {};
      await assert.rejects(signIn(http), refusedWith('UNABLE_TO_VERIFY_LEAF_SIGNATURE'));
    });

    const broken: readonly [string, SettingsError['problem'], (file: string) => string, RegExp][] = [
      ['does not exist', 'caFileMissing', () => (rmSync(caFile), caFile), /does not exist: .+company\.pem/],
      ['is a folder', 'caFileUnreadable', () => folder.path, /cannot be read: .+Check that it is a file/],
      [
        'holds no certificate',
        'caFileNotPem',
        () => (writeFileSync(caFile, 'hello'), caFile),
        /does not contain a valid PEM certificate: .+company\.pem/,
      ],
      [
        'holds a broken certificate',
        'caFileNotPem',
        () => (writeFileSync(caFile, authority.certificate.replace('MII', 'MIA')), caFile),
        /does not contain a valid PEM certificate/,
      ],
      ['is endless', 'caFileUnreadable', () => '/dev/zero', /cannot be read: \/dev\/zero/],
      ['has a relative path', 'caFileRelative', () => 'company.pem', /must be an absolute path .* it is company\.pem/],
    ];
    for (const [what, problem, path, text] of broken) {
      it(`the error names a file that ${what}, and nothing is sent`, async () => {
        await serve();
        await assert.rejects(signIn(client(() => setting({ caFile: path(caFile) }))), (error) => {
          assert.ok(isProblem(problem)(error), String(error));
          const words = describeFailure(error, PlatformUrl.parse(sandbox.url('demo')));
          assert.ok(words.includes(PlatformUrl.parse(sandbox.url('demo')).label), words);
          assert.match(words, text);
          return true;
        });
        assert.deepEqual(sandbox.requests, []);
      });
    }
  });

  describe('while the editor does not verify certificates', () => {
    const unverified = (): NetworkSettings => ({ ...direct, verifies: false });

    it('gets no credentials, and the message names caFile as the remedy', async () => {
      await serve();
      await assert.rejects(signIn(client(() => setting({}), unverified)), (error) => {
        assert.ok(isProblem('unverified')(error), String(error));
        assert.match(
          describeFailure(error, PlatformUrl.parse(sandbox.url('demo'))),
          /"http\.proxyStrictSSL" is off.*nothing was sent to localhost:\d+\/demo\. Set "caFile"/,
        );
        return true;
      });
      assert.deepEqual(sandbox.requests, []);
    });

    it('gets no token, and no secret in a form', async () => {
      await serve();
      const http = client(() => setting({}), unverified);
      const url = PlatformUrl.parse(sandbox.url('demo')).endpoint('auth/v1/token/introspect');
      await assert.rejects(
        http.send({ method: 'POST', url, headers: { authorization: 'Bearer secret' }, idempotent: true }),
        isProblem('unverified'),
      );
      await assert.rejects(
        http.send({ method: 'POST', url, form: { client_secret: 'secret' }, idempotent: true }),
        isProblem('unverified'),
      );
    });

    it('can be probed without credentials', async () => {
      await serve();
      await assert.rejects(
        probe(
          client(() => setting({}), unverified),
          PlatformUrl.parse(sandbox.url('demo')),
        ),
        refusedWith('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      );
    });

    it('accepts a sign-in with a caFile, because the client then always verifies the certificate', async () => {
      await serve();
      await signIn(client(() => setting({ caFile }), unverified));
      writeFileSync(caFile, (await CertificateAuthority.create('Another Root')).certificate);
      await assert.rejects(
        signIn(client(() => setting({ caFile }), unverified)),
        refusedWith('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      );
    });

    it('gets credentials if it is on loopback without TLS', async () => {
      sandbox = await Sandbox.start();
      cleanUp.push(() => sandbox.stop());
      await signIn(client(() => setting({ caFile }), unverified));
    });
  });

  describe('with a proxy', () => {
    const HOST = 'zeyos.invalid';
    let proxy: ForwardProxy;
    let http: HttpClient;
    let open: (bounds?: Partial<HttpBounds>) => HttpClient;
    let settings: Partial<NetworkSettings>;

    beforeEach(async () => {
      await serve({ host: HOST });
      proxy = await ForwardProxy.start({ [`${HOST}:443`]: Number(new URL(sandbox.origin).port) });
      cleanUp.push(() => proxy.stop());
      settings = { proxy: proxy.url() };
      open = (bounds) =>
        client(
          () => [{ url: `https://${HOST}/demo`, caFile }],
          () => ({ ...direct, ...settings }),
          bounds,
        );
      http = open();
    });
    const there = PlatformUrl.parse(`https://${HOST}/demo`);
    const complaint = async (): Promise<string> => {
      const error = await signIn(http, there.href).then(
        () => assert.fail('signed in'),
        (thrown: unknown) => thrown,
      );
      return describeFailure(error, there);
    };

    it('is reached through the proxy, which sees no content', async () => {
      await signIn(http, there.href);
      assert.deepEqual(proxy.requests, [
        { method: 'CONNECT', target: `${HOST}:443`, authorization: undefined, status: 200 },
      ]);
      assert.equal(sandbox.tokens().length, 1);
    });

    it('is reached with proxy credentials from the proxy URL or from the setting', async () => {
      proxy.behaviour = { kind: 'basic', user: 'anna', password: 'geh eim:' };
      settings = { proxy: proxy.url('anna:geh%20eim%3A') };
      await signIn(http, there.href);
      settings = { proxy: proxy.url(), authorization: `Basic ${Buffer.from('anna:geh eim:').toString('base64')}` };
      await signIn(http, there.href);
      assert.deepEqual(
        proxy.requests.map(({ status }) => status),
        [200, 200],
      );
      assert.ok(sandbox.requests.every(({ headers }) => !('proxy-authorization' in headers)));
      assert.doesNotMatch(log.lines.join('\n'), /geh|anna/);
    });

    it('is not reached if the proxy credentials are wrong, and the message names the setting', async () => {
      proxy.behaviour = { kind: 'basic', user: 'anna', password: 'right' };
      settings = { proxy: proxy.url('anna:wrong-password') };
      const words = await complaint();
      assert.match(words, /^The proxy used for zeyos\.invalid\/demo requires authentication \(407\)\..*"http\.proxy"/);
      assert.doesNotMatch(`${words} ${log.lines.join('\n')}`, /wrong-password|anna/);
      assert.equal(proxy.requests.length, 1, 'the request was repeated');
    });

    it('is not reached if the proxy refuses to connect', async () => {
      proxy.behaviour = { kind: 'refusing', status: 403 };
      assert.match(
        await complaint(),
        /^The proxy used for zeyos\.invalid\/demo refused to connect \(403\)\. Check "http\.proxy" and "http\.noProxy"/,
      );
    });

    it('is not reached if the proxy does not answer, within the time limit', async () => {
      proxy.behaviour = { kind: 'hanging' };
      const late = assert.rejects(signIn(open({ exchangeMs: 300 }), there.href), TimeoutError);
      await eventually(() => proxy.requests.length === 1);
      clock.elapse(300);
      await late;
    });

    it('is not reached if the proxy does not exist', async () => {
      const { host } = proxy;
      await proxy.stop();
      cleanUp.pop();
      assert.equal(
        await complaint(),
        `The proxy ${host} used for zeyos.invalid/demo cannot be reached (ECONNREFUSED). Check "http.proxy" in the settings.`,
      );
      settings = { proxy: 'http://no-proxy.invalid:3128' };
      assert.match(await complaint(), /^The proxy no-proxy\.invalid used for zeyos\.invalid\/demo cannot be reached/);
    });

    it('is not reached directly if the proxy cannot be used', async () => {
      settings = { proxy: 'socks5://127.0.0.1:1080' };
      assert.match(
        await complaint(),
        /^zeyos\.invalid\/demo has a "caFile", so only a proxy whose URL begins with http/,
      );
    });

    it('is reached directly if noProxy exempts it, without a request to the proxy', async () => {
      settings = { ...settings, noProxy: ['.invalid'] };
      assert.match(await complaint(), /^The host zeyos\.invalid was not found/);
      assert.deepEqual(proxy.requests, []);
    });

    it('has its certificate verified through the proxy', async () => {
      writeFileSync(caFile, (await CertificateAuthority.create('Another Root')).certificate);
      await assert.rejects(signIn(http, there.href), refusedWith('UNABLE_TO_VERIFY_LEAF_SIGNATURE'));
      assert.deepEqual(sandbox.requests, []);
    });

    it('is reached directly on loopback', async () => {
      const local = await serve();
      await signIn(
        client(
          () => [{ url: local.url('demo'), caFile }],
          () => ({ ...direct, proxy: proxy.url() }),
        ),
        local.url('demo'),
      );
      assert.deepEqual(proxy.requests, []);
    });
  });

  it('gets its own fetch, and the fetch of the process is unchanged', async () => {
    const script = `
      const before = Object.getOwnPropertyNames(globalThis).length;
      require(${JSON.stringify(join(out, 'src/zeyos/transport/privateCaFetch.js'))});
      const ours = require('undici').Agent;
      const dispatcher = globalThis[Symbol.for('undici.globalDispatcher.1')];
      console.log(dispatcher !== undefined && !(dispatcher instanceof ours), Object.getOwnPropertyNames(globalThis).length - before);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
    assert.equal(stdout.trim(), 'true 0');
  });
});

describe('The failure of an instance that does not answer', () => {
  const platform = PlatformUrl.parse('https://zeyos.invalid/demo');
  /** Errors as Node reports them. */
  const failures = {
    refused: () =>
      Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), {
        code: 'ECONNREFUSED',
        syscall: 'connect',
        address: '10.0.0.1',
        port: 443,
      }),
    unknown: () =>
      Object.assign(new Error('getaddrinfo ENOTFOUND zeyos.invalid'), {
        code: 'ENOTFOUND',
        syscall: 'getaddrinfo',
        hostname: 'zeyos.invalid',
      }),
  };
  const complaint = async (cause: Error, settings: Partial<NetworkSettings>): Promise<string> => {
    const editorFetch: Fetch = () => Promise.reject(new TypeError('fetch failed', { cause }));
    const transport = new InstanceFetch({
      clock,
      editorFetch,
      instances: () => [],
      network: () => ({ ...direct, ...settings }),
    });
    const http = new HttpClient({ fetch: transport.fetch, clock, log: new MemoryLog() });
    return describeFailure(
      await requestToken(http, platform, credentials).then(
        () => assert.fail('signed in'),
        (error: unknown) => error,
      ),
      platform,
    );
  };

  const table: readonly [string, keyof typeof failures, Partial<NetworkSettings>, RegExp][] = [
    [
      'is reported as a proxy that refuses, even if it has the port of the instance',
      'refused',
      { proxy: 'https://10.0.0.1:443' },
      /^The proxy 10\.0\.0\.1:443 used for/,
    ],
    [
      'is reported as a proxy that is not found, even if it has the host of the instance',
      'unknown',
      { proxy: 'http://zeyos.invalid:3128' },
      /^The proxy zeyos\.invalid used for/,
    ],
    [
      'is reported as a host that refuses if the proxy is not used for this host',
      'refused',
      { proxy: 'https://10.0.0.1:443', noProxy: ['.invalid'] },
      /^The host zeyos\.invalid refused/,
    ],
    ['is reported as a host that refuses if no proxy is set', 'refused', {}, /^The host zeyos\.invalid refused/],
    [
      'is reported as a host that is not found if no proxy is set',
      'unknown',
      {},
      /^The host zeyos\.invalid was not found/,
    ],
  ];
  for (const [what, failure, settings, words] of table)
    it(what, async () => assert.match(await complaint(failures[failure](), settings), words));

  it('is not a network failure if the caller aborted the request', async () => {
    const controller = new AbortController();
    const transport = new InstanceFetch({
      clock,
      editorFetch: (_, { signal }) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted')))),
      instances: () => [],
      network: () => direct,
    });
    const sent = transport.fetch(platform.href, { signal: controller.signal }, platform);
    await turn();
    controller.abort(new Error('enough'));
    await assert.rejects(sent, { message: 'enough' });
  });
});

describe('An instance on loopback without TLS whose host the editor does not exempt from a proxy', () => {
  let sandbox: Sandbox;
  let settings: NetworkSettings;
  let proxied: number;
  // Counts the calls that the editor would send to a proxy, and sends them directly.
  const editorFetch: Fetch = (target, init) => {
    if (routeOf(new URL(target), settings).kind !== 'direct') proxied++;
    return fetch(target, init);
  };
  const http = (more: Partial<NetworkSettings>): HttpClient => {
    settings = { ...direct, ...more };
    const transport = new InstanceFetch({
      clock,
      editorFetch,
      instances: () => parseInstances([{ url: sandbox.url('demo') }]).instances,
      network: () => settings,
    });
    return new HttpClient({ fetch: transport.fetch, clock, log: new MemoryLog() });
  };
  const platform = (): PlatformUrl => PlatformUrl.parse(sandbox.url('demo'));
  const isRefused = (error: unknown): boolean => error instanceof SettingsError && error.problem === 'clearTextProxy';
  const proxy = 'http://127.0.0.1:9';

  before(async function () {
    // On macOS, other addresses than 127.0.0.1 need to be configured first.
    if (process.platform === 'darwin') this.skip();
    sandbox = await Sandbox.start({ host: '127.0.0.2' });
  });
  beforeEach(() => {
    proxied = 0;
    sandbox.clearRequests();
  });
  after(() => sandbox?.stop());

  const proxies: readonly [string, Partial<NetworkSettings>][] = [
    ['the setting names a proxy', { proxy }],
    ['the setting names an invalid proxy', { proxy: 'proxy' }],
    ['the environment names a proxy', { environment: { HTTP_PROXY: proxy } }],
    [
      'the environment has a blank before its star, so that it exempts no host',
      { proxy, environment: { NO_PROXY: 'example.com, *' } },
    ],
  ];
  for (const [what, more] of proxies) {
    it(`gets no credentials if ${what}, and the message names the settings that help`, async () => {
      await assert.rejects(requestToken(http(more), platform(), credentials), (error) => {
        assert.ok(isRefused(error), String(error));
        assert.match(
          describeFailure(error, platform()),
          /^127\.0\.0\.2:\d+\/demo is an HTTP address behind a proxy.*nothing was sent\. Add the host to "http\.noProxy"/,
        );
        return true;
      });
      await assert.rejects(introspectToken(http(more), platform(), 'secret'), isRefused);
      assert.deepEqual([sandbox.requests, proxied], [[], 0]);
    });
  }

  const ways: readonly [string, Partial<NetworkSettings>][] = [
    ['there is no proxy', {}],
    ['proxies are turned off', { proxy, support: 'off' }],
    ['its host is exempted', { proxy, noProxy: ['127.0.0.2'] }],
  ];
  for (const [what, more] of ways) {
    it(`gets credentials if ${what}`, async () => {
      await requestToken(http(more), platform(), credentials);
      assert.deepEqual([sandbox.requests.map(({ status }) => status), proxied], [[200], 0]);
    });
  }

  it('can be probed without credentials', async () => {
    await probe(http({ proxy }), platform());
    assert.equal(proxied, 1);
  });
});
