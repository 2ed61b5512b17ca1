import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import { callbackPage } from '../../../../src/signIn/browser/callbackPage';
import {
  CallbackServer,
  RELEASE_HEADER,
  type CallbackBounds,
  type CallbackPages,
} from '../../../../src/signIn/browser/callbackServer';
import { callbackUri } from '../../../../src/signIn/browser/callbackUri';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { Clock, eventually, turns } from '../../../support/clock';

const platform = PlatformUrl.parse('https://cloud.zeyos.com/demo');
const state = 'right-state_0123456789';
const pages = {
  success: callbackPage(
    { title: 'ZeyOS', heading: 'Signed in', message: 'You can close this tab.', language: 'en' },
    'success',
  ),
  failure: callbackPage(
    { title: 'ZeyOS', heading: 'Not signed in', message: 'You can close this tab.', language: 'en' },
    'failure',
  ),
};

interface Reply {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

describe('The callback server', () => {
  let server: CallbackServer;
  let host: string;
  let port: number;
  let clock: Clock;
  const sockets = new Set<Socket>();

  async function listen(bounds: Partial<CallbackBounds> = {}, shown: CallbackPages = pages): Promise<void> {
    server = await CallbackServer.listen({ port: 0, platform, state, pages: shown, bounds }, clock);
    ({ port } = server);
    ({ host } = new URL(callbackUri(port)));
  }

  beforeEach(() => {
    clock = new Clock();
    return listen();
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await server.close();
  });

  /** Opens a connection and ignores its errors, such as a reset. */
  async function open(): Promise<Socket> {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    sockets.add(socket);
    await once(socket, 'connect');
    return socket;
  }

  /** Returns all that the server sends until it closes the connection, which it always does. */
  async function received(socket: Socket): Promise<string> {
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
    return text;
  }

  async function send(request: string): Promise<string> {
    const socket = await open();
    socket.write(request);
    return received(socket);
  }

  function parse(text: string): Reply {
    const [head = '', body = ''] = text.split(/\r\n\r\n([^]*)/);
    const [line = '', ...fields] = head.split('\r\n');
    return {
      status: Number(line.split(' ')[1]),
      headers: new Map(fields.map((field) => [field.split(':')[0]!.toLowerCase(), field.replace(/^[^:]*:\s*/, '')])),
      body,
    };
  }

  const get = (target: string, headers: readonly string[] = [`Host: ${host}`], method = 'GET'): string =>
    `${[`${method} ${target} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`;
  const right = (code = 'the-code'): string => `/callback?code=${code}&state=${state}`;
  const redirect = async (code?: string): Promise<Reply> => parse(await send(get(right(code))));

  function assertRefused(reply: Reply): void {
    assert.equal(reply.status, 400);
    assert.equal(reply.headers.get('cache-control'), 'no-store');
    assert.equal(reply.headers.get('connection'), 'close');
    assert.equal(reply.body, 'Bad Request\n');
    assert.deepEqual(
      [...reply.headers.keys()].filter((name) => name.startsWith('access-control-')),
      [],
    );
  }

  async function assertStillWaits(): Promise<void> {
    assert.equal((await redirect()).status, 200);
    assert.deepEqual(await server.result, { code: 'the-code' });
  }

  describe('after the right redirect', () => {
    it('resolves to the code, and shows a page that may not be cached, framed or scripted', async () => {
      assert.equal(callbackUri(server.port), `http://127.0.0.1:${port}/callback`);
      const { status, headers, body } = await redirect('a%2Fb');
      assert.deepEqual(await server.result, { code: 'a/b' });
      assert.equal(status, 200);
      assert.equal(body, pages.success.html);
      const sent = [
        'content-type',
        'content-security-policy',
        'x-content-type-options',
        'referrer-policy',
        'cache-control',
        'connection',
      ].map((name) => headers.get(name));
      assert.deepEqual(sent, [
        'text/html; charset=utf-8',
        pages.success.csp,
        'nosniff',
        'no-referrer',
        'no-store',
        'close',
      ]);
      assert.deepEqual(
        [...headers.keys()].filter((name) => name.startsWith('access-control-')),
        [],
      );
    });

    it('accepts the first redirect only', async () => {
      await redirect('first');
      assertRefused(await redirect('second'));
      assertRefused(parse(await send(get(`/callback?error=access_denied&state=${state}`))));
      assert.deepEqual(await server.result, { code: 'first' });
    });

    it('accepts one of 20 simultaneous redirects', async () => {
      const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => redirect(`code${index}`)));
      assert.equal(replies.filter(({ status }) => status === 200).length, 1);
      assert.match((await server.result).code, /^code\d+$/);
    });

    it('accepts a redirect that comes in pieces, with many cookies of other local servers', async () => {
      const socket = await open();
      const answer = received(socket);
      const text = get(right(), [`Cookie: a=${'x'.repeat(40_000)}`, `Host: ${host}`]);
      for (const piece of [text.slice(0, 10), text.slice(10, 20_000), text.slice(20_000)]) {
        socket.write(piece);
        await turns();
      }
      assert.equal(parse(await answer).status, 200);
    });

    it('lets a slow browser read the page for longer than a request may take', async () => {
      await server.close();
      const page = 'x'.repeat(8_000_000);
      await listen({ requestMs: 500 }, { success: { html: page, csp: '' }, failure: pages.failure });
      const slow = (await open()).pause();
      slow.write(get(right()));
      await server.result;
      clock.elapse(60_000);
      assert.equal(parse(await received(slow.resume())).body.length, page.length);
    });

    it('resolves to the code when the browser closes the connection at once', async () => {
      const socket = await open();
      socket.end(get(right()), () => socket.destroy());
      assert.deepEqual(await server.result, { code: 'the-code' });
    });

    it('shows the same page when the same request is repeated, and refuses any other request', async () => {
      const first = await redirect();
      for (let round = 0; round < 3; round++)
        assert.deepEqual(await redirect().then(({ status, body }) => [status, body]), [200, first.body]);
      assertRefused(parse(await send(get(`${right()}&x=1`))));
      assertRefused(parse(await send(get(`/callback?state=${state}&code=the-code`))));
      assertRefused(parse(await send(get(right(), [`Host: localhost:${port}`]))));
      assert.deepEqual(await server.result, { code: 'the-code' });
    });

    it('shows the page to each of 20 identical simultaneous requests', async () => {
      const replies = await Promise.all(Array.from({ length: 20 }, () => redirect()));
      assert.deepEqual(
        [...new Set(replies.map(({ status, body }) => `${status} ${body}`))],
        [`200 ${pages.success.html}`],
      );
    });

    it('shows the failure page again when the same error redirect is repeated', async () => {
      const denied = get(`/callback?error=access_denied&state=${state}`);
      for (let round = 0; round < 2; round++) assert.equal(parse(await send(denied)).body, pages.failure.html);
      assertRefused(await redirect());
    });

    it('rejects a redirect from another issuer for good, and shows the failure page', async () => {
      const reply = parse(await send(get(`${right()}&iss=https%3A%2F%2Fevil.example%2Fdemo`)));
      assert.deepEqual([reply.status, reply.body], [200, pages.failure.html]);
      await assert.rejects(server.result, {
        name: 'RedirectMismatchError',
        problem: 'issuer',
        issuer: 'https://evil.example/demo',
      });
      assertRefused(await redirect());
    });

    it('accepts a redirect from the expected issuer', async () => {
      assert.equal(parse(await send(get(`${right()}&iss=${encodeURIComponent(platform.href)}`))).status, 200);
      assert.deepEqual(await server.result, { code: 'the-code' });
    });

    it('rejects with the error of the redirect, and shows the failure page', async () => {
      const reply = parse(await send(get(`/callback?error=access_denied&error_description=No%20way&state=${state}`)));
      assert.deepEqual(
        [reply.status, reply.body, reply.headers.get('content-security-policy')],
        [200, pages.failure.html, pages.failure.csp],
      );
      await assert.rejects(server.result, {
        name: 'OAuthError',
        status: 400,
        error: 'access_denied',
        errorDescription: 'No way',
      });
      assertRefused(await redirect());
    });
  });

  describe('asked by a browser that prefetches the page', () => {
    const announcements = [
      'Sec-Purpose: prefetch',
      'Sec-Purpose: prefetch;prerender',
      'sec-purpose: PREFETCH; anonymous-client-ip',
      'Sec-Purpose: prerender',
      'SEC-PURPOSE: Prefetch;Prerender',
      'Purpose: prefetch',
      'purpose: Prefetch',
      'X-Moz: prefetch',
      'x-moz:prefetch',
      'X-Purpose: preview',
      'Purpose: "prefetch"',
    ];
    for (const announcement of announcements) {
      it(`answers 503 and keeps the code for the real request: ${announcement}`, async () => {
        for (const target of [right(), `/callback?error=access_denied&state=${state}`]) {
          const { status, headers, body } = parse(await send(get(target, [`Host: ${host}`, announcement])));
          assert.deepEqual(
            [status, headers.get('cache-control'), headers.get('connection'), body],
            [503, 'no-store', 'close', 'Service Unavailable\n'],
          );
        }
        await assertStillWaits();
        assert.equal(parse(await send(get(right(), [`Host: ${host}`, announcement]))).status, 503);
        assert.equal((await redirect()).status, 200);
      });
    }

    for (const other of [
      'Sec-Purpose: ?0',
      'Purpose: prefetching',
      'X-Moz: none',
      'Sec-Fetch-Dest: prefetch-not',
      'Sec-Purpose: no-prefetch',
      'Purpose:',
      'Link: </x>; rel=prefetch',
    ]) {
      it(`accepts a redirect with a header that announces no prefetch: ${other}`, async () => {
        assert.equal(parse(await send(get(right(), [`Host: ${host}`, other]))).status, 200);
        assert.deepEqual(await server.result, { code: 'the-code' });
      });
    }
  });

  describe('asked for its port by another window', () => {
    const ask = async (header = `${RELEASE_HEADER}: 1`, target = '/callback', method = 'HEAD'): Promise<number> =>
      parse(await send(get(target, [`Host: ${host}`, header], method))).status;
    const isFree = async (): Promise<boolean> =>
      CallbackServer.listen({ port, platform, state, pages }, clock).then(
        (next) => next.close().then(() => true),
        () => false,
      );

    it('keeps the port while it waits for its redirect', async () => {
      assert.equal(await ask(), 400);
      assert.equal(await isFree(), false);
      await assertStillWaits();
    });

    it('releases the port after it has its redirect', async () => {
      await redirect();
      assert.equal(await ask(), 204);
      assert.equal(await isFree(), true);
    });

    it('ignores every other form of the release request', async () => {
      await redirect();
      const others = [
        ask('X: 1'),
        ask(undefined, '/'),
        ask(undefined, right()),
        ask(undefined, '/callback', 'GET'),
        ask(undefined, '/callback', 'POST'),
        ask(undefined, '/callback', 'OPTIONS'),
      ];
      assert.deepEqual(await Promise.all(others), [400, 400, 400, 400, 400, 400]);
      assert.equal(
        parse(await send(get('/callback', ['Host: evil.example', `${RELEASE_HEADER}: 1`], 'HEAD'))).status,
        400,
      );
      assert.equal(await isFree(), false);
    });
  });

  describe('refuses the request and keeps waiting after', () => {
    const others: readonly [string, () => string][] = [
      ['another path', () => get(`/?code=a&state=${state}`)],
      ['a longer path', () => get(`/callback/?code=a&state=${state}`)],
      ['a path that resolves to the callback path', () => get(`/x/../callback?code=a&state=${state}`)],
      ['an escaped path', () => get(`/%63allback?code=a&state=${state}`)],
      ['a double slash', () => get(`//callback?code=a&state=${state}`)],
      ['the favicon', () => get('/favicon.ico')],
      ['no query', () => get('/callback')],
      ['no state', () => get('/callback?code=a')],
      ['an empty state', () => get('/callback?code=a&state=')],
      ['a wrong state', () => get(`/callback?code=a&state=${state}x`)],
      ['the state twice', () => get(`/callback?code=a&state=${state}&state=${state}`)],
      ['a wrong state in addition to the right one', () => get(`/callback?code=a&state=${state}&state=x`)],
      ['the code twice', () => get(`/callback?code=a&code=b&state=${state}`)],
      ['no code', () => get(`/callback?state=${state}`)],
      ['an error without a state', () => get('/callback?error=access_denied')],
      ['an error with a wrong state', () => get('/callback?error=access_denied&state=x')],
      ['a rebound host', () => get(right(), [`Host: evil.example:${port}`])],
      ['the host as localhost', () => get(right(), [`Host: localhost:${port}`])],
      ['the host without its port', () => get(right(), ['Host: 127.0.0.1'])],
      ['the host with another port', () => get(right(), ['Host: 127.0.0.1:1'])],
      ['the host with user info', () => get(right(), [`Host: evil.example@${host}`])],
      ['no host', () => get(right(), [])],
      ['no host in HTTP/1.0', () => `GET ${right()} HTTP/1.0\r\n\r\n`],
      ['two hosts', () => get(right(), [`Host: ${host}`, 'Host: evil.example'])],
      ['the same host twice', () => get(right(), [`Host: ${host}`, `Host: ${host}`])],
      ['an absolute target', () => get(`http://${host}${right()}`)],
      ['an absolute target elsewhere', () => get(`http://evil.example${right()}`)],
      ['HEAD', () => get(right(), [`Host: ${host}`], 'HEAD')],
      [
        'OPTIONS',
        () =>
          get(
            right(),
            [
              `Host: ${host}`,
              'Origin: https://evil.example',
              'Access-Control-Request-Method: GET',
              'Access-Control-Request-Private-Network: true',
            ],
            'OPTIONS',
          ),
      ],
      ['OPTIONS *', () => get('*', [`Host: ${host}`], 'OPTIONS')],
      [
        'a cross-origin POST',
        () =>
          `${get(right(), [`Host: ${host}`, 'Origin: https://evil.example', 'Content-Type: text/plain', 'Content-Length: 3'], 'POST')}a=b`,
      ],
      [
        'a POST that expects 100-continue',
        () => get(right(), [`Host: ${host}`, 'Content-Length: 3', 'Expect: 100-continue'], 'POST'),
      ],
      ['an unknown expectation', () => get(`/?${state}`, [`Host: ${host}`, 'Expect: the-unexpected'])],
      ['PUT', () => get(right(), [`Host: ${host}`, 'Content-Length: 0'], 'PUT')],
      ['TRACE', () => get(right(), [`Host: ${host}`], 'TRACE')],
      ['CONNECT', () => get(host, [`Host: ${host}`], 'CONNECT')],
      [
        'an upgrade',
        () =>
          get('/', [
            `Host: ${host}`,
            'Connection: Upgrade',
            'Upgrade: websocket',
            'Sec-WebSocket-Version: 13',
            'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
          ]),
      ],
      ['a long URL', () => get(`${right()}&x=${'x'.repeat(8_192)}`)],
      ['an enormous URL', () => get(`${right()}&x=${'x'.repeat(200_000)}`)],
      ['enormous headers', () => get(right(), [`Host: ${host}`, `X: ${'x'.repeat(200_000)}`])],
      [
        'very many headers',
        () => get(right(), [...Array.from({ length: 10_000 }, (_, index) => `X-${index}: x`), `Host: ${host}`]),
      ],
      ['text that is not HTTP', () => 'hello\r\n\r\n'],
      ['TLS', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
      ['HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
      [
        'a smuggled second request',
        () =>
          `${get('/', [`Host: ${host}`, 'Content-Length: 5', 'Transfer-Encoding: chunked'], 'POST')}0\r\n\r\n${get(right('smuggled'))}`,
      ],
    ];
    for (const [name, request] of others) {
      it(name, async () => {
        const reply = parse(await send(request()));
        assertRefused(name === 'HEAD' ? { ...reply, body: 'Bad Request\n' } : reply);
        await assertStillWaits();
      });
    }

    it('a wrong request that another request follows on the same connection', async () => {
      const text = await send(get('/') + get(right('pipelined')));
      assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1);
      assertRefused(parse(text));
      await assertStillWaits();
    });
  });

  describe('still accepts the redirect during', () => {
    /** The time-out is so long that it cannot be the reason why the redirect is accepted. */
    beforeEach(async () => {
      await server.close();
      await listen({ requestMs: 60_000 });
    });

    it('200 connections that send nothing: it closes the oldest ones', async () => {
      const idle = await Promise.all(Array.from({ length: 200 }, open));
      await assertStillWaits();
      // 100 connections may stay open, and the redirect itself was one of them.
      await Promise.all(idle.slice(0, 101).map(received));
      assert.ok(idle.slice(101).every(({ closed }) => !closed));
    });

    it('200 connections that never end their request', async () => {
      const starts = [
        'G',
        'GET ',
        get(right()).slice(0, -2),
        get(right()).slice(0, -1),
        get(right(), [`Host: ${host}`, 'Content-Length: 9'], 'POST'),
      ];
      await Promise.all(
        Array.from({ length: 200 }, async (_, index) => (await open()).write(starts[index % starts.length]!)),
      );
      await assertStillWaits();
    });

    it('a flood of more connections than are allowed', async () => {
      await server.close();
      await listen({ requestMs: 60_000, connections: 10 });
      let flooding = true;
      let opened = 0;
      const flood = Promise.all(
        Array.from({ length: 10 }, async () => {
          for (; flooding; await turns()) {
            (await open()).resume().write('GET / HTTP/1.1\r\n');
            opened++;
          }
        }),
      );
      await eventually(() => opened >= 100);
      await assertStillWaits();
      flooding = false;
      await flood;
    });

    it('headers that arrive slowly, by closing the connection without an answer', async () => {
      await server.close();
      await listen({ requestMs: 500 });
      const silent = await open();
      const dripping = await open();
      dripping.write(`GET ${right()} HTTP/1.1\r\n`);
      const answers = Promise.all([received(silent), received(dripping)]);
      await eventually(() => clock.due.length === 2);
      for (const ms of [250, 249, 1]) {
        assert.deepEqual([silent.closed, dripping.closed], [false, false]);
        dripping.write('X: x\r\n');
        await turns();
        clock.elapse(ms);
        await turns();
      }
      assert.deepEqual(await answers, ['', '']);
      assert.deepEqual(clock.due, []);
      await assertStillWaits();
    });

    it('a body that never ends', async () => {
      const socket = await open();
      const answer = received(socket);
      socket.write(get(right(), [`Host: ${host}`, 'Transfer-Encoding: chunked'], 'POST'));
      for (; !socket.closed; await turns(1)) socket.write('1\r\nx\r\n');
      assertRefused(parse(await answer));
      await assertStillWaits();
    });

    it('connections that are reset at once, for any method', async () => {
      for (const method of ['GET', 'CONNECT', 'POST', '\x16']) {
        for (let round = 0; round < 10; round++) {
          const socket = await open();
          socket.write(get(host, [`Host: ${host}`], method), () => socket.resetAndDestroy());
        }
      }
      await assertStillWaits();
    });

    it('connections that never read', async () => {
      for (const socket of await Promise.all(Array.from({ length: 20 }, open)))
        socket.pause().write(get('/').repeat(20));
      await assertStillWaits();
    });
  });

  describe('listens', () => {
    it('on 127.0.0.1 only', async () => {
      for (const address of ['127.0.0.2', '::1']) {
        const socket = connect(port, address);
        await assert.rejects(once(socket, 'connect'), /ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH/);
      }
    });

    it('only on a port that is free', async () => {
      const before = createServer().listen(0, '127.0.0.1');
      await once(before, 'listening');
      const taken = (before.address() as AddressInfo).port;
      await assert.rejects(CallbackServer.listen({ port: taken, platform, state, pages }, clock), {
        code: 'EADDRINUSE',
        port: taken,
      });
      await assert.rejects(CallbackServer.listen({ port, platform, state, pages }, clock), {
        code: 'EADDRINUSE',
        port,
      });
      before.close();
      await assertStillWaits();
    });

    it('on no port above 65535', () =>
      assert.rejects(CallbackServer.listen({ port: 70_000, platform, state, pages }, clock), {
        code: 'ERR_SOCKET_BAD_PORT',
      }));
  });

  describe('when closed', () => {
    const large = (length: number): CallbackPages => ({
      success: { html: 'x'.repeat(length), csp: '' },
      failure: pages.failure,
    });

    it('frees the port at once although connections are open, and can be closed repeatedly', async () => {
      await Promise.all(Array.from({ length: 50 }, open));
      (await open()).write(get(right()).slice(0, -2));
      await Promise.all([server.close(), server.close()]);
      await server.close();
      const next = await CallbackServer.listen({ port, platform, state, pages }, clock);
      assert.equal(next.port, server.port);
      await next.close();
    });

    it('frees the port before the page has arrived', async () => {
      await server.close();
      await listen({ flushMs: 60_000 }, large(8_000_000));
      const slow = (await open()).pause();
      slow.write(get(right()));
      await server.result;
      const idle = await open();
      const closing = server.close();
      const next = await CallbackServer.listen({ port, platform, state, pages }, clock);
      assert.equal(
        await received(idle),
        '',
        'the listener answered, although the browser would try again at the next one',
      );
      assert.equal((await redirect('next')).status, 200);
      assert.deepEqual(await next.result, { code: 'next' });
      assert.equal(parse(await received(slow.resume())).body.length, 8_000_000);
      await Promise.all([closing, next.close()]);
    });

    it('rejects with an AbortError when no redirect has come', async () => {
      await server.close();
      await assert.rejects(server.result, (error) => error instanceof DOMException && error.name === 'AbortError');
    });

    it('keeps the result when the redirect has come', async () => {
      await redirect();
      await server.close();
      assert.deepEqual(await server.result, { code: 'the-code' });
    });

    it('delivers the page completely', async () => {
      for (const target of [right(), `/callback?error=access_denied&state=${state}`]) {
        await server.close();
        await listen();
        const answer = send(get(target));
        await server.result.catch(() => undefined);
        await server.close();
        const { status, body } = parse(await answer);
        assert.deepEqual([status, body], [200, target === right() ? pages.success.html : pages.failure.html]);
      }
    });

    it('delivers the page completely to a slow reader', async () => {
      await server.close();
      await listen({ flushMs: 60_000 }, large(5_000_000));
      const answer = send(get(right()));
      await server.result;
      await server.close();
      assert.equal(parse(await answer).body.length, 5_000_000);
    });

    it('does not wait for a client that never reads the page', async () => {
      await server.close();
      await listen({ flushMs: 50 }, large(8_000_000));
      (await open()).pause().write(get(right()));
      await server.result;
      await clock.run(server.close());
    });

    it('does not wait after the page has arrived', async () => {
      await server.close();
      await listen({ flushMs: 60_000 });
      await redirect();
      await server.close();
    });

    it('causes no unhandled rejection when nothing awaits the result', async () => {
      const unhandled: unknown[] = [];
      const note = (reason: unknown): number => unhandled.push(reason);
      process.on('unhandledRejection', note);
      await server.close();
      await listen();
      await send(get(`/callback?error=access_denied&state=${state}`));
      await server.close();
      await turns();
      process.off('unhandledRejection', note);
      assert.deepEqual(unhandled, []);
    });
  });
});

describe('The callback page', () => {
  const style = (html: string): string => /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? '';

  it('allows only its own style, and contains no script, image, link or URL', () => {
    for (const { html, csp } of [pages.success, pages.failure]) {
      assert.equal(
        csp,
        `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style(html)).digest('base64')}'`,
      );
      assert.doesNotMatch(html, /<script|<link|<img|<a\b|style=|\son\w+=|url\((?!#)|https?:/);
    }
  });

  it('has its language, title, heading and text, and hides its pictures from screen readers', () => {
    const { html } = callbackPage(
      { title: 'Anmeldung', heading: 'Angemeldet', message: 'Der Tab kann zu.', language: 'de' },
      'success',
    );
    for (const part of [
      '<html lang="de">',
      '<title>Anmeldung</title>',
      '<main>',
      '<h1>Angemeldet</h1>',
      '<p>Der Tab kann zu.</p>',
    ])
      assert.ok(html.includes(part), part);
    assert.equal(html.match(/<svg/g)?.length, html.match(/<svg[^>]* aria-hidden="true"/g)?.length);
  });

  it('has enough contrast in light and dark themes', () => {
    const [light, dark] = style(pages.success.html).split('@media (prefers-color-scheme: dark)');
    const colour = (theme: string | undefined, name: string): string =>
      new RegExp(`--${name}: (#\\w+)`).exec(theme ?? '')?.[1] ?? '';
    for (const theme of [light, dark]) {
      for (const [on, ground] of [
        ['text', 'card'],
        ['soft', 'card'],
        ['sign', 'success'],
        ['sign', 'failure'],
      ] as const) {
        assert.ok(contrast(colour(theme, on), colour(theme, ground)) >= 4.5, `${on} on ${ground}`);
      }
    }
  });

  it('escapes any text', () => {
    const nasty = fc
      .array(
        fc.constantFrom(
          '<',
          '>',
          '&',
          '"',
          "'",
          '</title>',
          '</main>',
          '<script>',
          '-->',
          '&lt;',
          ' onload=',
          '`',
          'ä',
        ),
        { maxLength: 6 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.record({ title: nasty, heading: nasty, message: nasty, language: nasty }),
        fc.constantFrom('success' as const, 'failure' as const),
        (text, tone) => {
          const { html } = callbackPage(text, tone);
          const plain = callbackPage({ title: '', heading: '', message: '', language: '' }, tone).html;
          for (const mark of ['<', '>', '"', "'"]) assert.equal(html.split(mark).length, plain.split(mark).length);
          const shown = /<html lang="([^"]*)">[^]*<title>([^<]*)<[^]*<h1>([^<]*)<[^]*<p>([^<]*)</
            .exec(html)
            ?.slice(1)
            .map((part) => part.replace(/&#(\d+);/g, (_, number) => String.fromCharCode(Number(number))));
          assert.deepEqual(shown, [text.language, text.title, text.heading, text.message]);
        },
      ),
    );
  });
});

/** Contrast ratio of two opaque colours (`#rgb` or `#rrggbb`) by WCAG 2.2. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string): number => {
    const digits = colour.slice(1).replace(/^(.)(.)(.)$/, '$1$1$2$2$3$3');
    const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
      const value = parseInt(digits.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}
