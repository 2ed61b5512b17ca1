import assert from 'node:assert/strict';
import fc from 'fast-check';
import { duplicatesOf, identify, identityOf, type Identity } from '../../../../src/session/model/accounts';
import type { KnownAccount } from '../../../../src/session/model/session';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { knownAccount, platform } from '../../../support/builders';

/** Identifies the account of a sign-in, and returns it with the index after the sign-in. */
function after(
  known: readonly KnownAccount[],
  at: PlatformUrl,
  identity: Identity,
): { account: KnownAccount; all: readonly KnownAccount[] } {
  const account = identify(known, at, identity);
  return { account, all: [...known.filter(({ id }) => id !== account.id), account] };
}

describe('The identity of a token', () => {
  it('has the server’s user name, else the typed one, else a random one', () => {
    assert.deepEqual(identityOf({ username: 'max.power', sub: '7' }, 'MAX'), { userName: 'max.power', sub: '7' });
    assert.deepEqual(identityOf({}, 'MAX'), { userName: 'MAX' });
    assert.match(identityOf({}).userName, /^token-[0-9a-f]{8}$/);
  });

  it('has a printable user id, or the hash of a user id that is not printable', () => {
    const long = 'x'.repeat(100);
    assert.equal(identityOf({ sub: 'a\u202eb' }).sub?.length, 32);
    assert.notEqual(identityOf({ sub: `${long}1` }).sub, identityOf({ sub: `${long}2` }).sub);
    assert.notEqual(identityOf({ sub: '7 ' }).sub, '7');
  });

  it('has no user id if the server’s has no visible character', () => {
    for (const sub of ['', '\u202e', '\u0000\u200b', ' '])
      assert.deepEqual(identityOf({ username: 'max', sub }), { userName: 'max' });
  });
});

describe('The account of a sign-in', () => {
  it('is new with a random id, and is labelled with user and instance', () => {
    const { id, ...rest } = identify([], platform, { userName: 'max.power', sub: '7' });
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(rest, {
      platform: PlatformUrl.parse('demo'),
      account: {
        id: 'https://cloud.zeyos.com/demo#7',
        label: 'max.power (cloud.zeyos.com/demo)',
        userName: 'max.power',
        sub: '7',
      },
      signedIn: false,
    });
  });

  it('has the user name in its account id if the server sends no user id', () => {
    assert.deepEqual(identify([], platform, { userName: 'max.power' }).account, {
      id: 'https://cloud.zeyos.com/demo#max.power',
      label: 'max.power (cloud.zeyos.com/demo)',
      userName: 'max.power',
    });
  });

  it('is found by the user id and keeps its label, although the user name has changed', () => {
    const known = knownAccount('max.power', { sub: '7' });
    assert.equal(identify([known], platform, { userName: 'max.powers', sub: '7' }), known);
  });

  it('is found by the user name if the server sends no user id', () => {
    for (const known of [knownAccount('max.power'), knownAccount('max.power', { sub: '7' })])
      assert.equal(identify([known], platform, { userName: 'max.power' }), known);
  });

  it('keeps id and label when the server sends the user id later', () => {
    const known = knownAccount('max.power');
    assert.deepEqual(identify([known], platform, { userName: 'max.power', sub: '7' }), {
      ...known,
      account: { ...known.account, sub: '7' },
    });
  });

  it('is new if the known user name has another user id, which the label includes', () => {
    const known = knownAccount('max.power', { sub: '7' });
    const other = identify([known], platform, { userName: 'max.power', sub: '8' });
    assert.notEqual(other.id, known.id);
    assert.equal(other.account.label, 'max.power (cloud.zeyos.com/demo) #8');
    assert.equal(other.account.id, 'https://cloud.zeyos.com/demo#8');
  });

  it('gets a different account id if the user name equals the user id of another account', () => {
    const known = knownAccount('7');
    assert.equal(
      identify([known], platform, { userName: 'max.power', sub: '7' }).account.id,
      'https://cloud.zeyos.com/demo#name:max.power',
    );
  });

  it('differs from the account of the same user on another instance', () => {
    const acme = PlatformUrl.parse('acme');
    const known = knownAccount('max.power', { sub: '7' });
    const other = identify([known], acme, { userName: 'max.power', sub: '7' });
    assert.notEqual(other.id, known.id);
    assert.equal(other.account.label, 'max.power (cloud.zeyos.com/acme)');
  });

  it('keeps id and label in any order of sign-ins, and no two users ever have the same label', () => {
    // Two of the instances have equal labels, because a label does not contain the scheme.
    const platforms = ['http://localhost:9005/demo', 'https://localhost:9005/demo', 'demo'].map((url) =>
      PlatformUrl.parse(url),
    );
    const identity = fc.record({
      at: fc.constantFrom(...platforms),
      userName: fc.constantFrom('max', 'olga', '7', 'name:max'),
      sub: fc.constantFrom(undefined, '7', '8', 'max', 'name:max'),
    });
    fc.assert(
      fc.property(fc.array(identity, { maxLength: 15 }), (identities) => {
        let known: readonly KnownAccount[] = [];
        for (const { at, userName, sub } of identities) {
          const { account, all } = after(known, at, { userName, ...(sub !== undefined && { sub }) });
          const before = known.find(({ id }) => id === account.id);
          if (before) {
            assert.deepEqual([account.account.id, account.account.label], [before.account.id, before.account.label]);
            assert.ok(before.account.sub === undefined || before.account.sub === account.account.sub);
          }
          if (sub !== undefined) assert.equal(account.account.sub, sub);
          assert.equal(
            new Set(all.map((one) => one.account.label)).size,
            all.length,
            'two accounts have the same label',
          );
          assert.equal(new Set(all.map((one) => one.account.id)).size, all.length, 'two accounts have the same id');
          known = all;
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('A user name in another case', () => {
  const anna = (userName: string, sub?: string): KnownAccount =>
    knownAccount(userName, sub === undefined ? {} : { sub });

  for (const [stored, typed] of [
    ['max.power', 'Max.Power'],
    ['MAX.POWER', 'max.power'],
    ['Jürgen', 'JÜRGEN'],
    ['jürgen'.normalize('NFD'), 'jürgen'],
    ['İrem', 'i̇rem'],
  ] as const) {
    it(`finds the account ${stored} for ${typed}, which keeps id and label`, () => {
      const known = anna(stored);
      assert.equal(identify([known], platform, { userName: typed }), known);
      assert.deepEqual(identify([known], platform, { userName: typed, sub: '7' }).account, {
        ...known.account,
        sub: '7',
      });
    });
  }

  it('finds no account whose user id differs from the server’s', () => {
    assert.notEqual(
      identify([anna('max', '7')], platform, { userName: 'MAX', sub: '8' }).account.id,
      anna('max', '7').account.id,
    );
  });

  it('finds the account in the same case if the server has two users of this name', () => {
    const [small, large] = [anna('max', '7'), anna('MAX', '8')];
    assert.equal(identify([small, large], platform, { userName: 'MAX' }), large);
    assert.ok(![small.id, large.id].includes(identify([small, large], platform, { userName: 'Max' }).id));
    assert.deepEqual(duplicatesOf([small, large], platform, { userName: 'max', sub: '7' }, small.id), []);
  });

  it('finds no account on another platform', () => {
    const known = anna('max');
    assert.notEqual(
      identify([known], PlatformUrl.parse('https://cloud.zeyos.com/acme'), { userName: 'MAX' }).id,
      known.id,
    );
  });

  it('finds the oldest of several accounts with this name or e-mail address if the server sends both', () => {
    const [oldest, mail, other] = [anna('Max.Power'), anna('max@example.com'), anna('max.power')];
    const identity = identityOf({ username: 'max.power', email: 'MAX@example.com' }, 'max@example.com');
    assert.equal(identify([oldest, mail, other], platform, identity), oldest);
    assert.deepEqual(duplicatesOf([oldest, mail, other], platform, identity, oldest.id), [mail, other]);
    assert.equal(identify([mail], platform, identity), mail);
  });

  it('finds no account with the e-mail address if the server sends only one of name and e-mail address', () => {
    const known = anna('max@example.com');
    for (const identity of [
      identityOf({ username: 'max.power' }, 'max@example.com'),
      identityOf({ email: 'max@example.com' }, 'max.power'),
    ])
      assert.notEqual(identify([known], platform, identity).id, known.id);
  });
});
