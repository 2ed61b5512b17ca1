import { refreshTokenOf, savedPasswordOf, type Grant, type SavedPassword } from './grant';
import {
  fingerprint,
  type AccountRecord,
  type EndReason,
  type PendingRevocation,
  type Session,
  type TokenSet,
} from './session';

/** How an account's record changes. Each is applied to what is stored at that moment, not to what was read before. */
export type Transition = (record: AccountRecord) => AccountRecord;

/**
 * A new sign-in; a token that it replaces is to be revoked.
 * @param password renews the access token if the tokens have no refresh token
 */
export function signedIn(tokens: TokenSet, signedInAt: number, password?: SavedPassword): Transition {
  const { api, accessToken, grant = password, ...more } = tokens;
  return (record) => ({
    session: { api, accessToken, ...(grant && { grant }), ...more, signedInAt },
    pendingRevocations: sparing(tokens, revokeReplaced(record, tokens)),
  });
}

/**
 * New tokens of an application take the place of those of its session, since the server may have ended these when it issued the new ones. This
 * is the same sign-in; if it has ended, it goes on. If the session has gone meanwhile, or is not of that application, the tokens are to be
 * revoked.
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

/** The session becomes a pending revocation. */
export const signedOut: Transition = (record) => ({ pendingRevocations: withoutSets(revokeSession(record)) });

/** The same user has another account, whose session got these tokens: the session becomes a pending revocation, unless it has the very same. */
export function joined(tokens: TokenSet): Transition {
  return (record) => ({ pendingRevocations: sparing(tokens, withoutSets(revokeSession(record))) });
}

/** A token that was issued but is not wanted is to be revoked, unless the server issued one again that the session has. */
export function abandoned(tokens: TokenSet): Transition {
  return abandonedAs(tokens, pendingRevocation(tokens));
}

/** The same, for tokens that a session may have to go on with: see {@link PendingRevocation.accessToken}. */
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

/** The server let a token take the place of the session's own, which is dead: the legacy login has one for each device. */
export function replacedAtServer(tokens: TokenSet): Transition {
  return (record) => {
    const { session } = record;
    if (session?.accessToken === undefined || session.api !== tokens.api) return record;
    return { ...record, session: { ...session, accessToken: tokens.accessToken } };
  };
}

/** The server ended this very token: the session stays as one to sign in to again. */
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

/**
 * The server told an expiry later than the token.
 * @param expiresAt epoch milliseconds
 */
export function expiryLearnt(token: string, expiresAt: number): Transition {
  return (record) => {
    const { session } = record;
    if (session?.accessToken?.value !== token || session.accessToken.expiresAt !== undefined) return record;
    return { ...record, session: { ...session, accessToken: { ...session.accessToken, expiresAt } } };
  };
}

/**
 * The server no longer accepts an access token, before its time; what renews it may be good still.
 * @param at epoch milliseconds
 */
export function refused(token: string, at: number): Transition {
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

/**
 * A single-use token is about to be exchanged.
 * @param startedAt epoch milliseconds
 */
export function exchangeStarted(token: string, startedAt: number): Transition {
  return (record) =>
    record.session && holds(record.session, token)
      ? { ...record, session: { ...record.session, exchange: { of: fingerprint(token), startedAt } } }
      : record;
}

/**
 * The exchange that began then certainly did not happen.
 * @param startedAt epoch milliseconds
 */
export function exchangeCalledOff(token: string, startedAt: number): Transition {
  return (record) => {
    const { of, startedAt: latest } = record.session?.exchange ?? {};
    if (!record.session || of !== fingerprint(token) || latest !== startedAt) return record;
    const { exchange: _exchange, ...session } = record.session;
    return { ...record, session };
  };
}

/**
 * New tokens for the session that `from` was exchanged for. Where that is no longer the session (signed out or in again
 * meanwhile), they are to be revoked. Only a refresh token ends what it renews; what a password renews is to be revoked.
 * The password stays, unless it was forgotten meanwhile.
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

/** What a renewal does not change. */
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

/** The server knows now, or the token has expired: nothing is pending any more. */
export function settled(token: string): Transition {
  return (record) => ({
    ...record,
    pendingRevocations: record.pendingRevocations.filter((pending) => pending.token !== token),
  });
}

/** The password is no longer to be kept, or no longer good. */
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

/** The tokens of a session that has not ended, or new tokens. */
type Tokens = Omit<TokenSet, 'grant'> & { readonly grant?: Grant };

/** It is enough to revoke the refresh token: its access token goes with it. */
export function pendingRevocation({ api, accessToken, grant, clientId }: Tokens): PendingRevocation {
  const { value: token, expiresAt } = refreshTokenOf({ grant }) ?? accessToken;
  return { api, token, ...(clientId !== undefined && { clientId }), ...(expiresAt !== undefined && { expiresAt }) };
}

/** The same for a whole token set, if it belongs to an application. */
function pendingSet(tokens: Tokens): PendingRevocation {
  return { ...pendingRevocation(tokens), ...(tokens.clientId !== undefined && { accessToken: tokens.accessToken }) };
}

/**
 * Once the session is over, it must not go on with token sets from before.
 * @param newerThan keeps those that were issued after this moment, epoch milliseconds
 */
function withoutSets(pending: readonly PendingRevocation[], newerThan = Infinity): readonly PendingRevocation[] {
  return pending.map(({ accessToken, ...rest }) =>
    accessToken && accessToken.issuedAt > newerThan ? { ...rest, accessToken } : rest,
  );
}

/** The tokens of a pending revocation that has kept them all. */
export function tokensOf({ api, token, clientId, expiresAt, accessToken }: PendingRevocation): TokenSet | undefined {
  if (!accessToken) return undefined;
  const grant =
    token === accessToken.value
      ? undefined
      : ({ kind: 'refreshToken', value: token, ...(expiresAt !== undefined && { expiresAt }) } as const);
  return { api, accessToken, ...(grant && { grant }), ...(clientId !== undefined && { clientId }) };
}

/** Whether a session, perhaps one that has ended, belongs to an application. */
export function isOfApplication(session: Session | undefined, clientId: string | undefined): session is Session {
  return session !== undefined && clientId !== undefined && session.clientId === clientId;
}

/** A server that issues a token again must not be told to revoke it. */
function sparing(
  { accessToken, grant }: TokenSet,
  pending: readonly PendingRevocation[],
): readonly PendingRevocation[] {
  return pending.filter(({ token }) => token !== accessToken.value && token !== grant?.value);
}

/** What is to be revoked once new tokens are in the session. If they are of the same application, it is not certain yet which set is good. */
function revokeReplaced(record: AccountRecord, by: TokenSet): readonly PendingRevocation[] {
  const { session, pendingRevocations } = record;
  if (!session?.accessToken || !isOfApplication(session, by.clientId)) return revokeSession(record);
  return [...pendingRevocations, pendingSet({ ...session, accessToken: session.accessToken })];
}

/** What is to be revoked once the session is gone. */
function revokeSession({ session, pendingRevocations }: AccountRecord): readonly PendingRevocation[] {
  const accessToken = session?.accessToken;
  return session && accessToken
    ? [...pendingRevocations, pendingRevocation({ ...session, accessToken })]
    : pendingRevocations;
}
