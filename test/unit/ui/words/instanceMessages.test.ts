import assert from 'node:assert/strict';
import type { StoredAccount } from '../../../../src/session/model/session';
import { additionText, removalDetail, runningNames } from '../../../../src/ui/words/instanceMessages';
import { accessToken, platform, session, storedAccount } from '../../../support/builders';

const running = (userName: string): StoredAccount =>
  storedAccount({ userName, session: session(accessToken(userName)) });
const ended = (userName: string): StoredAccount => storedAccount({ userName, session: session(undefined) });

it('The names of running sessions do not include those of sessions that have ended, are lost or signed out', () => {
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

describe('The message after an instance was added', () => {
  const text = (more: Partial<Parameters<typeof additionText>[0]>): string =>
    additionText({ name: 'demo', isNew: true, isOnly: false, signedIn: [], ...more });
  it('says that the instance was added', () => assert.equal(text({}), 'The instance demo has been added.'));
  it('says to sign in if the instance is the only one', () =>
    assert.equal(text({ isOnly: true }), 'The instance demo has been added. Sign in to use it.'));
  it('names the users whose sessions came back with the instance', () =>
    assert.equal(
      text({ isOnly: true, signedIn: ['max', 'anna'] }),
      'The instance demo has been added. You are signed in to it as max, anna.',
    ));
  it('says that the instance had already been added', () =>
    assert.equal(text({ isNew: false }), 'The instance demo has already been added.'));
  it('names the signed-in users if the instance had already been added', () =>
    assert.equal(
      text({ isNew: false, signedIn: ['max'] }),
      'The instance demo has already been added. You are signed in to it as max.',
    ));
});

describe('The question before an instance is removed', () => {
  const detail = (...sessions: readonly StoredAccount[]): string =>
    removalDetail({ platform, name: 'Demo', redirectPort: 9005 }, sessions, 0).replace(/^.*\n\n/, '');
  it('shows only the URL if there is no session', () => assert.equal(detail(), platform.href));
  it('says that the user is signed in', () =>
    assert.equal(
      detail(running('max')),
      'You are signed in to this instance. If you do not sign out, the session is kept and reappears when you add the instance again.',
    ));
  it('names the signed-in users if there are several sessions', () =>
    assert.equal(
      detail(running('max'), ended('olga'), running('anna')),
      'You are signed in to this instance as max, anna. If you do not sign out, all sessions are kept and reappear when you add the instance again.',
    ));
  it('says that the session has ended', () =>
    assert.equal(
      detail(ended('max')),
      'The session of max has ended. If you do not sign out, the account is kept and reappears when you add the instance again.',
    ));
  it('says that all sessions have ended', () =>
    assert.equal(
      detail(ended('max'), ended('anna')),
      'The sessions of max, anna have ended. If you do not sign out, the accounts are kept and reappear when you add the instance again.',
    ));
});
