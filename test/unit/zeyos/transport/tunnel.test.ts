import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { openTunnel, ProxyRefusedError } from '../../../../src/zeyos/transport/tunnel';

describe('A connection through a proxy', () => {
  let server: Server;
  let behave: (socket: Socket) => void;

  before(async () => {
    server = createServer(
      (socket) => void socket.on('error', () => undefined).once('data', () => behave(socket)),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => void server.close());

  const open = (signal = AbortSignal.timeout(1_000)) =>
    openTunnel(
      new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      { hostname: 'cloud.zeyos.com', port: 443 },
      signal,
    );

  it('is there once the proxy says so', async () => {
    behave = (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n');
    (await open()).destroy();
  });

  it('is not there where the proxy refuses', async () => {
    behave = (socket) => socket.end('HTTP/1.1 407 Who?\r\n\r\n');
    await assert.rejects(open(), (error) => error instanceof ProxyRefusedError && error.status === 407);
  });

  for (const [what, half] of [
    ['without a word', ''],
    ['in the middle of its answer', 'HTTP/1.1 502 Bad'],
    ['after a line that says no', 'HTTP/1.1 502 Bad Gateway\r\n'],
  ] as const) {
    it(`is not there where the proxy goes away ${what}, which is known at once`, async () => {
      behave = (socket) => socket.end(half);
      const signal = AbortSignal.timeout(1_000);
      await assert.rejects(open(signal));
      assert.ok(!signal.aborted, 'it was waited for until nobody had any more time');
    });
  }
});
