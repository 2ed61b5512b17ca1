import assert from 'node:assert/strict';
import fc from 'fast-check';
import { duplicatesOf, identify, identityOf, type Identity } from '../../../../src/session/model/accounts';
import type { KnownAccount } from '../../../../src/session/model/session';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { knownAccount, platform } from '../../../support/builders';

/** The index after someone has signed in. */
function after(
  known: readonly KnownAccount[],
  at: PlatformUrl,
  identity: Identity,
): { account: KnownAccount; all: readonly KnownAccount[] } {
  const account = identify(known, at, identity);
  return { account, all: [...known.filter(({ id }) => id !== account.id), account] };
}

describe('Who a token belongs to', () => {
  it('is whom the server names, else who was typed, else somebody with a name of chance', () => {
    assert.deepEqual(identityOf({ username: 'max.power', sub: '7' }, 'MAX'), { userName: 'max.power', sub: '7' });
    assert.deepEqual(identityOf({}, 'MAX'), { userName: 'MAX' });
    assert.match(identityOf({}).userName, /^token-[0-9a-f]{8}$/);
  });

  it('is told apart by a user id that can be shown, or by the hash of one that cannot', () => {
    const long = 'x'.repeat(100);
    assert.equal(identityOf({ sub: 'a\u202eb' }).sub?.length, 32);
    assert.notEqual(identityOf({ sub: `${long}1` }).sub, identityOf({ sub: `${long}2` }).sub);
    assert.notEqual(identityOf({ sub: '7 ' }).sub, '7');
  });

  it('has no user id where nothing of it can be seen', () => {
    for (const sub of ['', '\u202e', '\u0000\u200b', ' '])
      assert.deepEqual(identityOf({ username: 'max', sub }), { userName: 'max' });
  });
});

describe('An account', () => {
  it('that is new is named after user and instance, with a random id of its own', () => {
    const { id, ...rest } = identify([], platform, { userName: 'max.power', sub: '7' });
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(rest, {
      instance: 'https://cloud.zeyos.com/demo',
      account: {
        id: 'https://cloud.zeyos.com/demo#7',
        label: 'max.power (cloud.zeyos.com/demo)',
        userName: 'max.power',
        sub: '7',
      },
      signedIn: false,
    });
  });

  it('has the user name in its id where the server tells no user id', () => {
    assert.deepEqual(identify([], platform, { userName: 'max.power' }).account, {
      id: 'https://cloud.zeyos.com/demo#max.power',
      label: 'max.power (cloud.zeyos.com/demo)',
      userName: 'max.power',
    });
  });

  it('is found by the user id, though the user has another name now, and keeps its label', () => {
    const known = knownAccount('max.power', { sub: '7' });
    assert.equal(identify([known], platform, { userName: 'max.powers', sub: '7' }), known);
  });

  it('is found by the name where the server tells no user id', () => {
    for (const known of [knownAccount('max.power'), knownAccount('max.power', { sub: '7' })])
      assert.equal(identify([known], platform, { userName: 'max.power' }), known);
  });

  it('keeps id and label when its user id turns up later', () => {
    const known = knownAccount('max.power');
    assert.deepEqual(identify([known], platform, { userName: 'max.power', sub: '7' }), {
      ...known,
      account: { ...known.account, sub: '7' },
    });
  });

  it('is another one when its name belongs to another user id now, and says so in its label', () => {
    const known = knownAccount('max.power', { sub: '7' });
    const other = identify([known], platform, { userName: 'max.power', sub: '8' });
    assert.notEqual(other.id, known.id);
    assert.equal(other.account.label, 'max.power (cloud.zeyos.com/demo) #8');
    assert.equal(other.account.id, 'https://cloud.zeyos.com/demo#8');
  });

  it('has another id where a user name looks like somebody’s user id', () => {
    const known = knownAccount('7');
    assert.equal(
      identify([known], platform, { userName: 'max.power', sub: '7' }).account.id,
      'https://cloud.zeyos.com/demo#name:max.power',
    );
  });

  it('is told from one of the same name on another instance', () => {
    const acme = PlatformUrl.parse('acme');
    const known = knownAccount('max.power', { sub: '7' });
    const other = identify([known], acme, { userName: 'max.power', sub: '7' });
    assert.notEqual(other.id, known.id);
    assert.equal(other.account.label, 'max.power (cloud.zeyos.com/acme)');
  });

  it('keeps id and label whoever signs in; a label once given to one user is never given to another', () => {
    // Two instances whose labels are alike, since a label does not tell http from https.
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

describe('A user name in other letters', () => {
  const anna = (userName: string, sub?: string): KnownAccount =>
    knownAccount(userName, sub === undefined ? {} : { sub });

  for (const [stored, typed] of [
    ['max.power', 'Max.Power'],
    ['MAX.POWER', 'max.power'],
    ['Jürgen', 'JÜRGEN'],
    ['jürgen'.normalize('NFD'), 'jürgen'],
    ['İrem', 'i̇rem'],
  ] as const) {
    it(`finds the account ${stored} for ${typed}, which keeps its id and label`, () => {
      const known = anna(stored);
      assert.equal(identify([known], platform, { userName: typed }), known);
      assert.deepEqual(identify([known], platform, { userName: typed, sub: '7' }).account, {
        ...known.account,
        sub: '7',
      });
    });
  }

  it('finds no account whose user the server told to be another one', () => {
    assert.notEqual(
      identify([anna('max', '7')], platform, { userName: 'MAX', sub: '8' }).account.id,
      anna('max', '7').account.id,
    );
  });

  it('means the account in the same letters, if the server has two users of this name', () => {
    const [small, large] = [anna('max', '7'), anna('MAX', '8')];
    assert.equal(identify([small, large], platform, { userName: 'MAX' }), large);
    assert.ok(![small.id, large.id].includes(identify([small, large], platform, { userName: 'Max' }).id));
    assert.deepEqual(duplicatesOf([small, large], platform, { userName: 'max', sub: '7' }, small.id), []);
  });

  it('is not looked for on another platform', () => {
    const known = anna('max');
    assert.notEqual(
      identify([known], PlatformUrl.parse('https://cloud.zeyos.com/acme'), { userName: 'MAX' }).id,
      known.id,
    );
  });

  it('and the e-mail address mean the oldest of several accounts, if the server tells both', () => {
    const [oldest, mail, other] = [anna('Max.Power'), anna('max@example.com'), anna('max.power')];
    const identity = identityOf({ username: 'max.power', email: 'MAX@example.com' }, 'max@example.com');
    assert.equal(identify([oldest, mail, other], platform, identity), oldest);
    assert.deepEqual(duplicatesOf([oldest, mail, other], platform, identity, oldest.id), [mail, other]);
    assert.equal(identify([mail], platform, identity), mail);
  });

  it('and the e-mail address are two accounts, if the server tells only one of them', () => {
    const known = anna('max@example.com');
    for (const identity of [
      identityOf({ username: 'max.power' }, 'max@example.com'),
      identityOf({ email: 'max@example.com' }, 'max.power'),
    ])
      assert.notEqual(identify([known], platform, identity).id, known.id);
  });
});
