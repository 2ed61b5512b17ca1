import type { ClientSecrets } from '../../session/storage/clientSecrets';
import { clientIdsOf, type StoredAccount } from '../../session/model/session';

/** Everything secret that is kept for some accounts: nothing of it may be shown, whoever quotes it. */
export async function knownSecrets(
  accounts: readonly StoredAccount[],
  clientSecrets: ClientSecrets,
): Promise<readonly string[]> {
  const secrets = await Promise.all(
    accounts.map(async (stored) => {
      const { instance, session, pendingRevocations } = stored;
      const clients = await Promise.all(clientIdsOf(stored).map((clientId) => clientSecrets.get(instance, clientId)));
      const tokens = [
        session?.accessToken?.value,
        session?.refreshToken?.value,
        ...pendingRevocations.flatMap(({ token, accessToken }) => [token, accessToken?.value]),
      ];
      return [...tokens, session?.password, ...clients.map((client) => client?.clientSecret)];
    }),
  );
  const instances = [...new Set(accounts.map(({ instance }) => instance))];
  const applications = await Promise.all(instances.map((instance) => clientSecrets.getApplicationSecret(instance)));
  return [...secrets.flat(), ...applications].filter((secret) => secret !== undefined);
}
