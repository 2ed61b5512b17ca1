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

describe('The proxy', () => {
  const table: readonly [string, Partial<NetworkSettings>, Record<string, string>, string | undefined][] = [
    ['nothing is said', {}, {}, undefined],
    ['the setting names one', { proxy: 'http://p:1' }, {}, 'http://p:1'],
    ['only the environment names one', {}, { HTTPS_PROXY: 'http://e:1' }, 'http://e:1'],
    [
      'the environment names one in lower case',
      {},
      { https_proxy: 'http://e:1', HTTPS_PROXY: 'http://other:1' },
      'http://e:1',
    ],
    ['the environment names one for http only', {}, { HTTP_PROXY: 'http://e:1' }, 'http://e:1'],
    ['both name one', { proxy: 'http://p:1' }, { HTTPS_PROXY: 'http://e:1' }, 'http://p:1'],
    ['proxies are turned off', { proxy: 'http://p:1', support: 'off' }, { HTTPS_PROXY: 'http://e:1' }, undefined],
    ['the host is excepted', { proxy: 'http://p:1', noProxy: ['cloud.zeyos.com'] }, {}, undefined],
    ['its domain is excepted', { proxy: 'http://p:1', noProxy: ['other', ' ZEYOS.com '] }, {}, undefined],
    ['all below its domain are excepted', { proxy: 'http://p:1', noProxy: ['.zeyos.com'] }, {}, undefined],
    ['its port is excepted', { proxy: 'http://p:1', noProxy: ['zeyos.com:443'] }, {}, undefined],
    ['another port is excepted', { proxy: 'http://p:1', noProxy: ['zeyos.com:8443'] }, {}, 'http://p:1'],
    ['a host that only ends alike is excepted', { proxy: 'http://p:1', noProxy: ['os.com'] }, {}, 'http://p:1'],
    ['everything is excepted', { proxy: 'http://p:1', noProxy: ['*'] }, {}, undefined],
    ['the environment excepts it', { proxy: 'http://p:1' }, { NO_PROXY: 'a, zeyos.com' }, undefined],
    [
      'the environment excepts it and the setting others',
      { proxy: 'http://p:1', noProxy: ['other'] },
      { NO_PROXY: 'zeyos.com' },
      'http://p:1',
    ],
  ];
  for (const [what, settings, environment, expected] of table) {
    it(`is ${expected ?? 'none'} where ${what}`, () =>
      assert.equal(proxyFor(cloud, { ...none, ...settings, environment })?.url, expected && `${expected}/`));
  }

  it('is none for this machine', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      assert.equal(proxyFor(new URL(`https://${host}/demo`), { ...none, proxy: 'http://p:1' }), undefined);
  });

  it('gets the authorization that the setting has', () => {
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
