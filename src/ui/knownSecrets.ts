import type { ClientSecrets } from '../session/clientSecrets';
import type { StoredAccount } from '../session/session';

/** Everything secret that is kept for some accounts: nothing of it may be shown, whoever quotes it. */
export async function knownSecrets(accounts: readonly StoredAccount[], clientSecrets: ClientSecrets): Promise<readonly string[]> {
  const secrets = await Promise.all(
    accounts.map(async ({ instance, session, pendingRevocations }) => {
      const client = session?.clientId === undefined ? undefined : await clientSecrets.get(instance, session.clientId);
      return [session?.accessToken?.value, session?.refreshToken?.value, session?.password, client?.clientSecret, ...pendingRevocations.map(({ token }) => token)];
    }),
  );
  return secrets.flat().filter((secret) => secret !== undefined);
}
