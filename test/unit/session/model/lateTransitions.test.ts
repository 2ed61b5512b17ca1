import assert from 'node:assert/strict';
import { savedPassword } from '../../../../src/session/model/grant';
import { renewedLate, signedInLate, signedOutLate } from '../../../../src/session/model/lateTransitions';
import type { AccountRecord } from '../../../../src/session/model/session';
import type { Session } from '../../../../src/session/model/session';
import { ended, exchangeStarted, type Transition } from '../../../../src/session/model/transitions';
import { oauth2TokenSet, pending, tokenSet } from '../../../support/builders';

const sessionOf = (token: string, signedInAt: number): Session => ({ ...oauth2TokenSet(token), signedInAt });
const recordOf = (session: Session | undefined, ...tokens: readonly string[]): AccountRecord => ({
  ...(session && { session }),
  pendingRevocations: tokens.map((token) => pending(token)),
});
const summary = ({ session, pendingRevocations }: AccountRecord): string =>
  [
    session ? (session.accessToken?.value ?? session.ended) : 'none',
    ...pendingRevocations.map(({ token }) => token),
  ].join(', ');

/** A description, what is stored when the change can be written at last, and what is stored after it. */
type Row = readonly [string, AccountRecord, string];

const old = sessionOf('a', 1);

const rows: readonly [string, Transition, readonly Row[]][] = [
  [
    'A sign-in that is stored late',
    signedInLate(oauth2TokenSet('b'), 5, old),
    [
      ['replaces the session', recordOf(old), 'b, refresh a'],
      ['replaces the session, although another window has renewed it', recordOf(sessionOf('a2', 1)), 'b, refresh a2'],
      ['replaces the session, although the server has ended it', ended('a', 'revoked')(recordOf(old)), 'b'],
      ['changes nothing if it is already stored', recordOf(sessionOf('b', 5), 'refresh a'), 'b, refresh a'],
      ['changes nothing if it is already stored and was renewed since', recordOf(sessionOf('b2', 5)), 'b2'],
      [
        'changes nothing if it is already stored and was ended since',
        ended('b', 'revoked')(recordOf(sessionOf('b', 5))),
        'revoked',
      ],
      ['yields to a later sign-in', recordOf(sessionOf('c', 9)), 'c, refresh b'],
      ['yields to a sign-out', recordOf(undefined, 'refresh a'), 'none, refresh a, refresh b'],
      ['replaces an earlier sign-in of another window', recordOf(sessionOf('c', 3)), 'b, refresh c'],
    ],
  ],
  [
    'A sign-in that is stored late, in the same millisecond as another one,',
    signedInLate(oauth2TokenSet('b'), 1, old),
    [
      ['replaces the session', recordOf(old), 'b, refresh a'],
      ['yields to another sign-in', recordOf(sessionOf('c', 1)), 'c, refresh b'],
    ],
  ],
  [
    'A sign-in that is stored late, to an account without a known session,',
    signedInLate(oauth2TokenSet('b'), 5, undefined),
    [
      ['is stored if there is no session', recordOf(undefined), 'b'],
      ['replaces an earlier session', recordOf(old), 'b, refresh a'],
      ['yields to a later session', recordOf(sessionOf('c', 9)), 'c, refresh b'],
    ],
  ],
  [
    'A renewal that is stored late',
    renewedLate('refresh a', oauth2TokenSet('b'), old),
    [
      ['replaces the session that it renews', recordOf(old), 'b'],
      [
        'replaces the session that it renews, whose exchange is journalled',
        exchangeStarted('refresh a', 3)(recordOf(old)),
        'b',
      ],
      [
        'restores a session that another window considered interrupted',
        ended('refresh a', 'interrupted')(exchangeStarted('refresh a', 3)(recordOf(old))),
        'b',
      ],
      ['changes nothing if it is already stored', recordOf(sessionOf('b', 1)), 'b'],
      ['changes nothing if the session was renewed since', recordOf(sessionOf('b2', 1)), 'b2'],
      ['yields to a later sign-in', recordOf(sessionOf('c', 9)), 'c, refresh b'],
      ['yields to a sign-out', recordOf(undefined, 'refresh a'), 'none, refresh a, refresh b'],
      ['yields to an end by the server', ended('a', 'revoked')(recordOf(old)), 'revoked, refresh b'],
    ],
  ],
  [
    'A renewal with a saved password that is stored late',
    renewedLate('a', tokenSet('b'), { ...tokenSet('a'), grant: savedPassword('p'), signedInAt: 1 }),
    [
      [
        'replaces the session that it renews, whose token is to be revoked',
        recordOf({ ...tokenSet('a'), grant: savedPassword('p'), signedInAt: 1 }),
        'b, a',
      ],
      [
        'leaves its token to be revoked if another window has renewed the session',
        recordOf({ ...tokenSet('c'), grant: savedPassword('p'), signedInAt: 1 }),
        'c, b',
      ],
    ],
  ],
  [
    'A sign-out that is stored late',
    signedOutLate(old),
    [
      ['ends the session', recordOf(old), 'none, refresh a'],
      ['ends the session, although it was renewed', recordOf(sessionOf('a2', 1)), 'none, refresh a2'],
      ['does not change a later session', recordOf(sessionOf('c', 9)), 'c'],
      ['changes nothing if there is no session', recordOf(undefined, 'refresh a'), 'none, refresh a'],
    ],
  ],
];

for (const [what, change, cases] of rows) {
  describe(what, () => {
    for (const [name, before, after] of cases) {
      it(name, () => {
        const result = change(before);
        assert.equal(summary(result), after);
        assert.deepEqual(change(result), result, 'applying the change twice differs from applying it once');
      });
    }
  });
}
