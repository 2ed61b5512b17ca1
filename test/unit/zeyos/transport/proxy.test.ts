import assert from 'node:assert/strict';
import { SettingsError } from '../../../../src/zeyos/errors';
import { proxyFor, type NetworkSettings } from '../../../../src/zeyos/transport/proxy';

const cloud = new URL('https://cloud.zeyos.com/demo');
const none: NetworkSettings = {
  proxy: '',
  support: 'override',
  noProxy: [],
  authorization: '',
  verifies: true,
  environment: {},
};

describe('The proxy for a caFile', () => {
  const table: readonly [string, Partial<NetworkSettings>, Record<string, string>, string | undefined][] = [
    ['nothing is set', {}, {}, undefined],
    ['the setting names one', { proxy: 'http://p:1' }, {}, 'http://p:1'],
    ['only the environment names one', {}, { HTTPS_PROXY: 'http://e:1' }, 'http://e:1'],
    [
      'the environment names one in lower case',
      {},
      { https_proxy: 'http://e:1', HTTPS_PROXY: 'http://other:1' },
      'http://e:1',
    ],
    ['the environment names one for http only', {}, { HTTP_PROXY: 'http://e:1' }, 'http://e:1'],
    ['setting and environment name one', { proxy: 'http://p:1' }, { HTTPS_PROXY: 'http://e:1' }, 'http://p:1'],
    ['proxies are turned off', { proxy: 'http://p:1', support: 'off' }, { HTTPS_PROXY: 'http://e:1' }, undefined],
    ['the host is exempted', { proxy: 'http://p:1', noProxy: ['cloud.zeyos.com'] }, {}, undefined],
    ['its domain is exempted', { proxy: 'http://p:1', noProxy: ['other', ' ZEYOS.com '] }, {}, undefined],
    ['all hosts of its domain are exempted', { proxy: 'http://p:1', noProxy: ['.zeyos.com'] }, {}, undefined],
    ['its port is exempted', { proxy: 'http://p:1', noProxy: ['zeyos.com:443'] }, {}, undefined],
    ['another port is exempted', { proxy: 'http://p:1', noProxy: ['zeyos.com:8443'] }, {}, 'http://p:1'],
    ['a suffix of the domain’s name is exempted', { proxy: 'http://p:1', noProxy: ['os.com'] }, {}, 'http://p:1'],
    ['all hosts are exempted', { proxy: 'http://p:1', noProxy: ['*'] }, {}, undefined],
    ['the environment exempts it', { proxy: 'http://p:1' }, { NO_PROXY: 'a, zeyos.com' }, undefined],
    [
      'the environment exempts it and the setting exempts others',
      { proxy: 'http://p:1', noProxy: ['other'] },
      { NO_PROXY: 'zeyos.com' },
      'http://p:1',
    ],
  ];
  for (const [what, settings, environment, expected] of table) {
    it(`is ${expected ?? 'none'} if ${what}`, () =>
      assert.equal(proxyFor(cloud, { ...none, ...settings, environment })?.url, expected && `${expected}/`));
  }

  it('is none for loopback', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      assert.equal(proxyFor(new URL(`https://${host}/demo`), { ...none, proxy: 'http://p:1' }), undefined);
  });

  it('is sent the credentials of http.proxyAuthorization', () => {
    assert.deepEqual(proxyFor(cloud, { ...none, proxy: 'http://p:1', authorization: 'Basic x' }), {
      url: 'http://p:1/',
      authorization: 'Basic x',
    });
  });

  for (const url of ['socks5://p:1', 'p:3128', 'proxy']) {
    it(`cannot be ${url}`, () =>
      assert.throws(
        () => proxyFor(cloud, { ...none, proxy: url }),
        (error) => error instanceof SettingsError && error.problem === 'proxyUnsupported',
      ));
  }
});
