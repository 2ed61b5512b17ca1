import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { NetworkError } from '../../../../src/zeyos/errors';
import { openTunnel } from '../../../../src/zeyos/transport/tunnel';

describe('A tunnel through a proxy', () => {
  let server: Server;
  let behave: (socket: Socket) => void;

  before(async () => {
    server = createServer(
      (socket) => void socket.on('error', () => undefined).once('data', () => behave(socket)),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => void server.close());

  const open = () =>
    openTunnel(
      new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      { hostname: 'cloud.zeyos.com', port: 443 },
      // If the tunnel waited, the test would not end.
      new AbortController().signal,
    );

  it('opens if the proxy answers 200', async () => {
    behave = (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n');
    (await open()).destroy();
  });

  it('throws a NetworkError with the status if the proxy answers 407', async () => {
    behave = (socket) => socket.end('HTTP/1.1 407 Who?\r\n\r\n');
    await assert.rejects(
      open(),
      (error) => error instanceof NetworkError && error.isProxy && error.proxyStatus === 407,
    );
  });

  for (const [what, half] of [
    ['without an answer', ''],
    ['in the middle of the status line', 'HTTP/1.1 502 Bad'],
    ['after an error status line', 'HTTP/1.1 502 Bad Gateway\r\n'],
  ] as const) {
    it(`rejects at once if the proxy closes the connection ${what}`, async () => {
      behave = (socket) => socket.end(half);
      await assert.rejects(open(), (error) => error instanceof NetworkError && error.isProxy);
    });
  }
});
