import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { parseCaFile } from '../../../../src/zeyos/transport/caFile';
import { readCertificates, type UnusableReason } from '../../../../src/zeyos/transport/certificateFile';
import { SettingsError } from '../../../../src/zeyos/errors';
import { CertificateAuthority } from '../../../support/certificateAuthority';

/**
 * DER of the trust settings that OpenSSL appends to a certificate (`X509_CERT_AUX`): the purposes it is trusted for,
 * and the purposes it is rejected for.
 */
const AUX = {
  empty: '3000',
  trustedForServers: '300c300a06082b06010505070301',
  trustedForAnything: '3008300606 04551d2500',
  trustedForMail: '300c300a06082b06010505070304',
  rejectedForServers: '300ca00a06082b06010505070301',
  rejectedForMail: '300ca00a06082b06010505070304',
};
const SIGNED_DATA = Buffer.from('300f06092a864886f70d010702a0023000', 'hex');
const PKCS12 = Buffer.from('3007020103300230 00'.replace(' ', ''), 'hex');
const PKCS8 = Buffer.from('3009020100300404020000', 'hex');
const ENCRYPTED_PKCS8 = Buffer.from('3011300d06092a864886f70d01050d30000400', 'hex');

describe('A certificate file', () => {
  let good: string;
  let other: string;

  before(async () => {
    [good = '', other = ''] = (await Promise.all(['A', 'B'].map((name) => CertificateAuthority.create(name)))).map(
      ({ certificate }) => new X509Certificate(certificate).toString(),
    );
  });

  const der = (pem = good): Buffer => Buffer.from(new X509Certificate(pem).raw);
  const block = (label: string, bytes: Buffer): string =>
    `-----BEGIN ${label}-----\n${(bytes.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;
  const withAux = (aux: string): Buffer => Buffer.concat([der(), Buffer.from(aux.replaceAll(' ', ''), 'hex')]);
  const latin1 = (bytes: Buffer): string => bytes.toString('latin1');
  const broken = (): string => good.replace('MII', 'MIA');

  const whole: readonly (readonly [string, () => string])[] = [
    ['in PEM', () => good],
    ['in DER', () => latin1(der())],
    ['with the label X509 CERTIFICATE', () => block('X509 CERTIFICATE', der())],
    ['with the label TRUSTED CERTIFICATE and nothing appended', () => block('TRUSTED CERTIFICATE', der())],
    ['with empty trust settings', () => block('TRUSTED CERTIFICATE', withAux(AUX.empty))],
    ['with trust for servers', () => block('TRUSTED CERTIFICATE', withAux(AUX.trustedForServers))],
    ['with trust for anything', () => block('TRUSTED CERTIFICATE', withAux(AUX.trustedForAnything))],
    ['with distrust for mail', () => block('TRUSTED CERTIFICATE', withAux(AUX.rejectedForMail))],
    ['with Windows line ends', () => good.replaceAll('\n', '\r\n')],
    ['with carriage returns as line ends', () => good.replaceAll('\n', '\r')],
    [
      'on one line',
      () => good.replaceAll('\n', '').replace('-----BEGIN CERTIFICATE-----', '$&\n').replace('-----END', '\n$&'),
    ],
    ['with blanks at the ends of the lines', () => good.replaceAll('\n', ' \t\n')],
    ['after a byte order mark', () => latin1(Buffer.from(`\ufeff${good}`))],
    ['in UTF-16, as PowerShell writes it', () => latin1(Buffer.from(`\ufeff${good}`, 'utf16le'))],
    ['in UTF-16 without a byte order mark', () => latin1(Buffer.from(good, 'utf16le'))],
    ['in big-endian UTF-16', () => latin1(Buffer.from(`\ufeff${good}`, 'utf16le').swap16())],
    [
      'with text around it',
      () => latin1(Buffer.from(`Bag Attributes\n    friendlyName: Müller - Root\nsubject=CN = A\n${good}\n# the end`)),
    ],
  ];
  for (const [what, text] of whole)
    it(`is read ${what}`, () => assert.deepEqual(readCertificates(text()), { certificates: [good], unusable: [] }));

  it('is read with several certificates in PEM or DER', () => {
    assert.deepEqual(readCertificates(`${good}text\n${other}`).certificates, [good, other]);
    assert.deepEqual(readCertificates(latin1(Buffer.concat([der(good), der(other)]))).certificates, [good, other]);
  });

  const parts: readonly (readonly [UnusableReason, string, () => string])[] = [
    ['unreadable', 'a broken certificate', broken],
    [
      'unreadable',
      'something else that is labelled a certificate',
      () => block('CERTIFICATE', Buffer.from('3003020101', 'hex').subarray(0, 4)),
    ],
    ['unreadable', 'an empty certificate', () => block('CERTIFICATE', Buffer.alloc(0))],
    ['unreadable', 'a certificate with characters that are not base64', () => good.replace('MII', 'M*I')],
    ['incomplete', 'a certificate that is cut off before the next', () => good.slice(0, 200)],
    [
      'incomplete',
      'a certificate with the end of something else',
      () => good.replace('END CERTIFICATE', 'END X509 CRL'),
    ],
    [
      'distrusted',
      'a certificate that is rejected for servers',
      () => block('TRUSTED CERTIFICATE', withAux(AUX.rejectedForServers)),
    ],
    [
      'distrusted',
      'a certificate that is trusted for mail only',
      () => block('TRUSTED CERTIFICATE', withAux(AUX.trustedForMail)),
    ],
    ['privateKey', 'a private key', () => block('PRIVATE KEY', PKCS8)],
    ['privateKey', 'a private key for RSA', () => block('RSA PRIVATE KEY', PKCS8)],
    ['privateKey', 'an encrypted private key', () => block('ENCRYPTED PRIVATE KEY', PKCS8)],
    ['privateKey', 'a private key that is labelled a certificate', () => block('CERTIFICATE', PKCS8)],
    ['pkcs7', 'a PKCS #7 container', () => block('PKCS7', SIGNED_DATA)],
    ['pkcs7', 'a PKCS #7 container that is labelled a certificate', () => block('CERTIFICATE', SIGNED_DATA)],
    ['request', 'a certificate request', () => block('CERTIFICATE REQUEST', der())],
    ['revocations', 'a list of revoked certificates', () => block('X509 CRL', der())],
    ['other', 'a public key', () => block('PUBLIC KEY', der())],
  ];
  for (const [reason, what, part] of parts) {
    it(`is read without ${what}, whose position is reported`, () => {
      const text = `# the company\n\n${good}\n${part().trimEnd()}\n${other}`;
      const line = text.slice(0, text.indexOf('-----BEGIN', good.length)).split('\n').length;
      assert.deepEqual(readCertificates(text), {
        certificates: [good, other],
        unusable: [{ position: 2, line, reason }],
      });
    });
  }

  const useless: readonly (readonly [string, UnusableReason | undefined, () => string])[] = [
    ['nothing', undefined, () => ''],
    ['text', undefined, () => 'hello'],
    ['HTML', undefined, () => '<html></html>'],
    ['only a broken certificate', 'unreadable', broken],
    ['half a certificate in DER', undefined, () => latin1(der().subarray(0, 100))],
    ['only a private key', 'privateKey', () => block('PRIVATE KEY', PKCS8)],
    ['a PKCS #7 container in DER', 'pkcs7', () => latin1(SIGNED_DATA)],
    ['a PKCS #12 container', 'pkcs12', () => latin1(PKCS12)],
    ['a private key in DER', 'privateKey', () => latin1(PKCS8)],
    ['an encrypted private key in DER', 'privateKey', () => latin1(ENCRYPTED_PKCS8)],
  ];
  for (const [what, found, text] of useless) {
    it(`is refused if it contains ${what}`, () => {
      assert.throws(
        () => parseCaFile(text(), '~/ca.pem'),
        (error) =>
          error instanceof SettingsError &&
          error.problem === 'caFileNotPem' &&
          error.found === found &&
          error.settings.includes('caFile'),
      );
    });
  }
});
