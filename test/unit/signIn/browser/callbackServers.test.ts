import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type Server } from 'node:net';
import { once } from 'node:events';
import type { CallbackServer } from '../../../../src/signIn/browser/callbackServer';
import { CallbackServers } from '../../../../src/signIn/browser/callbackServers';
import { callbackUri } from '../../../../src/signIn/browser/callbackUri';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { freePort } from '../../../support/freePort';
import { Clock } from '../../../support/clock';

const platform = PlatformUrl.parse('https://cloud.zeyos.com/demo');
const pages = { success: { html: 'Back to the editor', csp: '' }, failure: { html: 'Not signed in', csp: '' } };

describe('The callback servers of a window', () => {
  let clock: Clock;
  let windows: CallbackServers[];
  let port: number;

  beforeEach(async () => {
    clock = new Clock();
    windows = [];
    port = await freePort();
  });

  afterEach(() => Promise.all(windows.map((window) => window.closeAll())));

  const openWindow = (): CallbackServers => {
    const window = new CallbackServers(clock);
    windows.push(window);
    return window;
  };
  const listen = (window: CallbackServers, state = 'state'): Promise<CallbackServer> =>
    window.listen({ port, platform, state, pages });
  const address = (parameters: string): string => `http://127.0.0.1:${port}/callback?${parameters}`;
  const show = async (parameters: string): Promise<string> => (await fetch(address(parameters))).text();
  const isFree = async (): Promise<boolean> => {
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    await new Promise((resolve) => server.close(resolve));
    return free;
  };

  for (const [outcome, parameters, page] of [
    ['success', 'code=a&state=state', 'Back to the editor'],
    ['an error', 'error=access_denied&state=state', 'Not signed in'],
    ['another issuer', 'code=a&state=state&iss=https://evil.example', 'Not signed in'],
  ] as const) {
    it(`keep the page available for 5 s after ${outcome}, and then free the port`, async () => {
      const window = openWindow();
      const server = await listen(window);
      assert.equal(await show(parameters), page);
      await window.release(server);
      assert.deepEqual(clock.due, [clock.now() + 5_000]);
      assert.equal(await show(parameters), page);
      assert.equal(await isFree(), false);
      clock.elapse(5_000);
      await server.close();
      assert.equal(await isFree(), true);
    });
  }

  it('free the port at once when no redirect has come', async () => {
    const window = openWindow();
    await window.release(await listen(window));
    assert.deepEqual([clock.due, await isFree()], [[], true]);
  });

  for (const released of [true, false]) {
    for (const inAnotherWindow of [false, true]) {
      it(`pass their port at once to the next sign-in${inAnotherWindow ? ' of another window' : ''}${released ? '' : ', although the last sign-in still exchanges its code'}, and do not answer in its place`, async () => {
        const window = openWindow();
        const before = await listen(window, 'old');
        await show('code=a&state=old');
        if (released) await window.release(before);
        const next = await listen(inAnotherWindow ? openWindow() : window, 'new');
        assert.equal((await fetch(address('code=a&state=old'))).status, 400);
        assert.equal(await show('code=b&state=new'), 'Back to the editor');
        assert.deepEqual([await before.result, await next.result], [{ code: 'a' }, { code: 'b' }]);
        await window.release(before);
        assert.equal(
          await show('code=b&state=new'),
          'Back to the editor',
          'the end of the last sign-in closed the listener of the next one',
        );
      });
    }
  }

  it('keep their port while they wait for their redirect, against this window and others', async () => {
    const window = openWindow();
    const server = await listen(window);
    for (const other of [window, openWindow()]) await assert.rejects(listen(other), { code: 'EADDRINUSE', port });
    assert.equal(await show('code=a&state=state'), 'Back to the editor');
    assert.deepEqual(await server.result, { code: 'a' });
  });

  it('do not disturb a lingering server on another port', async () => {
    const window = openWindow();
    const server = await listen(window);
    await show('code=a&state=state');
    await window.release(server);
    await window.listen({ port: 0, platform, state: 'other', pages });
    assert.equal(await show('code=a&state=state'), 'Back to the editor');
  });

  it('free all ports and end all waits when they are closed', async () => {
    const window = openWindow();
    const lingering = await listen(window);
    await show('code=a&state=state');
    await window.release(lingering);
    const waiting = await window.listen({ port: 0, platform, state: 'other', pages });
    await window.closeAll();
    assert.deepEqual([await isFree(), clock.due], [true, []]);
    await assert.rejects(waiting.result, { name: 'AbortError' });
    await assert.rejects(fetch(callbackUri(waiting.port)));
  });

  describe('while another program has the port', () => {
    const occupants: readonly (readonly [string, () => Server])[] = [
      ['a web server', () => createServer((_request, response) => response.end('hello'))],
      ['a program that says nothing', () => createTcpServer()],
      ['a program that closes the connection', () => createTcpServer((socket) => socket.destroy())],
      [
        'a program that speaks first',
        () => createTcpServer((socket) => socket.on('error', () => undefined).write('220 ready\r\n')),
      ],
      ['a program that answers 204', () => createServer((_request, response) => response.writeHead(204).end())],
    ];
    for (const [what, make] of occupants) {
      it(`reject soon with EADDRINUSE: ${what}`, async () => {
        const sockets = new Set<{ destroy(): unknown }>();
        const occupant = make().on('connection', (socket: { destroy(): unknown }) => sockets.add(socket));
        await once(occupant.listen(port, '127.0.0.1'), 'listening');
        const start = clock.now();
        await assert.rejects(clock.run(listen(openWindow())), { code: 'EADDRINUSE', port });
        assert.ok(clock.now() - start <= 300);
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => occupant.close(resolve));
      });
    }
  });
});
