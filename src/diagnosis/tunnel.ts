import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { proxyAddress } from '../zeyos/proxy';

/** Largest answer to CONNECT that is read, in bytes. */
const LONGEST_HEAD = 16 * 1024;

/** The proxy answered, but did not connect. */
export class ProxyRefusedError extends Error {
  override readonly name = 'ProxyRefusedError';
  constructor(readonly status: number) {
    super(`the proxy answered with status ${status}`);
  }
}

/**
 * Asks an HTTP proxy for a connection (RFC 9110 section 9.3.6), without credentials. The socket is the caller's to destroy.
 * @throws {ProxyRefusedError} its status, 407 where it wants credentials
 * @throws Node's error, when the proxy cannot be reached, and the signal's reason
 */
export async function openTunnel(proxy: URL, target: { readonly hostname: string; readonly port: number }, signal: AbortSignal): Promise<Socket> {
  const socket = await connect(proxy, signal);
  const authority = `${target.hostname.includes(':') ? `[${target.hostname}]` : target.hostname}:${target.port}`;
  try {
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
    const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(await readHead(socket, signal))?.[1] ?? 0);
    if (status < 200 || status > 299) throw new ProxyRefusedError(status);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/**
 * A connection to the proxy itself. The socket is the caller's to destroy.
 * @throws Node's error, and the signal's reason
 */
export async function connect(proxy: URL, signal: AbortSignal): Promise<Socket> {
  const { hostname, port } = proxyAddress(proxy);
  const isSecure = proxy.protocol === 'https:';
  const socket = isSecure ? connectSecurely({ host: hostname, port }) : connectPlain({ host: hostname, port });
  const giveUp = (): void => void socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await once(socket, isSecure ? 'secureConnect' : 'connect');
    return socket;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function readHead(socket: Socket, signal: AbortSignal): Promise<string> {
  let head = '';
  while (!head.includes('\r\n\r\n') && head.length < LONGEST_HEAD) {
    const [chunk] = (await once(socket, 'data', { signal })) as [Buffer];
    head += chunk.toString('latin1');
  }
  return head;
}
