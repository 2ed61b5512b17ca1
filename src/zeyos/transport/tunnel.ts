import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { NetworkError, TUNNEL_FAILED } from '../errors';
import { proxyAddress } from './proxy';
import { schemesOf } from './proxyAuthentication';

/** The longest response to CONNECT that is read, in characters. */
const LONGEST_HEAD = 16 * 1024;

/**
 * Opens a tunnel (RFC 9110 section 9.3.6) without credentials. The caller destroys the socket. Node's `http` cannot be
 * used, because the editor makes it use the configured proxy.
 * @throws {NetworkError} with the proxy's status, or without one if its response is not HTTP
 * @throws Node's error if the proxy cannot be reached, or an `AbortError`
 */
export async function openTunnel(
  proxy: URL,
  target: { readonly hostname: string; readonly port: number },
  signal: AbortSignal,
): Promise<Socket> {
  const socket = await connect(proxy, signal);
  const authority = `${target.hostname.includes(':') ? `[${target.hostname}]` : target.hostname}:${target.port}`;
  try {
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
    const head = await readHead(socket, signal);
    const status = /^HTTP\/1\.\d (\d{3})/.exec(head)?.[1];
    if (!status?.startsWith('2'))
      throw new NetworkError(TUNNEL_FAILED, undefined, {
        status: status === undefined ? undefined : Number(status),
        schemes: offeredSchemes(head),
      });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/**
 * The caller destroys the socket.
 * @throws Node's error, or an `AbortError`
 */
export async function connect(proxy: URL, signal: AbortSignal): Promise<Socket> {
  const { hostname, port } = proxyAddress(proxy);
  const isSecure = proxy.protocol === 'https:';
  const socket = isSecure ? connectSecurely({ host: hostname, port }) : connectPlain({ host: hostname, port });
  try {
    await once(socket, isSecure ? 'secureConnect' : 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** RFC 9110 section 11.7.1. Returns `undefined` if the head names no scheme. */
function offeredSchemes(head: string): readonly string[] | undefined {
  const values = [...head.matchAll(/^proxy-authenticate:([^\r\n]*)/gim)].map(([, value = '']) => value);
  const schemes = schemesOf(values);
  return schemes.length === 0 ? undefined : schemes;
}

/** Returns less if the proxy closes the connection. */
async function readHead(socket: Socket, signal: AbortSignal): Promise<string> {
  const closed = once(socket, 'close', { signal }).then(() => undefined);
  let head = '';
  while (!head.includes('\r\n\r\n') && head.length < LONGEST_HEAD) {
    const data = (await Promise.race([once(socket, 'data', { signal }), closed])) as [Buffer] | undefined;
    if (!data) break;
    head += data[0].toString('latin1');
  }
  return head;
}
