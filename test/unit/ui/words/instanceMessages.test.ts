import assert from 'node:assert/strict';
import type { StoredAccount } from '../../../../src/session/model/session';
import { additionText, removalDetail, runningNames } from '../../../../src/ui/words/instanceMessages';
import { accessToken, platform, session, storedAccount } from '../../../support/builders';

const running = (userName: string): StoredAccount =>
  storedAccount({ userName, session: session(accessToken(userName)) });
const ended = (userName: string): StoredAccount => storedAccount({ userName, session: session(undefined) });

it('Those who are signed in are the ones whose sessions are running', () => {
  assert.deepEqual(
    runningNames(
      [
        running('max'),
        ended('anna'),
        storedAccount({ userName: 'olga', lost: true }),
        storedAccount({ userName: 'kim' }),
      ],
      0,
    ),
    ['max'],
  );
});

describe('Of an instance that is there now is said', () => {
  const text = (more: Partial<Parameters<typeof additionText>[0]>): string =>
    additionText({ name: 'demo', isNew: true, isOnly: false, signedIn: [], ...more });
  it('that it was added', () => assert.equal(text({}), 'The instance demo has been added.'));
  it('what to do, if it is the first', () =>
    assert.equal(text({ isOnly: true }), 'The instance demo has been added. Sign in to use it.'));
  it('who is signed in, where sessions came back with it', () =>
    assert.equal(
      text({ isOnly: true, signedIn: ['max', 'anna'] }),
      'The instance demo has been added. You are signed in to it as max, anna.',
    ));
  it('that it was there', () => assert.equal(text({ isNew: false }), 'The instance demo has already been added.'));
  it('that it was there, and who is signed in', () =>
    assert.equal(
      text({ isNew: false, signedIn: ['max'] }),
      'The instance demo has already been added. You are signed in to it as max.',
    ));
});

describe('Before an instance is removed is said', () => {
  const detail = (...sessions: readonly StoredAccount[]): string =>
    removalDetail({ platform, name: 'Demo', redirectPort: 9005 }, sessions, 0).replace(/^.*\n\n/, '');
  it('where it is, and no more where there is no session', () => assert.equal(detail(), platform.href));
  it('that the user is signed in', () =>
    assert.equal(
      detail(running('max')),
      'You are signed in to this instance. If you do not sign out, the session is kept and reappears when you add the instance again.',
    ));
  it('who is signed in, of several', () =>
    assert.equal(
      detail(running('max'), ended('olga'), running('anna')),
      'You are signed in to this instance as max, anna. If you do not sign out, all sessions are kept and reappear when you add the instance again.',
    ));
  it('that a session has ended', () =>
    assert.equal(
      detail(ended('max')),
      'The session of max has ended. If you do not sign out, the account is kept and reappears when you add the instance again.',
    ));
  it('that all have ended', () =>
    assert.equal(
      detail(ended('max'), ended('anna')),
      'The sessions of max, anna have ended. If you do not sign out, the accounts are kept and reappear when you add the instance again.',
    ));
});
