import assert from 'node:assert/strict';
import { Generations, withGeneration } from '../../../../src/session/storage/generations';
import { parseRecord, serializeRecord } from '../../../../src/session/storage/serialization';
import { ended, settled } from '../../../../src/session/model/transitions';
import { accessToken, pending, platform, session, tokenSet } from '../../../support/builders';
import { MemorySecrets } from '../../../support/memorySecrets';
import { openWindow, reopen } from '../../../support/window';
import { Clock } from '../../../support/clock';

const text = (name: string, generation: number): string => withGeneration(`{"version":1,"name":"${name}"}`, generation);
const content = (name: string): string => `{"version":1,"name":"${name}"}`;
const KEY = 'key';

describe('A stored secret', () => {
  it('is parsed without its generation by versions of the extension that do not know generations', () => {
    const secret = { session: session(accessToken('t')), pendingRevocations: [pending('p')] };
    assert.deepEqual(parseRecord(withGeneration(serializeRecord(secret), 5)), secret);
  });

  it('of an earlier version is not rewritten until its content changes', async () => {
    const secrets = new MemorySecrets();
    const { id } = await openWindow(secrets).store.signIn(platform, { userName: 'max.power' }, tokenSet('t'));
    const content = `{"version":1,"session":{"surface":"authV1","accessToken":{"value":"t","issuedAt":0},"signedInAt":0},"pendingRevocations":[]}`;
    await secrets.store(`zeyos.account.${id}`, content);
    const before = secrets.text;
    const store = await reopen(secrets);
    assert.equal(await store.update(id, settled('unknown')), false);
    await store.refresh();
    assert.equal(secrets.text, before);
    await store.update(id, ended('t', 'revoked'));
    assert.match(secrets.text, /"ended":"revoked"\},"pendingRevocations":\[\],"generation":\d+\}$/);
  });
});

describe('The generation of a secret', () => {
  let generations: Generations;

  beforeEach(() => {
    generations = new Generations(new Clock());
  });

  it('grows with every write, even if the write fails', () => {
    const numbers = [1, 2, 3].map(() => generations.next(KEY));
    assert.ok(
      numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? NaN)),
      numbers.join(),
    );
  });

  it('is higher than that of the replaced secret, even if the clock was set back', () => {
    generations.read(KEY, text('a', 9e14));
    assert.equal(generations.next(KEY), 9e14 + 1);
  });

  it('is removed from the content that is read', () => assert.equal(generations.read(KEY, text('a', 5)), content('a')));

  /**
   * A description, the texts in the order in which they are read, the content that is valid then, and whether it must
   * be written again.
   */
  const reads: readonly [string, readonly (string | undefined)[], string | undefined, boolean][] = [
    ['a newer secret', [text('a', 5), text('b', 6)], content('b'), false],
    ['an older secret after a newer one', [text('b', 6), text('a', 5)], content('b'), true],
    ['another secret of the same generation', [text('b', 6), text('a', 6)], content('b'), true],
    ['the same secret with a lower generation', [text('a', 6), text('a', 5)], content('a'), false],
    ['the newer secret after it was restored', [text('b', 6), text('a', 5), text('b', 7)], content('b'), false],
    ['a secret that an older version of the extension wrote', [text('b', 6), content('c')], content('c'), false],
    [
      'an older secret after one of an older version of the extension',
      [text('b', 6), content('c'), text('a', 5)],
      content('c'),
      true,
    ],
    ['no secret', [text('b', 6), undefined], undefined, false],
    ['an older secret after none', [text('b', 6), undefined, text('a', 5)], undefined, true],
    ['a secret that is back after it was missing', [text('b', 6), undefined, text('b', 6)], content('b'), false],
    ['damaged text', [text('b', 6), '{"version":1,'], '{"version":1,', false],
  ];
  for (const [what, texts, expected, isOutdated] of reads) {
    it(`selects the valid content after reading ${what}`, () => {
      assert.equal(texts.map((each) => generations.read(KEY, each)).at(-1), expected);
      assert.deepEqual(generations.outdated, isOutdated ? [KEY] : []);
    });
  }

  it('of an abandoned write is ignored, although it is the highest', () => {
    generations.read(KEY, text('a', 5));
    generations.disown(KEY, content('b'), 6);
    assert.equal(generations.read(KEY, text('b', 6)), content('a'));
    assert.deepEqual(generations.correction(KEY), { content: content('a'), generation: 7 });
  });

  it('of an abandoned write does not affect another window’s write with the same number', () => {
    generations.read(KEY, text('a', 5));
    generations.disown(KEY, content('b'), 6);
    assert.equal(generations.read(KEY, text('c', 6)), content('c'));
  });

  it('of a restored secret is lower than that of a third window’s write', () => {
    generations.read(KEY, text('c', 9));
    generations.read(KEY, text('a', 5));
    assert.deepEqual(generations.correction(KEY), { content: content('c'), generation: 9 });
  });

  it('is not needed to recognize a late write of the same window', () => {
    generations.read(KEY, content('a'));
    const answered = generations.late(KEY, content('b'));
    generations.read(KEY, content('c'));
    answered();
    assert.equal(generations.read(KEY, content('b')), content('c'));
    assert.deepEqual(generations.correction(KEY)?.content, content('c'));
    generations.written(KEY, content('c'), 0);
    assert.equal(
      generations.read(KEY, content('b')),
      content('b'),
      'the late write was ignored more than once, although another window may write the same',
    );
  });

  it('is not needed for a late write that replaces nothing newer', () => {
    generations.read(KEY, content('a'));
    generations.late(KEY, content('b'))();
    assert.equal(generations.read(KEY, content('b')), content('b'));
  });

  it('restores what was written since a late deletion', () => {
    generations.read(KEY, text('a', 5));
    const answered = generations.late(KEY, undefined);
    generations.read(KEY, text('b', 6));
    answered();
    assert.equal(generations.read(KEY, undefined), content('b'));
    assert.deepEqual(generations.outdated, [KEY]);
  });
});
