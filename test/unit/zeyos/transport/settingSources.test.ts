import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetch as undiciFetch, ProxyAgent } from 'undici';
import { Diagnosis } from '../../../../src/diagnosis/diagnosis';
import type { Finding } from '../../../../src/diagnosis/finding';
import { SecretStorageCheck } from '../../../../src/diagnosis/secretStorageCheck';
import { parseInstances, type Instance } from '../../../../src/session/model/instance';
import { InstanceFetch } from '../../../../src/zeyos/transport/instanceFetch';
import { describeFailure } from '../../../../src/dialog/failure/failure';
import { diagnosisMarkdown } from '../../../support/checkDocuments';
import { requestToken } from '../../../../src/zeyos/authV1';
import { NetworkError, SettingsError } from '../../../../src/zeyos/errors';
import { HttpClient, type Fetch } from '../../../../src/zeyos/transport/http';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import {
  exemptionSource,
  routeOf,
  verificationSwitches,
  type NetworkSettings,
} from '../../../../src/zeyos/transport/proxy';
import { CertificateAuthority } from '../../../support/certificateAuthority';
import { temporaryFolder } from '../../../support/cleanUp';
import { Clock } from '../../../support/clock';
import { ConnectProxy } from '../../../support/connectProxy';
import { MemoryLog } from '../../../support/memoryLog';
import { MemoryMemento } from '../../../support/memoryMemento';
import { MemorySecrets } from '../../../support/memorySecrets';
import { maxPower } from '../../../support/sandbox/fixtures';
import { Sandbox } from '../../../support/sandbox/sandbox';
import { withoutNames } from '../../../support/withoutNames';

type Settings = Partial<NetworkSettings>;
const nothing: NetworkSettings = {
  proxy: '',
  support: 'override',
  noProxy: [],
  authorization: '',
  verifies: true,
  environment: {},
};
const URL_OF_INSTANCE = 'https://zeyos.invalid/demo';
const platform = PlatformUrl.parse(URL_OF_INSTANCE);
const SECRET = 'geheim';

const proxySources: readonly (readonly [string, (value: string) => Settings])[] = [
  ['http.proxy', (proxy) => ({ proxy })],
  ['https_proxy', (proxy) => ({ environment: { https_proxy: proxy, HTTP_PROXY: 'http://other.invalid:1' } })],
  ['HTTPS_PROXY', (proxy) => ({ environment: { HTTPS_PROXY: proxy } })],
  ['http_proxy', (proxy) => ({ environment: { http_proxy: proxy } })],
  ['HTTP_PROXY', (proxy) => ({ environment: { HTTP_PROXY: proxy, ALL_PROXY: 'socks5://other.invalid' } })],
];

const clock = new Clock();

describe('The setting or variable that causes a failure,', function () {
  withoutNames();
  const folder = temporaryFolder('sources');
  const caFile = join(folder.path, 'company.pem');
  const cleanUp: (() => unknown)[] = [];

  before(async () => writeFileSync(caFile, (await CertificateAuthority.create()).certificate));
  afterEach(async () => {
    for (const undo of cleanUp.splice(0).reverse()) await undo();
  });
  after(() => folder.remove());

  const transport = (settings: Settings, editorFetch: Fetch, entry: object = {}): InstanceFetch => {
    const opened = new InstanceFetch({
      clock,
      editorFetch,
      instances: () => parseInstances([{ url: URL_OF_INSTANCE, ...entry }]).instances,
      network: () => ({ ...nothing, ...settings }),
    });
    cleanUp.push(() => opened.dispose());
    return opened;
  };
  async function failureOf(
    settings: Settings,
    editorFetch: Fetch,
    entry?: object,
  ): Promise<{ readonly error: Error; readonly words: string }> {
    const log = new MemoryLog();
    const http = new HttpClient({ fetch: transport(settings, editorFetch, entry).fetch, clock, log });
    const error = await requestToken(http, platform, { username: maxPower.name, password: maxPower.password }).then(
      () => assert.fail('signed in'),
      (thrown: Error) => thrown,
    );
    const words = describeFailure(error, platform);
    assert.doesNotMatch(`${words}${log.lines.join()}`, new RegExp(`${SECRET}|undefined`));
    return { error, words };
  }
  async function diagnose(
    settings: Settings,
    editorFetch: Fetch,
    entry: object = {},
  ): Promise<{ readonly findings: readonly Finding[]; readonly report: string }> {
    const [instance] = parseInstances([{ url: URL_OF_INSTANCE, ...entry }]).instances as [Instance];
    const http = new HttpClient({
      fetch: transport(settings, editorFetch, entry).fetch,
      clock,
      log: new MemoryLog(),
      bounds: { backOffMs: [] },
    });
    const secretStorageCheck = new SecretStorageCheck({
      secrets: new MemorySecrets(),
      memento: new MemoryMemento(),
      start: '1',
    });
    const diagnosis = new Diagnosis({
      http,
      accounts: () => [],
      secretStorageCheck,
      network: () => ({ ...nothing, ...settings }),
      warningMs: () => 0,
      clock,
      bounds: { nameMs: 500, connectMs: 2_000 },
    });
    const findings = await diagnosis.ofInstance(instance);
    const report = diagnosisMarkdown(
      {
        at: 0,
        extension: '',
        editor: '',
        system: '',
        ofEditor: [],
        ofInstances: [{ url: URL_OF_INSTANCE, name: 'demo', findings }],
      },
      'en',
    );
    assert.doesNotMatch(report, new RegExp(`${SECRET}|undefined`));
    return { findings, report };
  }
  /** The editor’s `fetch` opens a proxy agent for the URL, and ignores a URL without a scheme. */
  const editorThrough =
    (proxy: string): Fetch =>
    async (url, init) => {
      const dispatcher = proxy.includes('://') ? new ProxyAgent({ uri: proxy }) : undefined;
      return undiciFetch(url, { ...init, ...(dispatcher && { dispatcher }) } as Parameters<
        typeof undiciFetch
      >[1]) as Promise<unknown> as Promise<Response>;
    };
  const failing =
    (cause: object): Fetch =>
    () =>
      Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error('failed'), cause) }));
  const refused = failing({ code: 'ECONNREFUSED', syscall: 'connect', address: '10.0.0.1', port: 3128 });
  const isVariable = (source: string): boolean => source !== 'http.proxy';

  for (const [source, proxyIn] of proxySources) {
    describe(`if ${source} names the proxy,`, () => {
      const names = (words: string): void => {
        assert.ok(words.includes(source), words);
        assert.doesNotMatch(
          words.replaceAll(source, '').replaceAll('http.proxyKerberosServicePrincipal', ''),
          /\b(https?_proxy|all_proxy)\b/i,
        );
        if (isVariable(source)) assert.match(words, /environment variable|restart the editor/);
      };

      it('is named if the proxy cannot be reached', async () => {
        const { error, words } = await failureOf(proxyIn('http://10.0.0.1:3128'), refused);
        assert.ok(error instanceof NetworkError && error.isProxy && error.sentBy?.proxy === source);
        assert.match(
          words,
          /^The proxy 10\.0\.0\.1:3128 used for zeyos\.invalid\/demo cannot be reached \(ECONNREFUSED\)\./,
        );
        names(words);
      });

      it('is named if the proxy refuses to connect', async () =>
        names(
          (
            await failureOf(
              proxyIn('http://10.0.0.1:3128'),
              failing({ message: 'Proxy response (403) !== 200 when HTTP Tunneling' }),
            )
          ).words,
        ));

      it('is named if the proxy requires a user name and a password', async () => {
        const { words } = await failureOf(
          proxyIn('http://10.0.0.1:3128'),
          failing({
            message: 'Proxy response (407) !== 200 when HTTP Tunneling',
            connectResponseHeaders: { 'proxy-authenticate': 'Basic realm="company"' },
          }),
        );
        assert.match(words, /requires authentication \(407\)\. Put the user name and password into the URL in/);
        names(words);
      });

      const unusable: readonly (readonly [string, string, SettingsError['problem'], string])[] = [
        [`http://max:50%${SECRET}@127.0.0.1:9`, 'has a % in its password', 'proxyCredentials', 'credentials'],
        [`http://ma%x:${SECRET}@127.0.0.1:9`, 'has a % in its user name', 'proxyCredentials', 'credentials'],
        [`http://max:${SECRET}%@127.0.0.1:9`, 'has a % at the end of its password', 'proxyCredentials', 'credentials'],
        [
          `http://max:%ff${SECRET}@127.0.0.1:9`,
          'has an escape in its password that is not UTF-8',
          'proxyCredentials',
          'credentials',
        ],
        [`http://max:47#${SECRET}@127.0.0.1:9`, 'has a # in its password', 'proxyCredentials', 'credentials'],
        ['127.0.0.1:9', 'has no scheme', 'proxyUnsupported', 'noScheme'],
        ['ftp://127.0.0.1:9', 'is of another kind', 'proxyUnsupported', 'noAddress'],
        ['http://127.0.0.1:99999', 'has a port that does not exist', 'proxyUnsupported', 'noAddress'],
      ];
      for (const [value, what, problem, fault] of unusable) {
        it(`is named if the URL ${what}, by the fetch for a caFile and by the diagnosis`, async () => {
          const { error, words } = await failureOf(
            proxyIn(value),
            () => assert.fail('the editor’s fetch was used although the instance has a caFile'),
            { caFile },
          );
          assert.ok(error instanceof SettingsError && error.problem === problem, String(error));
          assert.deepEqual(error.settings, [source]);
          names(words);
          const { findings, report } = await diagnose(
            proxyIn(value),
            () => assert.fail('the editor’s fetch was used although the instance has a caFile'),
            {
              caFile,
            },
          );
          const invalid = findings.find(({ code }) => code === 'proxy.invalid');
          assert.deepEqual([invalid?.facts?.['source'], invalid?.facts?.['fault']], [source, fault]);
          assert.equal(findings.find(({ code }) => code === `answer.${problem}`)?.verdict, 'bad');
          names(report.slice(report.indexOf('Proxy:')));
        });

        it(`is named if the URL ${what}, by the editor’s fetch`, async () => {
          const { error, words } = await failureOf(proxyIn(value), editorThrough(value));
          assert.ok(
            error instanceof SettingsError &&
              error.problem === (fault === 'credentials' ? 'proxyCredentials' : 'proxyInvalid'),
            String(error),
          );
          names(words);
        });
      }

      it('is named if the proxy is a SOCKS proxy, which the fetch for a caFile does not support', async () =>
        names(
          (
            await failureOf(
              proxyIn('socks5://127.0.0.1:1080'),
              () => assert.fail('the editor’s fetch was used although the instance has a caFile'),
              { caFile },
            )
          ).words,
        ));

      it('is named by the diagnosis', async () => {
        const { findings, report } = await diagnose(proxyIn('http://127.0.0.1:9'), refused);
        assert.equal(findings.find(({ code }) => code === 'proxy.unreachable')?.facts?.['source'], source);
        names(report.slice(report.indexOf('Proxy:')));
      });
    });
  }

  describe('if the system or its PAC file selects the proxy,', () => {
    it('is named as the proxy settings of the system if the proxy cannot be reached, refuses or requires a password', async () => {
      assert.match((await failureOf({}, refused)).words, /The proxy comes from the proxy settings of your system/);
      assert.match(
        (await failureOf({}, failing({ message: 'Proxy response (403) !== 200' }))).words,
        /The proxy comes from the proxy settings of your system/,
      );
      assert.match(
        (await failureOf({}, failing({ message: 'Proxy response (407) !== 200' }))).words,
        /\(407\)\. It comes from the proxy settings of your system: set "http\.proxy"/,
      );
    });

    for (const variable of ['ALL_PROXY', 'all_proxy']) {
      it(`is not ${variable}, which the editor does not use`, async () => {
        const settings = { environment: { [variable]: 'socks5://127.0.0.1:9' } };
        const notFound = failing({ code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'zeyos.invalid' });
        assert.match(
          (await failureOf(settings, notFound)).words,
          new RegExp(
            `was not found\\..* The editor does not use the proxy in ${variable}; if it is needed, set "http\\.proxy"`,
          ),
        );
        const { findings, report } = await diagnose(settings, notFound);
        assert.deepEqual(findings.find(({ code }) => code === 'proxy.unused')?.facts, { source: variable });
        assert.match(report, new RegExp(`${variable}.*specifies one, but the editor does not use this variable`));
      });
    }
  });

  describe('if it exempts hosts from the proxy,', () => {
    const table: readonly (readonly [string, Settings])[] = [
      ['http.noProxy', { noProxy: ['zeyos.invalid'], environment: { NO_PROXY: 'zeyos.invalid' } }],
      ['no_proxy', { environment: { no_proxy: 'zeyos.invalid', NO_PROXY: 'other' } }],
      ['NO_PROXY', { environment: { NO_PROXY: 'zeyos.invalid' } }],
    ];
    for (const [source, settings] of table) {
      it(`is named as ${source} by the diagnosis, and in the advice to exempt a host`, () => {
        const all = { ...nothing, proxy: 'http://p:1', ...settings };
        const route = routeOf(new URL(URL_OF_INSTANCE), all);
        assert.ok(route.kind === 'direct' && route.reason === 'bypassed' && route.source === source);
        assert.equal(exemptionSource(all), source);
      });
    }

    it('is http.noProxy if there are no exemptions', () =>
      assert.equal(exemptionSource({ ...nothing, environment: { NO_PROXY: '' } }), 'http.noProxy'));

    it('is named if the proxy refuses to connect to a host', async () => {
      const { words } = await failureOf(
        { proxy: 'http://10.0.0.1:3128', environment: { NO_PROXY: 'localhost' } },
        failing({ message: 'Proxy response (403) !== 200' }),
      );
      assert.match(words, /"http\.proxy" in the settings\. .*exempt it in NO_PROXY/);
    });
  });

  describe('if it turns the verification of certificates off,', () => {
    const table: readonly (readonly [string, Settings, readonly string[], RegExp, RegExp])[] = [
      [
        'http.proxyStrictSSL',
        { verifies: false },
        ['http.proxyStrictSSL'],
        /\("http\.proxyStrictSSL" is off\), so nothing was sent.*turn the setting on\.$/,
        /\("http\.proxyStrictSSL": false\)[^]*Turn "http\.proxyStrictSSL" back on/,
      ],
      [
        'NODE_TLS_REJECT_UNAUTHORIZED',
        { environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
        ['NODE_TLS_REJECT_UNAUTHORIZED'],
        /\(the environment variable NODE_TLS_REJECT_UNAUTHORIZED is 0\), so nothing was sent.*remove the variable and restart the editor/,
        /\(NODE_TLS_REJECT_UNAUTHORIZED=0\)[^]*Remove the environment variable NODE_TLS_REJECT_UNAUTHORIZED/,
      ],
      [
        'http.proxyStrictSSL and NODE_TLS_REJECT_UNAUTHORIZED',
        { verifies: false, environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
        ['http.proxyStrictSSL', 'NODE_TLS_REJECT_UNAUTHORIZED'],
        /"http\.proxyStrictSSL" is off, and the environment variable NODE_TLS_REJECT_UNAUTHORIZED is 0/,
        /\("http\.proxyStrictSSL": false, NODE_TLS_REJECT_UNAUTHORIZED=0\)[^]*Turn "http\.proxyStrictSSL" back on\. Remove the environment variable/,
      ],
    ];
    for (const [what, settings, sources, words, report] of table) {
      it(`is named if it is ${what}`, async () => {
        const failure = await failureOf(settings, () => assert.fail('a request was sent'));
        assert.ok(failure.error instanceof SettingsError && failure.error.problem === 'unverified');
        assert.deepEqual(failure.error.settings, sources);
        assert.match(failure.words, words);
        if (!sources.includes('http.proxyStrictSSL')) assert.doesNotMatch(failure.words, /http\.proxy/);
        assert.match((await diagnose(settings, refused)).report, report);
      });
    }

    it('is NODE_TLS_REJECT_UNAUTHORIZED only if the value is 0', () => {
      for (const value of ['', '1', 'false', '00', undefined])
        assert.deepEqual(
          verificationSwitches({ ...nothing, environment: { NODE_TLS_REJECT_UNAUTHORIZED: value } }),
          [],
        );
    });
  });

  describe('if it concerns trusted certificate authorities,', () => {
    const untrusted = failing({ code: 'SELF_SIGNED_CERT_IN_CHAIN' });
    const table: readonly (readonly [string, Settings, object, RegExp])[] = [
      [
        'is named in the advice on trusting an authority',
        {},
        {},
        /the editor uses the system certificates \("http\.systemCertificates"\)/,
      ],
      [
        'is named if system certificates are turned off',
        { systemCertificates: false },
        {},
        /Fix: Turn on "http\.systemCertificates"/,
      ],
      [
        'is named if it is NODE_EXTRA_CA_CERTS, which is not used',
        { environment: { NODE_EXTRA_CA_CERTS: '/etc/company.pem' } },
        {},
        /The editor does not use the file in NODE_EXTRA_CA_CERTS here\./,
      ],
    ];
    for (const [what, settings, entry, words] of table)
      it(what, async () => assert.match((await diagnose(settings, untrusted, entry)).report, words));
  });

  describe('if it contains the credentials for the proxy,', () => {
    const challenge = 'Basic realm="company"';

    it('is http.proxyAuthorization if the fetch for a caFile sent it', async () => {
      const proxy = await ConnectProxy.start({ refuses: 407, offers: [challenge] });
      cleanUp.push(() => proxy.stop());
      const { words } = await failureOf(
        { proxy: proxy.url.replace('//', `//max:${SECRET}@`), authorization: 'Basic eDp5' },
        () => assert.fail('the editor’s fetch was used although the instance has a caFile'),
        { caFile },
      );
      assert.equal(proxy.asked[0]?.authorization, 'Basic eDp5');
      assert.match(words, /did not accept "http\.proxyAuthorization" \(407\)\. Correct it in the settings\./);
    });

    it('is the proxy URL if the editor sent the request, because it ignores http.proxyAuthorization', async () => {
      const { words } = await failureOf(
        { proxy: 'http://10.0.0.1:3128', authorization: 'Basic eDp5' },
        failing({
          message: 'Proxy response (407) !== 200',
          connectResponseHeaders: { 'Proxy-Authenticate': [challenge] },
        }),
      );
      assert.match(words, /Put the user name and password into the URL in "http\.proxy"/);
    });

    for (const authorization of ['Basic eDp5\r\nX-Evil: 1', 'Basic \u20ac']) {
      it(`is http.proxyAuthorization if its value cannot be sent: ${JSON.stringify(authorization)}`, async () => {
        const { error, words } = await failureOf(
          { proxy: 'http://127.0.0.1:9', authorization },
          () => assert.fail('the editor’s fetch was used although the instance has a caFile'),
          { caFile },
        );
        assert.ok(error instanceof SettingsError && error.problem === 'proxyAuthorization');
        assert.match(
          words,
          /^http\.proxyAuthorization contains characters that are not allowed there.*Correct "http\.proxyAuthorization" in the settings\.$/,
        );
        assert.ok(!words.includes('eDp5'));
      });
    }
  });
});

describe('A proxy that requires authentication', function () {
  withoutNames();
  const folder = temporaryFolder('schemes');
  const caFile = join(folder.path, 'company.pem');
  const cleanUp: (() => unknown)[] = [];
  before(async () => writeFileSync(caFile, (await CertificateAuthority.create()).certificate));
  afterEach(async () => {
    for (const undo of cleanUp.splice(0).reverse()) await undo();
  });
  after(() => folder.remove());

  const password = /Put the user name and password into the URL/;
  const table: readonly (readonly [
    readonly string[],
    string,
    { readonly kerberos: boolean; readonly password: boolean },
  ])[] = [
    [['Negotiate'], 'Negotiate', { kerberos: true, password: false }],
    [['Negotiate', 'NTLM'], 'Negotiate, NTLM', { kerberos: true, password: false }],
    [['negotiate, ntlm'], 'Negotiate, NTLM', { kerberos: true, password: false }],
    [['Kerberos'], 'Kerberos', { kerberos: true, password: false }],
    [['NTLM'], 'NTLM', { kerberos: false, password: false }],
    [['NTLM TlRMTVNTUAACAAAA=='], 'NTLM', { kerberos: false, password: false }],
    [['Digest realm="Basic, or not", nonce="a,b", qop="auth"'], 'Digest', { kerberos: false, password: false }],
    [['Bearer realm="Basic realm=x"'], 'Bearer', { kerberos: false, password: false }],
    [['Company-SSO realm="x"'], 'company-sso', { kerberos: false, password: false }],
    [['Negotiate', 'Basic realm="company"'], '', { kerberos: false, password: true }],
    [['Digest realm="x", nonce="y", basic realm="z"'], '', { kerberos: false, password: true }],
    [[], '', { kerberos: false, password: true }],
  ];

  const complaint = async (settings: Settings, editorFetch: Fetch, entry: object = {}): Promise<string> => {
    const transport = new InstanceFetch({
      clock,
      editorFetch,
      instances: () => parseInstances([{ url: URL_OF_INSTANCE, ...entry }]).instances,
      network: () => ({ ...nothing, ...settings }),
    });
    cleanUp.push(() => transport.dispose());
    const http = new HttpClient({ fetch: transport.fetch, clock, log: new MemoryLog() });
    const error = await requestToken(http, platform, { username: maxPower.name, password: maxPower.password }).then(
      () => assert.fail('signed in'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof NetworkError && error.isUnsent && !error.mayPass);
    return describeFailure(error, platform);
  };

  for (const [offers, shown, expected] of table) {
    const check = (words: string, hasCaFile = false): void => {
      assert.match(words, /requires authentication \(407\)/);
      assert.equal(password.test(words), expected.password, words);
      if (expected.password) return;
      assert.ok(words.includes(`accepts only ${shown}:`), words);
      assert.match(words, /local proxy that authenticates with this one, or exempt the host in http\.noProxy/);
      assert.equal(words.includes('http.proxyKerberosServicePrincipal'), expected.kerberos && !hasCaFile, words);
      assert.equal(
        /Kerberos support does not work for an instance with a "caFile"/.test(words),
        expected.kerberos && hasCaFile,
        words,
      );
    };

    describe(`and offers ${offers.join(' | ') || 'nothing'}`, () => {
      let proxy: ConnectProxy;
      beforeEach(async () => {
        proxy = await ConnectProxy.start({ refuses: 407, offers });
        cleanUp.push(() => proxy.stop());
      });

      it('is reported with a remedy that works, by the fetch for a caFile', async () => {
        check(
          await complaint(
            { proxy: proxy.url },
            () => assert.fail('the editor’s fetch was used although the instance has a caFile'),
            { caFile },
          ),
          true,
        );
        assert.equal(proxy.asked.length, 1);
      });

      it('is reported with a remedy that works, by an editor’s fetch that exposes the headers', async () => {
        const headers = offers.length === 0 ? {} : { 'Proxy-Authenticate': offers.length === 1 ? offers[0] : offers };
        const cause = Object.assign(new Error('Proxy response (407) ?.== 200 when HTTP Tunneling'), {
          code: 'UND_ERR_ABORTED',
          connectResponseHeaders: headers,
        });
        check(await complaint({ proxy: proxy.url }, () => Promise.reject(new TypeError('fetch failed', { cause }))));
      });

      it('is reported with a remedy that works, by an editor’s fetch that hides the headers', async () => {
        const dispatcher = new ProxyAgent(proxy.url.replace('//', '//anna:secret@'));
        check(
          await complaint(
            { proxy: proxy.url.replace('//', '//anna:secret@') },
            (url, init) =>
              undiciFetch(url, { ...init, dispatcher } as Parameters<
                typeof undiciFetch
              >[1]) as Promise<unknown> as Promise<Response>,
          ),
        );
        assert.ok(
          proxy.asked.slice(1).every(({ authorization }) => authorization === undefined),
          'the proxy was asked with credentials',
        );
      });

      it('is reported with a remedy that works, by the diagnosis', async () => {
        const settings = { ...nothing, proxy: proxy.url };
        const http = new HttpClient({
          fetch: () => Promise.reject(new TypeError('fetch failed')),
          clock,
          log: new MemoryLog(),
          bounds: { backOffMs: [] },
        });
        const secretStorageCheck = new SecretStorageCheck({
          secrets: new MemorySecrets(),
          memento: new MemoryMemento(),
          start: '1',
        });
        const diagnosis = new Diagnosis({
          http,
          accounts: () => [],
          secretStorageCheck,
          network: () => settings,
          warningMs: () => 0,
          clock,
          bounds: { nameMs: 500 },
        });
        const findings = await diagnosis.ofInstance(
          parseInstances([{ url: URL_OF_INSTANCE }]).instances[0] ?? assert.fail(),
        );
        const found = findings.find(
          ({ code }) => code === (expected.password ? 'proxy.authenticationRequired' : 'proxy.schemeUnsupported'),
        );
        assert.ok(found, findings.map(({ code }) => code).join());
        const report = diagnosisMarkdown(
          {
            at: 0,
            extension: '',
            editor: '',
            system: '',
            ofEditor: [],
            ofInstances: [{ url: URL_OF_INSTANCE, name: 'demo', findings: [found] }],
          },
          'en',
        );
        assert.equal(password.test(report), expected.password, report);
        assert.equal(report.includes('http.proxyKerberosServicePrincipal'), expected.kerberos);
      });
    });
  }
});

describe('A caFile with unusable parts', function () {
  withoutNames();
  const folder = temporaryFolder('parts');
  const caFile = join(folder.path, 'company.pem');
  let authority: CertificateAuthority;
  let sandbox: Sandbox;
  let log: MemoryLog;
  let broken: string;

  before(async () => {
    authority = await CertificateAuthority.create();
    broken = authority.certificate.replace('MII', 'MIA');
    sandbox = await Sandbox.start({ tls: await authority.issue() });
  });
  beforeEach(() => (log = new MemoryLog()));
  after(async () => {
    await sandbox.stop();
    folder.remove();
  });

  const instances = (): readonly Instance[] => parseInstances([{ url: sandbox.url('demo'), caFile }]).instances;
  const open = () => {
    const transport = new InstanceFetch({
      clock,
      editorFetch: () => assert.fail('the editor’s fetch was used although the instance has a caFile'),
      instances,
      network: () => nothing,
      log,
    });
    return {
      transport,
      http: new HttpClient({ fetch: transport.fetch, clock, log, bounds: { backOffMs: [] } }),
    };
  };
  const signIn = (http: HttpClient) =>
    requestToken(http, PlatformUrl.parse(sandbox.url('demo')), {
      username: maxPower.name,
      password: maxPower.password,
    });
  const warnings = (): readonly string[] => log.lines.filter((line) => line.includes('caFile'));

  it('is used without these parts, which the log names once', async () => {
    writeFileSync(
      caFile,
      `${broken}\n${authority.certificate}\n-----BEGIN PRIVATE KEY-----\nMAAA\n-----END PRIVATE KEY-----\n`,
    );
    const { transport, http } = open();
    await signIn(http);
    await signIn(http);
    assert.equal(warnings().length, 2, warnings().join('\n'));
    assert.match(
      warnings().join('\n'),
      /part 1 on line 1 is not used \(unreadable\)[^]*part 3 on line \d+ is not used \(privateKey\)/,
    );
    assert.ok(!log.lines.join().includes('MAAA'), 'the log quotes the file');
    transport.dispose();
  });

  it('is reported by the diagnosis, even if the connection succeeds', async () => {
    writeFileSync(caFile, `${authority.certificate}\n${broken}`);
    const { transport, http } = open();
    const secretStorageCheck = new SecretStorageCheck({
      secrets: new MemorySecrets(),
      memento: new MemoryMemento(),
      start: '1',
    });
    const findings = await new Diagnosis({
      http,
      accounts: () => [],
      secretStorageCheck,
      network: () => nothing,
      warningMs: () => 0,
      clock,
    }).ofInstance(instances()[0] ?? assert.fail());
    assert.deepEqual(findings.find(({ code }) => code === 'tls.caFileParts')?.facts?.['reasons'], ['unreadable']);
    assert.ok(findings.some(({ code }) => code === 'answer.zeyos'));
    const report = diagnosisMarkdown(
      {
        at: 0,
        extension: '',
        editor: '',
        system: '',
        ofEditor: [],
        ofInstances: [{ url: '', name: 'demo', findings }],
      },
      'en',
    );
    assert.match(
      report,
      /Parts of "caFile" cannot be used: number 2, on line \d+ \(not a readable certificate\)\.\n {2}- Fix: Replace these parts/,
    );
    transport.dispose();
  });

  it('is named with its unusable parts in the message if the server’s certificate is not trusted', async () => {
    writeFileSync(
      caFile,
      [(await CertificateAuthority.create('Another Root')).certificate, broken, broken, broken, broken].join('\n'),
    );
    const { transport, http } = open();
    const error = await signIn(http).then(
      () => assert.fail('signed in'),
      (thrown: unknown) => thrown,
    );
    const words = describeFailure(error, PlatformUrl.parse(sandbox.url('demo')));
    assert.match(
      words,
      /comes from no authority in the "caFile" of the instance \(\w+\)\. Add the authority's certificate to that file; nothing was sent\. Parts of "caFile" that cannot be used: number 2, on line \d+ \(not a readable certificate\); .+; and 1 more\.$/,
    );
    transport.dispose();
  });

  for (const [label, what] of [
    ['PKCS7', 'a PKCS #7 container'],
    ['PRIVATE KEY', 'a private key'],
    ['CERTIFICATE REQUEST', 'a certificate request'],
  ] as const) {
    it(`and no certificate is reported with its content, ${what}`, async () => {
      writeFileSync(caFile, `-----BEGIN ${label}-----\nMAAA\n-----END ${label}-----\n`);
      const { transport, http } = open();
      const error = await signIn(http).then(
        () => assert.fail('signed in'),
        (thrown: unknown) => thrown,
      );
      assert.ok(
        describeFailure(error, PlatformUrl.parse(sandbox.url('demo'))).includes(
          `does not contain a certificate that can be used, but ${what}: `,
        ),
      );
      transport.dispose();
    });
  }
});
