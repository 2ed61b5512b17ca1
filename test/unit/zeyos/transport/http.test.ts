import assert from 'node:assert/strict';
import { MalformedResponseError, NetworkError } from '../../../../src/zeyos/errors';
import {
  failure,
  HttpClient,
  type Fetch,
  type HttpBounds,
  type HttpRequest,
} from '../../../../src/zeyos/transport/http';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { httpResponse } from '../../../support/builders';
import { Clock, eventually, turns } from '../../../support/clock';
import { MemoryLog } from '../../../support/memoryLog';
import { Sandbox, type Fault } from '../../../support/sandbox/sandbox';
import { standingFetch } from '../../../support/standingFetch';
import { TimeoutError } from '../../../../src/base/deadline';

describe('The HTTP client', () => {
  let sandbox: Sandbox;
  let clock: Clock;
  let log: MemoryLog;

  beforeEach(async () => {
    clock = new Clock();
    sandbox = await Sandbox.start({ now: clock.now, wait: (ms, signal) => clock.wait(ms, signal) });
    log = new MemoryLog();
  });

  afterEach(() => sandbox.stop());

  const client = (bounds: Partial<HttpBounds> = {}, seams: { fetch?: Fetch; clock?: Clock } = {}) =>
    new HttpClient({ fetch: standingFetch(clock, sandbox), clock, log, bounds, ...seams });
  const me = (instance: string) => PlatformUrl.parse(instance).endpoint('api/v1/me');
  const request = (more: Partial<HttpRequest> = {}): HttpRequest => ({
    method: 'GET',
    url: me(sandbox.url('demo')),
    idempotent: false,
    ...more,
  });
  const failedWith =
    (Class: new (...args: never[]) => Error, ...codes: (string | undefined)[]) =>
    (error: unknown) =>
      error instanceof Class && (codes.length === 0 || codes.includes((error as NetworkError).code));

  describe('with an answer', () => {
    it('returns status, headers, body and times for any status', async () => {
      const clock = new Clock(42);
      const response = await client({}, { clock }).send(request());
      assert.deepEqual(
        [response.status, response.headers.get('www-authenticate'), response.sentAt, response.receivedAt],
        [401, 'Bearer realm="demo"', 42, 42],
      );
      assert.equal((JSON.parse(response.body) as { error: string }).error, 'invalid_token');
    });

    it('returns an empty text for no body', async () => {
      sandbox.fault('/me', { kind: 'status', status: 204 });
      assert.equal((await client().send(request())).body, '');
    });

    it('decodes letters that are split between chunks, and invalid bytes', async () => {
      const parts = [[0x7b, 0xc3], [0xa4, 0x7d], [0xff]].map((bytes) => Uint8Array.from(bytes));
      const inParts: Fetch = () =>
        Promise.resolve(
          new Response(
            new ReadableStream({ start: (stream) => (parts.forEach((part) => stream.enqueue(part)), stream.close()) }),
          ),
        );
      assert.equal((await client({}, { fetch: inParts }).send(request())).body, '{ä}\ufffd');
    });

    it('sends a form as a form, accepts JSON, and keeps no cookies', async () => {
      sandbox.fault('/me', { kind: 'json', body: {}, headers: { 'Set-Cookie': 'ZEYOSID=1; Path=/' } });
      const form = { token: 'a b&c=ä' };
      await client().send(request({ method: 'POST', form }));
      await client().send(request({ method: 'POST', form }));
      for (const { headers, body } of sandbox.requests) {
        assert.equal(headers.accept, 'application/json');
        assert.match(headers['content-type'] ?? '', /^application\/x-www-form-urlencoded/);
        assert.equal(headers.cookie, undefined);
        assert.equal(new URLSearchParams(body).get('token'), form.token);
      }
    });

    it('follows no redirect', async () => {
      const elsewhere = await Sandbox.start();
      for (const status of [301, 302, 303, 307, 308]) {
        sandbox.fault('/me', { kind: 'redirect', location: `${elsewhere.url('demo')}/api/v1/me`, status }, 1);
        const response = await client().send(request({ headers: { Authorization: 'Bearer secret' } }));
        assert.equal(response.status, status);
        assert.equal(new URL(failure(response).redirection?.address ?? '').host, new URL(elsewhere.origin).host);
      }
      assert.deepEqual(elsewhere.requests, []);
      await elsewhere.stop();
    });
  });

  describe('without a usable answer', () => {
    const faults: readonly [string, Fault, Partial<HttpBounds>, (error: unknown) => boolean][] = [
      ['never comes', { kind: 'hang' }, { exchangeMs: 300 }, failedWith(TimeoutError)],
      ['arrives byte by byte', { kind: 'slowDrip', everyMs: 50 }, { exchangeMs: 300 }, failedWith(TimeoutError)],
      ['is cut off before it begins', { kind: 'reset' }, {}, failedWith(NetworkError, 'ECONNRESET')],
      [
        'is cut off before its end',
        { kind: 'truncated' },
        {},
        failedWith(NetworkError, 'UND_ERR_SOCKET', 'ECONNRESET'),
      ],
      ['is too large', { kind: 'huge' }, {}, failedWith(MalformedResponseError)],
      [
        'is larger than allowed',
        { kind: 'text', body: 'x'.repeat(11) },
        { bodyBytes: 10 },
        failedWith(MalformedResponseError),
      ],
      [
        'claims to be compressed but is not',
        { kind: 'text', body: 'not compressed', headers: { 'Content-Encoding': 'gzip' } },
        {},
        failedWith(NetworkError),
      ],
    ];
    for (const [what, fault, bounds, isExpected] of faults) {
      it(`rejects if the answer ${what}`, async () => {
        sandbox.fault('/me', fault);
        await assert.rejects(clock.run(client(bounds).send(request())), isExpected);
        assert.equal(sandbox.requests.length, 1);
      });
    }

    it('rejects if no server listens', async () => {
      const { origin } = sandbox;
      await sandbox.stop();
      await assert.rejects(
        client().send(request({ url: me(`${origin}/demo`) })),
        failedWith(NetworkError, 'ECONNREFUSED'),
      );
    });

    const signalIgnoringFetches: readonly (readonly [string, () => Fetch])[] = [
      ['never settles', () => () => new Promise<never>(() => undefined)],
      ['never comes to the end of its body', () => () => Promise.resolve(new Response(new ReadableStream()))],
      [
        'fails after the call has ended',
        () => () => clock.wait(200, new AbortController().signal).then(() => Promise.reject(new Error('late'))),
      ],
    ];
    for (const [what, ignoring] of signalIgnoringFetches) {
      it(`rejects in time if a fetch that ignores its signal ${what}`, async () => {
        const through = ignoring();
        const late = client({ exchangeMs: 50 }, { fetch: through }).send(request());
        await assert.rejects(clock.run(late), failedWith(TimeoutError));
        const caller = new AbortController();
        const reason = new Error('no longer wanted');
        const outcome = assert.rejects(
          client({}, { fetch: through }).send(request({ idempotent: true }), caller.signal),
          reason,
        );
        caller.abort(reason);
        await outcome;
        // Mocha reports an unhandled rejection as a failure of the test.
        clock.elapse(250);
        await turns();
      });
    }

    it('rejects if the host does not exist', async () => {
      await assert.rejects(
        client().send(request({ url: me('https://zeyos.invalid/demo') })),
        failedWith(NetworkError, 'ENOTFOUND', 'EAI_AGAIN'),
      );
    });

    it('rejects if the certificate is not trusted, without sending the request', async () => {
      const secure = await Sandbox.start({ tls: true });
      const untrusted = request({
        url: me(secure.url('demo')),
        headers: { Authorization: 'Bearer secret' },
        idempotent: true,
      });
      await assert.rejects(client().send(untrusted), (error) => error instanceof NetworkError && error.isCertificate);
      assert.deepEqual(secure.requests, []);
      assert.equal(log.lines.length, 1, 'the request was repeated although the certificate is not trusted');
      await secure.stop();
    });

    it('finds the error code in any place where a fetch puts it', async () => {
      const code = (name: string) => Object.assign(new Error(), { code: name });
      const table: readonly [unknown, string | undefined][] = [
        [new TypeError('fetch failed', { cause: code('ENOTFOUND') }), 'ENOTFOUND'],
        [
          new TypeError('fetch failed', { cause: new AggregateError([code('ECONNREFUSED'), code('ENETUNREACH')]) }),
          'ECONNREFUSED',
        ],
        [new Error('net::ERR_CERT_AUTHORITY_INVALID'), 'ERR_CERT_AUTHORITY_INVALID'],
        [new TypeError('fetch failed'), undefined],
        ['something else', undefined],
      ];
      for (const [thrown, expected] of table) {
        await assert.rejects(
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- another fetch may do so
          client({}, { fetch: () => Promise.reject(thrown) }).send(request()),
          (error) => error instanceof NetworkError && error.code === expected,
        );
      }
    });
  });

  describe('with retries', () => {
    const busy = (retryAfterSeconds?: number): Fault => ({
      kind: 'status',
      status: 503,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
    const statuses = () => sandbox.requests.map(({ status }) => status);

    it('ends an idempotent request after the total time, even if one exchange may take longer', async () => {
      sandbox.fault('/', { kind: 'hang' });
      const startedAt = clock.now();
      const late = client({ totalMs: 300 }).send(request({ idempotent: true }));
      await assert.rejects(clock.run(late), failedWith(TimeoutError));
      assert.equal(clock.now() - startedAt, 300);
    });

    it('repeats an idempotent request two times, and then returns the answer', async () => {
      sandbox.fault('/me', busy(0));
      assert.equal((await client().send(request({ idempotent: true }))).status, 503);
      assert.deepEqual(statuses(), [503, 503, 503]);
    });

    for (const status of [429, 500, 502, 503, 504]) {
      it(`repeats an idempotent request after ${status}`, async () => {
        sandbox.fault('/me', { kind: 'status', status, retryAfterSeconds: 0 }, 1);
        assert.equal((await client().send(request({ idempotent: true }))).status, 401);
        assert.deepEqual(statuses(), [status, 401]);
      });
    }

    for (const status of [200, 302, 400, 401, 403, 404, 408, 413]) {
      it(`does not repeat an idempotent request after ${status}`, async () => {
        sandbox.fault('/me', { kind: 'status', status, retryAfterSeconds: 0 });
        assert.equal((await client().send(request({ idempotent: true }))).status, status);
        assert.equal(statuses().length, 1);
      });
    }

    it('does not repeat a request that is not idempotent', async () => {
      sandbox.fault('/me', busy(0));
      assert.equal((await client().send(request({ method: 'POST' }))).status, 503);
      assert.equal(statuses().length, 1);
    });

    it('does not repeat an idempotent request after an answer that is too large', async () => {
      sandbox.fault('/me', { kind: 'huge' });
      await assert.rejects(client().send(request({ idempotent: true })), MalformedResponseError);
      assert.equal(statuses().length, 1);
    });

    it('repeats an idempotent request after a reset and a time-out', async () => {
      sandbox.fault('/me', { kind: 'reset' }, 1);
      sandbox.fault('/me', { kind: 'hang' }, 1);
      const sent = client({ exchangeMs: 500 }).send(request({ idempotent: true }));
      assert.equal((await clock.run(sent)).status, 401);
      assert.deepEqual(statuses(), [undefined, undefined, 401]);
    });

    it('repeats an idempotent request after the Retry-After time of the server', async () => {
      const held = new Clock(undefined, { holdsPauses: true });
      sandbox.fault('/me', busy(1), 1);
      const sent = client({}, { clock: held, fetch }).send(request({ idempotent: true }));
      await eventually(() => held.waits.includes(1_000));
      assert.equal(statuses().length, 1);
      held.elapse(1_000);
      assert.equal((await sent).status, 401);
      assert.equal(statuses().length, 2);
    });

    it('does not repeat an idempotent request if Retry-After is longer than the limit', async () => {
      sandbox.fault('/me', busy(6));
      const response = await client().send(request({ idempotent: true }));
      assert.deepEqual([response.status, failure(response).retryAfterMs], [503, 6_000]);
      assert.equal(statuses().length, 1);
    });

    it('does not repeat an idempotent request after the total time', async () => {
      const slow: Fetch = (url, init) => (clock.advance(13_000), fetch(url, init));
      sandbox.fault('/me', busy(0));
      await client({}, { fetch: slow }).send(request({ idempotent: true }));
      assert.equal(statuses().length, 2);
    });
  });

  describe('aborted by its caller', () => {
    for (const reason of [new Error('no longer wanted'), 'a text', undefined]) {
      const told = (error: unknown) =>
        reason === undefined ? error instanceof DOMException && error.name === 'AbortError' : error === reason;

      for (const idempotent of [true, false]) {
        it(`with ${String(reason)} while waiting for the answer to a request that is ${idempotent ? '' : 'not '}idempotent, rejects with this reason`, async () => {
          sandbox.fault('/me', { kind: 'hang' });
          const caller = new AbortController();
          const outcome = client()
            .send(request({ idempotent }), caller.signal)
            .then(
              () => assert.fail('answered'),
              (error: unknown) => error,
            );
          await eventually(() => sandbox.unanswered === 1);
          caller.abort(reason);
          assert.ok(told(await outcome));
          assert.equal(sandbox.requests.length, 1);
        });
      }

      it(`with ${String(reason)} before it begins, sends nothing`, async () => {
        for (const idempotent of [true, false]) {
          assert.ok(
            told(
              await client()
                .send(request({ idempotent }), AbortSignal.abort(reason))
                .then(
                  () => assert.fail('answered'),
                  (error: unknown) => error,
                ),
            ),
          );
        }
        assert.deepEqual(sandbox.requests, []);
      });
    }

    it('in the middle of an answer, rejects with the reason', async () => {
      sandbox.fault('/me', { kind: 'slowDrip', everyMs: 5 });
      const caller = new AbortController();
      const reason = new Error('no longer wanted');
      const outcome = assert.rejects(client().send(request({ idempotent: true }), caller.signal), reason);
      await eventually(() => sandbox.requests[0]?.status !== undefined);
      caller.abort(reason);
      await outcome;
    });

    it('between two tries, rejects with the reason', async () => {
      sandbox.fault('/me', { kind: 'status', status: 503, retryAfterSeconds: 5 });
      const caller = new AbortController();
      const reason = new Error('no longer wanted');
      const outcome = assert.rejects(client().send(request({ idempotent: true }), caller.signal), reason);
      await eventually(() => log.lines.length > 0);
      caller.abort(reason);
      await outcome;
      assert.equal(sandbox.requests.length, 1);
    });
  });

  it('logs method, URL and result, and nothing of headers and body', async () => {
    await client().send(
      request({ method: 'POST', headers: { Authorization: 'Bearer s3cret-bearer' }, form: { token: 's3cret-token' } }),
    );
    sandbox.fault('/me', { kind: 'reset' });
    await client()
      .send(request({ headers: { Authorization: 'Bearer s3cret-bearer' } }))
      .catch(() => undefined);
    assert.match(log.lines[0] ?? '', /^info: POST http:\/\/127\.0\.0\.1:\d+\/demo\/api\/v1\/me → 405, \d+ ms$/);
    assert.match(log.lines[1] ?? '', /^warn: GET .* → ECONNRESET, \d+ ms$/);
    assert.doesNotMatch(log.text, /s3cret/);
  });
});

describe('An HTTP failure', () => {
  const receivedAt = Date.parse('2030-01-01T12:00:00Z');
  const retries: readonly [string | undefined, number | undefined][] = [
    [undefined, undefined],
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['Tue, 01 Jan 2030 12:00:30 GMT', 30_000],
    ['Tue, 01 Jan 2030 11:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ];
  for (const [value, expected] of retries) {
    it(`with Retry-After ${JSON.stringify(value)} has ${expected === undefined ? 'no retry time' : `a retry time of ${expected} ms`}`, () => {
      assert.equal(
        failure(httpResponse({ status: 503, headers: value === undefined ? {} : { 'Retry-After': value }, receivedAt }))
          .retryAfterMs,
        expected,
      );
    });
  }

  const redirects: readonly [string, string | undefined][] = [
    ['https://login.example:8443/x?y', 'login.example:8443'],
    ['/elsewhere', 'cloud.zeyos.com'],
    ['//login.example/demo', 'login.example'],
    ['', undefined],
    ['https://', undefined],
  ];
  for (const [location, host] of redirects) {
    it(`with Location ${JSON.stringify(location)} redirects to ${host ?? 'no host'}`, () => {
      const error = failure(httpResponse({ status: 302, headers: { Location: location } }));
      assert.deepEqual([error.isRedirect, error.redirection && new URL(error.redirection.address).host], [true, host]);
    });
  }
});
