import assert from 'node:assert/strict';
import { refreshTokenOf, savedPassword } from '../../../../src/session/model/grant';
import fc from 'fast-check';
import {
  fingerprint,
  type AccountRecord,
  type PendingRevocation,
  type Session,
  type TokenSet,
} from '../../../../src/session/model/session';
import {
  joined,
  abandoned,
  adopted,
  ended,
  exchangeCalledOff,
  exchangeStarted,
  expiryLearnt,
  passwordForgotten,
  renewed,
  setAside,
  settled,
  signedIn,
  signedOut,
  tokensOf,
  type Transition,
} from '../../../../src/session/model/transitions';
import { accessToken, oauth2TokenSet, pending, tokenSet } from '../../../support/builders';

const nothing: AccountRecord = { pendingRevocations: [] };
const keptIn = (tokens: TokenSet, more: Partial<Session> = {}): AccountRecord => ({
  session: { ...tokens, signedInAt: 1, ...more },
  pendingRevocations: [],
});
const toRevoke = (...tokens: PendingRevocation[]): AccountRecord => ({ pendingRevocations: tokens });
const kept = savedPassword('kept');
const keptWithPassword = (token: string): AccountRecord => keptIn(tokenSet(token), { grant: kept });
const legacy = (token: string): TokenSet => ({ api: 'legacy', accessToken: accessToken(token) });
const browserPending = (token: string): PendingRevocation => ({
  api: 'oauth2',
  token: `refresh ${token}`,
  clientId: 'vscode',
});

/** Includes the access token, because this may be the only valid token set. */
const pendingSet = (token: string, issuedAt = 0): PendingRevocation => ({
  ...browserPending(token),
  accessToken: accessToken(token, { issuedAt }),
});

const byPassword = keptIn(tokenSet('a'));
const byBrowser = keptIn(oauth2TokenSet('a'));
const revoked: AccountRecord = {
  session: { api: 'oauth2', clientId: 'vscode', signedInAt: 1, ended: 'revoked' },
  pendingRevocations: [],
};
const exchange = { of: fingerprint('refresh a'), startedAt: 5 };
const exchangingSession: Session = { ...oauth2TokenSet('a'), signedInAt: 1, exchange };
const exchanging: AccountRecord = { session: exchangingSession, pendingRevocations: [] };
const interrupted: AccountRecord = {
  session: { api: 'oauth2', clientId: 'vscode', signedInAt: 1, ended: 'interrupted', exchange },
  pendingRevocations: [],
};

describe('A change of an account’s secret', () => {
  const table: readonly [string, AccountRecord, Transition, AccountRecord][] = [
    ['by a sign-in stores the tokens of a first sign-in', nothing, signedIn(tokenSet('a'), 1), byPassword],
    ['by a sign-in stores the tokens of a browser sign-in', nothing, signedIn(oauth2TokenSet('a'), 1), byBrowser],
    ['by a sign-in stores the saved password', nothing, signedIn(tokenSet('a'), 1, kept), keptWithPassword('a')],
    [
      'by a sign-in revokes the replaced token',
      byPassword,
      signedIn(tokenSet('b'), 2),
      { ...keptIn(tokenSet('b'), { signedInAt: 2 }), pendingRevocations: [pending('a')] },
    ],
    [
      'by a sign-in revokes the replaced refresh token, which ends its access token',
      byBrowser,
      signedIn(tokenSet('b'), 2),
      { ...keptIn(tokenSet('b'), { signedInAt: 2 }), pendingRevocations: [browserPending('a')] },
    ],
    [
      'by a sign-in revokes nothing of a session that the server ended',
      revoked,
      signedIn(tokenSet('b'), 2),
      keptIn(tokenSet('b'), { signedInAt: 2 }),
    ],
    [
      'by a sign-in does not revoke a token that the server issued again',
      byPassword,
      signedIn(tokenSet('a'), 2),
      keptIn(tokenSet('a'), { signedInAt: 2 }),
    ],
    [
      'by a sign-in removes the pending revocation of a token that the server issued again',
      toRevoke(pending('a'), pending('b')),
      signedIn(tokenSet('a'), 1),
      { ...byPassword, pendingRevocations: [pending('b')] },
    ],
    [
      'by a sign-in revokes a replaced legacy token',
      keptIn(legacy('a')),
      signedIn(legacy('b'), 2),
      { ...keptIn(legacy('b'), { signedInAt: 2 }), pendingRevocations: [{ api: 'legacy', token: 'a' }] },
    ],

    ['by a sign-out turns the token into a pending revocation', byPassword, signedOut, toRevoke(pending('a'))],
    [
      'by a sign-out turns the tokens of a browser sign-in into one pending revocation',
      byBrowser,
      signedOut,
      toRevoke(browserPending('a')),
    ],
    ['by a sign-out removes the journal of an exchange', exchanging, signedOut, toRevoke(browserPending('a'))],
    ['by a sign-out keeps nothing of a session that had ended', revoked, signedOut, nothing],
    ['by a sign-out changes nothing if there is no session', toRevoke(pending('a')), signedOut, toRevoke(pending('a'))],

    [
      'that abandons a token revokes the token, and keeps the session',
      byPassword,
      abandoned(tokenSet('b', { expiresAt: 5 })),
      { ...byPassword, pendingRevocations: [pending('b', 5)] },
    ],

    [
      'by a sign-in keeps the whole replaced token set if the application is the same',
      byBrowser,
      signedIn(oauth2TokenSet('b'), 2),
      { ...keptIn(oauth2TokenSet('b'), { signedInAt: 2 }), pendingRevocations: [pendingSet('a')] },
    ],
    [
      'by a sign-in does not keep the replaced token set if the application differs',
      byBrowser,
      signedIn({ ...oauth2TokenSet('b'), clientId: 'other' }, 2),
      {
        ...keptIn({ ...oauth2TokenSet('b'), clientId: 'other' }, { signedInAt: 2 }),
        pendingRevocations: [browserPending('a')],
      },
    ],
    [
      'by a sign-out reduces pending token sets to revocations',
      { ...byBrowser, pendingRevocations: [pendingSet('b')] },
      signedOut,
      toRevoke(browserPending('b'), browserPending('a')),
    ],
    [
      'that sets a token set aside keeps a token set that may be the only valid one',
      byBrowser,
      setAside(oauth2TokenSet('b')),
      { ...byBrowser, pendingRevocations: [pendingSet('b')] },
    ],
    [
      'that sets a token set aside keeps only a revocation of a password token',
      byPassword,
      setAside(tokenSet('b')),
      { ...byPassword, pendingRevocations: [pending('b')] },
    ],
    [
      'by an end of the session reduces older pending token sets to revocations',
      { ...byBrowser, pendingRevocations: [pendingSet('b')] },
      ended('a', 'revoked'),
      { ...revoked, pendingRevocations: [browserPending('b')] },
    ],
    [
      'by an end of the session keeps newer pending token sets',
      { ...byBrowser, pendingRevocations: [pendingSet('b', 1)] },
      ended('a', 'revoked'),
      { ...revoked, pendingRevocations: [pendingSet('b', 1)] },
    ],

    [
      'that adopts tokens replaces the tokens and keeps the sign-in’s method and login',
      { ...exchanging, session: { ...exchangingSession, method: 'browser', login: 'max' } },
      adopted(oauth2TokenSet('b')),
      { ...keptIn(oauth2TokenSet('b'), { method: 'browser', login: 'max' }), pendingRevocations: [pendingSet('a')] },
    ],
    [
      'that adopts tokens replaces the tokens by a pending token set',
      { ...byBrowser, pendingRevocations: [pendingSet('b')] },
      adopted(oauth2TokenSet('b')),
      { ...keptIn(oauth2TokenSet('b')), pendingRevocations: [pendingSet('a')] },
    ],
    [
      'that adopts tokens changes nothing if the tokens are already those of the session',
      byBrowser,
      adopted(oauth2TokenSet('a')),
      byBrowser,
    ],
    [
      'that adopts tokens restores a session that the server ended',
      revoked,
      adopted(oauth2TokenSet('b')),
      keptIn(oauth2TokenSet('b')),
    ],
    [
      'that adopts tokens restores a session whose renewal was interrupted',
      interrupted,
      adopted(oauth2TokenSet('b')),
      keptIn(oauth2TokenSet('b')),
    ],
    [
      'that adopts tokens revokes the tokens if the application differs',
      byBrowser,
      adopted({ ...oauth2TokenSet('b'), clientId: 'other' }),
      { ...byBrowser, pendingRevocations: [{ ...browserPending('b'), clientId: 'other' }] },
    ],
    [
      'that adopts tokens revokes the tokens if the session came from another method',
      byPassword,
      adopted(oauth2TokenSet('b')),
      { ...byPassword, pendingRevocations: [browserPending('b')] },
    ],
    [
      'that adopts tokens revokes the tokens after a sign-out',
      nothing,
      adopted(oauth2TokenSet('b')),
      toRevoke(browserPending('b')),
    ],

    ['by an end of the session removes the tokens and keeps the sign-in', byBrowser, ended('a', 'revoked'), revoked],
    [
      'by an end of the session that the refresh token proves removes the tokens too',
      byBrowser,
      ended('refresh a', 'revoked'),
      revoked,
    ],
    [
      'by an end of the session removes a saved password',
      keptWithPassword('a'),
      ended('a', 'revoked'),
      { session: { api: 'authV1', signedInAt: 1, ended: 'revoked' }, pendingRevocations: [] },
    ],
    [
      'by an end of the session as interrupted keeps the journal of the exchange',
      exchanging,
      ended('refresh a', 'interrupted'),
      interrupted,
    ],
    [
      'by an end of the session as revoked removes the journal of the exchange',
      exchanging,
      ended('refresh a', 'revoked'),
      revoked,
    ],
    [
      'by an end of the session that is about another token changes nothing',
      byBrowser,
      ended('other', 'revoked'),
      byBrowser,
    ],
    [
      'by an end of the session that is about a pending token changes nothing',
      toRevoke(pending('a')),
      ended('a', 'revoked'),
      toRevoke(pending('a')),
    ],

    [
      'that notes the end of a token stores it',
      byPassword,
      expiryLearnt('a', 7),
      keptIn(tokenSet('a', { expiresAt: 7 })),
    ],
    [
      'that notes the end of a token keeps a known end',
      keptIn(tokenSet('a', { expiresAt: 7 })),
      expiryLearnt('a', 8),
      keptIn(tokenSet('a', { expiresAt: 7 })),
    ],
    ['that notes the end of another token changes nothing', byPassword, expiryLearnt('other', 7), byPassword],

    ['by the start of an exchange writes the journal', byBrowser, exchangeStarted('refresh a', 5), exchanging],
    [
      'by the start of an exchange for another token changes nothing',
      byBrowser,
      exchangeStarted('other', 5),
      byBrowser,
    ],
    [
      'by the cancellation of an exchange removes the journal',
      exchanging,
      exchangeCalledOff('refresh a', 5),
      byBrowser,
    ],
    [
      'by the cancellation of an exchange keeps a journal that another window wrote later',
      exchanging,
      exchangeCalledOff('refresh a', 4),
      exchanging,
    ],
    [
      'by the cancellation of an exchange for another token changes nothing',
      exchanging,
      exchangeCalledOff('other', 5),
      exchanging,
    ],

    [
      'by a renewal stores the new tokens, and removes the journal',
      exchanging,
      renewed('refresh a', oauth2TokenSet('b')),
      keptIn(oauth2TokenSet('b')),
    ],
    [
      'by a renewal restores a session that was marked as interrupted',
      interrupted,
      renewed('refresh a', oauth2TokenSet('b')),
      keptIn(oauth2TokenSet('b')),
    ],
    [
      'by a renewal revokes the new tokens after a sign-out',
      toRevoke(browserPending('a')),
      renewed('refresh a', oauth2TokenSet('b')),
      toRevoke(browserPending('a'), browserPending('b')),
    ],
    [
      'by a renewal revokes the new tokens after another sign-in',
      keptIn(tokenSet('c')),
      renewed('refresh a', oauth2TokenSet('b')),
      { ...keptIn(tokenSet('c')), pendingRevocations: [browserPending('b')] },
    ],
    [
      'by a renewal revokes the new tokens if the server ended the session for another reason',
      revoked,
      renewed('refresh a', oauth2TokenSet('b')),
      { ...revoked, pendingRevocations: [browserPending('b')] },
    ],
    [
      'by a renewal with a password revokes the old token',
      keptWithPassword('a'),
      renewed('a', tokenSet('b')),
      { ...keptWithPassword('b'), pendingRevocations: [pending('a')] },
    ],
    [
      'by a renewal with a password does not revoke a token that the server issued again',
      keptWithPassword('a'),
      renewed('a', tokenSet('a')),
      keptWithPassword('a'),
    ],
    [
      'by a renewal does not restore a password that was deleted meanwhile',
      byPassword,
      renewed('a', tokenSet('b')),
      { ...keptIn(tokenSet('b')), pendingRevocations: [pending('a')] },
    ],

    [
      'by a settled revocation removes the pending revocation',
      toRevoke(pending('a'), pending('b')),
      settled('a'),
      toRevoke(pending('b')),
    ],
    ['that deletes the saved password changes nothing else', keptWithPassword('a'), passwordForgotten, byPassword],
    [
      'that deletes the saved password changes nothing if there is no password',
      byPassword,
      passwordForgotten,
      byPassword,
    ],
  ];
  for (const [what, before, transition, after] of table) it(what, () => assert.deepEqual(transition(before), after));

  it('keeps or revokes every token, in any order of changes, until the server ends or exchanges the token', () => {
    const kinds = { browser: oauth2TokenSet, password: tokenSet, kept: tokenSet, legacy };
    const kind = fc.constantFrom<keyof typeof kinds>('browser', 'password', 'kept', 'legacy');
    const which = fc.nat(9);
    const step = fc.oneof(
      fc.record(
        {
          does: fc.constantFrom(
            'signIn',
            'abandon',
            'setAside',
            'adopt',
            'renew',
            'signInAgain',
            'abandonAgain',
            'adoptAgain',
            'renewAgain',
          ),
          kind,
          which,
        },
        { noNullPrototype: true },
      ),
      fc.record(
        {
          does: fc.constantFrom('signOut', 'end', 'interrupt', 'start', 'callOff', 'settle', 'adoptPending', 'forget'),
          kind,
          which,
        },
        { noNullPrototype: true },
      ),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let secret = nothing;
        /** Tokens that may be valid at the server. Each set is represented by the token whose revocation ends it. */
        const alive = new Set<string>();
        const handles: string[] = [];
        const handleOf = (holder: Pick<Session, 'accessToken' | 'grant'>): string | undefined =>
          refreshTokenOf(holder)?.value ?? holder.accessToken?.value;
        const issue = (set: TokenSet): TokenSet => {
          const handle = handleOf(set) ?? assert.fail();
          alive.add(handle);
          handles.push(handle);
          return set;
        };
        steps.forEach(({ does, kind: name, which: index }, at) => {
          const { session } = secret;
          const mine = session && handleOf(session);
          // A token of the past, or the present one.
          const token =
            (index % 2 ? mine : undefined) ?? handles[index % Math.max(1, handles.length)] ?? 'never issued';
          const isMine = mine !== undefined && token === mine;
          const fresh = (): TokenSet => issue(kinds[name](`token ${at}`));
          const again = (): TokenSet => {
            const all = [mine, ...secret.pendingRevocations.map((each) => each.token)].filter(
              (each) => each !== undefined,
            );
            const handle = all[index % Math.max(1, all.length)];
            if (handle === undefined) return fresh();
            return issue(
              handle.startsWith('refresh')
                ? oauth2TokenSet(`token ${at}`, handle)
                : { ...kinds[name === 'browser' ? 'password' : name](handle) },
            );
          };
          const transitions: Readonly<Record<typeof does, () => Transition>> = {
            signIn: () => signedIn(fresh(), at, name === 'kept' ? kept : undefined),
            abandon: () => abandoned(fresh()),
            renew: () => {
              // The exchange of a refresh token ends it at the server, whatever happens to the session.
              if (token.startsWith('refresh')) alive.delete(token);
              return renewed(token, fresh());
            },
            // Some servers issue a token again that is in the session or pending.
            signInAgain: () => signedIn(again(), at, name === 'kept' ? kept : undefined),
            abandonAgain: () => abandoned(again()),
            renewAgain: () => {
              if (token.startsWith('refresh')) alive.delete(token);
              return renewed(token, again());
            },
            setAside: () => setAside(fresh()),
            adopt: () => adopted(fresh()),
            adoptAgain: () => adopted(again()),
            adoptPending: () => {
              const set = secret.pendingRevocations.flatMap((each) => tokensOf(each) ?? []).at(0);
              return set ? adopted(set) : (same) => same;
            },
            signOut: () => signedOut,
            end: () => (isMine && alive.delete(token), ended(token, 'revoked')),
            interrupt: () => (isMine && alive.delete(token), ended(token, 'interrupted')),
            start: () => exchangeStarted(token, at),
            callOff: () => exchangeCalledOff(token, secret.session?.exchange?.startedAt ?? at),
            settle: () => {
              if (secret.pendingRevocations.some((each) => each.token === token)) alive.delete(token);
              return settled(token);
            },
            forget: () => passwordForgotten,
          };
          secret = transitions[does]()(secret);

          const held = secret.session && handleOf(secret.session);
          const pendingTokens = secret.pendingRevocations.map((each) => each.token);
          const known = new Set([...pendingTokens, ...(held === undefined ? [] : [held])]);
          assert.deepEqual(
            [...alive].filter((each) => !known.has(each)),
            [],
            `${does} lost a token`,
          );
          assert.ok(held === undefined || !pendingTokens.includes(held), `${does} revokes a token of the session`);
          assert.equal(new Set(pendingTokens).size, pendingTokens.length, `${does} revokes a token twice`);
          assert.equal(
            secret.session?.accessToken === undefined,
            secret.session?.ended !== undefined || secret.session === undefined,
          );
        });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('A sign-in that joins two accounts', () => {
  const earlier = { api: 'authV1', accessToken: { value: 'earlier', issuedAt: 1 }, signedInAt: 1 } as const;

  it('turns the session of the joined account into a pending revocation', () => {
    const secret = joined({ api: 'authV1', accessToken: { value: 'new', issuedAt: 2 } })({
      session: earlier,
      pendingRevocations: [],
    });
    assert.deepEqual(secret, { pendingRevocations: [{ api: 'authV1', token: 'earlier' }] });
  });

  it('revokes nothing if the server issued the same token again', () => {
    const secret = joined({ api: 'authV1', accessToken: { value: 'earlier', issuedAt: 2 } })({
      session: earlier,
      pendingRevocations: [],
    });
    assert.deepEqual(secret, { pendingRevocations: [] });
  });
});
