import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { plainText } from '../../hiding/plainText';
import type { PlatformUrl } from '../../zeyos/address/platform';
import type { Account, KnownAccount, StoredAccount } from './session';

/** What the server (or else the prompt) says about who a token belongs to. */
export interface Identity {
  readonly userName: string;
  readonly sub?: string;
  /** Only where the server tells both this and the user name: then an account that is known by it is the same. */
  readonly email?: string;
}

/** What a server says about a user: untrusted text. */
export interface UserClaims {
  readonly username?: string;
  readonly sub?: string;
  readonly email?: string;
}

export function userClaims({
  username,
  sub,
  email,
}: {
  readonly username?: string | undefined;
  readonly sub?: string | undefined;
  readonly email?: string | undefined;
}): UserClaims {
  return {
    ...(username !== undefined && { username }),
    ...(sub !== undefined && { sub }),
    ...(email !== undefined && { email }),
  };
}

/** Whether a server says at all whose a token is. */
export function areTold({ username, sub }: UserClaims): boolean {
  return username !== undefined || sub !== undefined;
}

/**
 * Makes an identity of what the server says, fit to be shown and to be kept.
 * @param typed the user name that was typed, for where the server tells none
 */
export function identityOf({ username = '', sub = '', email = '' }: UserClaims, typed = ''): Identity {
  const id = identifierOf(sub);
  const told = plainText(username);
  const mail = told && plainText(email);
  return {
    userName: told || plainText(typed) || `token-${randomBytes(4).toString('hex')}`,
    ...(id && { sub: id }),
    ...(mail && { email: mail }),
  };
}

/** ZeyOS's user names do not distinguish case. The same in every language of the system, unlike `toLocaleLowerCase`. */
export function foldUserName(name: string): string {
  return name.normalize('NFC').toLowerCase();
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
  const here = accountsOn(known, platform);
  const { sub, userName } = identity;
  const [found] = sameUser(here, identity);
  if (found)
    return sub === undefined || found.account.sub === sub ? found : { ...found, account: { ...found.account, sub } };
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
  return { id: randomUUID(), platform, account, signedIn: false };
}

/**
 * The accounts that are this user, the one to go on with first: the one with the same `sub`, else the oldest of those with the same name or
 * e-mail address in any case. Accounts of the same name and different `sub`s are different users.
 * @param here the known accounts of one platform, the oldest first
 */
function sameUser(here: readonly KnownAccount[], { sub, userName, email }: Identity): readonly KnownAccount[] {
  const names = [userName, ...(email === undefined ? [] : [email])].map(foldUserName);
  const bySub = here.filter(({ account }) => sub !== undefined && account.sub === sub);
  const byName = here.filter(({ account }) => {
    const isSameName = names.includes(foldUserName(account.userName));
    return isSameName && (sub === undefined || account.sub === undefined || account.sub === sub);
  });
  const candidates = [...bySub, ...byName.filter((known) => !bySub.includes(known))];
  // Without a `sub`, a name that several users have says nothing about which of them it is; the one in the same letters is meant then.
  const subs = new Set(candidates.map(({ account }) => account.sub).filter((known) => known !== undefined));
  if (subs.size <= 1) return candidates;
  const exact = candidates.filter(({ account }) => account.userName === userName);
  return exact.slice(0, 1);
}

/** Accounts in the order in which they are listed and returned. */
export function byLabel(accounts: readonly StoredAccount[]): readonly StoredAccount[] {
  return [...accounts].sort((a, b) => a.account.label.localeCompare(b.account.label));
}

/** The accounts on one platform. */
export function accountsOn<T extends Pick<KnownAccount, 'platform'>>(
  accounts: readonly T[],
  platform: PlatformUrl,
): readonly T[] {
  return accounts.filter((account) => account.platform.equals(platform));
}

/** Whether a known account is this user. */
export function isUser(known: readonly KnownAccount[], platform: PlatformUrl, identity: Identity, id: string): boolean {
  const here = accountsOn(known, platform);
  return sameUser(here, identity).some((account) => account.id === id);
}

/**
 * Accounts that are the same user as `into`, and were made before their names were compared without case.
 * @param known the oldest first
 */
export function duplicatesOf(
  known: readonly KnownAccount[],
  platform: PlatformUrl,
  identity: Identity,
  into: string,
): readonly KnownAccount[] {
  const here = accountsOn(known, platform);
  return sameUser(here, identity).filter(({ id }) => id !== into);
}

function unique(taken: readonly string[], text: string, otherwise: string): string {
  return [text, otherwise].find((candidate) => !taken.includes(candidate)) ?? `${otherwise} ${randomUUID()}`;
}
