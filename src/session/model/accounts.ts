import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { plainText } from '../../hiding/plainText';
import type { PlatformUrl } from '../../zeyos/address/platform';
import type { Account, KnownAccount, StoredAccount } from './session';

/** The user of a token, as the server names them or as the user typed the name. */
export interface Identity {
  readonly userName: string;
  readonly sub?: string;
  /** Present only if the server names the user too. It may be an account's user name. */
  readonly email?: string;
}

/** Untrusted text. */
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

export function namesUser({ username, sub }: UserClaims): boolean {
  return username !== undefined || sub !== undefined;
}

/** The result is safe to show and store. If the server names no user, `typed` counts. */
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

/** ZeyOS ignores case. `toLocaleLowerCase` would depend on the system's language. */
export function foldUserName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function identifierOf(sub: string): string {
  const shown = plainText(sub);
  return shown === sub || shown === '' ? shown : createHash('sha256').update(sub).digest('hex').slice(0, 32);
}

/**
 * Finds the account of an identity, or makes a new one. A known id or label never changes, and a label never passes to
 * another `sub`: the editor keys the user's consent by it.
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
 * Finds the accounts of a user by `sub`, then by user name or e-mail address in any case. Another `sub` means another
 * user. `here`: one platform, the oldest first.
 */
function sameUser(here: readonly KnownAccount[], { sub, userName, email }: Identity): readonly KnownAccount[] {
  const names = [userName, ...(email === undefined ? [] : [email])].map(foldUserName);
  const bySub = here.filter(({ account }) => sub !== undefined && account.sub === sub);
  const byName = here.filter(({ account }) => {
    const isSameName = names.includes(foldUserName(account.userName));
    return isSameName && (sub === undefined || account.sub === undefined || account.sub === sub);
  });
  const candidates = [...bySub, ...byName.filter((known) => !bySub.includes(known))];
  // Only an exact match counts if no `sub` tells several users of this name apart.
  const subs = new Set(candidates.map(({ account }) => account.sub).filter((known) => known !== undefined));
  if (subs.size <= 1) return candidates;
  const exact = candidates.filter(({ account }) => account.userName === userName);
  return exact.slice(0, 1);
}

export function byLabel(accounts: readonly StoredAccount[]): readonly StoredAccount[] {
  return [...accounts].sort((a, b) => a.account.label.localeCompare(b.account.label));
}

export function accountsOn<T extends Pick<KnownAccount, 'platform'>>(
  accounts: readonly T[],
  platform: PlatformUrl,
): readonly T[] {
  return accounts.filter((account) => account.platform.equals(platform));
}

export function isUser(known: readonly KnownAccount[], platform: PlatformUrl, identity: Identity, id: string): boolean {
  const here = accountsOn(known, platform);
  return sameUser(here, identity).some((account) => account.id === id);
}

/** Finds the duplicates of `into` that versions with case-sensitive names made. `known`: the oldest first. */
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
