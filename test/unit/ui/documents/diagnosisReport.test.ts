import assert from 'node:assert/strict';
import { bad, good, warning, type Finding, type FindingCode } from '../../../../src/diagnosis/finding';
import { redactReport } from '../../../../src/hiding/reportRedaction';
import { diagnosisReport, overallResult, type Findings } from '../../../../src/ui/documents/diagnosisReport';
import { diagnosisMarkdown } from '../../../support/checkDocuments';
import { titleOf } from '../../../../src/ui/documents/diagnosisWords';

const HOSTILE = '[Open](command:workbench.action.quit) `x` $(alert)\u202e\n# evil';

describe('The diagnosis report', () => {
  const report = (...findings: readonly Finding[]): Findings => ({
    at: Date.parse('2030-01-01T12:00:00Z'),
    extension: '1.0.0',
    editor: 'Editor 1.100.0 (desktop)',
    system: 'linux x64',
    ofEditor: [good('secretStorage.works')],
    ofInstances: [{ url: 'https://cloud.zeyos.com/demo', name: 'Demo', findings }],
  });

  it('names the editor, each instance, each finding and its fix', () => {
    const text = diagnosisMarkdown(
      report(
        good('answer.zeyos'),
        bad('tls.unknownAuthority', { issuer: 'Company Root', error: 'SELF_SIGNED_CERT_IN_CHAIN' }),
      ),
      'en',
    );
    assert.match(text, /^\*\*Problems: 1\.\*\*$/m);
    assert.match(text, /^## ✗ `Demo` – https:\/\/cloud\.zeyos\.com\/demo$/m);
    assert.match(text, /^- ✓ Good – Response: ZeyOS responds\.$/m);
    assert.match(
      text,
      /^- ✗ Problem – Certificate: Not trusted: its authority `Company Root` .*`SELF_SIGNED_CERT_IN_CHAIN`.*\n {2}- Fix: Have the authority's certificate/m,
    );
    assert.match(text, /2030-01-01T12:00:00\.000Z/);
  });

  it('returns the same findings with codes to programs', () => {
    const { instances, findings } = diagnosisReport(report(bad('answer.refused')), 'en');
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['secretStorage.works'],
    );
    const [finding] = instances[0]?.findings ?? [];
    assert.deepEqual(
      { ...finding, fix: typeof finding?.fix },
      { code: 'answer.refused', verdict: 'bad', text: 'None: the connection was refused.', fix: 'string' },
    );
  });

  const words: readonly (readonly [Finding, RegExp])[] = [
    [
      bad('answer.caFileMissing'),
      /Response: Nothing was sent: the file specified in "caFile" does not exist\.\n {2}- Fix: Correct "caFile" for the instance/,
    ],
    [
      bad('secretStorage.keepsNothing'),
      /Secret storage: It accepts secrets but does not keep them, .*\n {2}- Fix: Install or unlock your system's keyring/,
    ],
    [
      warning('session.unsaved', { count: 2 }),
      /Session: Accounts with changes that are not saved yet: `2`\. They are lost if this window closes first.*\n {2}- Fix: Look for a window/,
    ],
    [warning('session.pendingRevocations', { count: 1 }), /Session: Tokens still to be revoked on the server: `1`\./],
    [
      good('dns.found', { host: 'h', addresses: ['192.0.2.1', '2001:db8::1'] }),
      /Host name: `h` resolves to `192\.0\.2\.1, 2001:db8::1`\./,
    ],
    [
      good('apis.offered', { apis: ['authV1', 'oauth2'] }),
      /Sign-in methods: user name and password, browser \(OAuth 2\.0\)\.\n/,
    ],
    [
      warning('apis.methodMissing', { apis: ['legacy'], method: 'browser' }),
      /Sign-in methods: legacy login\. The method set in "signIn" is not among them: `browser`\./,
    ],
    [
      bad('proxy.authenticationRequired', { proxy: 'http://p:1', source: 'http.proxy' }),
      /requires authentication \(407\)\.\n {2}- Fix: Put the user name and password into the URL in "http\.proxy"\./,
    ],
    [
      bad('proxy.malformed', { proxy: 'http://p:1', source: 'http.proxy' }),
      /Proxy: `http:\/\/p:1`, from `http\.proxy`, does not respond like a proxy\.\n {2}- Fix: Check the proxy address/,
    ],
    [
      bad('proxy.clearText', { proxy: 'http://p:1', source: 'http.proxy' }),
      /could read what is sent .*\n {2}- Fix: Add the host to "http\.noProxy"/,
    ],
  ];
  for (const [finding, expected] of words)
    it(`describes the finding in words: ${finding.code}`, () =>
      assert.match(diagnosisMarkdown(report(finding), 'en'), expected));

  const hostile: readonly Finding[] = [
    bad('tls.wrongName', { subject: HOSTILE, error: 'x' }),
    bad('answer.redirect', { host: HOSTILE, status: 302 }),
    bad('secretStorage.fails', { error: HOSTILE }),
    good('proxy.bypassed', { source: 'http.noProxy', entry: HOSTILE }),
  ];
  for (const finding of hostile) {
    it(`contains no link, icon or command from foreign text: ${finding.code}`, () => {
      const text = `${diagnosisMarkdown(report(finding), 'en')}${JSON.stringify(diagnosisReport(report(finding), 'en'))}`;
      assert.doesNotMatch(text, /command:|\$\(|\u202e|^# evil/m);
    });
  }

  it('keeps markup inside of code spans', () => {
    const text = diagnosisMarkdown(report(bad('tls.selfSigned', { error: 'a`b<img src=x>`c' })), 'en');
    assert.ok(text.includes("`a'b<img src=x>'c`"), text);
  });

  it('has a title for each kind of finding', () => {
    const codes: readonly FindingCode[] = [
      'secretStorage.works',
      'dns.found',
      'proxy.none',
      'tls.good',
      'answer.zeyos',
      'apis.unknown',
      'clock.unknown',
      'session.none',
    ];
    assert.equal(new Set(codes.map((code) => titleOf({ code, verdict: 'good' }))).size, codes.length);
  });

  it('sums up problems and warnings', () => {
    const overall = (...findings: readonly Finding[]): string => overallResult(report(...findings));
    assert.equal(overall(good('answer.zeyos')), 'No problems found.');
    assert.equal(overall(warning('clock.ahead'), good('answer.zeyos')), 'No problems found. Warnings: 1.');
    assert.equal(overall(warning('clock.ahead'), bad('answer.cut')), 'Problems: 1. Warnings: 1.');
  });

  it('says that no instance is configured, and how to add one', () => {
    const nothing: Findings = { ...report(), ofInstances: [] };
    assert.match(
      diagnosisMarkdown(nothing, 'en'),
      /^\*\*No ZeyOS instance is configured\.\*\*\n\nFix: Run "ZeyOS: Add Instance"\.$/m,
    );
    assert.equal(
      overallResult({ ...nothing, ofEditor: [bad('secretStorage.keepsNothing')] }),
      'No ZeyOS instance is configured. Problems: 1. Warnings: 0.',
    );
    assert.doesNotMatch(diagnosisMarkdown(report(good('answer.zeyos')), 'en'), /No ZeyOS instance|Add Instance/);
  });

  describe('loses by its redaction', () => {
    const table: readonly (readonly [string, string, string])[] = [
      ['the home folder', 'error in /home/max/.config/x', 'error in ~/.config/x'],
      ['credentials in an address', 'see http://user:secret@proxy:8080/', 'see http://proxy:8080/'],
      [
        'credentials with an apostrophe, which a URL may contain',
        "see http://user:it's@proxy:8080/",
        'see http://proxy:8080/',
      ],
      ['credentials with an unescaped at sign', 'see http://user:p@ss@proxy:8080/', 'see http://proxy:8080/'],
      ['a bearer token', 'Authorization: Bearer abcdefgh.ijkl', 'Authorization: …'],
      ['a bearer token of one character', 'Authorization: bearer x', 'Authorization: …'],
      ['a token without a label', `got ${'0123456789'.repeat(4)}.`, 'got ….'],
    ];
    for (const [what, text, expected] of table) it(what, () => assert.equal(redactReport(text, '/home/max'), expected));

    it('a home folder of Windows, in JSON too', () => {
      const home = 'C:\\Users\\max';
      assert.equal(
        redactReport(`${home}\\x, C:/Users/max/x, ${JSON.stringify(`${home}\\x`)}`, home),
        '~\\x, ~/x, "~\\\\x"',
      );
    });

    it('nothing if there is no secret', () => {
      const text = diagnosisMarkdown(
        report(good('dns.found', { host: 'cloud.zeyos.com', addresses: ['192.0.2.1', '2001:db8::1'] })),
        'en',
      );
      assert.equal(redactReport(text, '/root'), text);
    });
  });
});
