import assert from 'node:assert/strict';
import { describeFailure } from '../../../../src/dialog/failure/failure';
import { concealSecrets } from '../../../../src/hiding/concealment';
import { HttpError } from '../../../../src/zeyos/errors';
import { failure } from '../../../../src/zeyos/transport/http';
import { PlatformUrl, type Endpoint } from '../../../../src/zeyos/address/platform';
import { redirectionOf, type Redirection } from '../../../../src/zeyos/address/redirection';
import { httpResponse } from '../../../support/builders';

const token = 'auth/v1/token';
const at = (href: string, endpoint = token): Endpoint => PlatformUrl.parse(href).endpoint(endpoint);
const redirection = (url: Endpoint, location: string): Redirection | undefined =>
  redirectionOf(httpResponse({ url, status: 302, headers: { Location: location } }));

describe('A redirect of an instance', () => {
  const demo = at('https://cloud.zeyos.com/demo');
  const deep = at('https://zeyos.example.com:8443/apps/demo');
  const local = at('http://127.0.0.1:8080/demo');

  /** Description, request URL, Location, the address shown, and the platform URL offered. */
  const table: readonly [string, Endpoint, string, string, string | undefined][] = [
    [
      'to another host',
      demo,
      'https://zeyos.example.com/demo/auth/v1/token',
      'https://zeyos.example.com/demo/auth/v1/token',
      'https://zeyos.example.com/demo',
    ],
    [
      'to another host without a scheme',
      demo,
      '//zeyos.example.com/demo',
      'https://zeyos.example.com/demo',
      'https://zeyos.example.com/demo',
    ],
    [
      'to another host with a slash',
      demo,
      '//zeyos.example.com/demo/',
      'https://zeyos.example.com/demo/',
      'https://zeyos.example.com/demo',
    ],
    [
      'to another port',
      demo,
      'https://cloud.zeyos.com:8443/demo/auth/v1/token',
      'https://cloud.zeyos.com:8443/demo/auth/v1/token',
      'https://cloud.zeyos.com:8443/demo',
    ],
    [
      'to another path',
      demo,
      '/erp/demo/auth/v1/token',
      'https://cloud.zeyos.com/erp/demo/auth/v1/token',
      'https://cloud.zeyos.com/erp/demo',
    ],
    [
      'to another path with a slash at the end',
      demo,
      '/erp/demo/auth/v1/token/',
      'https://cloud.zeyos.com/erp/demo/auth/v1/token/',
      'https://cloud.zeyos.com/erp/demo',
    ],
    [
      'to another case of the instance’s path',
      at('https://cloud.zeyos.com/Demo'),
      '/demo/auth/v1/token',
      'https://cloud.zeyos.com/demo/auth/v1/token',
      'https://cloud.zeyos.com/demo',
    ],
    [
      'to the instance in another case',
      at('https://cloud.zeyos.com/Demo'),
      '/demo',
      'https://cloud.zeyos.com/demo',
      'https://cloud.zeyos.com/demo',
    ],
    [
      'to the instance in another case with a slash',
      at('https://cloud.zeyos.com/Demo'),
      '/demo/',
      'https://cloud.zeyos.com/demo/',
      'https://cloud.zeyos.com/demo',
    ],
    [
      'to the instance in another case, relative to the request',
      at('https://cloud.zeyos.com/Demo'),
      '../../../demo/auth/v1/token',
      'https://cloud.zeyos.com/demo/auth/v1/token',
      'https://cloud.zeyos.com/demo',
    ],
    [
      'to another host in capitals',
      demo,
      'HTTPS://ZEYOS.example.com/demo/auth/v1/token',
      'https://zeyos.example.com/demo/auth/v1/token',
      'https://zeyos.example.com/demo',
    ],
    [
      'from a deeper path to a shorter one',
      deep,
      '/demo/auth/v1/token',
      'https://zeyos.example.com:8443/demo/auth/v1/token',
      'https://zeyos.example.com:8443/demo',
    ],
    [
      'from another endpoint',
      at('https://cloud.zeyos.com/demo', 'oauth2/v1/userinfo'),
      'https://zeyos.example.com/demo/oauth2/v1/userinfo',
      'https://zeyos.example.com/demo/oauth2/v1/userinfo',
      'https://zeyos.example.com/demo',
    ],
    [
      'from an endpoint with a slash',
      at('https://cloud.zeyos.com/demo', 'auth/v1/'),
      'https://zeyos.example.com/demo/auth/v1',
      'https://zeyos.example.com/demo/auth/v1',
      'https://zeyos.example.com/demo',
    ],
    [
      'from loopback to HTTPS',
      local,
      'https://127.0.0.1:8443/demo/auth/v1/token',
      'https://127.0.0.1:8443/demo/auth/v1/token',
      'https://127.0.0.1:8443/demo',
    ],
    [
      'from loopback to another port',
      local,
      'http://127.0.0.1:8081/demo/auth/v1/token',
      'http://127.0.0.1:8081/demo/auth/v1/token',
      'http://127.0.0.1:8081/demo',
    ],
    [
      'with query and fragment',
      demo,
      'https://zeyos.example.com/demo/auth/v1/token?session=abc#def',
      'https://zeyos.example.com/demo/auth/v1/token',
      'https://zeyos.example.com/demo',
    ],

    ['to the start page', demo, '/demo/', 'https://cloud.zeyos.com/demo/', undefined],
    ['to the instance', demo, '/demo', 'https://cloud.zeyos.com/demo', undefined],
    ['to itself', demo, '', '', undefined],
    ['to itself with a query', demo, '?x', 'https://cloud.zeyos.com/demo/auth/v1/token', undefined],
    ['to itself with a slash', demo, 'token/', 'https://cloud.zeyos.com/demo/auth/v1/token/', undefined],
    ['to its own login page', demo, '/demo/login?next=x', 'https://cloud.zeyos.com/demo/login', undefined],
    [
      'to a login page elsewhere',
      demo,
      'https://login.example/adfs/ls/?x',
      'https://login.example/adfs/ls/',
      undefined,
    ],
    [
      'to the login page of a network',
      demo,
      'https://portal.example/?u=https://cloud.zeyos.com/demo/auth/v1/token',
      'https://portal.example/',
      undefined,
    ],
    [
      'to a host without an instance',
      demo,
      'https://zeyos.example.com/auth/v1/token',
      'https://zeyos.example.com/auth/v1/token',
      undefined,
    ],
    [
      'to another endpoint',
      demo,
      'https://zeyos.example.com/demo/auth/v2/token',
      'https://zeyos.example.com/demo/auth/v2/token',
      undefined,
    ],
    [
      'to HTTP',
      demo,
      'http://cloud.zeyos.com/demo/auth/v1/token',
      'http://cloud.zeyos.com/demo/auth/v1/token',
      undefined,
    ],
    [
      'to HTTP on loopback',
      demo,
      'http://127.0.0.1:8080/demo/auth/v1/token',
      'http://127.0.0.1:8080/demo/auth/v1/token',
      undefined,
    ],
    [
      'from loopback to HTTP on another host',
      local,
      'http://zeyos.example.com/demo/auth/v1/token',
      'http://zeyos.example.com/demo/auth/v1/token',
      undefined,
    ],
    [
      'with user info',
      demo,
      'https://max:geheim@zeyos.example.com/demo/auth/v1/token',
      'https://zeyos.example.com/demo/auth/v1/token',
      undefined,
    ],
    [
      'to a port that browsers block',
      demo,
      'https://zeyos.example.com:6000/demo/auth/v1/token',
      'https://zeyos.example.com:6000/demo/auth/v1/token',
      undefined,
    ],
    [
      'to a path that can be written in two ways',
      demo,
      '/d%65mo/auth/v1/token',
      'https://cloud.zeyos.com/d%65mo/auth/v1/token',
      undefined,
    ],
    ['to a script', demo, 'javascript:alert(1)', '', undefined],
    ['to a file', demo, 'file:///etc/passwd', '', undefined],
    ['to an invalid URL', demo, 'https://', '', undefined],
    ['to an invalid host', demo, 'http://[', '', undefined],
    ['to an empty host', demo, '//', '', undefined],
  ];
  for (const [what, url, location, address, correction] of table) {
    it(`${what} shows ${address || 'no address'} and offers ${correction ?? 'nothing'}`, () => {
      const found = redirection(url, location);
      assert.deepEqual([found?.address ?? '', found?.correction?.href], [address, correction]);
      if (found) assert.equal(found.from, url.platform);
      const message = describeFailure(
        failure(httpResponse({ url, status: 302, headers: { Location: location } })),
        url.platform,
      );
      assert.ok(message.startsWith(`${url.platform.label} redirects to ${address || 'another address'}`), message);
      for (const secret of ['session', 'abc', 'def', 'geheim', 'next', '?'])
        assert.ok(!message.includes(secret), message);
    });
  }

  it('has no target without a Location header', () =>
    assert.equal(redirectionOf(httpResponse({ status: 302 })), undefined));

  const sentences: readonly [string, string, RegExp][] = [
    ['to another host', 'https://login.example/', /correct the URL of the instance\.$/],
    ['to itself', '/demo/', /a page of its own, instead of responding\. .*ask your ZeyOS administrator\.$/],
    [
      'to HTTP',
      'http://cloud.zeyos.com/demo/auth/v1/token',
      /where nothing is encrypted\. Credentials are never sent there/,
    ],
  ];
  for (const [what, location, sentence] of sentences) {
    it(`${what} is reported with what to do`, () => {
      assert.match(
        describeFailure(failure(httpResponse({ status: 307, headers: { Location: location } })), demo.platform),
        sentence,
      );
    });
  }

  describe('that contains a secret of the request', () => {
    const secret = 's3cret/Wörd';
    const everyByteEscaped = [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join('');
    const places: readonly [string, string][] = [
      ['in the query', `https://evil.example/demo/auth/v1/token?${encodeURIComponent(secret)}`],
      ['in the path', `https://evil.example/${secret}/demo/auth/v1/token`],
      ['in the path, encoded', `https://evil.example/${encodeURIComponent(secret)}/demo/auth/v1/token`],
      ['in the path, with every character escaped', `https://evil.example/${everyByteEscaped}/demo/auth/v1/token`],
      [
        'in the path, escaped twice',
        `https://evil.example/${everyByteEscaped.replaceAll('%', '%25')}/demo/auth/v1/token`,
      ],
      [
        'in the path, escaped three times',
        `https://evil.example/${everyByteEscaped.replaceAll('%', '%25').replaceAll('%', '%25')}/demo/auth/v1/token`,
      ],
      ['in the user info', `https://${encodeURIComponent(secret)}@evil.example/demo/auth/v1/token`],
      ['in the fragment', `https://evil.example/demo/auth/v1/token#${secret}`],
    ];
    for (const [what, location] of places) {
      it(`${what} does not show the secret, and offers nothing`, () => {
        const found = redirectionOf({
          ...httpResponse({ status: 302 }),
          headers: new Headers({ Location: Buffer.from(location).toString('latin1') }),
          conceal: concealSecrets([secret]),
        });
        const inUtf8 = redirectionOf({
          ...httpResponse({ status: 302 }),
          headers: { get: () => location } as unknown as Headers,
          conceal: concealSecrets([secret]),
        });
        for (const one of [found, inUtf8]) {
          assert.ok(one);
          assert.equal(new URL(one.address).host, 'evil.example');
          assert.doesNotMatch(decodeURIComponent(decodeURIComponent(decodeURIComponent(one.address))), /s3cret|rd/);
        }
        assert.equal(inUtf8?.correction?.href, undefined);
      });
    }

    it('in the host does not show the secret, and offers nothing', () => {
      const conceal = concealSecrets(['0123456789abcdef']);
      const found = redirectionOf({
        ...httpResponse({
          status: 302,
          headers: { Location: 'https://0123456789ABCDEF.evil.example/demo/auth/v1/token' },
        }),
        conceal,
      });
      assert.doesNotMatch(JSON.stringify(found ?? null), /0123456789abcdef/i);
      assert.equal(found?.correction, undefined);
    });
  });

  it('does not appear in the error message, which is logged', () => {
    const error = new HttpError(302, undefined, redirection(demo, 'https://zeyos.example.com/demo/auth/v1/token'));
    assert.equal(error.message, 'HTTP status 302');
    assert.equal(new URL(error.redirection?.address ?? '').host, 'zeyos.example.com');
  });
});
