import type { SavedPassword } from './grant';
import type { Session, TokenSet } from './session';
import { abandoned, adopted, renewed, setAside, signedIn, signedOut, type Transition } from './transitions';

/**
 * What became of new tokens that could not be stored at once. Each of these is applied to whatever is stored later, perhaps more than once, and
 * does not replace what the user has done in another window meanwhile.
 */

/**
 * A sign-in. If the user has signed in or out meanwhile, that counts, and the tokens are to be revoked.
 * @param before the session that it replaces
 */
export function signedInLate(
  tokens: TokenSet,
  signedInAt: number,
  before: Session | undefined,
  password?: SavedPassword,
): Transition {
  return (record) => {
    const { session } = record;
    if (session && isSameSignIn(session, tokens, signedInAt, before)) return record;
    return (isOvertaken(session, signedInAt, before) ? abandoned(tokens) : signedIn(tokens, signedInAt, password))(
      record,
    );
  };
}

/**
 * A renewal. As {@link renewed}, but tokens that are stored, or were and have been renewed since, are left alone: revoking a refresh token that
 * was exchanged may end what it was exchanged for.
 * @param before the session that is renewed
 */
export function renewedLate(from: string, tokens: TokenSet, before: Session): Transition {
  return (record) => {
    const { session } = record;
    const isSuccessor =
      session?.accessToken !== undefined &&
      session.signedInAt === before.signedInAt &&
      session.accessToken.value !== before.accessToken?.value &&
      tokens.grant !== undefined;
    return isSuccessor ? record : renewed(from, tokens)(record);
  };
}

/**
 * Tokens that a session goes on with. If another window has given the session other tokens meanwhile, these are set aside: the server tells
 * later which set is good.
 * @param before the session that adopts them
 */
export function adoptedLate(tokens: TokenSet, before: Session | undefined): Transition {
  return (record) => {
    const current = record.session?.accessToken?.value;
    const isSuccessor =
      current !== undefined && current !== before?.accessToken?.value && current !== tokens.accessToken.value;
    return (isSuccessor ? setAside(tokens) : adopted(tokens))(record);
  };
}

/**
 * A sign-out. A session that the user has signed in to meanwhile stays.
 * @param before the session that ends
 */
export function signedOutLate(before: Session | undefined): Transition {
  return (record) => (record.session && record.session.signedInAt === before?.signedInAt ? signedOut(record) : record);
}

/** Whether a session is that of the sign-in itself, perhaps renewed since. */
function isSameSignIn(session: Session, tokens: TokenSet, signedInAt: number, before: Session | undefined): boolean {
  return (
    session.accessToken?.value === tokens.accessToken.value ||
    (session.signedInAt === signedInAt && before?.signedInAt !== signedInAt)
  );
}

function isOvertaken(session: Session | undefined, signedInAt: number, before: Session | undefined): boolean {
  if (!session) return before !== undefined;
  // The session that it replaces may have been renewed meanwhile, or have ended.
  const isBefore = before !== undefined && session.signedInAt === before.signedInAt && before.signedInAt < signedInAt;
  const isUnchanged = before !== undefined && session.accessToken?.value === before.accessToken?.value;
  return !isBefore && !isUnchanged && session.signedInAt >= signedInAt;
}
