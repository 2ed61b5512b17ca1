import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Instance } from '../../../../src/session/model/instance';
import { shownShortName } from '../../../../src/ui/words/instanceNames';
import { distinctlyShortened, shortened } from '../../../../src/ui/words/shortening';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';

/** 63 characters, which is as long as a part of a host name can be. */
const LONG_HOST = 'a-very-long-host-name-of-the-company-number-17.intranet.example';

describe('Shortening a text', () => {
  it('changes nothing if the text fits', () => assert.equal(shortened('exactly so', 10), 'exactly so'));
  it('takes the characters out of the middle', () => assert.equal(shortened('abcdefghijklmnop', 7), 'abc…nop'));
  it('never cuts through a character that consists of several code points', () => {
    const family = '👩‍👩‍👧';
    assert.equal(shortened(family.repeat(5), 3), `${family}…${family}`);
  });
  it('returns no more characters than are asked for', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.integer({ min: 3, max: 40 }), (text, length) => {
        const short = shortened(text, length);
        assert.ok(short.length <= length, short);
        assert.ok(short === text || (text.startsWith(short[0] ?? '') && text.endsWith(short.at(-1) ?? '')), short);
      }),
    );
  });

  describe('so that it differs from another one', () => {
    const other = LONG_HOST.replace('17', '71');

    it('takes the characters out of the middle if the ends differ', () =>
      assert.equal(distinctlyShortened(LONG_HOST, [`b${LONG_HOST.slice(1)}`], 24), 'a-very-long-…net.example'));
    it('keeps the characters around the difference if that is in the middle', () => {
      assert.equal(distinctlyShortened(LONG_HOST, [other], 24), 'a-very-…er-17.in…example');
      assert.equal(distinctlyShortened(other, [LONG_HOST], 24), 'a-very-…er-71.in…example');
    });
    it('returns the whole text if the texts would be equal in both ways', () => {
      const third = LONG_HOST.replace('company', 'compamy');
      assert.equal(distinctlyShortened(LONG_HOST, [other, third], 24), LONG_HOST);
    });
  });
});

describe('The short name of an instance', () => {
  const name = fc.oneof(
    fc.constantFrom(
      'Demo',
      'A company with a very long name, first branch',
      'A company with a very long name, other branch',
    ),
    fc.string({ minLength: 1, maxLength: 64, unit: fc.constantFrom('a', 'b', ' ', 'é', '…') }),
  );
  const label = fc.stringMatching(/^[a-c]([a-c-]{0,58}[a-c])?$/);
  const instance: fc.Arbitrary<Instance> = fc
    .record({ name, label, path: fc.stringMatching(/^[ab]{1,40}$/) })
    .map(({ name: named, label: host, path }) => ({
      platform: PlatformUrl.parse(`https://${host}.example/${path}`),
      name: named,
      redirectPort: 9005,
    }));

  it('differs from the short names of all other instances, for any names', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(instance, { minLength: 2, maxLength: 6, selector: ({ platform }) => platform.href }),
        (instances) => {
          const shown = instances.map((each) => shownShortName(each, instances));
          assert.equal(new Set(shown).size, shown.length, shown.join('\n'));
        },
      ),
      { numRuns: 100 },
    );
  });
});
