import assert from 'node:assert/strict';
import { findInstance, parseInstances } from '../../../../src/session/model/instance';

const urls = (setting: unknown) => parseInstances(setting).instances.map(({ platform }) => platform.href);

describe('The setting zeyos.instances', () => {
  it('contains instances by URL or bare name, with optional names', () => {
    const { instances, problems } = parseInstances([
      { url: 'https://zeyos.example.com/a/' },
      { url: 'demo', name: ' The\u202e Demo ' },
      { url: 'acme', name: '' },
    ]);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      instances.map(({ platform, name }) => [platform.href, name]),
      [
        ['https://zeyos.example.com/a', 'a'],
        ['https://cloud.zeyos.com/demo', 'The Demo'],
        ['https://cloud.zeyos.com/acme', 'acme'],
      ],
    );
  });

  const wrong: readonly [string, unknown, string, string][] = [
    ['that is a string', 'demo', '#2', 'notAnObject'],
    ['that is null', null, '#2', 'notAnObject'],
    ['that is a list', ['demo'], '#2', 'notAnObject'],
    ['without a URL', { name: 'Demo' }, '#2', 'noUrl'],
    ['with a number as the URL', { url: 7 }, '#2', 'noUrl'],
    ['with an empty URL', { url: ' ' }, '#2', 'empty'],
    ['with a text that is not a URL', { url: 'my demo' }, 'my demo', 'notUrl'],
    [
      'with http on a host that is not loopback',
      { url: 'http://cloud.zeyos.com/demo' },
      'http://cloud.zeyos.com/demo',
      'insecure',
    ],
    ['with another scheme', { url: 'ftp://cloud.zeyos.com/demo' }, 'ftp://cloud.zeyos.com/demo', 'scheme'],
    ['with user info', { url: 'https://max@cloud.zeyos.com/demo' }, 'https://cloud.zeyos.com/demo', 'userInfo'],
    [
      'with a password, which is not shown',
      { url: 'https://max:geheim-4711@cloud.zeyos.com/demo' },
      'https://cloud.zeyos.com/demo',
      'userInfo',
    ],
    [
      'with a password that is not escaped, which is not shown',
      { url: ' https://max:ge/h #e@im@cloud.zeyos.com/demo' },
      'https://cloud.zeyos.com/demo',
      'userInfo',
    ],
    [
      'with a password but no scheme, which is not shown',
      { url: 'max:geheim@cloud.zeyos.com/demo' },
      'cloud.zeyos.com/demo',
      'userInfo',
    ],
    ['with only user info, which is not shown', { url: 'max:geheim@' }, '#2', 'userInfo'],
    [
      'with a query, which is not shown',
      { url: 'https://cloud.zeyos.com/demo?x' },
      'https://cloud.zeyos.com/demo',
      'query',
    ],
    [
      'with a fragment, which is not shown',
      { url: 'https://cloud.zeyos.com/demo#token=abc' },
      'https://cloud.zeyos.com/demo',
      'query',
    ],
    [
      'with a query and a password, which are not shown',
      { url: 'https://max:geheim@cloud.zeyos.com/demo?x' },
      'https://cloud.zeyos.com/demo',
      'userInfo',
    ],
    [
      'with two texts that could be a password, which are not shown',
      { url: 'https://max:geheim@cloud.zeyos.com/demo?x=a@b/abc' },
      '#2',
      'userInfo',
    ],
    [
      'with a blocked port',
      { url: 'https://zeyos.example.com:6000/demo' },
      'https://zeyos.example.com:6000/demo',
      'port',
    ],
    ['with a blocked port on loopback', { url: 'http://localhost:06667/demo' }, 'http://localhost:06667/demo', 'port'],
    ['with a blocked port and no scheme', { url: 'zeyos.example.com:25/demo' }, 'zeyos.example.com:25/demo', 'port'],
    ['without an instance', { url: 'https://cloud.zeyos.com/' }, 'https://cloud.zeyos.com/', 'noInstance'],
    [
      'with a path that can be written in two ways',
      { url: 'https://cloud.zeyos.com/d%65mo' },
      'https://cloud.zeyos.com/d%65mo',
      'path',
    ],
    [
      'that repeats another one in a different form',
      { url: 'https://CLOUD.zeyos.com:443/first/' },
      'https://CLOUD.zeyos.com:443/first/',
      'duplicate',
    ],
    ['with a misleading bidirectional character', { url: 'evil\u202e\n demo' }, 'evil demo', 'notUrl'],
  ];
  for (const [what, entry, name, problem] of wrong) {
    it(`reports by name an entry ${what}, and keeps the others`, () => {
      const { instances, problems, warnings } = parseInstances([{ url: 'first' }, entry, { url: 'last' }]);
      assert.deepEqual(
        problems.map((its) => [its.entry, its.problem]),
        [[name, problem]],
      );
      assert.deepEqual(warnings, []);
      assert.deepEqual(
        instances.map(({ platform }) => platform.instanceName),
        ['first', 'last'],
      );
    });
  }

  const correctable: readonly [string, string, string | undefined][] = [
    ['a deep link', 'https://cloud.zeyos.com/demo/?umi=1#x', 'https://cloud.zeyos.com/demo'],
    ['a doubled slash', 'https://cloud.zeyos.com//demo', 'https://cloud.zeyos.com/demo'],
    ['an address in angle brackets', '<https://cloud.zeyos.com/demo>', 'https://cloud.zeyos.com/demo'],
    [
      'an API with a query',
      'https://zeyos.example.com:8443/demo/api/v1/tickets?a=b',
      'https://zeyos.example.com:8443/demo',
    ],
    ['HTTP', 'http://cloud.zeyos.com/demo', 'https://cloud.zeyos.com/demo'],
    ['user info', 'https://max:geheim@cloud.zeyos.com/demo/?x', undefined],
    ['no instance', 'https://cloud.zeyos.com/?x', undefined],
  ];
  for (const [what, url, expected] of correctable) {
    it(`with ${what} ${expected ? `offers ${expected}` : 'offers no other URL'}`, () => {
      const {
        instances,
        problems: [problem],
      } = parseInstances([{ url }]);
      assert.deepEqual(
        [instances.length, problem?.correction?.platform.href, problem?.correction?.written],
        [0, expected, expected && url],
      );
      assert.doesNotMatch(problem?.entry ?? '', /[?#]\w|geheim/);
    });
  }

  it('with the URL of an API is used, with a warning that offers the probable platform URL', () => {
    for (const path of ['/api/v1', '/api/v1/tickets', '/auth/v1/token', '/oauth2/v1/authorize']) {
      const {
        instances,
        problems,
        warnings: [warning, ...others],
      } = parseInstances([{ url: `https://cloud.zeyos.com/demo${path}` }]);
      assert.deepEqual(
        instances.map(({ platform }) => platform.path),
        [`/demo${path}`],
      );
      assert.deepEqual(
        [problems, warning?.problem, warning?.correction?.platform.href, others],
        [[], 'endpoint', 'https://cloud.zeyos.com/demo', []],
      );
    }
    assert.deepEqual(
      parseInstances([{ url: 'https://gw.example/api/v1' }, { url: 'https://gw.example/apis/demo' }]).warnings,
      [],
    );
  });

  const ports: readonly [unknown, number, string | undefined][] = [
    [undefined, 9005, undefined],
    [null, 9005, undefined],
    [9005, 9005, undefined],
    [1024, 1024, undefined],
    [65_535, 65_535, undefined],
    [6000, 9005, 'blockedRedirectPort'],
    [6667, 9005, 'blockedRedirectPort'],
    [10_080, 9005, 'blockedRedirectPort'],
    [22, 9005, 'blockedRedirectPort'],
    [1, 9005, 'blockedRedirectPort'],
    [0, 9005, 'redirectPort'],
    [-1, 9005, 'redirectPort'],
    [65_536, 9005, 'redirectPort'],
    [80.5, 9005, 'redirectPort'],
    ['9006', 9005, 'redirectPort'],
    [true, 9005, 'redirectPort'],
  ];
  for (const [redirectPort, used, problem] of ports) {
    it(`with the redirect port ${JSON.stringify(redirectPort)} uses ${used}${problem ? `, and reports the problem ${problem}` : ''}`, () => {
      const { instances, problems, warnings } = parseInstances([{ url: 'demo', redirectPort }]);
      assert.deepEqual(
        [instances.map((instance) => instance.redirectPort), problems, warnings],
        [[used], [], problem ? [{ entry: 'demo', problem }] : []],
      );
    });
  }

  for (const [value, isProduction, problem] of [
    [true, true, undefined],
    [false, undefined, undefined],
    [null, undefined, undefined],
    [undefined, undefined, undefined],
    ['true', true, 'production'],
    [0, true, 'production'],
  ] as const) {
    it(`reads "production": ${JSON.stringify(value)} as ${isProduction ? 'a' : 'no'} production instance${problem ? ', and warns' : ''}`, () => {
      const { instances, warnings } = parseInstances([{ url: 'demo', production: value }]);
      assert.deepEqual(
        [instances[0]?.isProduction, warnings],
        [isProduction, problem ? [{ entry: 'demo', problem }] : []],
      );
    });
  }

  it('may contain invisible characters, which are ignored', () => {
    const { instances, problems } = parseInstances([
      {
        url: '\ufeffhttps://cloud.zey\u200bos.com/de\u00admo\u00a0',
        signIn: 'browser\u200b',
        clientId: ' vs\u200bcode\n',
        caFile: '\u202a/etc/ca with\u00a0blank.pem\u200b',
      },
      { url: 'acme\u00a0' },
    ]);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      instances.map(({ platform, ...its }) => [platform.href, its]),
      [
        [
          'https://cloud.zeyos.com/demo',
          {
            name: 'demo',
            signIn: 'browser',
            clientId: 'vscode',
            redirectPort: 9005,
            caFile: '/etc/ca with\u00a0blank.pem',
          },
        ],
        ['https://cloud.zeyos.com/acme', { name: 'acme', redirectPort: 9005 }],
      ],
    );
  });

  it('may be absent, or a single entry without a list', () => {
    assert.deepEqual([urls(undefined), urls(null), urls([])], [[], [], []]);
    assert.deepEqual(urls({ url: 'demo' }), ['https://cloud.zeyos.com/demo']);
  });
});

describe('An instance', () => {
  const { instances } = parseInstances([
    { url: 'demo', name: 'Production' },
    { url: 'https://zeyos.example.com/demo' },
    { url: 'acme', name: 'shop' },
    { url: 'shop', name: 'Shop' },
    { url: 'one', name: 'Twin' },
    { url: 'two', name: 'Twin' },
  ]);
  const table: readonly [string, string, string | undefined][] = [
    ['its URL', 'https://cloud.zeyos.com/demo', 'https://cloud.zeyos.com/demo'],
    ['its URL in another form', 'HTTPS://Cloud.zeyos.com:443/demo/', 'https://cloud.zeyos.com/demo'],
    ['its bare name', 'acme', 'https://cloud.zeyos.com/acme'],
    ['its bare name, which precedes the display name of another instance', 'shop', 'https://cloud.zeyos.com/shop'],
    ['its display name', 'Production', 'https://cloud.zeyos.com/demo'],
    ['a bare name of two instances', 'demo', undefined],
    ['a display name of two instances', 'Twin', undefined],
    ['a URL that is not configured', 'https://cloud.zeyos.com/other', undefined],
    ['an invalid URL', 'https://cloud.zeyos.com', undefined],
    ['a name in another case', 'ACME', undefined],
    ['an empty text', '', undefined],
  ];
  for (const [what, text, expected] of table) {
    it(`${expected ? 'is' : 'is not'} found by ${what}`, () =>
      assert.equal(findInstance(instances, text)?.platform.href, expected));
  }
});
