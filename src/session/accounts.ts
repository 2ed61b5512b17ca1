import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { plainText } from '../zeyos/plainText';
import type { PlatformUrl } from '../zeyos/platform';
import type { Account, KnownAccount } from './session';

/** What the server (or else the prompt) says about who a token belongs to. */
export interface Identity {
  readonly userName: string;
  readonly sub?: string;
}

/** What a server says about a user: untrusted text. */
export interface UserClaims {
  readonly username?: string;
  readonly sub?: string;
}

export function userClaims({ username, sub }: { readonly username?: string | undefined; readonly sub?: string | undefined }): UserClaims {
  return { ...(username !== undefined && { username }), ...(sub !== undefined && { sub }) };
}

/** Whether a server says at all whose a token is. */
export function areTold({ username, sub }: UserClaims): boolean {
  return username !== undefined || sub !== undefined;
}

/**
 * Makes an identity of what the server says, fit to be shown and to be kept.
 * @param typed the user name that was typed, for where the server tells none
 */
export function identityOf({ username = '', sub = '' }: UserClaims, typed = ''): Identity {
  const id = identifierOf(sub);
  return { userName: plainText(username) || plainText(typed) || `token-${randomBytes(4).toString('hex')}`, ...(id && { sub: id }) };
}

/** A `sub` with characters that are not shown is replaced by its hash; one without any visible character is ignored. */
function identifierOf(sub: string): string {
  const shown = plainText(sub);
  return shown === sub || shown === '' ? shown : createHash('sha256').update(sub).digest('hex').slice(0, 32);
}

/**
 * The account that an identity belongs to: the one already known, perhaps with its `sub` learned just now, or a new one.
 * Id and label of a known account never change. A label that was given to one `sub` is never given to another, since the
 * user's consent hangs on it.
 */
export function identify(known: readonly KnownAccount[], platform: PlatformUrl, identity: Identity): KnownAccount {
  const here = known.filter(({ instance }) => instance === platform.href);
  const { sub, userName } = identity;
  const found =
    (sub !== undefined && here.find(({ account }) => account.sub === sub)) ||
    here.find(({ account }) => account.userName === userName && (sub === undefined || account.sub === undefined));
  if (found) return sub === undefined || found.account.sub === sub ? found : { ...found, account: { ...found.account, sub } };
  const account: Account = {
    id: unique(
      known.map(({ account }) => account.id),
      `${platform.href}#${sub ?? userName}`,
      `${platform.href}#name:${userName}`,
    ),
    label: unique(
      known.map(({ account }) => account.label),
      `${userName} (${platform.label})`,
      `${userName} (${platform.label}) #${sub ?? userName}`,
    ),
    userName,
    ...(sub !== undefined && { sub }),
  };
  return { id: randomUUID(), instance: platform.href, account, signedIn: false };
}

function unique(taken: readonly string[], text: string, otherwise: string): string {
  return [text, otherwise].find((candidate) => !taken.includes(candidate)) ?? `${otherwise} ${randomUUID()}`;
}
