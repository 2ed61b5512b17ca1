import assert from 'node:assert/strict';
import { LeaseError } from '../../../../src/base/lease';
import { SignInError, StorageError, type SignInProblem } from '../../../../src/dialog/failure/errors';
import { describeFailure, isStorageFailure } from '../../../../src/dialog/failure/failure';
import { SecretStorageTimeoutError } from '../../../../src/session/storage/boundedSecretStorage';
import { NewerVersionError } from '../../../../src/session/storage/serialization';
import { RenewalPostponedError, SignInRequiredError } from '../../../../src/session/tokens/renewal';
import { StillActiveError } from '../../../../src/session/tokens/accountTokens';
import { RedirectMismatchError } from '../../../../src/zeyos/redirect';
import { platform } from '../../../support/builders';

describe('The description of a failure', () => {
  const late = new SecretStorageTimeoutError('get', Promise.resolve());
  const wrongAccount: SignInProblem = { reason: 'wrongAccount', expected: 'max', actual: 'olga', isKept: false };
  const table: readonly (readonly [string, Error, RegExp])[] = [
    ['a removed instance', new SignInError({ reason: 'instanceRemoved' }), /is no longer configured\. Add it again/],
    [
      'a browser that did not return',
      new SignInError({ reason: 'browserTimeout', afterMs: 300_000 }),
      /not completed in the browser within 5 minutes/,
    ],
    ['an inactive token', new SignInError({ reason: 'inactiveToken' }), /reports it as inactive/],
    ['an unknown user', new SignInError({ reason: 'unknownUser' }), /does not report who signed in/],
    [
      'another user whose token is revoked',
      new SignInError(wrongAccount),
      /as olga, but max was requested\. The new token will be revoked; try again as max\.$/,
    ],
    [
      'another user whose session continues',
      new SignInError({ ...wrongAccount, isKept: true }),
      /as olga, but max was requested\. The session for olga continues with the new token; try again as max\.$/,
    ],
    [
      'another issuer without the user name and password in its URL',
      new RedirectMismatchError('issuer', 'https://user:pass@evil.example'),
      /names https:\/\/evil\.example as the server that answered/,
    ],
    ['another redirect', new RedirectMismatchError('state'), /^Something unexpected went wrong with/],
    ['a token that is still active', new StillActiveError(), /still reports the token as active/],
    ['a session that has ended', new SignInRequiredError(), /has ended and cannot be renewed automatically/],
    ['a renewal that is postponed', new RenewalPostponedError(30_500, 500), /at most\. Try again in 1 s\.$/],
    ['another window that holds the lease', new LeaseError('timeout', ''), /^Another window is busy with/],
    ['a secret that was not saved', new StorageError('keep'), /could not be saved .* so you are not signed in/],
    ['a secret that was not changed', new StorageError('change'), /could not be updated, so nothing has changed/],
    ['a keyring that does not answer', late, /keyring does not answer, so the secrets for .* cannot be read or saved/],
    [
      'a keyring that does not answer when a token is saved',
      new StorageError('keep', { cause: late }),
      /keyring does not answer, so nothing could be saved .* sign in again\.$/,
    ],
    [
      'a keyring that does not answer when a secret is changed',
      new StorageError('change', { cause: late }),
      /keyring does not answer, so nothing has changed .* try again\.$/,
    ],
    ['secrets of a newer version', new NewerVersionError(), /saved by a newer version of this extension/],
    [
      'secrets of a newer version that are to be changed',
      new StorageError('change', { cause: new NewerVersionError() }),
      /saved by a newer version of this extension/,
    ],
    ['an error without a sentence of its own', new TypeError('x'), /^Something unexpected went wrong with/],
  ];
  for (const [what, error, sentence] of table) {
    it(`names the instance and a remedy if the cause is ${what}`, () => {
      const text = describeFailure(error, platform);
      assert.match(text, sentence);
      assert.ok(text.includes(platform.label) || text.includes(platform.href));
    });
  }

  it('counts as one of the secret storage for each failure of the storage, except for secrets of a newer version', () => {
    const failures = table.filter(([, error]) => isStorageFailure(error)).map(([what]) => what);
    assert.deepEqual(failures, [
      'a secret that was not saved',
      'a secret that was not changed',
      'a keyring that does not answer',
      'a keyring that does not answer when a token is saved',
      'a keyring that does not answer when a secret is changed',
    ]);
  });

  it('keeps the names of users out of the log', () => {
    const { message } = new SignInError(wrongAccount);
    assert.doesNotMatch(message, /max|olga/);
  });
});
