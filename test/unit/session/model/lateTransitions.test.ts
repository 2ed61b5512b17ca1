import assert from 'node:assert/strict';
import { renewedLate, signedInLate, signedOutLate } from '../../../../src/session/model/lateTransitions';
import type { AccountSecret } from '../../../../src/session/storage/serialization';
import type { Session } from '../../../../src/session/model/session';
import { ended, exchangeStarted, type Transition } from '../../../../src/session/model/transitions';
import { oauth2TokenSet, pending, tokenSet } from '../../../support/builders';

const sessionOf = (token: string, signedInAt: number): Session => ({ ...oauth2TokenSet(token), signedInAt });
const secretOf = (session: Session | undefined, ...tokens: readonly string[]): AccountSecret => ({
  ...(session && { session }),
  pendingRevocations: tokens.map((token) => pending(token)),
});
const summary = ({ session, pendingRevocations }: AccountSecret): string =>
  [
    session ? (session.accessToken?.value ?? session.ended) : 'none',
    ...pendingRevocations.map(({ token }) => token),
  ].join(', ');

/** What is stored when the change can be written, and what is stored after that. */
type Row = readonly [string, AccountSecret, string];

const old = sessionOf('a', 1);

const rows: readonly [string, Transition, readonly Row[]][] = [
  [
    'A late sign-in',
    signedInLate(oauth2TokenSet('b'), 5, old),
    [
      ['replaces the session that there was', secretOf(old), 'b, refresh a'],
      [
        'replaces the session that there was, though another window renewed it',
        secretOf(sessionOf('a2', 1)),
        'b, refresh a2',
      ],
      ['replaces the session that there was, though the server ended it', ended('a', 'revoked')(secretOf(old)), 'b'],
      ['changes nothing where it is stored already', secretOf(sessionOf('b', 5), 'refresh a'), 'b, refresh a'],
      ['changes nothing where it is stored already, and was renewed since', secretOf(sessionOf('b2', 5)), 'b2'],
      [
        'changes nothing where it is stored already, and was ended since',
        ended('b', 'revoked')(secretOf(sessionOf('b', 5))),
        'revoked',
      ],
      ['gives way to a later sign-in', secretOf(sessionOf('c', 9)), 'c, refresh b'],
      ['gives way to a sign-out', secretOf(undefined, 'refresh a'), 'none, refresh a, refresh b'],
      ['replaces an earlier sign-in of another window', secretOf(sessionOf('c', 3)), 'b, refresh c'],
    ],
  ],
  [
    'A late sign-in within the same millisecond',
    signedInLate(oauth2TokenSet('b'), 1, old),
    [
      ['replaces the session that there was', secretOf(old), 'b, refresh a'],
      ['gives way to another sign-in', secretOf(sessionOf('c', 1)), 'c, refresh b'],
    ],
  ],
  [
    'A late sign-in to an account whose session was not known',
    signedInLate(oauth2TokenSet('b'), 5, undefined),
    [
      ['is stored where there is none', secretOf(undefined), 'b'],
      ['replaces an earlier one', secretOf(old), 'b, refresh a'],
      ['gives way to a later one', secretOf(sessionOf('c', 9)), 'c, refresh b'],
    ],
  ],
  [
    'A late renewal',
    renewedLate('refresh a', oauth2TokenSet('b'), old),
    [
      ['replaces what it renews', secretOf(old), 'b'],
      [
        'replaces what it renews, while that is noted as under way',
        exchangeStarted('refresh a', 3)(secretOf(old)),
        'b',
      ],
      [
        'brings back what another window took for interrupted',
        ended('refresh a', 'interrupted')(exchangeStarted('refresh a', 3)(secretOf(old))),
        'b',
      ],
      ['changes nothing where it is stored already', secretOf(sessionOf('b', 1)), 'b'],
      [
        'changes nothing where it was renewed since: its refresh token was exchanged',
        secretOf(sessionOf('b2', 1)),
        'b2',
      ],
      ['gives way to a later sign-in', secretOf(sessionOf('c', 9)), 'c, refresh b'],
      ['gives way to a sign-out', secretOf(undefined, 'refresh a'), 'none, refresh a, refresh b'],
      ['gives way to an ending by the server', ended('a', 'revoked')(secretOf(old)), 'revoked, refresh b'],
    ],
  ],
  [
    'A late renewal by a password',
    renewedLate('a', tokenSet('b'), { ...tokenSet('a'), password: 'p', signedInAt: 1 }),
    [
      [
        'replaces what it renews, which is to be revoked',
        secretOf({ ...tokenSet('a'), password: 'p', signedInAt: 1 }),
        'b, a',
      ],
      [
        'is revoked where another window has renewed the session by itself',
        secretOf({ ...tokenSet('c'), password: 'p', signedInAt: 1 }),
        'c, b',
      ],
    ],
  ],
  [
    'A late sign-out',
    signedOutLate(old),
    [
      ['ends the session', secretOf(old), 'none, refresh a'],
      ['ends the session, though it was renewed', secretOf(sessionOf('a2', 1)), 'none, refresh a2'],
      ['leaves a later sign-in alone', secretOf(sessionOf('c', 9)), 'c'],
      ['changes nothing where there is no session', secretOf(undefined, 'refresh a'), 'none, refresh a'],
    ],
  ],
];

for (const [what, change, cases] of rows) {
  describe(what, () => {
    for (const [name, before, after] of cases) {
      it(name, () => {
        const result = change(before);
        assert.equal(summary(result), after);
        assert.deepEqual(change(result), result, 'may be applied again');
      });
    }
  });
}
