import { createServer, type Server } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { Certificate } from './certificate';

/** The reason why a client cannot speak HTTP/1.1 over TLS with the server. */
export type HandshakeFault =
  /** Requires a client certificate. Rejects the client within the handshake (TLS 1.2) or after it (TLS 1.3). */
  | 'clientCertificateTls12'
  | 'clientCertificateTls13'
  /** Speaks no later version. */
  | 'tls10'
  | 'tls11'
  /** Has no cipher in common with the client. */
  | 'noCommonCipher'
  /** Rejects a client that offers only HTTP/1.1 (ALPN, RFC 7301, section 3.2). */
  | 'http2Only'
  /** Speaks HTTP without TLS at an https URL. */
  | 'plainHttp';

const OPTIONS: Readonly<Record<Exclude<HandshakeFault, 'http2Only' | 'plainHttp'>, ServerOptions>> = {
  clientCertificateTls12: { requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' },
  clientCertificateTls13: { requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' },
  tls10: { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' },
  tls11: { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
  // A cipher for RSA keys, which the certificate does not have.
  noCommonCipher: { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' },
};

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
