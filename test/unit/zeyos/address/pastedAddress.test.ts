import assert from 'node:assert/strict';
import fc from 'fast-check';
import { platformIn, shownAddress } from '../../../../src/zeyos/address/pastedAddress';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';

const demo = 'https://cloud.zeyos.com/demo';

describe('The platform URL in a pasted address', () => {
  const addresses: readonly [string, string, string][] = [
    ['a deep link', `${demo}/?umi=eyJhIjoxfQ==#ticket/4711`, demo],
    ['a deep link without a slash', `${demo}?umi=1`, demo],
    ['a link with a fragment only', `${demo}/#/tickets/1/edit`, demo],
    ['a link whose query contains an address', `${demo}/?next=https://evil.example/x/auth/v1/token`, demo],
    ['a link whose query contains an e-mail address', `${demo}/?mail=max@example.com#to=anna@example.com`, demo],
    ['the login page', `${demo}/login`, demo],
    ['the login page with a query', `${demo}/login?redirect=%2Fdemo%2F`, demo],
    ['the login page as a file', `${demo}/login.html`, demo],
    ['an index page', `${demo}/index.php?x=1`, demo],
    ['an API', `${demo}/api/v1/tickets/1`, demo],
    ['the root of an API', `${demo}/api/v1`, demo],
    ['the root of an API with a slash', `${demo}/api/v1/`, demo],
    ['an API of another version', `${demo}/api/v2.1/tickets?filter=a`, demo],
    ['the token endpoint', `${demo}/auth/v1/token`, demo],
    ['the token endpoint of OAuth 2.0', `${demo}/oauth2/v1/token`, demo],
    [
      'the authorization endpoint',
      `${demo}/oauth2/v1/authorize?client_id=a&state=s&redirect_uri=http%3A%2F%2F127.0.0.1%3A9005%2Fcallback`,
      demo,
    ],
    ['an endpoint in capitals', 'https://cloud.zeyos.com/demo/API/V1/tickets', demo],
    [
      'an endpoint of an instance whose path looks like an endpoint',
      'https://gw.example/auth/v1/demo/api/v1/x',
      'https://gw.example/auth/v1/demo',
    ],
    [
      'an endpoint on a deeper path and a port',
      'https://zeyos.example.com:8443/apps/demo/auth/v1/token',
      'https://zeyos.example.com:8443/apps/demo',
    ],
    ['a scheme and a host in capitals', 'HTTPS://CLOUD.ZEYOS.COM/demo/?x', demo],
    ['doubled slashes', 'https://cloud.zeyos.com//demo//', demo],
    ['doubled slashes before an endpoint', 'https://cloud.zeyos.com//demo//api//v1/x', demo],
    ['too many slashes after the scheme', 'https:///cloud.zeyos.com/demo', demo],
    ['too few slashes after the scheme', 'https:/cloud.zeyos.com/demo', demo],
    ['the scheme twice', `https://${demo}`, demo],
    ['no scheme but two slashes', '//cloud.zeyos.com/demo', demo],
    ['no scheme', 'cloud.zeyos.com/demo/?umi=1', demo],
    ['backslashes', 'https:\\\\cloud.zeyos.com\\demo', demo],
    ['blanks around it', `  ${demo}/?x  `, demo],
    ['invisible characters in it', `\ufeffhttps://cloud.zey\u00ados.com/\u200bdemo\u00a0`, demo],
    ['a line end in it', 'https://cloud.zeyos.com/de\r\nmo', demo],
    ['angle brackets', `<${demo}>`, demo],
    ['angle brackets of RFC 3986', `<URL:${demo}/>`, demo],
    ['quotation marks', `"${demo}"`, demo],
    ['German quotation marks', `„${demo}/?a=b“,`, demo],
    ['French quotation marks', `« ${demo} »`, demo],
    ['backticks', `\`${demo}\``, demo],
    ['parentheses', `(${demo})`, demo],
    ['the end of a sentence', `${demo}/.`, demo],
    ['a Markdown link', `[Demo](${demo}/?umi=1)`, demo],
    ['a Markdown link with a title', `[Demo](<${demo}/> "our ZeyOS")`, demo],
    ['a Markdown link that names another address', `[https://cloud.zeyos.com/other](${demo})`, demo],
    ['a quoted name', '"demo"', demo],
    ['a host with umlauts', 'https://müller.example/demo/?x', 'https://xn--mller-kva.example/demo'],
    ['HTTP, which is upgraded', 'http://cloud.zeyos.com/demo/?x', demo],
    ['HTTP on this machine', 'http://127.0.0.1:8080/demo/login?x', 'http://127.0.0.1:8080/demo'],
    ['HTTP on this machine with IPv6', 'http://[::1]:8080/demo/api/v1/x', 'http://[::1]:8080/demo'],
    ['a platform URL', demo, demo],
    ['an instance name', 'demo', demo],
    [
      'an instance with the name of a page',
      'https://zeyos.example.com/apps/indexes/',
      'https://zeyos.example.com/apps/indexes',
    ],
  ];
  for (const [what, text, href] of addresses) {
    it(`is found in ${what}: ${JSON.stringify(text)}`, () => assert.equal(platformIn(text)?.href, href));
  }

  const none: readonly [string, string][] = [
    ['an empty text', ''],
    ['blanks', ' \u200b '],
    ['a host only', 'https://cloud.zeyos.com/'],
    ['a host with a query', 'https://cloud.zeyos.com/?demo'],
    ['a login page without an instance', 'https://cloud.zeyos.com/login'],
    ['an API without an instance', 'https://cloud.zeyos.com/api/v1/tickets'],
    ['user info', 'https://max@cloud.zeyos.com/demo'],
    ['user info and a password', 'https://max:geheim@cloud.zeyos.com/demo/?x'],
    ['a password with a question mark', 'https://max:443?geheim@cloud.zeyos.com/demo'],
    ['a password with a slash and a hash', 'https://max:44/ge#heim@cloud.zeyos.com/demo'],
    ['a password with a parenthesis in a Markdown link', '[x](https://max:44/a)b@cloud.zeyos.com/demo)'],
    ['a password in a Markdown link', '[x](https://max:geheim@cloud.zeyos.com/demo)'],
    ['a password behind backslashes', 'https:\\\\max:geheim@cloud.zeyos.com\\demo'],
    ['an e-mail address', 'mailto:max@example.com'],
    ['HTTP with a port on another machine', 'http://zeyos.example.com:8080/demo/?x'],
    ['a port that browsers block', 'https://zeyos.example.com:6000/demo/?x'],
    ['another scheme', 'ftp://cloud.zeyos.com/demo'],
    ['a host without a scheme, of which a page was cut off', 'localhost/login'],
    ['a file', 'file:///home/max/demo'],
    ['a script', 'javascript:alert(1)'],
    ['a path that can be written in two ways', 'https://cloud.zeyos.com/d%65mo/?x'],
    ['a sentence', `Please open ${demo}/?x today`],
    ['several addresses', `${demo} https://evil.example/demo`],
    ['a very long text', 'https://'.repeat(100_000)],
  ];
  for (const [what, text] of none) {
    it(`is not found in ${what}: ${JSON.stringify(text.slice(0, 100))}`, () =>
      assert.equal(platformIn(text)?.href, undefined));
  }

  it('contains nothing of the query or fragment, and is found again in itself', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
    const tail = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('@'));
    fc.assert(
      fc.property(
        word,
        fc.constantFrom('', '/', '//', '/login', '/api/v1/x', '/auth/v1/token'),
        fc.constantFrom('?', '#'),
        tail,
        (name, path, mark, rest) => {
          fc.pre(name !== 'login' && name !== 'index');
          const found = platformIn(`https://cloud.zeyos.com/${name}${path}${mark}${rest}`);
          assert.equal(found?.href, `https://cloud.zeyos.com/${name}`);
          assert.equal(platformIn(found.href)?.href, found.href);
        },
      ),
    );
  });

  it('is found unchanged in each platform URL that does not end in an endpoint or page', () => {
    const segment = fc.stringMatching(/^[A-Za-z0-9_~-][\w~-]{0,12}$/).filter((text) => !/^(login|index)/i.test(text));
    fc.assert(
      fc.property(fc.domain(), segment, (host, name) => {
        const { href } = PlatformUrl.parse(`https://${host}/${name}`);
        assert.equal(platformIn(href)?.href, href);
      }),
    );
  });

  for (const part of ['https:', '/', '/api/v1', '[', '(', '"', '\\', '.', '?', '/login', '/auth/v1/a/oauth2'])
    it(`is found in linear time in a text that repeats ${JSON.stringify(part)}`, function () {
      this.timeout(500);
      platformIn(`https://x.example/demo${part.repeat(9_900 / part.length)}x`);
      shownAddress(`https://x.example/demo${part.repeat(20_000)}x`);
    });
});

describe('The shown form of an address', () => {
  const table: readonly [string, string | undefined][] = [
    [demo, demo],
    [`${demo}/?token=abc#def`, `${demo}/`],
    [`${demo}?mail=max@example.com&token=abc`, demo],
    ['https://max:geheim@cloud.zeyos.com/demo', demo],
    ['https://max:geheim@cloud.zeyos.com/demo?token=abc', demo],
    ['https://max:ge@heim@cloud.zeyos.com/demo', demo],
    ['https://max:ge/h #e@im@cloud.zeyos.com/demo', demo],
    ['https://max:geheim@cloud.zeyos.com/demo?mail=a@b.example/token', undefined],
    ['https://max:443?geheim@cloud.zeyos.com/demo', undefined],
    ['https://cloud.zeyos.com:8443/demo?mail=a@b.example', undefined],
    ['max:geheim@', undefined],
    ['?token=abc', undefined],
    ['\u200b ', undefined],
    ['my demo', 'my demo'],
    ['evil\u202e\n demo', 'evil demo'],
  ];
  for (const [text, expected] of table)
    it(`for ${JSON.stringify(text)} is ${JSON.stringify(expected)}`, () => assert.equal(shownAddress(text), expected));
});
