import assert from 'node:assert/strict';
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import {
  isLoopback,
  looksLikeUrl,
  PlatformUrl,
  PlatformUrlError,
  type PlatformUrlProblem,
} from '../../../../src/zeyos/address/platform';

const segment = fc.stringMatching(/^[A-Za-z0-9_~-][\w.~-]{0,12}$/);
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join('/')}`);
const https = fc.tuple(fc.domain(), path).map(([host, rest]) => `https://${host}${rest}`);
const fragments = [
  'https',
  'http',
  ':',
  '/',
  '//',
  '\\',
  '.',
  '..',
  '@',
  '?',
  '#',
  '%2f',
  '%00',
  'demo',
  'cloud.zeyos.com',
  'localhost',
  '127.0.0.1',
  '[::1]',
  ':443',
  ' ',
  '\t',
  '\u202e',
  '\u200b',
  'ä',
  '。',
  '0x7f.1',
  '@evil.example',
  'evil.example',
  '-',
  '_',
];
const urlish = fc.oneof(
  fc.array(fc.constantFrom(...fragments), { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
);

const refusedAs = (problem: PlatformUrlProblem) => (error: unknown) =>
  error instanceof PlatformUrlError && error.problem === problem;

describe('A platform URL', () => {
  const canonical: readonly [string, string][] = [
    ['https://cloud.zeyos.com/demo', 'https://cloud.zeyos.com/demo'],
    ['https://cloud.zeyos.com/demo/', 'https://cloud.zeyos.com/demo'],
    ['  https://cloud.zeyos.com/demo\n', 'https://cloud.zeyos.com/demo'],
    ['HTTPS://Cloud.ZeyOS.com/demo', 'https://cloud.zeyos.com/demo'],
    ['https://cloud.zeyos.com:443/demo', 'https://cloud.zeyos.com/demo'],
    ['https://cloud.zeyos.com/Demo', 'https://cloud.zeyos.com/Demo'],
    ['cloud.zeyos.com/demo', 'https://cloud.zeyos.com/demo'],
    ['zeyos.example.com:8443/a/b', 'https://zeyos.example.com:8443/a/b'],
    ['localhost/demo', 'https://localhost/demo'],
    ['demo', 'https://cloud.zeyos.com/demo'],
    ['my-demo_2', 'https://cloud.zeyos.com/my-demo_2'],
    ['http://localhost:9005/demo', 'http://localhost:9005/demo'],
    ['http://127.0.0.1:80/demo', 'http://127.0.0.1/demo'],
    ['http://127.9.8.7/demo', 'http://127.9.8.7/demo'],
    ['http://[::1]:8080/demo', 'http://[::1]:8080/demo'],
    ['https://müller.example/demo', 'https://xn--mller-kva.example/demo'],
  ];
  it('is parsed each of 20,000 times: Node 20 has a fast check that fails for umlauts after many calls', () => {
    for (let count = 0; count < 20_000; count++)
      assert.ok(PlatformUrl.tryParse('https://müller.example/demo'), `call ${count}`);
  });

  for (const [text, href] of canonical) {
    it(`written ${JSON.stringify(text)} becomes ${href}`, () => assert.equal(PlatformUrl.parse(text).href, href));
  }

  const refused: readonly [string, PlatformUrlProblem][] = [
    ['', 'empty'],
    [' \t ', 'empty'],
    ['https://user:secret@cloud.zeyos.com/demo', 'userInfo'],
    ['https://@cloud.zeyos.com/demo', 'userInfo'],
    ['max@demo', 'userInfo'],
    ['https://cloud.zeyos.com/demo?a=b', 'query'],
    ['https://cloud.zeyos.com/demo?', 'query'],
    ['https://cloud.zeyos.com/demo#', 'query'],
    ['http://cloud.zeyos.com/demo', 'insecure'],
    ['http://localhost.evil.example/demo', 'insecure'],
    ['http://127.0.0.1.evil.example/demo', 'insecure'],
    ['http://[::ffff:127.0.0.1]/demo', 'insecure'],
    ['http://0.0.0.0/demo', 'insecure'],
    ['ftp://cloud.zeyos.com/demo', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['https://zeyos.example.com:6000/demo', 'port'],
    ['https://zeyos.example.com:10080/demo', 'port'],
    ['https://zeyos.example.com:0/demo', 'port'],
    ['zeyos.example.com:22/demo', 'port'],
    ['http://localhost:6697/demo', 'port'],
    ['http://[::1]:0587/demo', 'port'],
    ['https://cloud.zeyos.com', 'noInstance'],
    ['https://cloud.zeyos.com/', 'noInstance'],
    ['https://cloud.zeyos.com/demo/..', 'noInstance'],
    ['https://cloud.zeyos.com//demo', 'path'],
    ['https://cloud.zeyos.com/demo//', 'path'],
    ['https://cloud.zeyos.com/d%65mo', 'path'],
    ['https://cloud.zeyos.com/demo;a', 'path'],
    ['https://cloud.zeyos.com/dämo', 'path'],
    ['https://cloud.zeyos.com\\demo', 'notUrl'],
    ['https://cloud.zeyos.com/de\nmo', 'notUrl'],
    ['https://cloud.zeyos.com/de\u0000mo', 'notUrl'],
    ['https://cloud.zeyos.com/de\u202emo', 'notUrl'],
    ['https://cloud\u200b.zeyos.com/demo', 'notUrl'],
    ['https://cloud.zeyos.com:99999/demo', 'notUrl'],
    ['https:/cloud.zeyos.com/demo', 'notUrl'],
    ['https://../x', 'notUrl'],
    ['https://./x', 'notUrl'],
    ['https://.zeyos.com/x', 'notUrl'],
    ['https://cloud..zeyos.com/x', 'notUrl'],
    ['https:cloud.zeyos.com/demo', 'notUrl'],
    ['https://cloud.zeyos%2ecom/demo', 'notUrl'],
    ['cloud.zeyos%2ecom/demo', 'notUrl'],
    ['http:/localhost/demo', 'notUrl'],
    ['//cloud.zeyos.com/demo', 'notUrl'],
    ['/demo', 'notUrl'],
    ['a/b', 'notUrl'],
    ['my demo', 'notUrl'],
    ['javascript:alert(1)', 'notUrl'],
  ];
  for (const [text, problem] of refused) {
    it(`is refused for the problem "${problem}" if it is written ${JSON.stringify(text)}`, () =>
      assert.throws(() => PlatformUrl.parse(text), refusedAs(problem)));
  }

  it('is canonical: parsing it again does not change it', () => {
    fc.assert(
      fc.property(fc.oneof(https, urlish), (text) => {
        const href = PlatformUrl.tryParse(text)?.href;
        if (href !== undefined) assert.equal(PlatformUrl.parse(href).href, href);
      }),
    );
  });

  it('ignores a trailing slash, the case of the host, and the default port', () => {
    fc.assert(
      fc.property(fc.domain(), path, (host, rest) => {
        const { href } = PlatformUrl.parse(`https://${host}${rest}`);
        for (const same of [
          `https://${host}${rest}/`,
          `https://${host.toUpperCase()}${rest}`,
          `HTTPS://${host}:443${rest}`,
          `${host}${rest}`,
        ]) {
          assert.equal(PlatformUrl.parse(same).href, href);
        }
      }),
    );
  });

  it('differs if path, host or port differ', () => {
    fc.assert(
      fc.property(fc.domain(), fc.domain(), path, path, (hostA, hostB, pathA, pathB) => {
        fc.pre(hostA.toLowerCase() !== hostB.toLowerCase() && pathA !== pathB);
        const { href } = PlatformUrl.parse(`https://${hostA}${pathA}`);
        for (const other of [
          `https://${hostA}${pathB}`,
          `https://${hostB}${pathA}`,
          `https://${hostA}:8443${pathA}`,
          `https://${hostA}${pathA}/x`,
        ]) {
          assert.notEqual(PlatformUrl.parse(other).href, href);
        }
      }),
    );
  });

  it('may use http only on loopback', () => {
    fc.assert(
      fc.property(urlish, (text) => {
        const parsed = PlatformUrl.tryParse(text);
        if (!parsed?.href.startsWith('https://'))
          assert.ok(parsed === undefined || isLoopback(new URL(parsed.href).hostname));
      }),
    );
    fc.assert(
      fc.property(fc.domain(), path, (host, rest) =>
        assert.throws(() => PlatformUrl.parse(`http://${host}${rest}`), refusedAs('insecure')),
      ),
    );
    fc.assert(
      fc.property(fc.ipV4(), path, (ip, rest) =>
        assert.equal(PlatformUrl.tryParse(`http://${ip}${rest}`) !== undefined, ip.startsWith('127.')),
      ),
    );
  });

  it('contains no user info, query, fragment, control, bidirectional or escaped character', () => {
    const bad = fc.constantFrom(
      '@',
      '?',
      '#',
      '\\',
      '%41',
      '\u0000',
      '\u001b',
      '\n',
      '\u202e',
      '\u2066',
      '\u200b',
      '\u00ad',
    );
    fc.assert(
      fc.property(https, bad, fc.nat(), (url, character, at) => {
        // Insert behind the scheme only, because white space at both ends is ignored.
        const index = 9 + (at % (url.length - 9));
        assert.equal(PlatformUrl.tryParse(url.slice(0, index) + character + url.slice(index)), undefined);
      }),
    );
  });

  it('has the host of its text; only a bare name means cloud.zeyos.com', () => {
    fc.assert(
      fc.property(urlish, (text) => {
        const parsed = PlatformUrl.tryParse(text);
        if (!parsed) return;
        const spelled = /^(?:https?:\/*)?(\[[^\]]*\]|[^:/]+)(:\d*)?\//i.exec(text.trim())?.[1];
        const expected =
          spelled === undefined ? 'cloud.zeyos.com' : spelled.startsWith('[') ? '[::1]' : domainToASCII(spelled);
        assert.equal(new URL(parsed.href).hostname, expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('provides instance name, label and endpoints', () => {
    const deep = PlatformUrl.parse('https://zeyos.example.com:8443/apps/Demo/');
    assert.equal(deep.instanceName, 'Demo');
    assert.equal(deep.label, 'zeyos.example.com:8443/apps/Demo');
    assert.equal(deep.endpoint('auth/v1/token').href, 'https://zeyos.example.com:8443/apps/Demo/auth/v1/token');
    assert.equal(String(deep), deep.href);
  });

  it('is the beginning of each of its endpoints', () => {
    fc.assert(
      fc.property(https, (text) => {
        const parsed = PlatformUrl.parse(text);
        assert.equal(parsed.endpoint('auth/v1/token').href, `${parsed.href}/auth/v1/token`);
      }),
    );
  });
});

describe('The check whether a text looks like a URL', () => {
  const table: readonly [string, boolean][] = [
    ['https://cloud.zeyos.com/demo', true],
    ['HTTP://localhost/demo', true],
    [' https:nonsense', true],
    ['demo', false],
    ['cloud.zeyos.com/demo', false],
    ['ftp://x/y', false],
    ['read:https', false],
  ];
  for (const [text, expected] of table)
    it(`for ${JSON.stringify(text)} returns ${expected}`, () => assert.equal(looksLikeUrl(text), expected));
});
