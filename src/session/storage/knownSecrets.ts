import type { ClientSecrets } from './clientSecrets';
import { refreshTokenOf, savedPasswordOf } from '../model/grant';
import { clientIdsOf, type StoredAccount } from '../model/session';

/** Documents mask these secrets, because a server may quote them. */
export async function knownSecrets(
  accounts: readonly StoredAccount[],
  clientSecrets: ClientSecrets,
): Promise<readonly string[]> {
  const secrets = await Promise.all(
    accounts.map(async (stored) => {
      const { platform, session, pendingRevocations } = stored;
      const clients = await Promise.all(clientIdsOf(stored).map((clientId) => clientSecrets.get(platform, clientId)));
      const tokens = [
        session?.accessToken?.value,
        refreshTokenOf(session)?.value,
        ...pendingRevocations.flatMap(({ token, accessToken }) => [token, accessToken?.value]),
      ];
      return [...tokens, savedPasswordOf(session)?.password, ...clients.map((client) => client?.clientSecret)];
    }),
  );
  const platforms = [...new Map(accounts.map(({ platform }) => [platform.href, platform])).values()];
  const applications = await Promise.all(platforms.map((platform) => clientSecrets.getApplicationSecret(platform)));
  return [...secrets.flat(), ...applications].filter((secret) => secret !== undefined);
}
