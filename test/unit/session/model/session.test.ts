import assert from 'node:assert/strict';
import { savedPassword } from '../../../../src/session/model/grant';
import fc from 'fast-check';
import {
  signInAgainBy,
  isRenewable,
  sessionState,
  usableToken,
  usableUntil,
  type SessionState,
  type StoredAccount,
} from '../../../../src/session/model/session';
import { accessToken, oauth2TokenSet, session, storedAccount } from '../../../support/builders';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('The session state', () => {
  const aDay = storedAccount({ session: session(accessToken('t', { expiresAt: day })) });
  const fiveMinutes = storedAccount({ session: session(accessToken('t', { expiresAt: 5 * minute })) });
  const forEver = storedAccount({ session: session(accessToken('t')) });
  const ended = storedAccount({ session: session(undefined) });
  const table: readonly [string, StoredAccount, number, SessionState][] = [
    ['of a day, at its start', aDay, 0, 'good'],
    ['of a day, before the warning', aDay, day - 30 * minute - 1, 'good'],
    ['of a day, from the warning on', aDay, day - 30 * minute, 'expiring'],
    ['of a day, up to a minute before its end', aDay, day - minute - 1, 'expiring'],
    ['of a day, from a minute before its end', aDay, day - minute, 'expired'],
    ['of a day, long after', aDay, 2 * day, 'expired'],
    ['of five minutes, at its start', fiveMinutes, 0, 'expiring'],
    ['of five minutes, until its last tenth', fiveMinutes, 4.5 * minute - 1, 'expiring'],
    ['of five minutes, in its last tenth', fiveMinutes, 4.5 * minute, 'expired'],
    ['without an expiry', forEver, 1000 * day, 'good'],
    ['that the server ended', ended, 0, 'revoked'],
    ['whose secret is lost', storedAccount({ lost: true }), 0, 'lost'],
    ['that was signed out', storedAccount(), 0, 'signedOut'],
  ];
  for (const [what, stored, now, expected] of table) {
    it(`is "${expected}" for a session ${what}`, () => {
      assert.equal(sessionState(stored, now, 30 * minute), expected);
      assert.equal(usableToken(stored, now)?.value, expected === 'good' || expected === 'expiring' ? 't' : undefined);
    });
  }

  const renewable = storedAccount({
    session: { ...oauth2TokenSet('t', 'r', { expiresAt: hour, refreshExpiresAt: 100 * day }), signedInAt: 0 },
  });
  const withPassword = storedAccount({
    session: { ...session(accessToken('t', { expiresAt: day })), grant: savedPassword('kept') },
  });
  const outlived = storedAccount({
    session: { ...oauth2TokenSet('t', 'r', { expiresAt: day, refreshExpiresAt: hour }), signedInAt: 0 },
  });
  const renewing: readonly [string, StoredAccount, number, SessionState, 'usable' | 'renewable' | 'neither'][] = [
    ['whose token is valid', renewable, 0, 'good', 'usable'],
    ['whose token must be renewed, which needs no user', renewable, 2 * hour, 'good', 'renewable'],
    ['whose refresh token ends soon', renewable, 100 * day - 30 * minute, 'expiring', 'renewable'],
    ['whose refresh token has ended', renewable, 100 * day, 'expired', 'neither'],
    ['with a saved password', withPassword, 0, 'good', 'usable'],
    ['with a saved password, long after its token expired', withPassword, 2 * day, 'good', 'renewable'],
    ['whose token outlives its refresh token', outlived, 2 * hour, 'expiring', 'usable'],
    ['whose token outlived its refresh token and is about to end', outlived, day, 'expired', 'neither'],
    [
      'that was interrupted, although its client ID is known',
      storedAccount({ session: { api: 'oauth2', clientId: 'vscode', signedInAt: 0, ended: 'interrupted' } }),
      0,
      'revoked',
      'neither',
    ],
  ];
  for (const [what, stored, now, expected, kind] of renewing) {
    it(`is "${expected}" for a session ${what}`, () => {
      assert.equal(sessionState(stored, now, 30 * minute), expected);
      const isUsable = usableToken(stored, now) !== undefined;
      const canRenew = stored.session !== undefined && isRenewable(stored.session, now);
      assert.deepEqual([isUsable, isUsable || canRenew], [kind === 'usable', kind !== 'neither']);
    });
  }

  it('changes without the user’s action at the end of the refresh token, or of the token if there is none', () => {
    assert.deepEqual(
      [aDay, renewable, withPassword, forEver].map(({ session: its }) => its && signInAgainBy(its)),
      [day, 100 * day, undefined, undefined],
    );
  });

  it('is never "expiring" if the warning is off', () => {
    for (let now = 0; now <= day; now += minute) assert.notEqual(sessionState(aDay, now, 0), 'expiring');
  });
});

describe('A token', () => {
  const times = fc.record({
    issuedAt: fc.integer({ min: 0, max: 4e12 }),
    expiresAt: fc.integer({ min: 0, max: 8e12 }),
  });

  it('that is handed out stays valid for at least a minute, or a tenth of its lifetime if that is shorter', () => {
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: 0, max: 8e12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ issuedAt, expiresAt }, anyTime, share) => {
          // At any time, and at a time between issue and end.
          for (const now of [anyTime, issuedAt + (expiresAt - issuedAt) * share]) {
            const token = usableToken(
              storedAccount({ session: session(accessToken('t', { issuedAt, expiresAt })) }),
              now,
            );
            if (token)
              assert.ok(expiresAt - now > 0 && expiresAt - now >= Math.min(minute, (expiresAt - issuedAt) / 10) - 1e-3);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is handed out until usableUntil, and not from then on', () => {
    fc.assert(
      fc.property(times, (its) => {
        const token = accessToken('t', its);
        const until = usableUntil(token);
        const stored = storedAccount({ session: session(token) });
        assert.ok(until <= its.expiresAt);
        assert.equal(usableToken(stored, until), undefined);
        assert.equal(usableToken(stored, until - 1), token);
      }),
    );
  });

  it('without an end is handed out forever', () => assert.equal(usableUntil(accessToken('t')), Infinity));

  it('that ends before it was issued is never usable', () =>
    assert.equal(usableUntil(accessToken('t', { issuedAt: hour, expiresAt: minute })), minute));
});
