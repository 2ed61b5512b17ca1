import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseInstances } from '../../../../src/session/model/instance';
import { scopesKey, selectInstance } from '../../../../src/session/model/scopes';

const { instances } = parseInstances([
  { url: 'demo', name: 'Production' },
  { url: 'acme' },
  { url: 'https://zeyos.example.com/acme' },
]);
const demo = 'https://cloud.zeyos.com/demo';

function selected(...scopes: string[]): string {
  const selection = selectInstance(scopes, instances);
  switch (selection.kind) {
    case 'any':
      return 'any';
    case 'one':
      return selection.platform.href + (selection.instance ? '' : ' (not configured)');
    case 'none':
      return `none: ${selection.why} (${selection.scope})`;
  }
}

describe('Scopes', () => {
  const table: readonly [string, readonly string[], string][] = [
    ['select any instance if there are none', [], 'any'],
    ['select an instance by its URL', [demo], demo],
    ['select an instance by its URL in another form', ['HTTPS://CLOUD.zeyos.com:443/demo/'], demo],
    ['select an instance by its bare name', ['demo'], demo],
    ['may name the same instance repeatedly', ['demo', demo, `${demo}/`], demo],
    ['select an instance by its URL among labels', ['read', demo, 'write'], demo],
    ['select any instance if they are only labels', ['read', 'write'], 'any'],
    ['treat a bare name that is not configured as a label', ['other'], 'any'],
    ['treat a display name as a label', ['treat a name in another case as a label'], 'any'],
    ['do not select by a name in another case', ['Demo'], 'any'],
    [
      'select a URL that is not configured',
      ['https://cloud.zeyos.com/other'],
      'https://cloud.zeyos.com/other (not configured)',
    ],
    ['distinguish a longer path of the same host from a configured one', [`${demo}/x`], `${demo}/x (not configured)`],
    ['select no instance by an ambiguous name', ['acme'], 'none: ambiguous (acme)'],
    [
      'select no instance by an ambiguous name with one of its URLs',
      ['https://cloud.zeyos.com/acme', 'acme'],
      'none: ambiguous (acme)',
    ],
    [
      'select no instance by the URLs of two instances',
      [demo, 'https://cloud.zeyos.com/acme'],
      'none: several (https://cloud.zeyos.com/acme)',
    ],
    [
      'select no instance by a URL without an instance',
      ['https://cloud.zeyos.com'],
      'none: notPlatformUrl (https://cloud.zeyos.com)',
    ],
    [
      'select no instance by an insecure URL',
      ['http://cloud.zeyos.com/demo'],
      'none: notPlatformUrl (http://cloud.zeyos.com/demo)',
    ],
    ['select no instance by a URL with a query', [`${demo}?x`], `none: notPlatformUrl (${demo}?x)`],
    [
      'select no instance by a URL that lacks a slash',
      ['https:/cloud.zeyos.com/demo'],
      'none: notPlatformUrl (https:/cloud.zeyos.com/demo)',
    ],
  ];
  for (const [what, scopes, expected] of table) it(what, () => assert.equal(selected(...scopes), expected));

  it('with a URL never select another instance than the URL names', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.string(), fc.constantFrom(demo, 'demo', 'acme', 'https://x', 'https://cloud.zeyos.com/acme')),
          { maxLength: 5 },
        ),
        (scopes) => {
          const selection = selectInstance(scopes, instances);
          for (const url of scopes.filter((scope) => scope.startsWith('https:'))) {
            assert.notEqual(selection.kind, 'any');
            if (selection.kind === 'one') assert.equal(selection.platform.href, url);
          }
        },
      ),
    );
  });

  it('are equal in any order and with any repetition', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (scopes) =>
        assert.equal(scopesKey([...scopes, ...scopes].reverse()), scopesKey(scopes)),
      ),
    );
    assert.notEqual(scopesKey(['a', 'b']), scopesKey(['a b']));
    assert.notEqual(scopesKey(['a,b']), scopesKey(['a', 'b']));
  });
});
