import assert from 'node:assert/strict';
import { Generations, withGeneration } from '../../../../src/session/storage/generations';
import { parseSecret, serializeSecret } from '../../../../src/session/storage/serialization';
import { ended, settled } from '../../../../src/session/model/transitions';
import { accessToken, pending, platform, session, tokenSet } from '../../../support/builders';
import { MemorySecrets } from '../../../support/memorySecrets';
import { openWindow, reopen } from '../../../support/window';

const text = (name: string, generation: number): string => withGeneration(`{"version":1,"name":"${name}"}`, generation);
const content = (name: string): string => `{"version":1,"name":"${name}"}`;
const KEY = 'key';

describe('A stored secret', () => {
  it('is read without its generation, as versions of the extension do that do not know it', () => {
    const secret = { session: session(accessToken('t')), pendingRevocations: [pending('p')] };
    assert.deepEqual(parseSecret(withGeneration(serializeSecret(secret), 5)), secret);
  });

  it('that an existing version wrote is left as it is until something changes', async () => {
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
    generations = new Generations();
  });

  it('grows with every write, whatever becomes of it', () => {
    const numbers = [1, 2, 3].map(() => generations.next(KEY));
    assert.ok(
      numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? NaN)),
      numbers.join(),
    );
  });

  it('is higher than that of what is replaced, even if the clock was set back', () => {
    generations.read(KEY, text('a', 9e14));
    assert.equal(generations.next(KEY), 9e14 + 1);
  });

  it('is no part of what counts', () => assert.equal(generations.read(KEY, text('a', 5)), content('a')));

  /** What is read one after the other, what counts then, and whether it has to be put right. */
  const reads: readonly [string, readonly (string | undefined)[], string | undefined, boolean][] = [
    ['a newer secret', [text('a', 5), text('b', 6)], content('b'), false],
    ['an older secret after a newer one', [text('b', 6), text('a', 5)], content('b'), true],
    ['another secret of the same generation', [text('b', 6), text('a', 6)], content('b'), true],
    ['the same secret with a lower generation', [text('a', 6), text('a', 5)], content('a'), false],
    ['the newer secret, put back', [text('b', 6), text('a', 5), text('b', 7)], content('b'), false],
    ['a secret that an older version of the extension wrote', [text('b', 6), content('c')], content('c'), false],
    ['an older secret after that of an older version', [text('b', 6), content('c'), text('a', 5)], content('c'), true],
    ['no secret', [text('b', 6), undefined], undefined, false],
    ['an older secret after none', [text('b', 6), undefined, text('a', 5)], undefined, true],
    ['a secret that was gone, and is back', [text('b', 6), undefined, text('b', 6)], content('b'), false],
    ['damaged text', [text('b', 6), '{"version":1,'], '{"version":1,', false],
  ];
  for (const [what, texts, expected, isOutdated] of reads) {
    it(`decides what counts on reading ${what}`, () => {
      assert.equal(texts.map((each) => generations.read(KEY, each)).at(-1), expected);
      assert.deepEqual(generations.outdated, isOutdated ? [KEY] : []);
    });
  }

  it('of a write that was given up does not count, although it is the highest', () => {
    generations.read(KEY, text('a', 5));
    generations.disown(KEY, content('b'), 6);
    assert.equal(generations.read(KEY, text('b', 6)), content('a'));
    assert.deepEqual(generations.correction(KEY), { content: content('a'), generation: 7 });
  });

  it('of a write that was given up leaves alone what another window wrote under the same number', () => {
    generations.read(KEY, text('a', 5));
    generations.disown(KEY, content('b'), 6);
    assert.equal(generations.read(KEY, text('c', 6)), content('c'));
  });

  it('of what is put right loses against what a third window has written meanwhile', () => {
    generations.read(KEY, text('c', 9));
    generations.read(KEY, text('a', 5));
    assert.deepEqual(generations.correction(KEY), { content: content('c'), generation: 9 });
  });

  it('is not needed to recognise a late write of the same window', () => {
    generations.read(KEY, content('a'));
    const answered = generations.late(KEY, content('b'));
    generations.read(KEY, content('c'));
    answered();
    assert.equal(generations.read(KEY, content('b')), content('c'));
    assert.deepEqual(generations.correction(KEY)?.content, content('c'));
    generations.written(KEY, content('c'), 0);
    assert.equal(generations.read(KEY, content('b')), content('b'), 'only once: another window may write the same');
  });

  it('is not needed for a late write that replaces nothing newer', () => {
    generations.read(KEY, content('a'));
    generations.late(KEY, content('b'))();
    assert.equal(generations.read(KEY, content('b')), content('b'));
  });

  it('of what was written since survives a late deletion', () => {
    generations.read(KEY, text('a', 5));
    const answered = generations.late(KEY, undefined);
    generations.read(KEY, text('b', 6));
    answered();
    assert.equal(generations.read(KEY, undefined), content('b'));
    assert.deepEqual(generations.outdated, [KEY]);
  });
});
