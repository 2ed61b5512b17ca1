import assert from 'node:assert/strict';
import fc from 'fast-check';
import { concealSecrets } from '../../../src/hiding/concealment';
import { MalformedResponseError } from '../../../src/zeyos/errors';
import type { HttpResponse } from '../../../src/zeyos/transport/http';
import {
  parseErrorResponse,
  parseIntrospectionResponse,
  parseLegacyUser,
  parseTokenResponse,
  parseUserInfoResponse,
} from '../../../src/zeyos/messages';
import { httpResponse } from '../../support/builders';
import { Clock } from '../../support/clock';

const token = '0123456789abcdef0123456789abcdef01234567';
const json = (value: unknown) => httpResponse({ body: JSON.stringify(value) });
const isMalformed = (error: unknown) => error instanceof MalformedResponseError && error.status === 200;

describe('A token response', () => {
  it('is parsed with its members', () => {
    const body = {
      access_token: token,
      token_type: 'Bearer',
      expires_in: 86400,
      username: 'max.power',
      sub: '7',
      session_state: 'x',
    };
    assert.deepEqual(parseTokenResponse(json(body)), {
      access_token: token,
      expires_in: 86400,
      username: 'max.power',
      sub: '7',
    });
  });

  it('needs only the access token', () =>
    assert.deepEqual(parseTokenResponse(json({ access_token: 'a' })), { access_token: 'a' }));

  const tokens: readonly [unknown, boolean][] = [
    ['abc-._~+/==', true],
    ['A', true],
    ['', false],
    ['=', false],
    ['a b', false],
    ['a\n', false],
    ['a\r\nX-Evil: 1', false],
    ['ä', false],
    ['a=b', false],
    [7, false],
    [null, false],
    [['a'], false],
  ];
  for (const [value, isGood] of tokens) {
    it(`${isGood ? 'accepts' : 'rejects'} ${JSON.stringify(value)} as the access token`, () => {
      if (isGood) assert.deepEqual(parseTokenResponse(json({ access_token: value })), { access_token: value });
      else assert.throws(() => parseTokenResponse(json({ access_token: value })), isMalformed);
    });
  }

  it('may omit the token type, or name bearer in any case', () => {
    for (const token_type of ['Bearer', 'bearer', 'BEARER', undefined])
      assert.equal(parseTokenResponse(json({ access_token: token, token_type })).access_token, token);
    for (const token_type of ['mac', 'Bearer x', 7])
      assert.throws(() => parseTokenResponse(json({ access_token: token, token_type })), isMalformed);
  });

  const lifetimes: readonly [unknown, boolean][] = [
    [3600, true],
    [0.5, true],
    [0, false],
    [-1, false],
    ['3600', true],
    ['an hour', false],
    ['1e300', false],
    [null, false],
    [4e12, false],
    [1e300, false],
  ];
  for (const [expires_in, isKept] of lifetimes) {
    it(`${isKept ? 'accepts' : 'ignores'} the lifetime ${JSON.stringify(expires_in)}`, () => {
      assert.deepEqual(parseTokenResponse(json({ access_token: token, expires_in })), {
        access_token: token,
        ...(isKept && { expires_in: Number(expires_in) }),
      });
    });
  }

  it('accepts a number as the user id', () =>
    assert.equal(parseTokenResponse(json({ access_token: token, sub: 7 })).sub, '7'));

  it('contains only a lifetime whose end a Date can represent', () => {
    const now = new Clock().now();
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true }), (expires_in) => {
        const kept = parseTokenResponse(json({ access_token: token, expires_in })).expires_in ?? 0;
        assert.doesNotThrow(() => new Date(now + kept * 1000).toISOString());
      }),
      { examples: [[8.64e12], [8e12]] },
    );
  });
});

describe('An introspection response', () => {
  it('is parsed with its members', () => {
    const body = {
      active: true,
      username: 'max.power',
      sub: '7',
      client_id: 'app',
      token_type: 'Bearer',
      exp: 2,
      iat: 1,
      scope: 'x',
    };
    assert.deepEqual(parseIntrospectionResponse(json(body)), {
      active: true,
      username: 'max.power',
      sub: '7',
      client_id: 'app',
      token_type: 'Bearer',
      exp: 2,
      iat: 1,
    });
  });

  it('has no other members if the token is inactive', () => {
    assert.deepEqual(parseIntrospectionResponse(json({ active: false, username: 'max.power', exp: 1 })), {
      active: false,
    });
  });

  for (const active of [undefined, null, 'true', 1, {}]) {
    it(`is malformed if active is ${JSON.stringify(active) ?? 'missing'}`, () =>
      assert.throws(() => parseIntrospectionResponse(json({ active })), isMalformed));
  }
});

describe('A name in a response', () => {
  const password = 'correct horse battery';
  const told = (value: unknown): HttpResponse => ({ ...json(value), conceal: concealSecrets([password]) });

  it('is ignored if it contains a secret of the request', () => {
    assert.deepEqual(
      parseTokenResponse(told({ access_token: token, username: password, sub: `you are ${password}` })),
      { access_token: token },
    );
    assert.deepEqual(
      parseIntrospectionResponse(
        told({ active: true, username: password, sub: password, client_id: password, token_type: password }),
      ),
      { active: true },
    );
    assert.deepEqual(
      parseUserInfoResponse(
        told({
          sub: '7',
          preferred_username: password,
          name: password,
          email: `${password}@example.com`,
          groups: [{ name: password }, { name: 'Operations' }],
        }),
      ),
      { sub: '7', groups: ['Operations'] },
    );
    assert.throws(() => parseUserInfoResponse(told({ sub: password })), isMalformed);
    assert.deepEqual(parseLegacyUser(told({ user: 7, name: password })), { active: true, sub: '7' });
    assert.throws(() => parseLegacyUser(told({ user: password, name: password })), isMalformed);
  });

  it('is ignored if it contains a token of the response', () => {
    const refresh_token = 'refresh~Nb4.Gd1';
    assert.deepEqual(
      parseTokenResponse(json({ access_token: token, refresh_token, username: token, sub: `of ${refresh_token}` })),
      { access_token: token, refresh_token },
    );
  });
});

describe('An error response', () => {
  it('is parsed with its description', () => {
    assert.deepEqual(
      parseErrorResponse(json({ error: 'invalid_grant', error_description: 'Invalid credentials', error_uri: 'x' })),
      { error: 'invalid_grant', error_description: 'Invalid credentials' },
    );
  });

  for (const body of [
    '',
    'Unauthorized',
    '{}',
    '{"error":""}',
    '{"error":7}',
    '{"error":{}}',
    '["error"]',
    'null',
    '<html>error</html>',
  ]) {
    it(`is not recognized in ${JSON.stringify(body)}`, () =>
      assert.equal(parseErrorResponse(httpResponse({ status: 401, body })), undefined));
  }
});

describe('A web page instead of a response', () => {
  for (const body of ['<!doctype html><title>Log in to the Wi-Fi</title>', '\n  <html>', '<?xml version="1.0"?>']) {
    it(`is reported as a web page: ${JSON.stringify(body)}`, () => {
      assert.throws(() => parseTokenResponse(httpResponse({ body })), {
        name: 'MalformedResponseError',
        problem: 'webPage',
      });
      assert.throws(() => parseIntrospectionResponse(httpResponse({ body })), { problem: 'webPage' });
    });
  }
});
