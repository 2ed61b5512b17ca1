import { signInAgainBy, sessionState, type SessionState, type StoredAccount } from '../session/model/session';
import { bad, good, warning, type Finding } from './finding';

/**
 * @param now epoch milliseconds
 * @param warningMs how long before its end a session counts as expiring
 */
export function judgeSessions(accounts: readonly StoredAccount[], now: number, warningMs: number): readonly Finding[] {
  const signedIn = accounts.flatMap((stored) => {
    const state = sessionState(stored, now, warningMs);
    return state === 'signedOut' ? [] : [{ stored, state }];
  });
  const pending = accounts.reduce((count, { pendingRevocations }) => count + pendingRevocations.length, 0);
  const unsaved = accounts.filter((stored) => stored.unsaved !== undefined).length;
  return [
    ...(signedIn.length === 0
      ? [good('session.none')]
      : signedIn.map(({ stored, state }, index) =>
          judgeSession(stored, state, now, signedIn.length > 1 ? index + 1 : undefined),
        )),
    ...(unsaved > 0 ? [warning('session.unsaved', { count: unsaved })] : []),
    ...(pending > 0 ? [warning('session.pendingRevocations', { count: pending })] : []),
  ];
}

function judgeSession(
  stored: StoredAccount,
  state: Exclude<SessionState, 'signedOut'>,
  now: number,
  number: number | undefined,
): Finding {
  const until = stored.session && signInAgainBy(stored.session);
  const which = number === undefined ? {} : { account: number };
  switch (state) {
    case 'good':
      return good('session.good', { ...which, ...(until !== undefined && { leftMs: until - now }) });
    case 'expiring':
      return warning('session.expiring', { ...which, ...(until !== undefined && { leftMs: until - now }) });
    case 'expired':
      return bad('session.expired', which);
    case 'revoked':
      return bad(stored.session?.ended === 'interrupted' ? 'session.interrupted' : 'session.revoked', which);
    case 'lost':
      return bad('session.lost', which);
  }
}
