import assert from 'node:assert/strict';
import { parseConnection, parseProfiles, type Connection } from '../../../../src/handover/commandLine/connection';

const work = {
  baseUrl: 'https://cloud.zeyos.com/demo',
  clientId: 'cli',
  clientSecret: 'client secret',
  accessToken: 'a'.repeat(40),
  refreshToken: 'b'.repeat(40),
  expiresAt: 1_764_300_000,
  refreshTokenExpiresAt: 1_772_900_000,
};

function only(value: unknown): Connection {
  const { connections } = parseConnection(value);
  assert.equal(connections.length, 1);
  return connections[0] ?? assert.fail();
}

describe('A saved connection of the ZeyOS command line', () => {
  it('keeps URL, client ID and client secret', () => {
    const { platform, clientId, clientSecret } = only(work);
    assert.deepEqual(
      { url: platform.href, clientId, clientSecret },
      { url: 'https://cloud.zeyos.com/demo', clientId: 'cli', clientSecret: 'client secret' },
    );
  });

  it('keeps neither the access token nor the refresh token', () => {
    const text = JSON.stringify(only(work));
    assert.equal(text.includes(work.accessToken), false);
    assert.equal(text.includes(work.refreshToken), false);
  });

  for (const [unit, factor] of [
    ['seconds', 1],
    ['milliseconds', 1000],
  ] as const) {
    it(`reads the end of its session in ${unit}`, () => {
      const { signedInUntil } = only({ ...work, refreshTokenExpiresAt: work.refreshTokenExpiresAt * factor });
      assert.equal(signedInUntil, 1_772_900_000_000);
    });
  }

  it('ends with its access token if it has no refresh token', () => {
    assert.equal(only({ ...work, refreshToken: undefined }).signedInUntil, 1_764_300_000_000);
  });

  for (const [what, fields] of [
    ['without tokens', { accessToken: undefined, refreshToken: '' }],
    ['whose end is not a number', { refreshTokenExpiresAt: 'soon' }],
    ['whose end is not finite', { refreshTokenExpiresAt: 1e300 }],
    ['whose end is negative', { refreshTokenExpiresAt: -1 }],
  ] as const) {
    it(`${what} has no known end`, () => assert.equal(only({ ...work, ...fields }).signedInUntil, undefined));
  }

  it('has no secret without a valid client ID', () => {
    const { clientId, clientSecret } = only({ ...work, clientId: '../x' });
    assert.deepEqual([clientId, clientSecret], [undefined, undefined]);
  });

  it('completes a base URL without a path by the instance beside it', () => {
    assert.equal(
      only({ baseUrl: 'https://zeyos.example.com/', instance: 'demo' }).platform.href,
      'https://zeyos.example.com/demo',
    );
  });

  for (const [what, value, problem] of [
    ['that is no object', 'https://cloud.zeyos.com/demo', 'notAnObject'],
    ['without a base URL', { clientId: 'cli' }, 'noUrl'],
    ['with an empty base URL', { baseUrl: ' ' }, 'noUrl'],
    ['over HTTP to another machine', { baseUrl: 'http://zeyos.example.com/demo' }, 'insecure'],
    ['with a password in the URL', { baseUrl: 'https://max:secret@zeyos.example.com/demo' }, 'userInfo'],
    ['without an instance', { baseUrl: 'https://cloud.zeyos.com' }, 'noInstance'],
    ['whose instance climbs', { baseUrl: 'https://cloud.zeyos.com', instance: '../admin' }, 'noInstance'],
  ] as const) {
    it(`${what} cannot be used, and the problem is named`, () => {
      assert.deepEqual(parseConnection(value), { connections: [], problems: [{ problem }] });
    });
  }
});

describe('The profiles of the ZeyOS command line', () => {
  it('are read with their names, the active one first', () => {
    const { connections } = parseProfiles({
      active: 'live',
      profiles: {
        test: { baseUrl: 'https://cloud.zeyos.com/test' },
        live: { baseUrl: 'https://cloud.zeyos.com/live' },
      },
    });
    assert.deepEqual(
      connections.map(({ profile, platform }) => [profile, platform.instanceName]),
      [
        ['live', 'live'],
        ['test', 'test'],
      ],
    );
  });

  it('are read without a profile that is invalid', () => {
    const { connections, problems } = parseProfiles({
      profiles: { broken: null, good: { baseUrl: 'https://cloud.zeyos.com/demo' } },
    });
    assert.deepEqual(
      [connections.map(({ profile }) => profile), problems],
      [['good'], [{ profile: 'broken', problem: 'notAnObject' }]],
    );
  });

  it('have names without invisible characters', () => {
    const { connections } = parseProfiles({ profiles: { 'li\u202eve': { baseUrl: 'demo' } } });
    assert.equal(connections[0]?.profile, 'live');
  });

  for (const profiles of [undefined, null, 'text', [{ baseUrl: 'demo' }]]) {
    it(`are none if the file holds ${JSON.stringify(profiles)} in their place`, () =>
      assert.deepEqual(parseProfiles({ profiles }), { connections: [], problems: [] }));
  }
});
