import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AccountSecret } from '../../../../src/session/storage/serialization';
import {
  fingerprint,
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

const nothing: AccountSecret = { pendingRevocations: [] };
const keptIn = (tokens: TokenSet, more: Partial<Session> = {}): AccountSecret => ({
  session: { ...tokens, signedInAt: 1, ...more },
  pendingRevocations: [],
});
const toRevoke = (...tokens: PendingRevocation[]): AccountSecret => ({ pendingRevocations: tokens });
const withPassword = (token: string): TokenSet => ({ ...tokenSet(token), password: 'kept' });
const legacy = (token: string): TokenSet => ({ surface: 'legacy', accessToken: accessToken(token) });
const browserPending = (token: string): PendingRevocation => ({
  surface: 'oauth2',
  token: `refresh ${token}`,
  clientId: 'vscode',
});

/** With the access token, as the set may be the only good one. */
const pendingSet = (token: string, issuedAt = 0): PendingRevocation => ({
  ...browserPending(token),
  accessToken: accessToken(token, { issuedAt }),
});

const byPassword = keptIn(tokenSet('a'));
const byBrowser = keptIn(oauth2TokenSet('a'));
const revoked: AccountSecret = {
  session: { surface: 'oauth2', clientId: 'vscode', signedInAt: 1, ended: 'revoked' },
  pendingRevocations: [],
};
const exchange = { of: fingerprint('refresh a'), startedAt: 5 };
const exchangingSession: Session = { ...oauth2TokenSet('a'), signedInAt: 1, exchange };
const exchanging: AccountSecret = { session: exchangingSession, pendingRevocations: [] };
const interrupted: AccountSecret = {
  session: { surface: 'oauth2', clientId: 'vscode', signedInAt: 1, ended: 'interrupted', exchange },
  pendingRevocations: [],
};

describe('An account’s secret', () => {
  const table: readonly [string, AccountSecret, Transition, AccountSecret][] = [
    ['keeps what a first sign-in brings', nothing, signedIn(tokenSet('a'), 1), byPassword],
    ['keeps what a sign-in in the browser brings', nothing, signedIn(oauth2TokenSet('a'), 1), byBrowser],
    ['keeps a password that comes along', nothing, signedIn(withPassword('a'), 1), keptIn(withPassword('a'))],
    [
      'has what is replaced revoked',
      byPassword,
      signedIn(tokenSet('b'), 2),
      { ...keptIn(tokenSet('b'), { signedInAt: 2 }), pendingRevocations: [pending('a')] },
    ],
    [
      'has the refresh token revoked, which takes its access token along',
      byBrowser,
      signedIn(tokenSet('b'), 2),
      { ...keptIn(tokenSet('b'), { signedInAt: 2 }), pendingRevocations: [browserPending('a')] },
    ],
    [
      'has nothing revoked of a session that the server ended',
      revoked,
      signedIn(tokenSet('b'), 2),
      keptIn(tokenSet('b'), { signedInAt: 2 }),
    ],
    [
      'revokes no token that was issued again',
      byPassword,
      signedIn(tokenSet('a'), 2),
      keptIn(tokenSet('a'), { signedInAt: 2 }),
    ],
    [
      'no longer revokes a token that was issued again',
      toRevoke(pending('a'), pending('b')),
      signedIn(tokenSet('a'), 1),
      { ...byPassword, pendingRevocations: [pending('b')] },
    ],
    [
      'has a legacy token revoked, too',
      keptIn(legacy('a')),
      signedIn(legacy('b'), 2),
      { ...keptIn(legacy('b'), { signedInAt: 2 }), pendingRevocations: [{ surface: 'legacy', token: 'a' }] },
    ],

    ['turns what is signed out of into a revocation', byPassword, signedOut, toRevoke(pending('a'))],
    ['turns a sign-in in the browser into one revocation', byBrowser, signedOut, toRevoke(browserPending('a'))],
    ['keeps no journal after signing out', exchanging, signedOut, toRevoke(browserPending('a'))],
    ['keeps nothing of a session that had ended', revoked, signedOut, nothing],
    ['is not changed by signing out of nothing', toRevoke(pending('a')), signedOut, toRevoke(pending('a'))],

    [
      'has what is not wanted revoked, and keeps its session',
      byPassword,
      abandoned(tokenSet('b', { expiresAt: 5 })),
      { ...byPassword, pendingRevocations: [pending('b', 5)] },
    ],

    [
      'keeps the whole set that is replaced by one of the same application',
      byBrowser,
      signedIn(oauth2TokenSet('b'), 2),
      { ...keptIn(oauth2TokenSet('b'), { signedInAt: 2 }), pendingRevocations: [pendingSet('a')] },
    ],
    [
      'keeps no set that is replaced by one of another application',
      byBrowser,
      signedIn({ ...oauth2TokenSet('b'), clientId: 'other' }, 2),
      {
        ...keptIn({ ...oauth2TokenSet('b'), clientId: 'other' }, { signedInAt: 2 }),
        pendingRevocations: [browserPending('a')],
      },
    ],
    [
      'keeps no set after signing out',
      { ...byBrowser, pendingRevocations: [pendingSet('b')] },
      signedOut,
      toRevoke(browserPending('b'), browserPending('a')),
    ],
    [
      'keeps a set that may be the only good one',
      byBrowser,
      setAside(oauth2TokenSet('b')),
      { ...byBrowser, pendingRevocations: [pendingSet('b')] },
    ],
    [
      'keeps no set of a password token',
      byPassword,
      setAside(tokenSet('b')),
      { ...byPassword, pendingRevocations: [pending('b')] },
    ],
    [
      'loses sets from before when the session ends',
      { ...byBrowser, pendingRevocations: [pendingSet('b')] },
      ended('a', 'revoked'),
      { ...revoked, pendingRevocations: [browserPending('b')] },
    ],
    [
      'keeps newer sets when the session ends',
      { ...byBrowser, pendingRevocations: [pendingSet('b', 1)] },
      ended('a', 'revoked'),
      { ...revoked, pendingRevocations: [pendingSet('b', 1)] },
    ],

    [
      'adopts new tokens in the same sign-in',
      { ...exchanging, session: { ...exchangingSession, method: 'browser', login: 'max' } },
      adopted(oauth2TokenSet('b')),
      { ...keptIn(oauth2TokenSet('b'), { method: 'browser', login: 'max' }), pendingRevocations: [pendingSet('a')] },
    ],
    [
      'adopts a set that was pending',
      { ...byBrowser, pendingRevocations: [pendingSet('b')] },
      adopted(oauth2TokenSet('b')),
      { ...keptIn(oauth2TokenSet('b')), pendingRevocations: [pendingSet('a')] },
    ],
    ['adopts none twice', byBrowser, adopted(oauth2TokenSet('a')), byBrowser],
    [
      'adopts tokens though the server ended the session',
      revoked,
      adopted(oauth2TokenSet('b')),
      keptIn(oauth2TokenSet('b')),
    ],
    [
      'adopts tokens though a renewal was interrupted',
      interrupted,
      adopted(oauth2TokenSet('b')),
      keptIn(oauth2TokenSet('b')),
    ],
    [
      'adopts no tokens of another application',
      byBrowser,
      adopted({ ...oauth2TokenSet('b'), clientId: 'other' }),
      { ...byBrowser, pendingRevocations: [{ ...browserPending('b'), clientId: 'other' }] },
    ],
    [
      'adopts no tokens after another way to sign in',
      byPassword,
      adopted(oauth2TokenSet('b')),
      { ...byPassword, pendingRevocations: [browserPending('b')] },
    ],
    ['adopts no tokens after signing out', nothing, adopted(oauth2TokenSet('b')), toRevoke(browserPending('b'))],

    [
      'loses the tokens that the server ended, and keeps that it was signed in',
      byBrowser,
      ended('a', 'revoked'),
      revoked,
    ],
    ['loses them by the refresh token’s end as well', byBrowser, ended('refresh a', 'revoked'), revoked],
    [
      'loses a kept password with them',
      keptIn(withPassword('a')),
      ended('a', 'revoked'),
      { session: { surface: 'authV1', signedInAt: 1, ended: 'revoked' }, pendingRevocations: [] },
    ],
    ['keeps why an exchange was interrupted', exchanging, ended('refresh a', 'interrupted'), interrupted],
    ['keeps no journal that explains nothing', exchanging, ended('refresh a', 'revoked'), revoked],
    ['is not changed by the end of another token', byBrowser, ended('other', 'revoked'), byBrowser],
    [
      'is not changed by the end of a token that is pending',
      toRevoke(pending('a')),
      ended('a', 'revoked'),
      toRevoke(pending('a')),
    ],

    ['learns an expiry', byPassword, expiryLearnt('a', 7), keptIn(tokenSet('a', { expiresAt: 7 }))],
    [
      'does not learn one twice',
      keptIn(tokenSet('a', { expiresAt: 7 })),
      expiryLearnt('a', 8),
      keptIn(tokenSet('a', { expiresAt: 7 })),
    ],
    ['does not learn that of another token', byPassword, expiryLearnt('other', 7), byPassword],

    ['journals an exchange', byBrowser, exchangeStarted('refresh a', 5), exchanging],
    ['journals no exchange of another token', byBrowser, exchangeStarted('other', 5), byBrowser],
    ['forgets one that did not happen', exchanging, exchangeCalledOff('refresh a', 5), byBrowser],
    [
      'does not forget the one that another window has begun since',
      exchanging,
      exchangeCalledOff('refresh a', 4),
      exchanging,
    ],
    ['forgets no other', exchanging, exchangeCalledOff('other', 5), exchanging],

    [
      'keeps what an exchange brings, and forgets the journal',
      exchanging,
      renewed('refresh a', oauth2TokenSet('b')),
      keptIn(oauth2TokenSet('b')),
    ],
    [
      'keeps it though the exchange was given up',
      interrupted,
      renewed('refresh a', oauth2TokenSet('b')),
      keptIn(oauth2TokenSet('b')),
    ],
    [
      'has it revoked after a sign-out',
      toRevoke(browserPending('a')),
      renewed('refresh a', oauth2TokenSet('b')),
      toRevoke(browserPending('a'), browserPending('b')),
    ],
    [
      'has it revoked after another sign-in',
      keptIn(tokenSet('c')),
      renewed('refresh a', oauth2TokenSet('b')),
      { ...keptIn(tokenSet('c')), pendingRevocations: [browserPending('b')] },
    ],
    [
      'has it revoked where the server ended the session for another reason',
      revoked,
      renewed('refresh a', oauth2TokenSet('b')),
      { ...revoked, pendingRevocations: [browserPending('b')] },
    ],
    [
      'has the token revoked that a password renewed, which no server ended',
      keptIn(withPassword('a')),
      renewed('a', tokenSet('b')),
      { ...keptIn(withPassword('b')), pendingRevocations: [pending('a')] },
    ],
    [
      'does not have it revoked where it is the same again',
      keptIn(withPassword('a')),
      renewed('a', tokenSet('a')),
      keptIn(withPassword('a')),
    ],
    [
      'does not get a password back that was forgotten meanwhile',
      byPassword,
      renewed('a', tokenSet('b')),
      { ...keptIn(tokenSet('b')), pendingRevocations: [pending('a')] },
    ],

    ['forgets a revocation that was done', toRevoke(pending('a'), pending('b')), settled('a'), toRevoke(pending('b'))],
    ['forgets a password', keptIn(withPassword('a')), passwordForgotten, byPassword],
    ['forgets none where there is none', byPassword, passwordForgotten, byPassword],
  ];
  for (const [what, before, transition, after] of table) it(what, () => assert.deepEqual(transition(before), after));

  it('holds or revokes every token, in whatever order things happen, until the server ended or exchanged it', () => {
    const kinds = { browser: oauth2TokenSet, password: tokenSet, kept: withPassword, legacy };
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
        /** What may still be good at the server, each set by the token that revokes all of it. */
        const alive = new Set<string>();
        const handles: string[] = [];
        const handleOf = ({
          accessToken: access,
          refreshToken: refresh,
        }: Pick<Session, 'accessToken' | 'refreshToken'>): string | undefined => refresh?.value ?? access?.value;
        const issue = (set: TokenSet): TokenSet => {
          const handle = handleOf(set) ?? assert.fail();
          alive.add(handle);
          handles.push(handle);
          return set;
        };
        steps.forEach(({ does, kind: name, which: index }, at) => {
          const { session } = secret;
          const mine = session && handleOf(session);
          // Of the past, or what is there now.
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
            signIn: () => signedIn(fresh(), at),
            abandon: () => abandoned(fresh()),
            renew: () => {
              // A refresh token's exchange ends it at the server, whatever became of the session.
              if (token.startsWith('refresh')) alive.delete(token);
              return renewed(token, fresh());
            },
            // Some servers issue a token again, that is in the session or is to be revoked.
            signInAgain: () => signedIn(again(), at),
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
          assert.ok(held === undefined || !pendingTokens.includes(held), `${does} revokes what it keeps`);
          assert.equal(new Set(pendingTokens).size, pendingTokens.length, `${does} revokes twice`);
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

describe('The session of an account that is joined into another one', () => {
  const earlier = { surface: 'authV1', accessToken: { value: 'earlier', issuedAt: 1 }, signedInAt: 1 } as const;

  it('becomes a pending revocation', () => {
    const secret = joined({ surface: 'authV1', accessToken: { value: 'new', issuedAt: 2 } })({
      session: earlier,
      pendingRevocations: [],
    });
    assert.deepEqual(secret, { pendingRevocations: [{ surface: 'authV1', token: 'earlier' }] });
  });

  it('leaves nothing to revoke if the server issued the very same token again', () => {
    const secret = joined({ surface: 'authV1', accessToken: { value: 'earlier', issuedAt: 2 } })({
      session: earlier,
      pendingRevocations: [],
    });
    assert.deepEqual(secret, { pendingRevocations: [] });
  });
});
