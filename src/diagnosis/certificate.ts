import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { trusted } from '../zeyos/transport/caFile';
import { CLIENT_CERTIFICATE_REQUIRED, handshakeProblem } from '../zeyos/failures/handshakeProblem';
import { openTunnel } from '../zeyos/transport/tunnel';

/** A server's certificate. The names are untrusted text; times are epoch milliseconds. */
export interface Certificate {
  readonly issuer: string;
  readonly subject: string;
  readonly validTo: number;
  /** Node's code; absent if the certificate is trusted. */
  readonly error?: string;
}

/**
 * Reads the certificate that a server presents, trusted or not, through the proxy if there is one.
 * @param certificates the authorities of the instance's `caFile`, in PEM; absent: the editor's
 * @throws {NetworkError} the proxy does not connect
 * @throws Node's error if there is no connection or no TLS on it, or an `AbortError`
 */
export async function readCertificate(
  target: { readonly hostname: string; readonly port: number },
  proxy: URL | undefined,
  certificates: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<Certificate> {
  const { hostname: host, port } = target;
  const tunnel = proxy && (await openTunnel(proxy, target, signal));
  const through: { socket: Socket } | { port: number } = tunnel ? { socket: tunnel } : { port };
  // Any certificate is accepted, so nothing is ever sent on this connection.
  const socket = connect({
    ...through,
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ...(certificates && { ca: trusted(certificates) }),
    rejectUnauthorized: false,
  });
  // Node writes the key log once the server has chosen a cipher (RFC 5246 section 8.1).
  let hasCipher = false;
  socket.once('keylog', () => (hasCipher = true));
  try {
    await once(socket, 'secureConnect', { signal });
    return certificateOf(socket);
  } catch (error) {
    // In TLS 1.2, a server that rejects the handshake after that point demands a client certificate.
    if (hasCipher && handshakeProblem((error as NodeJS.ErrnoException).code) === 'rejected')
      throw Object.assign(new Error('client certificate required'), { code: CLIENT_CERTIFICATE_REQUIRED });
    throw error;
  } finally {
    socket.destroy();
    tunnel?.destroy();
  }
}

function certificateOf(socket: TLSSocket): Certificate {
  const { issuer, subject, valid_to } = socket.getPeerCertificate();
  // Its type says `Error`, but Node sets a code, except if the host name does not match.
  const error = (socket.authorizationError as Error | string | null) ?? undefined;
  const code = error instanceof Error && 'code' in error ? String(error.code) : error?.toString();
  return {
    issuer: nameOf(issuer),
    subject: nameOf(subject),
    validTo: Date.parse(valid_to),
    ...(code !== undefined && { error: code }),
  };
}

function nameOf(name: object | undefined): string {
  const { O, CN } = (name ?? {}) as { readonly O?: string | string[]; readonly CN?: string | string[] };
  return [CN, O].flat().filter(Boolean).join(', ');
}
