import assert from 'node:assert/strict';
import { findInstance, parseInstances } from '../../src/session/instance';

const urls = (setting: unknown) => parseInstances(setting).instances.map(({ platform }) => platform.href);

describe('The setting of instances', () => {
  it('names instances by URL or by bare name, with a name for display', () => {
    const { instances, problems } = parseInstances([{ url: 'https://zeyos.example.com/a/' }, { url: 'demo', name: ' The\u202e Demo ' }, { url: 'acme', name: '' }]);
    assert.deepEqual(problems, []);
    assert.deepEqual(instances.map(({ platform, name }) => [platform.href, name]), [
      ['https://zeyos.example.com/a', 'a'],
      ['https://cloud.zeyos.com/demo', 'The Demo'],
      ['https://cloud.zeyos.com/acme', 'acme'],
    ]);
  });

  const wrong: readonly [string, unknown, string, string][] = [
    ['no object', 'demo', '#2', 'notAnObject'],
    ['null', null, '#2', 'notAnObject'],
    ['a list', ['demo'], '#2', 'notAnObject'],
    ['without a URL', { name: 'Demo' }, '#2', 'noUrl'],
    ['with a number for a URL', { url: 7 }, '#2', 'noUrl'],
    ['with an empty URL', { url: ' ' }, '#2', 'empty'],
    ['with something else', { url: 'my demo' }, 'my demo', 'notUrl'],
    ['with http on a host that is not loopback', { url: 'http://cloud.zeyos.com/demo' }, 'http://cloud.zeyos.com/demo', 'insecure'],
    ['with another scheme', { url: 'ftp://cloud.zeyos.com/demo' }, 'ftp://cloud.zeyos.com/demo', 'scheme'],
    ['with user info', { url: 'https://max@cloud.zeyos.com/demo' }, 'https://cloud.zeyos.com/demo', 'userInfo'],
    ['with a password, which is not repeated', { url: 'https://max:geheim-4711@cloud.zeyos.com/demo' }, 'https://cloud.zeyos.com/demo', 'userInfo'],
    ['with a password as people type it, which is not repeated', { url: ' https://max:ge/h #e@im@cloud.zeyos.com/demo' }, 'https://cloud.zeyos.com/demo', 'userInfo'],
    ['with a password and without a scheme, which is not repeated', { url: 'max:geheim@cloud.zeyos.com/demo' }, 'cloud.zeyos.com/demo', 'userInfo'],
    ['with nothing but a password, which is not repeated', { url: 'max:geheim@' }, '#2', 'userInfo'],
    ['with a query', { url: 'https://cloud.zeyos.com/demo?x' }, 'https://cloud.zeyos.com/demo?x', 'query'],
    ['without an instance', { url: 'https://cloud.zeyos.com/' }, 'https://cloud.zeyos.com/', 'noInstance'],
    ['with a path that could be written in two ways', { url: 'https://cloud.zeyos.com/d%65mo' }, 'https://cloud.zeyos.com/d%65mo', 'path'],
    ['that is there already, written otherwise', { url: 'https://CLOUD.zeyos.com:443/first/' }, 'https://CLOUD.zeyos.com:443/first/', 'duplicate'],
    ['named so that it would deceive', { url: 'evil\u202e\n demo' }, 'evil demo', 'notUrl'],
  ];
  for (const [what, entry, name, problem] of wrong) {
    it(`reports an entry ${what}, by name, and keeps the others`, () => {
      const { instances, problems } = parseInstances([{ url: 'first' }, entry, { url: 'last' }]);
      assert.deepEqual(problems, [{ entry: name, problem }]);
      assert.deepEqual(instances.map(({ platform }) => platform.instance), ['first', 'last']);
    });
  }

  it('may be absent, or one entry without a list', () => {
    assert.deepEqual([urls(undefined), urls(null), urls([])], [[], [], []]);
    assert.deepEqual(urls({ url: 'demo' }), ['https://cloud.zeyos.com/demo']);
  });
});

describe('An instance', () => {
  const { instances } = parseInstances([
    { url: 'demo', name: 'Production' }, { url: 'https://zeyos.example.com/demo' }, { url: 'acme', name: 'shop' }, { url: 'shop', name: 'Shop' }, { url: 'one', name: 'Twin' }, { url: 'two', name: 'Twin' },
  ]);
  const table: readonly [string, string, string | undefined][] = [
    ['its URL', 'https://cloud.zeyos.com/demo', 'https://cloud.zeyos.com/demo'],
    ['its URL written otherwise', 'HTTPS://Cloud.zeyos.com:443/demo/', 'https://cloud.zeyos.com/demo'],
    ['its bare name', 'acme', 'https://cloud.zeyos.com/acme'],
    ['its bare name rather than another’s display name', 'shop', 'https://cloud.zeyos.com/shop'],
    ['its display name', 'Production', 'https://cloud.zeyos.com/demo'],
    ['a bare name that two have', 'demo', undefined],
    ['a display name that two have', 'Twin', undefined],
    ['a URL that none has', 'https://cloud.zeyos.com/other', undefined],
    ['a URL that is wrong', 'https://cloud.zeyos.com', undefined],
    ['a name in another case', 'ACME', undefined],
    ['nothing', '', undefined],
  ];
  for (const [what, text, expected] of table) {
    it(`${expected ? 'is' : 'is not'} found by ${what}`, () => assert.equal(findInstance(instances, text)?.platform.href, expected));
  }
});
