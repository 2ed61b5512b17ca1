import { refreshTokenOf, savedPasswordOf, type Grant, type SavedPassword } from './grant';
import {
  fingerprint,
  type AccountRecord,
  type EndReason,
  type PendingRevocation,
  type Session,
  type TokenSet,
} from './session';

/** A change of an account's record, applied to what is stored at that moment. */
export type Transition = (record: AccountRecord) => AccountRecord;

/** The old tokens become a pending revocation. The password counts only without a refresh token. */
export function signedIn(tokens: TokenSet, signedInAt: number, password?: SavedPassword): Transition {
  const { api, accessToken, grant = password, ...more } = tokens;
  return (record) => ({
    session: { api, accessToken, ...(grant && { grant }), ...more, signedInAt },
    pendingRevocations: sparing(tokens, revokeReplaced(record, tokens)),
  });
}

/**
 * Replaces the tokens of a session of the same application, even an ended one: the server may have ended its tokens
 * when it issued these. Without a session, these become a pending revocation.
 */
export function adopted(tokens: TokenSet): Transition {
  return (record) => {
    const { session } = record;
    if (!isOfApplication(session, tokens.clientId)) return abandoned(tokens)(record);
    if (session.accessToken?.value === tokens.accessToken.value) return record;
    return {
      session: { ...tokens, ...keptOver(session, tokens) },
      pendingRevocations: sparing(tokens, revokeReplaced(record, tokens)),
    };
  };
}

export const signedOut: Transition = (record) => ({ pendingRevocations: withoutSets(revokeSession(record)) });

/** Ends a duplicate account's session: another account of the user has these tokens. */
export function joined(tokens: TokenSet): Transition {
  return (record) => ({ pendingRevocations: sparing(tokens, withoutSets(revokeSession(record))) });
}

/** Makes unwanted tokens a pending revocation, unless they are the session's own, issued again. */
export function abandoned(tokens: TokenSet): Transition {
  return abandonedAs(tokens, pendingRevocation(tokens));
}

/** For tokens that a session may have to continue with: see {@link PendingRevocation.accessToken}. */
export function setAside(tokens: TokenSet): Transition {
  return abandonedAs(tokens, pendingSet(tokens));
}

function abandonedAs(tokens: TokenSet, unwanted: PendingRevocation): Transition {
  return (record) => {
    const { session, pendingRevocations } = record;
    if (
      session?.accessToken &&
      [session.accessToken.value, refreshTokenOf(session)?.value].some(
        (token) => token === unwanted.token || token === tokens.accessToken.value,
      )
    )
      return record;
    return {
      ...record,
      pendingRevocations: [...pendingRevocations.filter(({ token }) => token !== unwanted.token), unwanted],
    };
  };
}

/** The legacy login has one token for each user and device: a new one ends the session's own. */
export function replacedAtServer(tokens: TokenSet): Transition {
  return (record) => {
    const { session } = record;
    if (session?.accessToken === undefined || session.api !== tokens.api) return record;
    return { ...record, session: { ...session, accessToken: tokens.accessToken } };
  };
}

/** Ends the session with this token. The user can sign in to it again. */
export function ended(token: string, reason: EndReason): Transition {
  return (record) => {
    const { session } = record;
    if (!session || !holds(session, token)) return record;
    const { accessToken, grant: _grant, exchange, ...rest } = session;
    const pendingRevocations = withoutSets(record.pendingRevocations, accessToken?.issuedAt);
    return {
      ...record,
      session: { ...rest, ended: reason, ...(reason === 'interrupted' && exchange && { exchange }) },
      pendingRevocations,
    };
  };
}

/** Adds an expiry (epoch milliseconds) that only an introspection told. */
export function expiryLearnt(token: string, expiresAt: number): Transition {
  return (record) => {
    const { session } = record;
    if (session?.accessToken?.value !== token || session.accessToken.expiresAt !== undefined) return record;
    return { ...record, session: { ...session, accessToken: { ...session.accessToken, expiresAt } } };
  };
}

/** The server rejected an access token `at` this time (epoch milliseconds). The grant may be good. */
export function rejected(token: string, at: number): Transition {
  return (record) => {
    const { session } = record;
    if (session?.accessToken?.value !== token) return record;
    return {
      ...record,
      session: {
        ...session,
        accessToken: { ...session.accessToken, expiresAt: Math.min(at, session.accessToken.expiresAt ?? at) },
      },
    };
  };
}

/** A window is about to send a refresh token. `startedAt`: epoch milliseconds. */
export function exchangeStarted(token: string, startedAt: number): Transition {
  return (record) =>
    record.session && holds(record.session, token)
      ? { ...record, session: { ...record.session, exchange: { of: fingerprint(token), startedAt } } }
      : record;
}

/** The exchange certainly did not happen. `startedAt`: epoch milliseconds. */
export function exchangeCalledOff(token: string, startedAt: number): Transition {
  return (record) => {
    const { of, startedAt: latest } = record.session?.exchange ?? {};
    if (!record.session || of !== fingerprint(token) || latest !== startedAt) return record;
    const { exchange: _exchange, ...session } = record.session;
    return { ...record, session };
  };
}

/**
 * Replaces the tokens of the session that had `from`. If the user has signed out or in again, the new tokens become a
 * pending revocation. After a sign-in with the saved password, the old ones do: only an exchange ends them.
 */
export function renewed(from: string, tokens: TokenSet): Transition {
  return (record) => {
    const { session } = record;
    const isInterrupted = session?.ended === 'interrupted' && session.exchange?.of === fingerprint(from);
    if (!session || !(holds(session, from) || isInterrupted)) {
      const mayGoOn = isOfApplication(session, tokens.clientId) && (session.accessToken ?? session.exchange);
      return (mayGoOn ? setAside : abandoned)(tokens)(record);
    }
    return {
      session: { ...tokens, ...keptOver(session, tokens) },
      pendingRevocations: sparing(tokens, refreshTokenOf(session) ? record.pendingRevocations : revokeSession(record)),
    };
  };
}

function keptOver(session: Session, tokens: TokenSet): Pick<Session, 'signedInAt' | 'method' | 'login' | 'grant'> {
  const { signedInAt, method, login } = session;
  const grant = tokens.grant ? undefined : savedPasswordOf(session);
  return {
    signedInAt,
    ...(method && { method }),
    ...(login !== undefined && { login }),
    ...(grant && { grant }),
  };
}

/** The token is revoked or has expired. */
export function settled(token: string): Transition {
  return (record) => ({
    ...record,
    pendingRevocations: record.pendingRevocations.filter((pending) => pending.token !== token),
  });
}

export const passwordForgotten: Transition = (record) => {
  if (!record.session || !savedPasswordOf(record.session)) return record;
  const { grant: _grant, ...session } = record.session;
  return { ...record, session };
};

function holds(session: Session, token: string): boolean {
  return (
    session.accessToken !== undefined && [session.accessToken.value, refreshTokenOf(session)?.value].includes(token)
  );
}

type Tokens = Omit<TokenSet, 'grant'> & { readonly grant?: Grant };

/** Revoking a refresh token also ends its access token. */
export function pendingRevocation({ api, accessToken, grant, clientId }: Tokens): PendingRevocation {
  const { value: token, expiresAt } = refreshTokenOf({ grant }) ?? accessToken;
  return { api, token, ...(clientId !== undefined && { clientId }), ...(expiresAt !== undefined && { expiresAt }) };
}

function pendingSet(tokens: Tokens): PendingRevocation {
  return { ...pendingRevocation(tokens), ...(tokens.clientId !== undefined && { accessToken: tokens.accessToken }) };
}

/** Keeps sessions from continuing with these sets, except those issued after `newerThan` (epoch milliseconds). */
function withoutSets(pending: readonly PendingRevocation[], newerThan = Infinity): readonly PendingRevocation[] {
  return pending.map(({ accessToken, ...rest }) =>
    accessToken && accessToken.issuedAt > newerThan ? { ...rest, accessToken } : rest,
  );
}

/** The whole token set, if it was kept. */
export function tokensOf({ api, token, clientId, expiresAt, accessToken }: PendingRevocation): TokenSet | undefined {
  if (!accessToken) return undefined;
  const grant =
    token === accessToken.value
      ? undefined
      : ({ kind: 'refreshToken', value: token, ...(expiresAt !== undefined && { expiresAt }) } as const);
  return { api, accessToken, ...(grant && { grant }), ...(clientId !== undefined && { clientId }) };
}

export function isOfApplication(session: Session | undefined, clientId: string | undefined): session is Session {
  return session !== undefined && clientId !== undefined && session.clientId === clientId;
}

/** Drops the revocation of tokens that the server has issued again. */
function sparing(
  { accessToken, grant }: TokenSet,
  pending: readonly PendingRevocation[],
): readonly PendingRevocation[] {
  return pending.filter(({ token }) => token !== accessToken.value && token !== grant?.value);
}

/** Keeps the whole old set of the same application, which may be the good one. */
function revokeReplaced(record: AccountRecord, by: TokenSet): readonly PendingRevocation[] {
  const { session, pendingRevocations } = record;
  if (!session?.accessToken || !isOfApplication(session, by.clientId)) return revokeSession(record);
  return [...pendingRevocations, pendingSet({ ...session, accessToken: session.accessToken })];
}

function revokeSession({ session, pendingRevocations }: AccountRecord): readonly PendingRevocation[] {
  const accessToken = session?.accessToken;
  return session && accessToken
    ? [...pendingRevocations, pendingRevocation({ ...session, accessToken })]
    : pendingRevocations;
}
