import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, fetch as undiciFetch } from 'undici';
import { Diagnosis } from '../../../../src/diagnosis/diagnosis';
import type { FindingCode } from '../../../../src/diagnosis/finding';
import { SecretStorageCheck } from '../../../../src/diagnosis/secretStorageCheck';
import { parseInstances } from '../../../../src/session/model/instance';
import { InstanceFetch } from '../../../../src/zeyos/transport/instanceFetch';
import { describeFailure } from '../../../../src/dialog/failure/failure';
import { diagnosisMarkdown } from '../../../support/checkDocuments';
import { requestToken } from '../../../../src/zeyos/authV1';
import { NetworkError } from '../../../../src/zeyos/errors';
import type { HandshakeProblem } from '../../../../src/zeyos/failures/handshakeProblem';
import { HttpClient, type Fetch } from '../../../../src/zeyos/transport/http';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import type { NetworkSettings } from '../../../../src/zeyos/transport/proxy';
import { CertificateAuthority } from '../../../support/certificateAuthority';
import { temporaryFolder } from '../../../support/cleanUp';
import { Clock } from '../../../support/clock';
import { MemoryLog } from '../../../support/memoryLog';
import { MemoryMemento } from '../../../support/memoryMemento';
import { MemorySecrets } from '../../../support/memorySecrets';
import { maxPower } from '../../../support/sandbox/fixtures';
import { Sandbox, type Fault, type HandshakeFault } from '../../../support/sandbox/sandbox';

const direct: NetworkSettings = {
  proxy: '',
  support: 'override',
  noProxy: [],
  authorization: '',
  verifies: true,
  environment: {},
};

/** Servers with a trusted certificate that accept no request. */
const table: readonly {
  readonly server: string;
  readonly handshake?: HandshakeFault;
  readonly fault?: Fault;
  readonly problem: HandshakeProblem;
  readonly message: RegExp;
  /** The code that the diagnosis finds, if it differs. */
  readonly finding?: FindingCode;
}[] = [
  {
    server: 'requires a client certificate over TLS 1.3',
    handshake: 'clientCertificateTls13',
    problem: 'clientCertificate',
    message: /^localhost:\d+ requires a client certificate\. Client certificates are not supported/,
  },
  {
    server: 'requires a client certificate over TLS 1.2',
    handshake: 'clientCertificateTls12',
    problem: 'rejected',
    message: /probably requires a client certificate, which is not supported/,
    finding: 'tls.clientCertificate',
  },
  {
    server: 'says on a page that it requires a client certificate',
    fault: { kind: 'clientCertificatePage' },
    problem: 'clientCertificate',
    message: /^localhost:\d+ requires a client certificate\./,
  },
  {
    server: 'shares no cipher with the client',
    handshake: 'noCommonCipher',
    problem: 'rejected',
    message: /or offers only outdated encryption\..*nothing was sent/,
  },
  {
    server: 'speaks only TLS 1.0',
    handshake: 'tls10',
    problem: 'oldTls',
    message: /offers only an outdated version of TLS \(ERR_SSL_\w+\); TLS 1\.2 or later is required/,
  },
  {
    server: 'speaks only TLS 1.1',
    handshake: 'tls11',
    problem: 'oldTls',
    message: /offers only an outdated version of TLS/,
  },
  {
    server: 'accepts only HTTP/2',
    handshake: 'http2Only',
    problem: 'http2Only',
    message: /speaks only HTTP\/2, which is not supported\./,
  },
  {
    server: 'answers with the first frame of HTTP/2',
    fault: { kind: 'http2Frame', frame: 'SETTINGS' },
    problem: 'http2Only',
    message: /speaks only HTTP\/2/,
  },
  {
    server: 'answers with the last frame of HTTP/2',
    fault: { kind: 'http2Frame', frame: 'GOAWAY' },
    problem: 'http2Only',
    message: /speaks only HTTP\/2/,
  },
  {
    server: 'speaks HTTP without TLS',
    handshake: 'plainHttp',
    problem: 'notTls',
    message: /does not use HTTPS on this port \(ERR_SSL_\w+\)\. Check the host and the port/,
  },
];

const clock = new Clock();

describe('A server that accepts no request', function () {
  this.timeout(30_000);
  const folder = temporaryFolder('unfit');
  const caFile = join(folder.path, 'company.pem');
  let authority: CertificateAuthority;

  before(async () => {
    authority = await CertificateAuthority.create();
    writeFileSync(caFile, authority.certificate);
  });
  after(() => folder.remove());

  /** The editor’s fetch, which is undici’s or Node’s, and trusts the authority. */
  const editorFetch: Fetch = (url, init) => {
    const dispatcher = new Agent({ connect: { ca: [authority.certificate] } });
    return undiciFetch(url, { ...init, dispatcher } as Parameters<
      typeof undiciFetch
    >[1]) as Promise<unknown> as Promise<Response>;
  };
  const nodeFetch: Fetch = (url, init) =>
    fetch(url, { ...init, dispatcher: new Agent({ connect: { ca: [authority.certificate] } }) } as object);

  for (const { server, handshake, fault, problem, message: says, finding = `tls.${problem}` as FindingCode } of table) {
    describe(`because it ${server}`, () => {
      let sandbox: Sandbox;
      beforeEach(async () => {
        sandbox = await Sandbox.start({ tls: await authority.issue(), ...(handshake && { handshake }) });
        if (fault) sandbox.fault('/demo/', fault);
      });
      afterEach(() => sandbox.stop());

      const ways: readonly (readonly [string, Fetch, object])[] = [
        ['the fetch of the editor', editorFetch, {}],
        ["Node's own fetch", nodeFetch, {}],
        [
          'the fetch for a caFile',
          () => assert.fail('the editor’s fetch was used although the instance has a caFile'),
          { caFile },
        ],
      ];
      for (const [way, through, entry] of ways) {
        it(`is named if ${way} fails`, async () => {
          const log = new MemoryLog();
          const transport = new InstanceFetch({
            clock,
            editorFetch: through,
            instances: () => parseInstances([{ url: sandbox.url('demo'), ...entry }]).instances,
            network: () => direct,
          });
          const http = new HttpClient({ fetch: transport.fetch, clock, log });
          const platform = PlatformUrl.parse(sandbox.url('demo'));
          await assert.rejects(
            requestToken(http, platform, { username: maxPower.name, password: maxPower.password }),
            (error) => {
              assert.ok(error instanceof NetworkError, String(error));
              assert.deepEqual(
                [error.handshakeProblem, error.certificateProblem, error.isUnsent, error.mayPass],
                [problem, undefined, true, false],
                error.code,
              );
              assert.match(describeFailure(error, platform), says);
              return true;
            },
          );
          assert.equal(sandbox.tokens().length, 0);
          assert.ok(!log.lines.join('\n').includes(maxPower.password));
          transport.dispose();
        });
      }

      it('is named by the diagnosis', async () => {
        const [instance = assert.fail()] = parseInstances([{ url: sandbox.url('demo'), caFile }]).instances;
        const transport = new InstanceFetch({
          clock,
          editorFetch,
          instances: () => [instance],
          network: () => direct,
        });
        const http = new HttpClient({
          fetch: transport.fetch,
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
          network: () => direct,
          warningMs: () => 0,
          clock,
        });
        const findings = await diagnosis.ofInstance(instance);
        const found = findings.find(({ code }) => code === finding);
        assert.equal(found?.verdict, 'bad', findings.map(({ code }) => code).join());
        assert.ok(findings.some(({ code }) => code === 'answer.handshake'));
        const report = diagnosisMarkdown(
          {
            at: 0,
            extension: '',
            editor: '',
            system: '',
            ofEditor: [],
            ofInstances: [{ url: instance.platform.href, name: 'demo', findings: [found] }],
          },
          'en',
        );
        assert.match(report, /\n {2}- Fix: /);
        transport.dispose();
      });
    });
  }

  it('is not reported if the server only closes the connection', async () => {
    const sandbox = await Sandbox.start({ tls: await authority.issue() });
    sandbox.fault('/demo/', { kind: 'reset' });
    const transport = new InstanceFetch({
      clock,
      editorFetch,
      instances: () => parseInstances([{ url: sandbox.url('demo') }]).instances,
      network: () => direct,
    });
    const platform = PlatformUrl.parse(sandbox.url('demo'));
    await assert.rejects(
      transport.fetch(platform.endpoint('auth/v1/token').href, { method: 'POST' }, platform),
      (error) => error instanceof NetworkError && error.handshakeProblem === undefined && !error.isUnsent,
    );
    await sandbox.stop();
  });

  it('is not reported if the server answers 400 or 403 with its own page', async () => {
    const sandbox = await Sandbox.start({ tls: await authority.issue() });
    const transport = new InstanceFetch({
      clock,
      editorFetch,
      instances: () => parseInstances([{ url: sandbox.url('demo') }]).instances,
      network: () => direct,
    });
    const platform = PlatformUrl.parse(sandbox.url('demo'));
    for (const status of [400, 403]) {
      sandbox.fault('/demo/', { kind: 'html', status }, 1);
      const response = await transport.fetch(platform.endpoint('auth/v1/token').href, { method: 'POST' }, platform);
      assert.deepEqual(
        [response.status, (await response.text()).includes('The proxy got no answer')],
        [status, true],
        'the body can be read',
      );
    }
    await sandbox.stop();
  });
});

describe('A TLS error code', () => {
  const codes: readonly (readonly [HandshakeProblem | undefined, readonly string[]])[] = [
    [
      'clientCertificate',
      [
        'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
        'ERR_SSL_TLSV1_CERTIFICATE_REQUIRED',
        'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
        'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE',
        'ERR_SSL_SSLV3_ALERT_NO_CERTIFICATE',
        'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN',
        'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED',
        'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
        'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED',
        'ERR_SSL_CLIENT_AUTH_CERT_NEEDED',
        'ERR_BAD_SSL_CLIENT_AUTH_CERT',
      ],
    ],
    ['rejected', ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE']],
    [
      'oldTls',
      [
        'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
        'ERR_SSL_UNSUPPORTED_PROTOCOL',
        'ERR_SSL_VERSION_OR_CIPHER_MISMATCH',
        'ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY',
        'ERR_SSL_VERSION_TOO_LOW',
      ],
    ],
    ['http2Only', ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 'ERR_ALPN_NEGOTIATION_FAILED']],
    ['notTls', ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_HTTP_REQUEST', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']],
    [
      undefined,
      [
        'CERT_HAS_EXPIRED',
        'ERR_TLS_CERT_ALTNAME_INVALID',
        'ERR_CERT_AUTHORITY_INVALID',
        'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
        'ERR_SSL_PROTOCOL_ERROR',
        'EPROTO',
        'ECONNRESET',
        'UND_ERR_SOCKET',
        'ERR_INVALID_HTTP_RESPONSE',
      ],
    ],
  ];
  for (const [problem, its] of codes) {
    for (const code of its)
      it(`${code} means ${problem ?? 'no handshake problem'}`, () =>
        assert.equal(new NetworkError(code, undefined).handshakeProblem, problem));
  }

  for (const [library, reason, problem] of [
    ['OpenSSL 3', ':error:0A00010B:SSL routines::wrong version number:../deps/openssl/ssl3_record.c:354:', 'notTls'],
    [
      'OpenSSL 1',
      ':error:1409442E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:../ssl.c:1:SSL alert number 70',
      'oldTls',
    ],
    [
      'BoringSSL',
      ':error:10000412:SSL routines:OPENSSL_internal:SSLV3_ALERT_BAD_CERTIFICATE:../tls_record.cc:592:SSL alert number 42',
      'clientCertificate',
    ],
  ] as const) {
    it(`is found in the message of ${library} if writing to the connection fails`, async () => {
      const cause = Object.assign(new Error(`write EPROTO 8048${reason}\n`), { code: 'EPROTO' });
      const transport = new InstanceFetch({
        clock,
        editorFetch: () => Promise.reject(new TypeError('fetch failed', { cause })),
        instances: () => [],
        network: () => direct,
      });
      const platform = PlatformUrl.parse('https://zeyos.invalid/demo');
      await assert.rejects(
        transport.fetch(platform.href, {}, platform),
        (error) => error instanceof NetworkError && error.handshakeProblem === problem,
      );
    });
  }
});
