import { isObtainable, usableToken, type Account, type StoredAccount } from './session';
import type { PlatformUrl } from '../../zeyos/address/platform';
import type { Instance } from './instance';

/** A session as other extensions see it. */
export interface PublishedSession {
  readonly id: string;
  readonly platform: PlatformUrl;
  readonly account: Account;
  readonly accessToken: string;
  /** Whether the token needs no renewal first. */
  readonly isUsable: boolean;
  readonly signedInAt: number;
}

export interface SessionsDiff {
  readonly added: readonly PublishedSession[];
  readonly removed: readonly PublishedSession[];
  readonly changed: readonly PublishedSession[];
}

/** The sessions on configured platforms with a usable or renewable token. */
export function publishedSessions(
  accounts: readonly StoredAccount[],
  instances: readonly Pick<Instance, 'platform'>[],
  now: number,
): readonly PublishedSession[] {
  return accounts.flatMap((stored) => {
    const { id, platform, account, session } = stored;
    const token = session?.accessToken;
    if (!token || !instances.some((instance) => instance.platform.equals(platform)) || !isObtainable(stored, now))
      return [];
    return [
      {
        id,
        platform,
        account,
        accessToken: token.value,
        isUsable: usableToken(stored, now) !== undefined,
        signedInAt: session.signedInAt,
      },
    ];
  });
}

/** A new sign-in counts as `added`, a new token of the same sign-in as `changed`. */
export function diffSessions(before: readonly PublishedSession[], after: readonly PublishedSession[]): SessionsDiff {
  const find = (list: readonly PublishedSession[], { id }: PublishedSession): PublishedSession | undefined =>
    list.find((other) => other.id === id);
  return {
    added: after.filter((session) => find(before, session)?.signedInAt !== session.signedInAt),
    removed: before.filter((session) => !find(after, session)),
    changed: after.filter((session) => {
      const old = find(before, session);
      return old?.signedInAt === session.signedInAt && old.accessToken !== session.accessToken;
    }),
  };
}
