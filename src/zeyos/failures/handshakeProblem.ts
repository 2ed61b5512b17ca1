/**
 * Why no HTTP/1.1 can be spoken over TLS. `clientCertificate`: the server wants one. `refused`: the server ended the handshake without a
 * reason, as it does where it wants a client certificate over TLS 1.2, or knows none of the ciphers. `oldTls`: neither TLS 1.2 nor 1.3.
 * `http2Only`: the server speaks HTTP/2 only. `notTls`: what came is not TLS, mostly plain HTTP.
 */
export type HandshakeProblem = 'clientCertificate' | 'refused' | 'oldTls' | 'http2Only' | 'notTls';

/** Code for a server that answers HTTP/1.1 with a frame of HTTP/2. */
export const HTTP2_ANSWER = 'HTTP2_ANSWER';
/** Code for a server that wants a client certificate, but does not say so in an alert. */
export const CLIENT_CERTIFICATE_REQUIRED = 'CLIENT_CERTIFICATE_REQUIRED';

/** The names that OpenSSL, BoringSSL and Chromium have for it, in their error codes. Alerts: RFC 8446 section 6, RFC 7301 section 3.2. */
const NAMES: readonly (readonly [HandshakeProblem, RegExp])[] = [
  // A server's alert about a certificate is about the client's.
  [
    'clientCertificate',
    /ALERT_(NO|BAD|UNSUPPORTED)_CERTIFICATE|ALERT_CERTIFICATE_|ALERT_UNKNOWN_CA|ALERT_ACCESS_DENIED|CERTIFICATE_REQUIRED|SSL_CLIENT_AUTH/,
  ],
  ['http2Only', /HTTP2_ANSWER|NO_APPLICATION_PROTOCOL|ERR_ALPN_NEGOTIATION_FAILED/],
  [
    'oldTls',
    /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|UNSUPPORTED_SSL_VERSION|VERSION_TOO_LOW|INSUFFICIENT_SECURITY|VERSION_OR_CIPHER_MISMATCH/,
  ],
  [
    'notTls',
    /WRONG_VERSION_NUMBER|HTTP_REQUEST|HTTPS_PROXY_REQUEST|PACKET_LENGTH_TOO_LONG|RECORD_TOO_LONG|UNKNOWN_PROTOCOL/,
  ],
  ['refused', /ALERT_HANDSHAKE_FAILURE/],
];

/** Sorts the error codes of Node and Electron by what helps; `undefined` if the handshake is not at fault. */
export function handshakeProblem(code: string | undefined): HandshakeProblem | undefined {
  return code === undefined ? undefined : NAMES.find(([, names]) => names.test(code))?.[0];
}
