import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mentionsOneTimeCode, namesOneTimeCode, parseOneTimeCode } from '../../src/zeyos/oneTimeCode';

describe('A server’s text', () => {
  const demands = [
    'TOTP', 'TOTP code required', 'Invalid HOTP', 'OTP', 'Unauthorized: OTP missing', 'otp_required', '2FA', '2FA-Code fehlt', 'MFA token is required', 'TFA required',
    'Authentication code required', 'Unauthorized: authentication code is invalid', 'Verification code expired', 'The verification\u00a0code is wrong', 'verification-code',
    'Second factor required', 'A second authentication factor is needed', '2nd factor missing', 'Two-factor authentication', 'two factor', 'two\u2011factor', 'Two\u2013Factor', 'twofactor', 'two_factor', '2-factor', 'Multi-factor authentication', 'multifactor',
    'two-step verification', 'Enter the code of your authenticator app', 'Authenticator', 'One-time password (OTP) required', 'one time password', 'onetime password', 'one-time code', 'One-time passcode', 'one-time PIN', 'One-time passwords are not accepted twice', 'single-use code',
    'Security code', 'security codes', 'Confirmation code missing', 'SMS code', 'Enter the 6-digit code',
    'Einmalcode erforderlich', 'Einmal-Code', 'Das Einmalpasswort ist falsch', 'des Einmalpasswortes', 'Einmalpasswörter', 'Einmalkennwort', 'einmaliges Passwort', 'einmaligen Code', 'Bestätigungscode fehlt', 'Besta\u0308tigungscode', 'Bestaetigungscode', 'BESTÄTIGUNGSCODE',
    'Zwei-Faktor-Authentifizierung', 'Zweifaktorauthentifizierung', 'Zwei Faktor', '2-Faktor', 'Mehrfaktor-Anmeldung', 'zweiter Faktor', 'mit dem zweiten Faktor', '2. Faktor', 'zweiter Authentifizierungsfaktor', 'Authentifizierungscode ungültig', 'Authentifizierungs-Code', 'Sicherheitscode', 'Sicherheitscodes', 'Verifizierungscode', 'Prüfcode', 'Pruefcode', 'SMS-Code',
    'O\u200bTP required', 'T\u00adO\u00adTP', '\uff2f\uff34\uff30',
  ];
  for (const text of demands) it(`${JSON.stringify(text)} is about a one-time code`, () => assert.equal(mentionsOneTimeCode(text), true));

  const others = [
    '', 'Invalid credentials', 'Unauthorized: Invalid credentials', 'authentication failed', 'Authentication required', 'verification failed', 'Wrong user name or password',
    'Hotpoint', 'hotpots', 'The adoption of hotpots', 'No such options', 'optional', 'laptop', 'photoptic', 'Potpourri', 'desktop', 'biotope', 'comfat', 'mfat', 'refactor', 'factory', 'Two factories', 'the security factor', 'The authenticated user is locked', 'PasswordAuthenticator failed', 'authentic', 'authenticators2', 'authorization code expired', 'invalid code', 'status code 401', 'error code: 5', 'country code',
    'security policy', 'Only one time per day', 'one-time offer', 'for the second time', 'The second account', 'timeout', 'passcode', 'decode', 'verification codec', 'barcode',
    'Benutzername oder Passwort falsch', 'Anmeldung fehlgeschlagen', 'Authentifizierung fehlgeschlagen', 'einmal falsch', 'Noch einmal anmelden', 'Faktor', 'Sicherheitsrichtlinie', 'Bestätigung fehlt', 'zwei Konten', 'zweiter Versuch', 'Codepage',
    'No user otp@example.com', 'unknown user max@2fa.example',
  ];
  for (const text of others) it(`${JSON.stringify(text)} is not about a one-time code`, () => assert.equal(mentionsOneTimeCode(text), false));

  it('is judged in a short time, however long it is', () => {
    for (const part of ['two-', 'one-time ', 'einmaliges ', 'sms', '@', 'second authentication ']) {
      const start = performance.now();
      mentionsOneTimeCode(part.repeat(100_000 / part.length));
      assert.ok(performance.now() - start < 500, part);
    }
  });
});

describe('An error code', () => {
  for (const code of ['otp_required', 'invalid_otp', 'mfa_required', 'otpRequired', 'OTPRequired', 'invalidOTP', 'MissingTOTPCode', 'TwoFactorRequired', 'two_factor_required', 'two.factor', '2FA_REQUIRED', '2FARequired', 'urn:zeyos:totp', 'NeedTFA', 'verification_code_missing', 'authentication_code_required', 'secondFactorRequired'])
    it(`${code} is about a one-time code`, () => assert.equal(namesOneTimeCode(code), true));
  for (const code of ['invalid_grant', 'invalid_client', 'access_denied', 'invalid_token', 'optional', 'unsupported_option', 'hotpoint', 'server_error', 'authentication_failed', 'authorization_code', 'AuthenticationFailed', 'invalid_code'])
    it(`${code} is not about a one-time code`, () => assert.equal(namesOneTimeCode(code), false));
});

describe('A one-time code', () => {
  const table: readonly (readonly [string, string])[] = [
    ['123456', '123456'], [' 123456\n', '123456'], ['123 456', '123456'], ['12 34 56', '123456'], ['123\u00a0456', '123456'], ['123\u202f456', '123456'], ['123\t456', '123456'],
    ['123-456', '123456'], ['123\u2011456', '123456'], ['123\u2013456', '123456'], ['123\u2212456', '123456'], ['123 - 456', '123456'], ['123.456', '123456'], ['123\u00b7456', '123456'], ['123_456', '123456'],
    ['123\u200b456', '123456'], ['\ufeff123456', '123456'], ['123\u00ad456', '123456'], ['\u202a123456\u202c', '123456'], ['1\u20602\u20613456', '123456'], ['\u200e123456', '123456'],
    ['１２３４５６', '123456'], ['１２３　４５６', '123456'], ['𝟏𝟐𝟑𝟺𝟻𝟼', '123456'], ['١٢٣٤٥٦', '123456'], ['۱۲۳۴۵۶', '123456'], ['०१२३४५', '012345'], ['000000', '000000'], ['00123456', '00123456'],
    ['abcd-EFGH', 'abcd-EFGH'], ['abcd\u2011EFGH', 'abcd-EFGH'], ['ab12 cd34', 'ab12cd34'], ['', ''], [' \u200b\u00a0', ''], ['123\u2800456', '123456'], ['123\n456', '123456'],
  ];
  for (const [typed, code] of table) it(`${JSON.stringify(typed)} is read as ${JSON.stringify(code)}`, () => assert.equal(parseOneTimeCode(typed), code));

  it('keeps its digits, whatever stands between them', () => {
    const gap = fc.constantFrom('', ' ', '-', '\u00a0', '\u2009', '\u2011', '\u200b', '\u200d', '\ufeff', '\u00ad', '\u2060', ' \u2013 ');
    fc.assert(
      fc.property(fc.stringMatching(/^\d{6,8}$/), fc.array(gap, { minLength: 8, maxLength: 8 }), (code, gaps) => {
        assert.equal(parseOneTimeCode([...code].map((digit, index) => digit + gaps[index]).join('')), code);
      }),
    );
  });
});
