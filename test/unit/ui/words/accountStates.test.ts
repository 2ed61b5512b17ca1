import assert from 'node:assert/strict';
import { accountStates, type AccountView } from '../../../../src/ui/words/accountStates';
import { accessToken, pending, session, storedAccount } from '../../../support/builders';

const HOUR_MS = 3_600_000;

describe('The states of an account in words', () => {
  const view: AccountView = { isReachable: () => true, needsSecret: () => false, now: 0, warningMs: HOUR_MS };
  const signedIn = (lastsMs: number) => storedAccount({ session: session(accessToken('t', { expiresAt: lastsMs })) });
  const states = (
    ...[stored, more = {}, tellsMoment]: [ReturnType<typeof signedIn>, Partial<AccountView>?, boolean?]
  ): string => accountStates(stored, { ...view, ...more }, 'en', tellsMoment).join(', ');

  it('include the time left', () => assert.equal(states(signedIn(5 * HOUR_MS)), 'signed in, 5 h 0 min left'));
  it('include the time left and the end if both are wanted', () =>
    assert.match(states(signedIn(5 * HOUR_MS), {}, true), /^signed in, 5 h 0 min left, .*\d:\d\d/));
  it('include only the end if it is far away', () =>
    assert.match(states(signedIn(50 * HOUR_MS), {}, true), /^signed in until \w+ \d+, 1970, \d+:\d\d\s[AP]M$/));
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
