import assert from 'node:assert/strict';
import { savedPassword } from '../../../../src/session/model/grant';
import fc from 'fast-check';
import { diffSessions, publishedSessions } from '../../../../src/session/model/published';
import type { StoredAccount } from '../../../../src/session/model/session';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { accessToken, oauth2TokenSet, platform, session, storedAccount } from '../../../support/builders';

const acme = PlatformUrl.parse('acme');
const both = [{ platform }, { platform: acme }];
const max = (token: string, signedInAt = 0, expiresAt = 1_000_000) =>
  storedAccount({ session: session(accessToken(token, { expiresAt }), signedInAt) });
const renewable = (token: string, signedInAt = 0) =>
  storedAccount({
    session: { ...oauth2TokenSet(token, 'r', { expiresAt: 1_000_000, refreshExpiresAt: 9_000_000 }), signedInAt },
  });
const withPassword = storedAccount({
  session: { ...session(accessToken('p', { expiresAt: 1_000_000 })), grant: savedPassword('kept') },
});
const olga = storedAccount({ userName: 'olga', platform: acme, session: session(accessToken('o')) });

describe('The published sessions', () => {
  it('contain each session of a configured instance with a valid token', () => {
    assert.deepEqual(
      publishedSessions([max('m'), olga], both, 0).map(({ account, accessToken: token, platform: its }) => [
        account.label,
        token,
        its.href,
      ]),
      [
        ['max.power (cloud.zeyos.com/demo)', 'm', platform.href],
        ['olga (cloud.zeyos.com/acme)', 'o', acme.href],
      ],
    );
  });

  it('say whether the token can be handed out or must be renewed first', () => {
    for (const stored of [renewable('m'), withPassword]) {
      const seen = [0, 939_999, 940_000, 8_999_999].map((now) =>
        publishedSessions([stored], both, now).map(({ isUsable }) => isUsable),
      );
      assert.deepEqual(seen, [[true], [true], [false], [false]]);
    }
  });

  const hidden: readonly [string, StoredAccount, number][] = [
    ['has expired', max('m'), 1_000_000],
    ['is about to expire', max('m'), 940_000],
    ['cannot be renewed because its refresh token has expired', renewable('m'), 9_000_000],
    [
      'was ended by the server, although it was renewable',
      storedAccount({ session: { api: 'oauth2', signedInAt: 0, ended: 'revoked', clientId: 'vscode' } }),
      0,
    ],
    ['was ended by the server', storedAccount({ session: session(undefined) }), 0],
    ['is lost', storedAccount({ lost: true }), 0],
    ['was signed out', storedAccount(), 0],
    [
      'belongs to an instance that is not configured',
      storedAccount({ platform: PlatformUrl.parse('other'), session: session(accessToken('x')) }),
      0,
    ],
  ];
  for (const [what, stored, now] of hidden)
    it(`do not contain a session that ${what}`, () => assert.deepEqual(publishedSessions([stored], both, now), []));
});

describe('A change of the published sessions', () => {
  type Change = 'nothing' | 'added' | 'removed' | 'changed';
  const table: readonly [
    string,
    StoredAccount,
    StoredAccount,
    readonly { readonly platform: PlatformUrl }[],
    number,
    Change,
  ][] = [
    ['no change', max('a'), max('a'), both, 0, 'nothing'],
    ['signing in', storedAccount(), max('a'), both, 0, 'added'],
    ['renewing', max('a'), max('b'), both, 0, 'changed'],
    ['learning the end of a token', max('a'), max('a', 0, 2_000_000), both, 0, 'nothing'],
    ['signing in again', max('a'), max('b', 1), both, 0, 'added'],
    ['signing in again and getting the same token', max('a'), max('a', 1), both, 0, 'added'],
    [
      'signing in again after the session ended',
      storedAccount({ session: session(undefined) }),
      max('b', 1),
      both,
      0,
      'added',
    ],
    ['the server ending the session', max('a'), storedAccount({ session: session(undefined) }), both, 0, 'removed'],
    ['the session expiring', max('a'), max('a'), both, 1_000_000, 'removed'],
    ['the token of a renewable session expiring', renewable('a'), renewable('a'), both, 1_000_000, 'nothing'],
    ['renewing an expired token', renewable('a'), renewable('b'), both, 1_000_000, 'changed'],
    ['the refresh token expiring', renewable('a'), renewable('a'), both, 9_000_000, 'removed'],
    ['losing the secret', max('a'), storedAccount({ lost: true }), both, 0, 'removed'],
    ['signing out', max('a'), storedAccount(), both, 0, 'removed'],
    ['removing the instance from the setting', max('a'), max('a'), [{ platform: acme }], 0, 'removed'],
  ];
  for (const [what, before, after, instances, now, expected] of table) {
    it(`after ${what} is reported as ${expected}`, () => {
      const diff = diffSessions(
        publishedSessions([before, olga], both, 0),
        publishedSessions([after, olga], instances, now),
      );
      const names = Object.fromEntries(
        Object.entries(diff).map(([kind, sessions]: [string, readonly { id: string }[]]) => [
          kind,
          sessions.map(({ id }) => id),
        ]),
      );
      assert.deepEqual(names, {
        added: [],
        removed: [],
        changed: [],
        ...(expected !== 'nothing' && { [expected]: ['id of max.power'] }),
      });
    });
  }

  it('after an instance is added again is reported as added', () => {
    const after = publishedSessions([max('a')], both, 0);
    assert.deepEqual(diffSessions([], after), { added: after, removed: [], changed: [] });
  });

  it('names each session at most once, and transforms the old sessions into the new sessions', () => {
    const accounts = fc
      .uniqueArray(
        fc.record({
          id: fc.constantFrom('1', '2', '3'),
          token: fc.constantFrom('a', 'b'),
          signedInAt: fc.constantFrom(0, 1),
        }),
        { selector: ({ id }) => id },
      )
      .map((list) =>
        publishedSessions(
          list.map(({ id, token, signedInAt }) =>
            storedAccount({ id, session: session(accessToken(token), signedInAt) }),
          ),
          both,
          0,
        ),
      );
    fc.assert(
      fc.property(accounts, accounts, (before, after) => {
        const { added, removed, changed } = diffSessions(before, after);
        const told = [...added, ...removed, ...changed].map(({ id }) => id);
        assert.equal(new Set(told).size, told.length);
        const applied = [...before.filter(({ id }) => !told.includes(id)), ...added, ...changed];
        const sorted = (list: typeof before) => [...list].sort((a, b) => a.id.localeCompare(b.id));
        assert.deepEqual(sorted(applied), sorted(after));
      }),
    );
  });
});
