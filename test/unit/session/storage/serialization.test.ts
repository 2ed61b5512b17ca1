import assert from 'node:assert/strict';
import { savedPassword } from '../../../../src/session/model/grant';
import fc from 'fast-check';
import {
  NewerVersionError,
  parseIndex,
  parseRecord,
  serializeIndex,
  serializeRecord,
} from '../../../../src/session/storage/serialization';
import type { AccountRecord, KnownAccount, Session } from '../../../../src/session/model/session';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { accessToken, knownAccount, pending, session } from '../../../support/builders';

const text = fc.string({ minLength: 1, unit: 'binary' });
const time = fc.integer();
const optional = <T, K extends string>(name: K, values: fc.Arbitrary<T>) =>
  fc.oneof(
    fc.constant({}),
    values.map((value) => ({ [name]: value })),
  );
const token = fc
  .tuple(fc.record({ value: text, issuedAt: time }), optional('expiresAt', time))
  .map(([its, expiry]) => ({ ...its, ...expiry }));
const plain = { noNullPrototype: true };
const api = fc.constantFrom('authV1' as const, 'oauth2' as const, 'legacy' as const);
const anySession = fc
  .tuple(
    fc.record({ api, signedInAt: time }),
    optional('accessToken', token),
    optional(
      'grant',
      fc.oneof(
        fc
          .tuple(fc.record({ value: text }), optional('expiresAt', time))
          .map(([its, expiry]) => ({ kind: 'refreshToken' as const, ...its, ...expiry })),
        text.map(savedPassword),
      ),
    ),
    optional('clientId', text),
    optional('ended', fc.constantFrom('revoked', 'interrupted')),
    optional('exchange', fc.record({ of: text, startedAt: time }, plain)),
  )
  .map((parts) => Object.assign({}, ...parts) as Session);
const secret: fc.Arbitrary<AccountRecord> = fc
  .record({
    ends: fc.array(
      fc
        .tuple(
          fc.record({ api, token: text }),
          optional('clientId', text),
          optional('expiresAt', time),
          optional('accessToken', token),
        )
        .map(([its, client, expiry, access]) => ({ ...its, ...client, ...expiry, ...access })),
    ),
    its: optional('session', anySession),
  })
  .map(({ ends, its }) => ({ ...its, pendingRevocations: ends }));
const anyPlatform = fc
  .stringMatching(/^[\w.~-]{1,20}$/)
  .map((name) => PlatformUrl.tryParse(`https://cloud.zeyos.com/a/${name}`) ?? PlatformUrl.parse('demo'));
const account = fc.record(
  {
    id: text,
    platform: anyPlatform,
    signedIn: fc.boolean(),
    account: fc
      .tuple(fc.record({ id: text, label: text, userName: text }), optional('sub', text))
      .map(([its, sub]) => ({ ...its, ...sub })),
  },
  plain,
);

describe('An account’s secret', () => {
  it('is parsed as it was serialized', () => {
    fc.assert(fc.property(secret, (value) => assert.deepEqual(parseRecord(serializeRecord(value)), value)));
  });

  it('is undefined if nothing is stored', () => assert.equal(parseRecord(undefined), undefined));

  /** As it is stored, with the API under its stored name. */
  const stored = <T extends { readonly api: unknown }>({ api: issuer, ...members }: T) => ({
    surface: issuer,
    ...members,
  });
  const kept = session(accessToken('t', { expiresAt: 1 }));
  const good = { version: 1, session: stored(kept), pendingRevocations: [stored(pending('p'))] };
  const damaged: readonly [string, unknown][] = [
    ['a list', []],
    ['without a version', { ...good, version: undefined }],
    ['with an unknown API', { ...good, session: { ...good.session, surface: 'other' } }],
    ['without the time of sign-in', { ...good, session: { ...good.session, signedInAt: null } }],
    ['with an empty token', { ...good, session: stored(session(accessToken(''))) }],
    ['with a token that is a string', { ...good, session: { ...good.session, accessToken: 't' } }],
    [
      'with an end that is not a number',
      { ...good, session: { ...good.session, accessToken: { value: 't', issuedAt: 0, expiresAt: '1' } } },
    ],
    ['with a null session', { ...good, session: null }],
    ['with a refresh token that is a string', { ...good, session: { ...good.session, refreshToken: 'r' } }],
    ['with an empty password', { ...good, session: { ...good.session, password: '' } }],
    ['that ended for an unknown reason', { ...good, session: { ...good.session, ended: 'tired' } }],
    ['with an incomplete exchange', { ...good, session: { ...good.session, exchange: { of: 'x' } } }],
  ];
  for (const [what, value] of damaged)
    it(`is undefined if it is damaged: ${what}`, () => assert.equal(parseRecord(JSON.stringify(value)), undefined));
  it('is undefined if it is truncated', () => assert.equal(parseRecord(JSON.stringify(good).slice(0, -1)), undefined));

  it('loses only the damaged pending revocations', () => {
    const value = {
      ...good,
      pendingRevocations: [
        null,
        {},
        { surface: 'authV1', token: '' },
        { surface: 'other', token: 'x' },
        stored(pending('p')),
        { ...stored(pending('q')), expiresAt: 'soon' },
      ],
    };
    assert.deepEqual(parseRecord(JSON.stringify(value)), { session: kept, pendingRevocations: [pending('p')] });
    assert.deepEqual(parseRecord(JSON.stringify({ ...good, pendingRevocations: 7 })), {
      session: kept,
      pendingRevocations: [],
    });
  });

  it('cannot be parsed if a newer version has written it', () =>
    assert.throws(() => parseRecord('{"version":2,"session":"anything"}'), NewerVersionError));
});

describe('The index of accounts', () => {
  it('is parsed as it was serialized', () => {
    fc.assert(
      fc.property(fc.array(account), (accounts) => assert.deepEqual(parseIndex(serializeIndex(accounts)), accounts)),
    );
  });

  it('is empty if it is missing or damaged', () => {
    for (const damaged of [
      undefined,
      '',
      'null',
      '[]',
      '{"version":1}',
      '{"version":1,"accounts":{}}',
      '{"accounts":[]}',
      serializeIndex([knownAccount()]).slice(0, -2),
    ])
      assert.deepEqual(parseIndex(damaged), []);
  });

  it('loses only the damaged entries', () => {
    const [max, olga] = [knownAccount(), knownAccount('olga', { sub: '9', signedIn: false })];
    const written = (known: KnownAccount): Record<string, unknown> & { instance: string } => {
      const { platform, ...more } = known;
      return { ...more, instance: platform.href };
    };
    const accounts = [
      written(max),
      null,
      'x',
      { ...written(max), id: '' },
      { ...written(max), account: undefined },
      { ...written(max), account: { ...max.account, label: 7 } },
      { ...written(max), account: { ...max.account, sub: 7 } },
      { ...written(max), signedIn: 'yes' },
      { ...written(max), instance: 'not a url' },
      { ...written(max), instance: 'demo' },
      { ...written(max), instance: `${max.platform.href}/` },
      written(olga),
    ];
    assert.deepEqual(parseIndex(JSON.stringify({ version: 1, accounts })), [max, olga]);
  });

  it('contains only canonical platform URLs', () => {
    const written = fc.oneof(
      text,
      fc.webUrl(),
      fc.constantFrom(
        'https://CLOUD.zeyos.com/demo',
        'http://zeyos.example.com/demo',
        'https://max@zeyos.example.com/demo',
        'https://../x',
      ),
    );
    fc.assert(
      fc.property(written, (name) => {
        const { platform: _platform, ...known } = knownAccount();
        const index = JSON.stringify({ version: 1, accounts: [{ ...known, instance: name }] });
        for (const { platform } of parseIndex(index)) assert.equal(platform.href, name);
      }),
    );
  });

  it('cannot be parsed if a newer version has written it', () =>
    assert.throws(() => parseIndex('{"version":1.5,"accounts":[]}'), NewerVersionError));
});
