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
    ['select any instance where there are none', [], 'any'],
    ['select an instance by its URL', [demo], demo],
    ['select an instance by its URL written otherwise', ['HTTPS://CLOUD.zeyos.com:443/demo/'], demo],
    ['select an instance by its bare name', ['demo'], demo],
    ['may name the same instance twice', ['demo', demo, `${demo}/`], demo],
    ['select an instance beside labels', ['read', demo, 'write'], demo],
    ['of labels only select any', ['read', 'write'], 'any'],
    ['tell of a bare name that no instance has no more than of a label', ['other'], 'any'],
    ['do not select by a display name', ['Production'], 'any'],
    ['do not select by a name in another case', ['Demo'], 'any'],
    [
      'select a URL that is not configured',
      ['https://cloud.zeyos.com/other'],
      'https://cloud.zeyos.com/other (not configured)',
    ],
    ['tell another path of the same host from a configured one', [`${demo}/x`], `${demo}/x (not configured)`],
    ['select none by an ambiguous name', ['acme'], 'none: ambiguous (acme)'],
    [
      'select none where an ambiguous name comes with one of its URLs',
      ['https://cloud.zeyos.com/acme', 'acme'],
      'none: ambiguous (acme)',
    ],
    ['select none of several', [demo, 'https://cloud.zeyos.com/acme'], 'none: several (https://cloud.zeyos.com/acme)'],
    [
      'select none by a URL that is wrong',
      ['https://cloud.zeyos.com'],
      'none: notPlatformUrl (https://cloud.zeyos.com)',
    ],
    [
      'select none by an insecure URL',
      ['http://cloud.zeyos.com/demo'],
      'none: notPlatformUrl (http://cloud.zeyos.com/demo)',
    ],
    ['select none by a URL with a query', [`${demo}?x`], `none: notPlatformUrl (${demo}?x)`],
    [
      'select none by a URL that lacks a slash',
      ['https:/cloud.zeyos.com/demo'],
      'none: notPlatformUrl (https:/cloud.zeyos.com/demo)',
    ],
  ];
  for (const [what, scopes, expected] of table) it(what, () => assert.equal(selected(...scopes), expected));

  it('never select another instance than a URL among them names', () => {
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

  it('are the same in any order and however often', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (scopes) =>
        assert.equal(scopesKey([...scopes, ...scopes].reverse()), scopesKey(scopes)),
      ),
    );
    assert.notEqual(scopesKey(['a', 'b']), scopesKey(['a b']));
    assert.notEqual(scopesKey(['a,b']), scopesKey(['a', 'b']));
  });
});
