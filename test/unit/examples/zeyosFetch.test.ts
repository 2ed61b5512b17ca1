import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import type { AuthenticationGetSessionOptions, AuthenticationSession } from 'vscode';
import type * as ZeyosFetch from '../../../examples/consumer/src/zeyosFetch';
import { loadWithVscode } from '../../support/loadWithVscode';
import { out } from '../../support/paths';
import { demo, maxPower } from '../../support/sandbox/fixtures';
import { Sandbox } from '../../support/sandbox/sandbox';
import { SandboxClient } from '../../support/sandboxClient';

describe('In zeyosFetch, the file that extension authors copy,', () => {
  let sandbox: Sandbox;
  let client: SandboxClient;
  let session: AuthenticationSession;
  /** What the file asks of the editor. */
  let asked: unknown[];
  /** What the editor answers. */
  let reportRefused: () => Promise<boolean>;
  let getSession: () => Promise<AuthenticationSession | undefined>;
  const editor = {
    commands: {
      executeCommand: (command: string, ...args: unknown[]) => {
        asked.push([command, ...args]);
        return reportRefused();
      },
    },
    authentication: {
      getSession: (provider: string, scopes: readonly string[], options: AuthenticationGetSessionOptions) => {
        asked.push(['getSession', provider, scopes, options]);
        return getSession();
      },
    },
  };
  const { zeyosFetch, zeyosUrl } = loadWithVscode<typeof ZeyosFetch>(
    join(out, 'examples/consumer/src/zeyosFetch.js'),
    editor,
  );

  const sessionWith = (accessToken: string, user = '7'): AuthenticationSession => ({
    id: 'c0ffee',
    accessToken,
    account: { id: `${sandbox.url('demo')}#${user}`, label: 'max.power' },
    scopes: [],
  });
  const paths = (): readonly string[] => sandbox.requests.map(({ path }) => path);
  const bearers = (): readonly (string | undefined)[] =>
    sandbox.requests
      .filter(({ path }) => path.startsWith('/demo/api/'))
      .map(({ headers }) => headers.authorization?.replace('Bearer ', ''));

  beforeEach(async () => {
    sandbox = await Sandbox.start({ instances: [demo, { ...demo, name: 'demo2' }] });
    client = new SandboxClient(sandbox);
    session = sessionWith(await client.issued());
    sandbox.clearRequests();
    asked = [];
    reportRefused = () => Promise.resolve(true);
    getSession = () => Promise.resolve(undefined);
  });

  afterEach(() => sandbox.stop());

  describe('a request', () => {
    it('goes to the account’s instance with the token, and keeps method, headers, query and body', async () => {
      const response = await zeyosFetch(session, '/api/v1/tickets?x=a%20b', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ filter: { ID: 1 }, fields: ['name'] }),
      });
      assert.deepEqual(await response.json(), [{ name: 'Printer on the second floor prints blank pages' }]);
      const [{ query, headers } = assert.fail('no request')] = sandbox.requests;
      assert.deepEqual(
        [query, headers.accept, headers.authorization],
        ['x=a%20b', 'application/json', `Bearer ${session.accessToken}`],
      );
      assert.deepEqual(asked, []);
    });

    it('carries the session’s token even if the caller names another', async () => {
      await zeyosFetch(session, 'api/v1/me', { headers: { authorization: 'Bearer other' } });
      assert.deepEqual(bearers(), [session.accessToken]);
    });

    it('returns answers of every status but a redirect', async () => {
      assert.equal((await zeyosFetch(session, '/api/v1/tickets/99')).status, 404);
      assert.equal((await zeyosFetch(session, '/api/v1/tickets')).status, 405);
      sandbox.fault('/api', { kind: 'status', status: 503 });
      assert.equal((await zeyosFetch(session, '/api/v1/me')).status, 503);
    });

    for (const status of [301, 302, 303, 307, 308])
      it(`does not follow a redirect with ${status}, and says so`, async () => {
        sandbox.fault('GET /demo/api', { kind: 'redirect', status, location: `${sandbox.url('demo2')}/api/v1/me` });
        await assert.rejects(zeyosFetch(session, '/api/v1/me'), {
          message: `ZeyOS at ${new URL(sandbox.origin).host} redirects this request (${status}). The token is not sent there.`,
        });
        assert.deepEqual(paths(), ['/demo/api/v1/me']);
      });

    it('returns an answer with 304, which is no redirect', async () => {
      const etag = (await zeyosFetch(session, '/api/v1/tickets/1')).headers.get('etag') ?? '';
      assert.equal(
        (await zeyosFetch(session, '/api/v1/tickets/1', { headers: { 'if-none-match': etag } })).status,
        304,
      );
    });

    it('ends at its deadline, with a reason', async () => {
      sandbox.fault('/api', { kind: 'hang' });
      await assert.rejects(zeyosFetch(session, '/api/v1/me', { timeoutMs: 50 }), {
        message: /^ZeyOS at 127\.0\.0\.1:\d+ did not answer within 0\.05 s\.$/,
      });
    });

    it('ends at its deadline while the body drips', async () => {
      sandbox.fault('/api', { kind: 'slowDrip', everyMs: 5 });
      const response = await zeyosFetch(session, '/api/v1/me', { timeoutMs: 100 });
      await assert.rejects(response.text(), { name: 'TimeoutError' });
    });

    it('ends when the caller aborts it, with the caller’s reason', async () => {
      sandbox.fault('/api', { kind: 'hang' });
      const controller = new AbortController();
      const waiting = zeyosFetch(session, '/api/v1/me', { signal: controller.signal });
      controller.abort(new Error('view closed'));
      await assert.rejects(waiting, { message: 'view closed' });
      await assert.rejects(zeyosFetch(session, '/api/v1/me', { signal: AbortSignal.abort() }), { name: 'AbortError' });
    });

    it('names the host that cannot be reached, and keeps the cause', async () => {
      await sandbox.stop();
      await assert.rejects(
        zeyosFetch(session, '/api/v1/me'),
        (error: Error) =>
          /^ZeyOS at 127\.0\.0\.1:\d+ cannot be reached\.$/.test(error.message) && error.cause !== undefined,
      );
    });
  });

  describe('a token that ZeyOS rejects', () => {
    beforeEach(() => sandbox.revoke(session.accessToken));

    it('is reported once, and the request is repeated once with the session’s new token', async () => {
      const next = sessionWith(await client.issued());
      sandbox.clearRequests();
      getSession = () => Promise.resolve(next);
      const response = await zeyosFetch(session, '/api/v1/tickets', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"count":true}',
      });
      assert.deepEqual(await response.json(), { count: 4 });
      assert.deepEqual(asked, [
        ['zeyos.api.reportRefused', 'c0ffee'],
        ['getSession', 'zeyos', [sandbox.url('demo')], { account: session.account, silent: true }],
      ]);
      assert.deepEqual(bearers(), [session.accessToken, next.accessToken]);
    });

    it('is reported once, even if ZeyOS rejects the next token too', async () => {
      const next = sessionWith(await client.issued());
      sandbox.revoke(next.accessToken);
      sandbox.clearRequests();
      getSession = () => Promise.resolve(next);
      assert.equal((await zeyosFetch(session, '/api/v1/me')).status, 401);
      assert.deepEqual([bearers().length, asked.length], [2, 2]);
    });

    it('is not sent again if the session still has this token', async () => {
      getSession = () => Promise.resolve({ ...session });
      assert.equal((await zeyosFetch(session, '/api/v1/me')).status, 401);
      assert.deepEqual(bearers(), [session.accessToken]);
    });

    it('leads to the 401 of ZeyOS if the session has ended, and the text of the answer can be read', async () => {
      reportRefused = () => Promise.resolve(false);
      const response = await zeyosFetch(session, '/api/v1/tickets', { method: 'POST' });
      assert.deepEqual([response.status, await response.text()], [401, 'Unauthorized: Invalid bearer token']);
    });

    it('leads to the 401 of ZeyOS if the introspection of the token fails', async () => {
      reportRefused = () => Promise.reject(new Error('ZeyOS cannot be reached'));
      assert.equal((await zeyosFetch(session, '/api/v1/me')).status, 401);
      assert.equal(asked.length, 1, 'the session is not asked for');
    });

    it('is not replaced by the token of another account', async () => {
      const other = sessionWith(await client.issued(), '8');
      sandbox.clearRequests();
      getSession = () => Promise.resolve(other);
      assert.equal((await zeyosFetch(session, '/api/v1/me')).status, 401);
      assert.deepEqual(bearers(), [session.accessToken]);
    });

    it('has the user asked to sign in again only if the caller allows it', async () => {
      await zeyosFetch(session, '/api/v1/me', { createIfNone: true });
      assert.deepEqual(asked.at(-1), [
        'getSession',
        'zeyos',
        [sandbox.url('demo')],
        { account: session.account, createIfNone: true },
      ]);
    });

    it('leads to the user’s cancellation if the user does not sign in again', async () => {
      getSession = () => Promise.reject(Object.assign(new Error('Canceled'), { name: 'Canceled' }));
      await assert.rejects(zeyosFetch(session, '/api/v1/me', { createIfNone: true }), { name: 'Canceled' });
    });

    it('ends the waiting for a new session when the caller aborts', async () => {
      const controller = new AbortController();
      getSession = () => new Promise(() => controller.abort());
      await assert.rejects(zeyosFetch(session, '/api/v1/me', { signal: controller.signal }), { name: 'AbortError' });
    });

    it('leads to no second request if the body of the first request was a stream', async () => {
      const next = sessionWith(await client.issued());
      sandbox.clearRequests();
      getSession = () => Promise.resolve(next);
      const init = { method: 'POST', body: new Blob(['{}']).stream(), duplex: 'half' as const };
      assert.equal((await zeyosFetch(session, '/api/v1/tickets', init)).status, 401);
      assert.deepEqual([bearers().length, asked.length], [1, 2]);
    });
  });

  describe('a path', () => {
    for (const [path, expected] of [
      ['/api/v1/tickets', '/demo/api/v1/tickets'],
      ['api/v1/tickets', '/demo/api/v1/tickets'],
      ['/', '/demo/'],
      ['', '/demo/'],
      ['/api/v1/tickets?q=..%2F..&u=https://h/', '/demo/api/v1/tickets?q=..%2F..&u=https://h/'],
      ['/api/a.b/..c/d..', '/demo/api/a.b/..c/d..'],
      ['/api/Gr%C3%B6%C3%9Fe', '/demo/api/Gr%C3%B6%C3%9Fe'],
      ['/api/Größe', '/demo/api/Gr%C3%B6%C3%9Fe'],
      ['/api/100%25', '/demo/api/100%25'],
      ['/api/100%2525', '/demo/api/100%2525'],
      ['/api/a@b:c', '/demo/api/a@b:c'],
      ['/api/x;y=1', '/demo/api/x;y=1'],
    ] as const)
      it(`is sent below the platform URL: ${JSON.stringify(path)}`, () =>
        assert.equal(zeyosUrl(session, path).href, `${sandbox.origin}${expected}`));

    const hostile: Readonly<Record<string, readonly string[]>> = {
      'an absolute URL': [
        'https://evil.example/',
        'HTTPS://evil.example/',
        'http:evil.example',
        'https:/evil.example',
        'https:\\\\evil.example',
        'file:///etc/passwd',
        'javascript:alert(1)',
        'data:text/plain,x',
        'blob:https://evil.example/1',
        'view-source:https://evil.example',
      ],
      'a host without a scheme': ['//evil.example', '///evil.example', '//', '//evil.example@127.0.0.1/'],
      'a backslash': ['\\\\evil.example', '/\\evil.example', '\\/evil.example', '/api\\..\\..\\x', '/x?y=\\'],
      'a segment that climbs': [
        '..',
        '/..',
        '../demo2/api/v1/me',
        '/../demo2/api/v1/me',
        '/api/../../demo2/api/v1/me',
        '/api/..',
        '/./api',
        '/api/.',
        '/api/..;/..;x/demo2',
        '/api/..?x',
        '/api/．．/x',
        '/api/‥/x',
        '/api/․․/x',
      ],
      'a segment that climbs once it is decoded': [
        '/%2e%2e/demo2/api/v1/me',
        '/%2E%2E/demo2',
        '/.%2e/demo2',
        '/%2e./demo2',
        '/%2e/api',
        '/%252e%252e/demo2',
        '/%25252e%25252e/demo2',
        '/%252e%252e/%25zz',
        '/%EF%BC%8E%EF%BC%8E/demo2',
        '/api/..%3bx/demo2',
      ],
      'an encoded slash or backslash': [
        '/..%2fdemo2',
        '/%2e%2e%2fdemo2',
        '/..%5cdemo2',
        '/..%252fdemo2',
        '/..%25252Fdemo2',
        '/%2f%2fevil.example',
        '/%5c%5cevil.example',
        '/api%2fv1',
        '/api／v1',
        '/..%EF%BC%8Fdemo2',
      ],
      'white space or a control character': [
        ' /api',
        '/api ',
        '/\t/evil.example',
        '\t//evil.example',
        '/\n/evil.example',
        '/.\t./demo2',
        '/api\r\nHost: evil.example',
        '/\u0000',
        '/a b',
        '/\u00a0x',
        '/\ufeff/evil.example',
        '/api?x=\n',
        '/\ud800',
      ],
      'an encoded control character': ['/api%00', '/api%0d%0aHost:evil', '/api%2500', '/%09/x'],
      'a broken encoding': ['/%', '/%2', '/%zz', '/%c0%ae%c0%ae/demo2', '/%ff', '/a%e2%80'],
      'a fragment': ['/api#x', '#', '/api?x#y', '/#/../..'],
    };
    for (const [name, list] of Object.entries(hostile))
      it(`is refused, and nothing is sent, for ${name}`, async () => {
        for (const path of list)
          await assert.rejects(
            zeyosFetch(session, path),
            (error: Error) =>
              error instanceof TypeError &&
              /^This path .*, so no token is sent\.$/.test(error.message) &&
              (path.length < 5 || !error.message.includes(path)),
            JSON.stringify(path),
          );
        assert.deepEqual([sandbox.requests, asked], [[], []]);
      });

    it('never leads out of the instance, for any text', () => {
      const part = fc.constantFrom(
        ...['/', '//', '\\', '.', '..', '%2e', '%2E', '%2f', '%5C', '%25', '%00', '%', ';', '?', '#', '@', ':', ' '],
        ...['\t', '\n', 'a', 'demo2', 'evil.example', 'https:', '．', '／', '‥', '%c0%ae', '[', ']', '|', '\u0000'],
      );
      const anyPath = fc.oneof(
        fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
        fc.string({ unit: 'binary', maxLength: 20 }),
      );
      const base = `${sandbox.url('demo')}/`;
      let sent = 0;
      fc.assert(
        fc.property(anyPath, (path) => {
          let url: URL;
          try {
            url = zeyosUrl(session, path);
          } catch (error) {
            return error instanceof TypeError;
          }
          sent += 1;
          // As a server that decodes twice, takes backslashes for slashes, and cuts parameters off would see it.
          const seen = decodeLeniently(decodeLeniently(url.pathname))
            .replaceAll('\\', '/')
            .replace(/;[^/]*/g, '');
          return url.href.startsWith(base) && new URL(`${url.origin}${seen}`).href.startsWith(base);
        }),
        { numRuns: 5000, seed: 12 },
      );
      assert.ok(sent > 100, `only ${sent} paths were sent`);
    });
  });

  describe('a session', () => {
    for (const id of [
      '7',
      '',
      'github#7',
      'http://cloud.zeyos.com/demo#7',
      'https://user:secret@cloud.zeyos.com/demo#7',
      'https://cloud.zeyos.com/demo?x=1#7',
      'ftp://cloud.zeyos.com/demo#7',
      'http://localhost.evil.example/demo#7',
      'http://127.0.0.1.evil.example/demo#7',
      'https://cloud.zeyos.com/demo',
    ])
      it(`is refused if its account’s ID is ${JSON.stringify(id)}`, () =>
        assert.throws(
          () => zeyosUrl({ ...session, account: { id, label: '' } }, '/api/v1/me'),
          (error: Error) => error instanceof TypeError && !error.message.includes('secret'),
        ));

    it('may belong to a user whose name holds a number sign, and to an instance at the root or below a longer path', () => {
      for (const [id, expected] of [
        ['https://cloud.zeyos.com/demo#a#b', 'https://cloud.zeyos.com/demo/api'],
        ['https://erp.example.com#7', 'https://erp.example.com/api'],
        ['https://erp.example.com:8443/a/b#7', 'https://erp.example.com:8443/a/b/api'],
        ['http://[::1]:8080/demo#7', 'http://[::1]:8080/demo/api'],
      ] as const)
        assert.equal(zeyosUrl({ ...session, account: { id, label: '' } }, '/api').href, expected);
    });
  });

  it('no error contains a token', async () => {
    sandbox.fault('/api', { kind: 'reset' });
    for (const path of ['/api/v1/me', '//x', `/${maxPower.name}\n`])
      await assert.rejects(zeyosFetch(session, path), (error: Error) => {
        assert.ok(!`${error.stack} ${String(error.cause)}`.includes(session.accessToken));
        return true;
      });
  });
});

function decodeLeniently(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
