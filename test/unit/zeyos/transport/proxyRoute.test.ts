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

/** In short, as in `http.proxy http://proxy:8080`. */
function route(url: string, configuration: Partial<NetworkSettings>): string {
  const found = routeOf(new URL(url), { ...nothing, ...configuration });
  if (found.kind === 'proxy') return `${found.source} ${shownProxy(found.url)}`;
  if (found.kind === 'invalid') return `${found.source} invalid`;
  return found.reason === 'bypassed' ? `${found.source} ${found.entry}` : found.reason;
}

describe('The way out of this machine', () => {
  const url = 'https://cloud.zeyos.com/demo';
  const proxy = 'http://proxy.example:8080';
  const table: readonly (readonly [string, string, Partial<NetworkSettings>, string])[] = [
    ["is the system's where nothing is set", url, {}, 'system'],
    ['is direct where proxies are off', url, { support: 'off' }, 'none'],
    ['is direct to this machine', 'http://127.0.0.1:1/demo', { proxy }, 'loopback'],
    ['is direct to localhost', 'http://localhost:1/demo', { proxy }, 'loopback'],
    [
      'is the proxy of the setting',
      url,
      { proxy, environment: { HTTPS_PROXY: 'http://other' } },
      `http.proxy ${proxy}`,
    ],
    ['is the proxy of the environment', url, { environment: { https_proxy: proxy } }, `https_proxy ${proxy}`],
    [
      'is the proxy of the environment that is meant for http, if there is no other',
      url,
      { environment: { HTTP_PROXY: proxy } },
      `HTTP_PROXY ${proxy}`,
    ],
    [
      'shows a proxy without its credentials',
      url,
      { proxy: 'http://user:secret@proxy.example:8080' },
      `http.proxy ${proxy}`,
    ],
    ['may be a SOCKS proxy', url, { proxy: 'socks5://proxy.example:1080' }, 'http.proxy socks5://proxy.example:1080'],
    ['is nowhere where the setting is no address', url, { proxy: 'proxy.example' }, 'http.proxy invalid'],
    [
      'is the proxy of the setting, whatever follows its host: the editor ignores that too',
      url,
      { proxy: `${proxy}/path?query#fragment` },
      `http.proxy ${proxy}`,
    ],
    [
      'is nowhere where a password ends at a character that it holds',
      url,
      { proxy: 'http://max:4711#geheim@proxy.example:8080' },
      'http.proxy invalid',
    ],
    [
      'is nowhere where a password ends at a slash that it holds',
      url,
      { environment: { HTTPS_PROXY: 'http://max:4711/geheim@proxy.example:8080' } },
      'HTTPS_PROXY invalid',
    ],
    [
      'is nowhere where a password ends at a question mark that it holds',
      url,
      { proxy: 'socks5://max:4711?geheim@proxy.example:8080' },
      'http.proxy invalid',
    ],
    [
      'is nowhere where a password ends at a backslash that it holds',
      url,
      { proxy: 'http://max:4711\\geheim@proxy.example:8080' },
      'http.proxy invalid',
    ],
    ['is nowhere where the setting is another kind of address', url, { proxy: 'file:///x' }, 'http.proxy invalid'],
    ['says when a proxy is set that is not used', url, { proxy, support: 'off' }, 'off'],
    ['is direct for an exempted host', url, { proxy, noProxy: ['cloud.zeyos.com'] }, 'http.noProxy cloud.zeyos.com'],
    [
      'is direct for an exempted domain, with its dot or without',
      url,
      { proxy, noProxy: ['.zeyos.com'] },
      'http.noProxy .zeyos.com',
    ],
    ['is direct for an exempted port', url, { proxy, noProxy: ['zeyos.com:443'] }, 'http.noProxy zeyos.com:443'],
    ['is the proxy for another port', url, { proxy, noProxy: ['zeyos.com:8443'] }, `http.proxy ${proxy}`],
    ['is the proxy for a host that only ends alike', url, { proxy, noProxy: ['eyos.com'] }, `http.proxy ${proxy}`],
    ['is direct for all hosts', url, { proxy, noProxy: ['*'] }, 'http.noProxy *'],
    [
      'is direct for all hosts, in the setting with blanks too',
      url,
      { proxy, noProxy: ['example.com', ' * '] },
      'http.noProxy *',
    ],
    [
      'is direct for all hosts that the environment exempts',
      url,
      { proxy, environment: { NO_PROXY: ' example.com,* ' } },
      'NO_PROXY *',
    ],
    [
      'is the proxy where the environment has a blank before its star, which the editor does not see then',
      url,
      { proxy, environment: { NO_PROXY: 'example.com, *' } },
      `http.proxy ${proxy}`,
    ],
    [
      'is direct for what the environment exempts',
      url,
      { proxy, environment: { NO_PROXY: 'example.com, zeyos.com' } },
      'NO_PROXY zeyos.com',
    ],
    [
      'is the proxy for what only the environment exempts, where the setting exempts anything',
      url,
      { proxy, noProxy: ['example.com'], environment: { NO_PROXY: '*' } },
      `http.proxy ${proxy}`,
    ],
  ];
  for (const [what, target, configuration, expected] of table) {
    it(what, () => assert.equal(route(target, configuration), expected));
  }
});
