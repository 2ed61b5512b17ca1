import type { SavedPassword } from './grant';
import type { Session, TokenSet } from './session';
import { abandoned, adopted, renewed, setAside, signedIn, signedOut, type Transition } from './transitions';

/**
 * Transitions for new tokens that could not be stored at once. They may apply late and repeatedly, and do not undo what
 * the user did in another window.
 */

/** If the user signed in or out in another window, the tokens become a pending revocation. */
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
 * As {@link renewed}, but keeps these tokens and their successors, which the server may end if an exchanged refresh
 * token is revoked.
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

/** If another window stored different tokens, these are set aside until the server tells which set is good. */
export function adoptedLate(tokens: TokenSet, before: Session | undefined): Transition {
  return (record) => {
    const current = record.session?.accessToken?.value;
    const isSuccessor =
      current !== undefined && current !== before?.accessToken?.value && current !== tokens.accessToken.value;
    return (isSuccessor ? setAside(tokens) : adopted(tokens))(record);
  };
}

/** Signs out, unless the user has signed in again meanwhile. */
export function signedOutLate(before: Session | undefined): Transition {
  return (record) => (record.session && record.session.signedInAt === before?.signedInAt ? signedOut(record) : record);
}

/** Also true after a renewal. */
function isSameSignIn(session: Session, tokens: TokenSet, signedInAt: number, before: Session | undefined): boolean {
  return (
    session.accessToken?.value === tokens.accessToken.value ||
    (session.signedInAt === signedInAt && before?.signedInAt !== signedInAt)
  );
}

function isOvertaken(session: Session | undefined, signedInAt: number, before: Session | undefined): boolean {
  if (!session) return before !== undefined;
  // The replaced session may have been renewed or ended.
  const isBefore = before !== undefined && session.signedInAt === before.signedInAt && before.signedInAt < signedInAt;
  const isUnchanged = before !== undefined && session.accessToken?.value === before.accessToken?.value;
  return !isBefore && !isUnchanged && session.signedInAt >= signedInAt;
}
