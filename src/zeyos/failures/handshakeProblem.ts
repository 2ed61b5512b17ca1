/**
 * `clientCertificate`: the server requires one. `rejected`: the server ended the handshake without a reason, because it
 * shares no cipher with the client or requires a client certificate over TLS 1.2. `oldTls`: the server supports neither
 * TLS 1.2 nor 1.3. `notTls`: its response is not TLS, usually plain HTTP.
 */
export type HandshakeProblem = 'clientCertificate' | 'rejected' | 'oldTls' | 'http2Only' | 'notTls';

export const HTTP2_ANSWER = 'HTTP2_ANSWER';
/** The server requires a client certificate, but sends no alert about it. */
export const CLIENT_CERTIFICATE_REQUIRED = 'CLIENT_CERTIFICATE_REQUIRED';

/** Error codes of OpenSSL, BoringSSL and Chromium. Alerts: RFC 8446 section 6, RFC 7301 section 3.2. */
const NAMES: readonly (readonly [HandshakeProblem, RegExp])[] = [
  // A server's alerts about a certificate concern the client's.
  [
    'clientCertificate',
    /ALERT_(NO|BAD|UNSUPPORTED)_CERTIFICATE|ALERT_CERTIFICATE_|ALERT_UNKNOWN_CA|ALERT_ACCESS_DENIED/,
  ],
  ['clientCertificate', /CERTIFICATE_REQUIRED|SSL_CLIENT_AUTH/],
  ['http2Only', /HTTP2_ANSWER|NO_APPLICATION_PROTOCOL|ERR_ALPN_NEGOTIATION_FAILED/],
  ['oldTls', /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|UNSUPPORTED_SSL_VERSION|VERSION_TOO_LOW/],
  ['oldTls', /INSUFFICIENT_SECURITY|VERSION_OR_CIPHER_MISMATCH/],
  [
    'notTls',
    /WRONG_VERSION_NUMBER|HTTP_REQUEST|HTTPS_PROXY_REQUEST|PACKET_LENGTH_TOO_LONG|RECORD_TOO_LONG|UNKNOWN_PROTOCOL/,
  ],
  ['rejected', /ALERT_HANDSHAKE_FAILURE/],
];

export function handshakeProblem(code: string | undefined): HandshakeProblem | undefined {
  return code === undefined ? undefined : NAMES.find(([, names]) => names.test(code))?.[0];
}
