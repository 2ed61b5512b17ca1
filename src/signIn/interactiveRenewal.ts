import * as l10n from '@vscode/l10n';
import type { ClientSecrets } from '../session/clientSecrets';
import { needsSecret, SignInRequiredError, type Renewal } from '../session/renewal';
import type { StoredAccount } from '../session/session';
import { PlatformUrl } from '../zeyos/platform';
import { promptRefusal } from './promptRefusal';
import { input } from './prompts';

export interface InteractiveRenewalServices {
  readonly renewal: Renewal;
  readonly clientSecrets: ClientSecrets;
}

/**
 * Renews a session for a user who waits for it, and asks for the application's secret where the server no longer accepts it.
 * Otherwise as {@link Renewal.renew}.
 * @param unwanted a token that will not do although its time has not come
 * @throws {vscode.CancellationError} the user has no secret
 */
export async function renewInteractively(
  stored: StoredAccount,
  { renewal, clientSecrets }: InteractiveRenewalServices,
  unwanted?: string,
): Promise<StoredAccount> {
  const renew = (): Promise<StoredAccount> => renewal.renew(stored.id, { unwanted });
  const clientId = stored.session?.clientId;
  try {
    return await renew();
  } catch (error) {
    if (clientId === undefined || !needsSecret(error)) throw error;
  }
  const platform = PlatformUrl.parse(stored.instance);
  let renewed = stored;
  await input({
    title: l10n.t('Renew Session on {0}', platform.instance),
    prompt: l10n.t(
      '{0} does not accept the saved client secret for client ID {1}. Enter it again; it is sent to {0} only.',
      platform.href,
      clientId,
    ),
    password: true,
    invisible: 'remove',
    validate: (text) => (text ? undefined : l10n.t('Enter the client secret.')),
    submit: async (text) => {
      await clientSecrets.store(platform.href, { clientId, clientSecret: text });
      try {
        renewed = await renew();
        return undefined;
      } catch (error) {
        if (error instanceof SignInRequiredError) throw error;
        return needsSecret(error)
          ? { message: l10n.t('{0} does not accept this client secret either. Check it in ZeyOS.', platform.label) }
          : promptRefusal(error, platform);
      }
    },
  });
  return renewed;
}
