import assert from 'node:assert/strict';
import { accountStates, accountStatesAndEnd, type AccountView } from '../../../../src/ui/words/accountStates';
import { Moments } from '../../../../src/ui/words/moments';
import { accessToken, pending, session, storedAccount } from '../../../support/builders';

const HOUR_MS = 3_600_000;

describe('The states of an account in words', () => {
  const view: AccountView = { isReachable: () => true, needsSecret: () => false, now: 0, warningMs: HOUR_MS };
  const signedIn = (lastsMs: number) => storedAccount({ session: session(accessToken('t', { expiresAt: lastsMs })) });
  const states = (stored: ReturnType<typeof signedIn>, more: Partial<AccountView> = {}): string =>
    accountStates(stored, { ...view, ...more }, new Moments('en')).join(', ');
  const withEnd = (stored: ReturnType<typeof signedIn>): readonly string[] => {
    const { states: words, end } = accountStatesAndEnd(stored, view, new Moments('en'));
    return [words.join(', '), end.replace(/\d+:\d\d\s[AP]M/, 'TIME')];
  };

  it('include the time left', () => assert.equal(states(signedIn(5 * HOUR_MS)), 'signed in, 5 h 0 min left'));
  it('include the weekday and time of its end, if that is more than a day and less than six days away', () =>
    assert.match(states(signedIn(50 * HOUR_MS)), /^signed in until Sat,? \d+:\d\d\s[AP]M$/));
  it('include the date of its end, if that is farther away', () =>
    assert.match(states(signedIn(200 * HOUR_MS)), /^signed in until Jan \d, 1970$/));
  it('have the end in a column of its own for a table', () => {
    assert.deepEqual(withEnd(signedIn(5 * HOUR_MS)), ['5 h 0 min left', 'Thu TIME']);
    assert.deepEqual(withEnd(signedIn(50 * HOUR_MS)), ['signed in', 'Sat TIME']);
    assert.match(withEnd(signedIn(200 * HOUR_MS)).join(' '), /^signed in Jan \d, 1970$/);
    assert.deepEqual(withEnd(signedIn(-HOUR_MS)), ['expired', '']);
    assert.deepEqual(withEnd(storedAccount({ session: session(accessToken('t')) })), ['signed in, expiry unknown', '']);
  });
  it('include that the server cannot be reached and that the client secret is needed', () => {
    assert.equal(
      states(signedIn(5 * HOUR_MS), { isReachable: () => false, needsSecret: () => true }),
      'signed in, 5 h 0 min left, client secret needed, cannot be reached',
    );
  });
  it('include that the session is not saved', () => {
    assert.equal(
      states({ ...signedIn(5 * HOUR_MS), unsaved: 'failed' }),
      'signed in, 5 h 0 min left, not saved yet: lost if this window closes',
    );
  });
  it('include that the session has expired, and the number of pending revocations', () => {
    assert.equal(
      states({ ...signedIn(-HOUR_MS), pendingRevocations: [pending('a'), pending('b')] }, { isReachable: () => false }),
      'expired, cannot be reached, pending revocations: 2',
    );
  });
  it('include which client secret a revocation needs', () => {
    assert.equal(
      states({ ...signedIn(-HOUR_MS), pendingRevocations: [pending('a')] }, { revocationNeeds: () => 'vscode' }),
      'expired, pending revocations: 1, client secret for vscode needed',
    );
  });
});
