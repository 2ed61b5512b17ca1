import assert from 'node:assert/strict';
import { HttpError, isInconclusive, MalformedResponseError, NetworkError, OAuthError } from '../../../src/zeyos/errors';
import { TimeoutError } from '../../../src/base/deadline';

describe('The OAuth error', () => {
  type Meaning = 'one-time code' | 'credentials' | 'neither';
  const table: readonly [number, string, string | undefined, Meaning][] = [
    [401, 'invalid_grant', 'Invalid credentials', 'credentials'],
    [401, 'invalid_grant', undefined, 'credentials'],
    [403, 'invalid_grant', undefined, 'credentials'],
    [400, 'invalid_grant', undefined, 'credentials'],
    [401, 'otp_required', undefined, 'one-time code'],
    [401, 'invalid_otp', undefined, 'one-time code'],
    [401, 'invalid_grant', 'A one-time password is required', 'one-time code'],
    [401, 'invalid_grant', 'Unauthorized: 2FA code missing', 'one-time code'],
    [401, 'invalid_grant', 'Two-factor authentication', 'one-time code'],
    [401, 'invalid_grant', 'TOTP required', 'one-time code'],
    [401, 'invalid_grant', 'Unauthorized: Authentication code required', 'one-time code'],
    [401, 'invalid_grant', 'Unauthorized: Bestätigungscode fehlt', 'one-time code'],
    [403, 'invalid_grant', 'Verification code required', 'one-time code'],
    [400, 'invalid_grant', 'Second factor required', 'one-time code'],
    [200, 'invalid_grant', 'Zwei-Faktor-Authentifizierung', 'one-time code'],
    [403, 'mfa_required', undefined, 'one-time code'],
    [400, 'TwoFactorRequired', 'Forbidden', 'one-time code'],
    [401, 'invalid_grant', 'Authentication failed', 'credentials'],
    [401, 'invalid_grant', 'Anmeldung fehlgeschlagen', 'credentials'],
    [401, 'invalid_grant', 'The adoption of hotpots', 'credentials'],
    [401, 'invalid_grant', 'Hotpoint', 'credentials'],
    [401, 'invalid_grant', 'No such options', 'credentials'],
    [403, 'access_denied', 'OTP', 'neither'],
    [400, 'invalid_request', undefined, 'neither'],
    [403, 'access_denied', undefined, 'neither'],
  ];
  for (const [status, error, errorDescription, meaning] of table) {
    it(`${status} ${error} (${errorDescription ?? 'no description'}) is about ${meaning}`, () => {
      const refusal = new OAuthError({ status, error, errorDescription });
      assert.deepEqual(
        [refusal.requiresOneTimeCode, refusal.rejectsCredentials],
        [meaning === 'one-time code', meaning === 'credentials'],
      );
    });
  }
});

describe('The failure of a request', () => {
  it('is inconclusive unless the server has accepted or rejected the request', () => {
    for (const error of [
      new HttpError(503),
      new HttpError(404),
      new NetworkError('ECONNRESET', undefined),
      new TimeoutError(1),
      new MalformedResponseError('webPage', 200),
    ]) {
      assert.equal(isInconclusive(error), true, error.name);
    }
    for (const error of [
      new OAuthError({ status: 401, error: 'invalid_token' }),
      new Error('anything'),
      new DOMException('given up', 'AbortError'),
      undefined,
    ]) {
      assert.equal(isInconclusive(error), false);
    }
  });

  const unsent: readonly [string | undefined, boolean][] = [
    ['ENOTFOUND', true],
    ['ERR_NAME_NOT_RESOLVED', true],
    ['ECONNREFUSED', true],
    ['ERR_CONNECTION_REFUSED', true],
    ['ENETUNREACH', true],
    ['ERR_INTERNET_DISCONNECTED', true],
    ['ERR_PROXY_CONNECTION_FAILED', true],
    ['ERR_TUNNEL_CONNECTION_FAILED', true],
    ['CERT_HAS_EXPIRED', true],
    ['ECONNRESET', false],
    ['ERR_CONNECTION_RESET', false],
    ['ETIMEDOUT', false],
    [undefined, false],
  ];
  for (const [code, expected] of unsent) {
    it(`with the code ${code ?? 'undefined'} occurred ${expected ? 'before' : 'perhaps after'} the request was sent`, () =>
      assert.equal(new NetworkError(code, undefined).isUnsent, expected));
  }

  const codes: readonly [string | undefined, boolean][] = [
    ['DEPTH_ZERO_SELF_SIGNED_CERT', true],
    ['SELF_SIGNED_CERT_IN_CHAIN', true],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', true],
    ['CERT_HAS_EXPIRED', true],
    ['ERR_TLS_CERT_ALTNAME_INVALID', true],
    ['ERR_CERT_AUTHORITY_INVALID', true],
    ['EPROTO', true],
    ['ENOTFOUND', false],
    ['ECONNREFUSED', false],
    ['ERR_NAME_NOT_RESOLVED', false],
    [undefined, false],
  ];
  for (const [code, expected] of codes) {
    it(`with the code ${code ?? 'undefined'} is ${expected ? '' : 'not '}about a certificate`, () =>
      assert.equal(new NetworkError(code, undefined).isCertificate, expected));
  }
});
