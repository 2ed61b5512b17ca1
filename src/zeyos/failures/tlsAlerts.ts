import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { withoutBrackets } from '../transport/proxy';

/** undici, Node's own and the editor's, publishes each new connection here. */
const CONNECTED = 'undici:client:connected';

/**
 * In TLS 1.3, a server rejects a client without a certificate only after the handshake, and undici reports only a
 * closed connection.
 * @throws the TLS alert that ended the connection
 */
export async function withTlsAlerts<T>({ protocol, hostname, port }: URL, send: () => Promise<T>): Promise<T> {
  if (protocol !== 'https:') return send();
  let alert: Error | undefined;
  const watch = (message: unknown): void => {
    const { connectParams, socket } = message as Partial<{ connectParams: Partial<URL>; socket: Socket }>;
    if (connectParams?.hostname !== withoutBrackets(hostname) || (connectParams.port ?? '') !== port) return;
    socket?.prependOnceListener('error', (error) => {
      if ('code' in error && /^ERR_SSL_|^EPROTO$/.test(String(error.code))) alert ??= error;
    });
  };
  subscribe(CONNECTED, watch);
  try {
    return await send();
  } catch (thrown) {
    throw alert ?? thrown;
  } finally {
    unsubscribe(CONNECTED, watch);
  }
}
