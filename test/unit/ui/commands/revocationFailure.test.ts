import assert from 'node:assert/strict';
import { StillActiveError } from '../../../../src/session/tokens/tokens';
import { InstanceFailure } from '../../../../src/dialog/failure';
import { RevocationFailure } from '../../../../src/ui/commands/revocationFailure';
import {
  HttpError,
  MalformedResponseError,
  NetworkError,
  OAuthError,
  SettingsError,
  TimeoutError,
} from '../../../../src/zeyos/errors';
import { platform } from '../../../support/builders';

const STAYS = 'The token was not revoked and stays valid.';
const UNKNOWN = 'It is not known whether the token was revoked; it may still be valid.';

describe('A token that could not be revoked', () => {
  const table: readonly (readonly [string, Error, string])[] = [
    ['as the host was not found, stays valid', new NetworkError('ENOTFOUND', undefined), STAYS],
    ['as the certificate is not trusted, stays valid', new NetworkError('CERT_HAS_EXPIRED', undefined), STAYS],
    ['as the settings forbid to ask, stays valid', new SettingsError('unverified'), STAYS],
    ['as the server refused, stays valid', new OAuthError({ status: 401, error: 'invalid_client' }), STAYS],
    ['as the connection was cut, may be valid', new NetworkError('ECONNRESET', undefined), UNKNOWN],
    ['as no answer came in time, may be valid', new TimeoutError(10_000), UNKNOWN],
    ['as the server is in trouble, may be valid', new HttpError(503), UNKNOWN],
    ['as a proxy answered, may be valid', new MalformedResponseError('webPage', 200), UNKNOWN],
  ];
  for (const [what, cause, fate] of table) {
    it(what, () => {
      const failure = new RevocationFailure(platform, cause);
      assert.equal(failure.message, `${new InstanceFailure(platform, cause).message} ${fate}`);
      assert.equal(failure.cause, cause);
    });
  }

  it("by the server's own word is told of once", () => {
    const cause = new StillActiveError();
    assert.equal(new RevocationFailure(platform, cause).message, new InstanceFailure(platform, cause).message);
  });
});
