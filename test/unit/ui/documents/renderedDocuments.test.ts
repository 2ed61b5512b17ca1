import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Finding, FindingCode } from '../../../../src/diagnosis/finding';
import { diagnosisCheck, type Findings } from '../../../../src/ui/documents/diagnosisReport';
import { introspectionCheck } from '../../../../src/ui/documents/introspectionReport';
import { accessToken, session, storedAccount } from '../../../support/builders';
import { inLanguage, languages } from '../../../support/languages';
import { previews } from '../../../support/preview';
import { text } from '../../../support/untrusted';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';

const now = Date.parse('2030-01-01T12:00:00Z');
const token = accessToken('0123456789abcdef0123456789abcdef01234567');
const INSTANCE = 'https://cloud.zeyos.com/_demo_~~x~~';

/** Every finding, so that the compiler reports one that is missing here. */
const codes: Readonly<Record<FindingCode, true>> = {
  'machine.local': true,
  'machine.besideWindow': true,
  'machine.remote': true,
  'machine.server': true,
  'secretStorage.works': true,
  'secretStorage.persists': true,
  'secretStorage.forgets': true,
  'secretStorage.lostOnce': true,
  'secretStorage.keepsNothing': true,
  'secretStorage.fails': true,
  'secretStorage.late': true,
  'dns.found': true,
  'dns.literal': true,
  'dns.notFound': true,
  'dns.unavailable': true,
  'dns.late': true,
  'dns.leftToProxy': true,
  'proxy.none': true,
  'proxy.system': true,
  'proxy.loopback': true,
  'proxy.bypassed': true,
  'proxy.used': true,
  'proxy.clearText': true,
  'proxy.off': true,
  'proxy.invalid': true,
  'proxy.unreachable': true,
  'proxy.authenticationRequired': true,
  'proxy.schemeUnsupported': true,
  'proxy.refuses': true,
  'proxy.malformed': true,
  'proxy.unused': true,
  'tls.notUsed': true,
  'tls.good': true,
  'tls.expiresSoon': true,
  'tls.trusted': true,
  'tls.unseen': true,
  'tls.verificationOff': true,
  'tls.caFileParts': true,
  'tls.expired': true,
  'tls.notYetValid': true,
  'tls.selfSigned': true,
  'tls.unknownAuthority': true,
  'tls.wrongName': true,
  'tls.otherProblem': true,
  'tls.clientCertificate': true,
  'tls.rejected': true,
  'tls.oldTls': true,
  'tls.http2Only': true,
  'tls.notTls': true,
  'answer.zeyos': true,
  'answer.page': true,
  'answer.gateway': true,
  'answer.serverError': true,
  'answer.busy': true,
  'answer.proxyAuthentication': true,
  'answer.redirect': true,
  'answer.notZeyos': true,
  'answer.unknownHost': true,
  'answer.refused': true,
  'answer.late': true,
  'answer.certificate': true,
  'answer.handshake': true,
  'answer.cut': true,
  'answer.caFileRelative': true,
  'answer.caFileMissing': true,
  'answer.caFileUnreadable': true,
  'answer.caFileNotPem': true,
  'answer.proxyUnsupported': true,
  'answer.proxyInvalid': true,
  'answer.proxyCredentials': true,
  'answer.proxyAuthorization': true,
  'answer.clearTextProxy': true,
  'answer.unverified': true,
  'apis.offered': true,
  'apis.methodMissing': true,
  'apis.unknown': true,
  'clock.inStep': true,
  'clock.ahead': true,
  'clock.behind': true,
  'clock.unknown': true,
  'session.none': true,
  'session.good': true,
  'session.expiring': true,
  'session.expired': true,
  'session.revoked': true,
  'session.interrupted': true,
  'session.lost': true,
  'session.unsaved': true,
  'session.pendingRevocations': true,
};

/** The facts whose values others choose. */
const UNTRUSTED = [
  'host',
  'addresses',
  'error',
  'entry',
  'proxy',
  'schemes',
  'status',
  'issuer',
  'subject',
  'method',
  'account',
] as const;
type Words = Readonly<Record<(typeof UNTRUSTED)[number] | 'instance' | 'editor', string>>;
const words = fc.record(
  Object.fromEntries([...UNTRUSTED, 'instance', 'editor'].map((name) => [name, text])),
) as fc.Arbitrary<Words>;
const harmless = Object.fromEntries([...UNTRUSTED, 'instance', 'editor'].map((name) => [name, 'a'])) as Words;

function diagnosis({ instance, editor, ...facts }: Words): Findings {
  const findings = Object.keys(codes).map((code): Finding => ({
    code: code as FindingCode,
    verdict: 'bad',
    facts: {
      source: 'HTTPS_PROXY',
      settings: ['http.proxy'],
      exemptions: 'NO_PROXY',
      apis: ['authV1'],
      seconds: 5,
      starts: 2,
      count: 2,
      fault: '"noScheme"',
      positions: ['1'],
      lines: ['2'],
      reasons: ['pkcs7'],
      leftMs: 1,
      validTo: now,
      ...facts,
    },
  }));
  return {
    at: now,
    extension: '1.0.0',
    editor,
    system: 'linux x64',
    ofEditor: findings,
    ofInstances: [{ url: INSTANCE, name: instance, findings }],
  };
}

const lines = (shown: string): readonly string[] => shown.split('\n').map((line) => line.trim());
const earlier = [{ at: now, result: 'No problems found.', page: { markdown: '', plain: '' } }];
const documents: readonly {
  readonly name: string;
  readonly links: readonly RegExp[];
  readonly page: (words: Words) => { readonly markdown: string; readonly plain: string };
}[] = [
  {
    name: 'a diagnosis of every finding',
    links: [/^https:\/\/cloud\.zeyos\.com\//, /^https:\/\/code\.visualstudio\.com\/docs\//],
    page: (said) => diagnosisCheck(diagnosis(said), 'en', earlier, (report) => report).page,
  },
  {
    name: 'an introspection',
    links: [/^https:\/\/cloud\.zeyos\.com\//],
    page: ({ host, error, entry, proxy, issuer, subject, method, account }) => {
      const value = {
        active: true,
        username: host,
        sub: error,
        client_id: entry,
        userInfo: { sub: '7', name: proxy, email: issuer, groups: [subject, method] },
      };
      const stored = storedAccount({ session: session(token) });
      const body = JSON.stringify({ ...value, [host]: error });
      return introspectionCheck(
        {
          stored: {
            ...stored,
            platform: PlatformUrl.parse(INSTANCE),
            account: { ...stored.account, userName: account, label: account },
          },
          introspection: { token, answer: { value, body, sentAt: now, receivedAt: now, clockSkewMs: 0 } },
          secrets: [],
          locale: 'en',
        },
        earlier,
      ).page;
    },
  },
];

describe('A document in the Markdown preview', () => {
  for (const { name, links, page } of documents) {
    const english = previews(page(harmless).markdown).map(({ elements }) => elements);

    for (const language of ['en', ...languages])
      it(`has only elements that the extension writes, for any quoted text: ${name} in the language ${language}`, function () {
        this.timeout(60_000);
        fc.assert(
          fc.property(words, (said) => {
            const { markdown } = inLanguage(language, () => page(said));
            for (const [index, shown] of previews(markdown).entries()) {
              assert.deepEqual(shown.elements, english[index]);
              assert.deepEqual(
                shown.links.filter((href) => !links.some((link) => link.test(href))),
                [],
              );
              assert.doesNotMatch(shown.text, /[$<]|command:/);
            }
          }),
          { numRuns: 25 },
        );
      });

    it(`has the same text without Markdown marks if there is no preview: ${name}`, () => {
      const { markdown, plain } = page(harmless);
      const words = markdown.replace(/^ *- |^#+ |^```.*\n|\*\*|`|\\(?=[_~])/gm, '');
      assert.deepEqual(lines(words), lines(plain));
      assert.doesNotMatch(plain, /^#|\*\*|`|^ *- /m);
    });
  }

  it('renders markup that is not escaped, so that the tests above can fail', () => {
    const [shown] = previews('<b>x</b> ![y](z) [a](command:b) `c`');
    assert.deepEqual(shown?.links, ['command:b']);
    assert.deepEqual(
      ['html_inline ', 'image img'].filter((element) => !shown?.elements.includes(element)),
      [],
    );
  });
});
