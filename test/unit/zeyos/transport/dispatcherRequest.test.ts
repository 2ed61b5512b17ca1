import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
// First: see the module.
import '../../../../src/zeyos/transport/nodeFetch';
import { Agent } from 'undici';
import { requestThrough } from '../../../../src/zeyos/transport/dispatcherRequest';

interface Received {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('A request through a dispatcher', () => {
  let received: Received[];
  let answer: (response: ServerResponse) => void;
  let url: string;
  let dispatcher: Agent;
  const server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const body = Buffer.concat(chunks as Buffer[]).toString();
      received.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      answer(response);
    });
  });

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());
  beforeEach(() => {
    received = [];
    answer = (response) => response.end('hello');
    dispatcher = new Agent();
  });
  afterEach(() => dispatcher.destroy());

  it('sends path, query and headers, and returns status, headers and body', async () => {
    answer = (response) => response.writeHead(201, { 'x-answer': ['a', 'b'] }).end('hello');
    const response = await requestThrough(dispatcher, `${url}/demo/api?x=%20y`, { headers: { Accept: 'text/plain' } });
    assert.equal(received[0]?.line, 'GET /demo/api?x=%20y');
    assert.equal(received[0].headers.accept, 'text/plain');
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('x-answer'), 'a, b');
    assert.equal(await response.text(), 'hello');
  });

  it('sends a form with its media type', async () => {
    await requestThrough(dispatcher, url, { method: 'POST', body: new URLSearchParams({ a: 'ü' }) });
    assert.equal(received[0]?.body, 'a=%C3%BC');
    assert.equal(received[0].headers['content-type'], 'application/x-www-form-urlencoded;charset=UTF-8');
  });

  it('does not follow a redirection', async () => {
    answer = (response) => response.writeHead(302, { location: '/elsewhere' }).end();
    assert.equal((await requestThrough(dispatcher, url, { redirect: 'manual' })).status, 302);
    assert.equal(received.length, 1);
  });

  for (const [coding, body] of [
    ['gzip', gzipSync('hello')],
    ['x-gzip', gzipSync('hello')],
    ['deflate', deflateSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['gzip, br', brotliCompressSync(gzipSync('hello'))],
  ] as const)
    it(`decodes a body with the Content-Encoding ${coding}`, async () => {
      answer = (response) => response.writeHead(200, { 'content-encoding': coding }).end(body);
      assert.equal(await (await requestThrough(dispatcher, url, {})).text(), 'hello');
    });

  for (const coding of ['zstd', 'gzip, zstd', 'constructor'])
    it(`leaves a body with the Content-Encoding ${coding} as it is`, async () => {
      answer = (response) => response.writeHead(200, { 'content-encoding': coding }).end('hello');
      assert.equal(await (await requestThrough(dispatcher, url, {})).text(), 'hello');
    });

  it('rejects the body if it cannot be decoded', async () => {
    answer = (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('hello');
    const response = await requestThrough(dispatcher, url, {});
    await assert.rejects(response.text());
  });

  it('returns an answer without a body for HEAD and for 204', async () => {
    const { body } = await requestThrough(dispatcher, url, { method: 'HEAD' });
    assert.equal(body, null);
    answer = (response) => response.writeHead(204).end();
    const response = await requestThrough(dispatcher, url, {});
    assert.deepEqual([response.status, response.body], [204, null]);
  });

  it('rejects with the reason of the signal when the caller aborts the request', async () => {
    const controller = new AbortController();
    const reason = new Error('given up');
    answer = () => controller.abort(reason);
    await assert.rejects(requestThrough(dispatcher, url, { signal: controller.signal }), reason);
  });

  it('rejects with the error of Node as the cause if there is no connection', async () => {
    await assert.rejects(requestThrough(dispatcher, 'http://127.0.0.1:9/', {}), (error: Error) => {
      assert.equal((error.cause as NodeJS.ErrnoException).code, 'ECONNREFUSED');
      return true;
    });
  });
});
