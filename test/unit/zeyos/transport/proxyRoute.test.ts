import assert from 'node:assert/strict';
import { routeOf, shownProxy, type NetworkSettings } from '../../../../src/zeyos/transport/proxy';

const nothing: NetworkSettings = {
  proxy: '',
  support: 'override',
  noProxy: [],
  authorization: '',
  verifies: true,
  environment: {},
};

/** Describes the route, as in `http.proxy http://proxy:8080`. */
function route(url: string, configuration: Partial<NetworkSettings>): string {
  const found = routeOf(new URL(url), { ...nothing, ...configuration });
  if (found.kind === 'proxy') return `${found.source} ${shownProxy(found.url)}`;
  if (found.kind === 'invalid') return `${found.source} invalid`;
  return found.reason === 'bypassed' ? `${found.source} ${found.entry}` : found.reason;
}

describe('The route to an instance', () => {
  const url = 'https://cloud.zeyos.com/demo';
  const proxy = 'http://proxy.example:8080';
  const table: readonly (readonly [string, string, Partial<NetworkSettings>, string])[] = [
    ['is the system’s if nothing is set', url, {}, 'system'],
    ['is direct if proxies are off', url, { support: 'off' }, 'none'],
    ['is direct to a loopback address', 'http://127.0.0.1:1/demo', { proxy }, 'loopback'],
    ['is direct to localhost', 'http://localhost:1/demo', { proxy }, 'loopback'],
    [
      'is the proxy of the setting',
      url,
      { proxy, environment: { HTTPS_PROXY: 'http://other' } },
      `http.proxy ${proxy}`,
    ],
    ['is the proxy of the environment', url, { environment: { https_proxy: proxy } }, `https_proxy ${proxy}`],
    [
      'is the proxy of the environment for http if there is no other',
      url,
      { environment: { HTTP_PROXY: proxy } },
      `HTTP_PROXY ${proxy}`,
    ],
    [
      'shows the proxy without its credentials',
      url,
      { proxy: 'http://user:secret@proxy.example:8080' },
      `http.proxy ${proxy}`,
    ],
    [
      'may lead through a SOCKS proxy',
      url,
      { proxy: 'socks5://proxy.example:1080' },
      'http.proxy socks5://proxy.example:1080',
    ],
    ['is invalid if the setting is not a URL', url, { proxy: 'proxy.example' }, 'http.proxy invalid'],
    [
      'is the proxy of the setting without path, query and fragment, which the editor ignores too',
      url,
      { proxy: `${proxy}/path?query#fragment` },
      `http.proxy ${proxy}`,
    ],
    [
      'is invalid if the password contains a #',
      url,
      { proxy: 'http://max:4711#geheim@proxy.example:8080' },
      'http.proxy invalid',
    ],
    [
      'is invalid if the password contains a slash',
      url,
      { environment: { HTTPS_PROXY: 'http://max:4711/geheim@proxy.example:8080' } },
      'HTTPS_PROXY invalid',
    ],
    [
      'is invalid if the password contains a question mark',
      url,
      { proxy: 'socks5://max:4711?geheim@proxy.example:8080' },
      'http.proxy invalid',
    ],
    [
      'is invalid if the password contains a backslash',
      url,
      { proxy: 'http://max:4711\\geheim@proxy.example:8080' },
      'http.proxy invalid',
    ],
    ['is invalid if the setting has another scheme', url, { proxy: 'file:///x' }, 'http.proxy invalid'],
    ['is reported as off if a proxy is set but proxies are off', url, { proxy, support: 'off' }, 'off'],
    ['is direct for an exempted host', url, { proxy, noProxy: ['cloud.zeyos.com'] }, 'http.noProxy cloud.zeyos.com'],
    [
      'is direct for an exempted domain with a leading dot',
      url,
      { proxy, noProxy: ['.zeyos.com'] },
      'http.noProxy .zeyos.com',
    ],
    ['is direct for an exempted port', url, { proxy, noProxy: ['zeyos.com:443'] }, 'http.noProxy zeyos.com:443'],
    ['is the proxy for another port', url, { proxy, noProxy: ['zeyos.com:8443'] }, `http.proxy ${proxy}`],
    [
      'is the proxy for a host that only ends like an exempted domain',
      url,
      { proxy, noProxy: ['eyos.com'] },
      `http.proxy ${proxy}`,
    ],
    ['is direct if all hosts are exempted', url, { proxy, noProxy: ['*'] }, 'http.noProxy *'],
    [
      'is direct if the setting exempts all hosts with blanks around the star',
      url,
      { proxy, noProxy: ['example.com', ' * '] },
      'http.noProxy *',
    ],
    [
      'is direct if the environment exempts all hosts',
      url,
      { proxy, environment: { NO_PROXY: ' example.com,* ' } },
      'NO_PROXY *',
    ],
    [
      'is the proxy if the environment has a blank before its star, which the editor ignores',
      url,
      { proxy, environment: { NO_PROXY: 'example.com, *' } },
      `http.proxy ${proxy}`,
    ],
    [
      'is direct for a domain that the environment exempts',
      url,
      { proxy, environment: { NO_PROXY: 'example.com, zeyos.com' } },
      'NO_PROXY zeyos.com',
    ],
    [
      'is the proxy for a host that only the environment exempts if the setting exempts any',
      url,
      { proxy, noProxy: ['example.com'], environment: { NO_PROXY: '*' } },
      `http.proxy ${proxy}`,
    ],
  ];
  for (const [what, target, configuration, expected] of table) {
    it(what, () => assert.equal(route(target, configuration), expected));
  }
});
