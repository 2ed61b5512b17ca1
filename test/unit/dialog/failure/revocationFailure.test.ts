import assert from 'node:assert/strict';
import { StillActiveError } from '../../../../src/session/tokens/accountTokens';
import { InstanceFailure } from '../../../../src/dialog/failure/instanceFailure';
import { revocationFailure } from '../../../../src/dialog/failure/revocationFailure';
import {
  HttpError,
  MalformedResponseError,
  NetworkError,
  OAuthError,
  SettingsError,
} from '../../../../src/zeyos/errors';
import { platform } from '../../../support/builders';
import { TimeoutError } from '../../../../src/base/deadline';

const STAYS = 'The token was not revoked and stays valid.';
const UNKNOWN = 'It is not known whether the token was revoked; it may still be valid.';

describe('The message for a token that could not be revoked', () => {
  const table: readonly (readonly [string, Error, string])[] = [
    ['says that the token stays valid if the host was not found', new NetworkError('ENOTFOUND', undefined), STAYS],
    [
      'says that the token stays valid if the certificate is not trusted',
      new NetworkError('CERT_HAS_EXPIRED', undefined),
      STAYS,
    ],
    ['says that the token stays valid if the settings forbid the request', new SettingsError('unverified'), STAYS],
    [
      'says that the token stays valid if the server rejected the request',
      new OAuthError({ status: 401, error: 'invalid_client' }),
      STAYS,
    ],
    ['says that the token may be valid if the connection was cut', new NetworkError('ECONNRESET', undefined), UNKNOWN],
    ['says that the token may be valid if no answer came in time', new TimeoutError(10_000), UNKNOWN],
    ['says that the token may be valid after a server error', new HttpError(503), UNKNOWN],
    ['says that the token may be valid if a proxy answered', new MalformedResponseError('webPage', 200), UNKNOWN],
  ];
  for (const [what, cause, fate] of table) {
    it(what, () => {
      const failure = revocationFailure(platform, cause);
      assert.equal(failure.message, `${new InstanceFailure(platform, cause).message} ${fate}`);
      assert.equal(failure.cause, cause);
    });
  }

  it('does not repeat that the token is active if the server says so', () => {
    const cause = new StillActiveError();
    assert.equal(revocationFailure(platform, cause).message, new InstanceFailure(platform, cause).message);
  });
});
