import { createServer, type Server } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { Certificate } from './certificate';

/** Why no HTTP/1.1 can be spoken over TLS with a server, by name. */
export type HandshakeFault =
  /** Wants a client certificate, and refuses the client within the handshake (TLS 1.2) or after it (TLS 1.3). */
  | 'clientCertificateTls12'
  | 'clientCertificateTls13'
  /** Speaks no later version. */
  | 'tls10'
  | 'tls11'
  /** Shares no cipher with the client. */
  | 'noCommonCipher'
  /** Refuses a client that offers only HTTP/1.1, as ALPN demands (RFC 7301 section 3.2). */
  | 'http2Only'
  /** Speaks HTTP without TLS, though at an https address. */
  | 'plainHttp';

const OPTIONS: Readonly<Record<Exclude<HandshakeFault, 'http2Only' | 'plainHttp'>, ServerOptions>> = {
  clientCertificateTls12: { requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' },
  clientCertificateTls13: { requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' },
  tls10: { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' },
  tls11: { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
  // One for keys of RSA, which the certificate has not.
  noCommonCipher: { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' },
};

/** A server with a certificate, and with what goes wrong with it. */
export function secureServer(certificate: Certificate, fault: HandshakeFault | undefined): Server {
  switch (fault) {
    case undefined:
      return createHttpsServer(certificate);
    case 'plainHttp':
      return createServer();
    case 'http2Only':
      return createSecureServer({ ...certificate, allowHTTP1: false }) as unknown as Server;
    default:
      return createHttpsServer({ ...certificate, ...OPTIONS[fault] });
  }
}
