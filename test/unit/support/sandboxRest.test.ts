import assert from 'node:assert/strict';
import { demo, juergen, maxPower } from '../../support/sandbox/fixtures';
import { code_challenge, code_verifier, OAuth2Client, byCode } from '../../support/sandbox/oauth2Client';
import { Sandbox } from '../../support/sandbox/sandbox';
import { SandboxClient } from '../../support/sandboxClient';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

describe('In the REST API of the sandbox ZeyOS,', () => {
  let sandbox: Sandbox;
  let client: SandboxClient;
  let token: string;

  const readOnly = {
    name: 'reader',
    password: 'r',
    sub: '21',
    claims: { permissions: [{ identifier: 'tickets', writable: false }] },
  };

  beforeEach(async () => {
    sandbox = await Sandbox.start({
      now: () => Date.parse('2030-01-01T12:00:00Z'),
      instances: [
        { ...demo, users: [maxPower, juergen, readOnly, { name: 'none', password: 'n', claims: { permissions: [] } }] },
        { ...demo, name: 'zeyos/deep' },
      ],
    });
    client = new SandboxClient(sandbox);
    token = await client.issued();
  });

  afterEach(() => sandbox.stop());

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    bearer = token,
  ): Promise<Answer> {
    const response = await fetch(`${sandbox.url('demo')}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  }
  const names = async (body: unknown): Promise<unknown> =>
    ((await call('POST', 'tickets', body)).json as { ticketnum: string }[]).map(({ ticketnum }) => ticketnum);

  describe('a list of tickets', () => {
    it('has all columns unless the request names fields', async () => {
      const { status, json } = await call('POST', 'tickets');
      assert.equal(status, 200);
      const [first] = json as Record<string, unknown>[];
      assert.deepEqual(first, {
        ID: 1,
        creator: null,
        assigneduser: 7,
        creationdate: 872838840,
        lastmodified: 872838840,
        visibility: 0,
        description: '',
        account: 1,
        project: null,
        name: 'Printer on the second floor prints blank pages',
        ticketnum: 'T-3001',
        date: 872838840,
        duedate: 1893542400,
        status: 4,
        priority: 3,
      });
    });

    it('follows references in the fields that a request names, and renames fields by alias', async () => {
      const fields = { Num: 'ticketnum', Account: 'account.lastname', Agent: 'assigneduser.name', 0: 'project.name' };
      assert.deepEqual((await call('POST', 'tickets', { fields, filter: { ID: { IN: [1, 3] } } })).json, [
        { 'project.name': null, Num: 'T-3001', Account: 'Acme Ltd', Agent: 'max.power' },
        { 'project.name': 'Move to the new office', Num: 'T-3003', Account: null, Agent: 'jürgen' },
      ]);
    });

    it('accepts the fields as an array too', async () => {
      assert.deepEqual((await call('POST', 'tickets', { fields: ['ID', 'status'], limit: 1 })).json, [
        { ID: 1, status: 4 },
      ]);
    });

    for (const [name, body, expected] of [
      ['by equality', { filter: { assigneduser: 7, status: 4 } }, ['T-3001']],
      ['under the name that ZeyOS’s own client uses', { filters: { status: 4 } }, ['T-3001']],
      ['by comparison', { filter: { priority: { '>=': 2, '<': 4 } } }, ['T-3001', 'T-3003']],
      ['by inequality', { filter: { status: { '!=': 4 } } }, ['T-3002', 'T-3003', 'T-3004']],
      ['by a set', { filter: { status: { IN: [0, 9] } } }, ['T-3002', 'T-3004']],
      ['by the complement of a set', { filter: { status: { '!IN': [0, 9] } } }, ['T-3001', 'T-3003']],
      ['by a field of a reference', { filter: { 'account.lastname': 'Acme Ltd' } }, ['T-3001']],
      ['by a pattern', { filter: { name: { '~~*': '%INVOICE%' } } }, ['T-3002']],
      ['by a regular expression', { filter: { name: { '~': '^Gr[oö]' } } }, ['T-3003']],
      ['by a group', { filter: { 0: ['OR', { status: 0 }, { 1: ['AND', { status: 9 }] }] } }, ['T-3002', 'T-3004']],
      ['by a negated group', { filter: { 0: ['NOT', { assigneduser: 7 }] } }, ['T-3003']],
      ['by search terms', { query: 'printer pages' }, ['T-3001']],
    ] as const)
      it(`is filtered ${name}`, async () => assert.deepEqual(await names(body), expected));

    it('is sorted, with null last, and cut into pages', async () => {
      assert.deepEqual(await names({ sort: ['duedate', '-priority'] }), ['T-3001', 'T-3002', 'T-3003', 'T-3004']);
      assert.deepEqual(await names({ sort: ['-ticketnum'], offset: 1, limit: 2 }), ['T-3003', 'T-3002']);
    });

    it('has each row once if the request asks for distinct rows', async () => {
      const body = { fields: ['assigneduser.name'], distinct: true };
      assert.deepEqual((await call('POST', 'tickets', body)).json, [
        { 'assigneduser.name': 'max.power' },
        { 'assigneduser.name': 'jürgen' },
      ]);
    });

    it('is replaced by the number of tickets if the request asks for it', async () => {
      assert.deepEqual((await call('POST', 'tickets', { count: true, filter: { assigneduser: 7 } })).json, {
        count: 3,
      });
    });

    it('can be requested by a form too', async () => {
      const response = await fetch(`${sandbox.url('demo')}/api/v1/tickets/`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: new URLSearchParams({ fields: '["name"]', filter: '{"ID":2}', query: 'invoice' }),
      });
      assert.deepEqual(await response.json(), [{ name: 'Invoice 4711 is missing' }]);
    });

    for (const [name, body] of [
      ['a field that does not exist', { fields: ['nowhere'] }],
      ['a field of a column that references nothing', { fields: ['name.x'] }],
      ['a sort field that does not exist', { sort: ['nowhere'] }],
      ['an operator that does not exist', { filter: { ID: { '<=>': 1 } } }],
      ['a regular expression that is none', { filter: { name: { '~': '(' } } }],
      ['a limit of 0', { limit: 0 }],
      ['a limit above 10,000', { limit: 10_001 }],
      ['an array as its body', []],
    ] as const)
      it(`is rejected with 400 for ${name}`, async () => {
        const { status, text } = await call('POST', 'tickets', body);
        assert.deepEqual([status, text.startsWith('Bad Request: ')], [400, true]);
      });
  });

  describe('one ticket', () => {
    it('is read, and has extended data and tags only if the request asks for them', async () => {
      const { status, json, headers } = await call('GET', 'tickets/2?extdata=1&tags=1');
      const { name, extdata, tags } = json as Record<string, unknown>;
      assert.deepEqual([status, name, extdata, tags], [200, 'Invoice 4711 is missing', {}, []]);
      assert.equal(headers.get('last-modified'), 'Fri, 29 Aug 1997 07:14:00 GMT');
      assert.ok(!('extdata' in ((await call('GET', 'tickets/2')).json as object)));
    });

    it('is reported by HEAD without a body', async () => {
      assert.deepEqual(
        [(await call('HEAD', 'tickets/2')).status, (await call('HEAD', 'tickets/99')).status],
        [204, 404],
      );
    });

    it('is not sent again to a client that has its version', async () => {
      const etag = (await call('GET', 'tickets/2')).headers.get('etag') ?? '';
      assert.equal((await call('GET', 'tickets/2', undefined, { 'if-none-match': etag })).status, 304);
    });

    it('is created with the creator and the time of the server', async () => {
      const { status, json, headers } = await call('PUT', 'tickets', { name: 'New', creator: 1, lastmodified: 1 });
      const { ID, creator, lastmodified, priority } = json as Record<string, unknown>;
      assert.deepEqual([status, ID, creator, lastmodified, priority], [201, 5, 7, 1893499200, 2]);
      assert.equal(headers.get('content-location'), '/demo/api/v1/tickets/5');
    });

    it('is changed, unless the client changes an older version', async () => {
      const etag = (await call('GET', 'tickets/1')).headers.get('etag') ?? '';
      const changed = await call('PATCH', 'tickets/1', { status: 9 }, { 'if-match': etag });
      assert.deepEqual([changed.status, (changed.json as { status: number }).status], [200, 9]);
      assert.equal((await call('PATCH', 'tickets/1', { status: 4 }, { 'if-match': etag })).status, 412);
      assert.equal((await call('DELETE', 'tickets/1', undefined, { 'if-match': etag })).status, 412);
    });

    it('is deleted by the first request, and does not exist for the second', async () => {
      assert.deepEqual(
        [(await call('DELETE', 'tickets/4')).status, (await call('DELETE', 'tickets/4')).status],
        [204, 404],
      );
    });

    for (const [name, method, path, body, status] of [
      ['a name that is empty', 'PUT', 'tickets', { name: '' }, 400],
      ['a column that does not exist', 'PUT', 'tickets', { name: 'x', colour: 'red' }, 400],
      ['a status that does not exist', 'PATCH', 'tickets/1', { status: 12 }, 400],
      ['a text in place of a number', 'PATCH', 'tickets/1', { status: '4' }, 400],
      ['an ID of its own', 'PUT', 'tickets', { ID: 7, name: 'x' }, 409],
      ['another ID', 'PATCH', 'tickets/1', { ID: 2 }, 409],
    ] as const)
      it(`is rejected with ${status} for ${name}`, async () =>
        assert.equal((await call(method, path, body)).status, status));
  });

  describe('a request that is rejected', () => {
    it('with 401 gets a Bearer challenge that names the instance and the invalid token, in plain text', async () => {
      const { status, headers, text } = await call('POST', 'tickets', {}, {}, 'dead');
      assert.deepEqual(
        [status, headers.get('www-authenticate'), text],
        [401, 'Bearer realm="demo", error="invalid_token"', 'Unauthorized: Invalid bearer token'],
      );
    });

    it('with 403 lacks the permission to read, or to write', async () => {
      const [none, reader] = [
        await client.issued({ name: 'none', password: 'n' }),
        await client.issued({ name: 'reader', password: 'r' }),
      ];
      const refused = await call('POST', 'tickets', {}, {}, none);
      assert.deepEqual([refused.status, refused.text], [403, 'Forbidden: Lacking access permission']);
      assert.equal((await call('POST', 'tickets', {}, {}, reader)).status, 200);
      for (const [method, path] of [
        ['PUT', 'tickets'],
        ['PATCH', 'tickets/1'],
        ['DELETE', 'tickets/1'],
        ['POST', 'accounts'],
      ] as const)
        assert.equal((await call(method, path, method === 'DELETE' ? undefined : {}, {}, reader)).status, 403);
      assert.equal((await call('POST', 'users', {}, {}, none)).status, 200, 'the users need no permission');
    });

    it('with 404 is about a record or a table that does not exist', async () => {
      assert.deepEqual(
        [(await call('GET', 'tickets/99')).status, (await call('POST', 'nowhere', {})).status],
        [404, 404],
      );
    });

    it('with 405 gets the list of the allowed methods', async () => {
      const { status, headers } = await call('GET', 'tickets');
      assert.deepEqual([status, headers.get('allow')], [405, 'POST, PUT']);
      assert.equal((await call('PUT', 'users', { name: 'eve' })).status, 405);
    });

    it('with 429 gets the time of the next attempt if a fault contains it', async () => {
      sandbox.fault('/api/v1/', { kind: 'status', status: 429, retryAfterSeconds: 5 });
      const { status, headers } = await call('POST', 'tickets');
      assert.deepEqual([status, headers.get('retry-after')], [429, '5']);
    });

    it('has a token of another instance', async () => {
      const url = `${sandbox.url('zeyos/deep')}/api/v1/tickets`;
      const headers = { authorization: `Bearer ${token}` };
      assert.equal((await fetch(url, { method: 'POST', headers })).status, 401);
    });

    it('has a legacy token without an application if the instance demands an application', async () => {
      const { legacy } = sandbox.instance('demo');
      sandbox.instance('demo').apis.add('legacy');
      const fields = { name: maxPower.name, password: maxPower.password, identifier: 'test' };
      const login = await fetch(`${sandbox.url('demo')}/auth/v1/login`, {
        method: 'POST',
        body: new URLSearchParams(fields),
      });
      const { token: legacyToken } = (await login.json()) as { token: string };
      assert.equal((await call('POST', 'tickets', {}, {}, legacyToken)).status, 200);
      legacy.apiNeedsApplication = true;
      assert.equal((await call('POST', 'tickets', {}, {}, legacyToken)).status, 401);
    });
  });

  it('the calls of the ZeyOS command line for login, whoami, list, get and logout succeed', async () => {
    const oauth2 = new OAuth2Client(sandbox);
    const code = await oauth2.code({ state: 'abc', code_challenge });
    const { access_token } = await oauth2.issued(byCode(code, { code_verifier }));
    const headers = { authorization: `Bearer ${access_token}` };
    const who = await fetch(`${sandbox.url('demo')}/oauth2/v1/userinfo`, { headers });
    assert.equal(((await who.json()) as { preferred_username: string }).preferred_username, 'max.power');
    const fields = { Num: 'ticketnum', Account: 'account.lastname', Agent: 'assigneduser.name', Due: 'duedate' };
    const listed = await call('POST', 'tickets', { fields, limit: 50 }, {}, access_token);
    assert.equal((listed.json as unknown[]).length, 4);
    assert.equal((await call('GET', 'tickets/1?extdata=1', undefined, {}, access_token)).status, 200);
    assert.equal((await oauth2.call('revoke', { token: access_token })).status, 200);
    assert.equal((await call('POST', 'tickets', {}, {}, access_token)).status, 401);
  });
});
