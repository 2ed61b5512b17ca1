import * as l10n from '@vscode/l10n';
import type { ClientSecrets } from '../session/storage/clientSecrets';
import { needsSecret, SignInRequiredError, type Renewal } from '../session/tokens/renewal';
import type { StoredAccount } from '../session/model/session';
import type { InstanceStore } from '../session/storage/instanceStore';
import { type PlatformUrl } from '../zeyos/address/platform';
import { promptRefusal } from '../dialog/failure/promptRefusal';
import { withProductionMark } from '../dialog/productionMark';
import { input } from '../dialog/prompts';
import { requireClientSecret } from './clientPrompts';

interface InteractiveRenewalServices {
  readonly renewal: Renewal;
  readonly clientSecrets: ClientSecrets;
  readonly instances: InstanceStore;
}

interface MissingSecret {
  readonly prompt: string;
  readonly keep: (secret: string) => Promise<void>;
}

/**
 * Like {@link Renewal.renew}, but asks for the client secret if the server rejects the saved one.
 * @param unwanted an access token to replace even if it is valid
 * @throws {vscode.CancellationError} the user has no secret
 */
export async function renewInteractively(
  stored: StoredAccount,
  { renewal, clientSecrets, instances }: InteractiveRenewalServices,
  unwanted?: string,
): Promise<StoredAccount> {
  const renew = (): Promise<StoredAccount> => renewal.renew(stored.id, { unwanted });
  const platform = stored.platform;
  const missing = missingSecret(stored, platform, clientSecrets);
  try {
    return await renew();
  } catch (error) {
    if (!missing || !needsSecret(error)) throw error;
  }
  let renewed = stored;
  await input({
    title: withProductionMark(l10n.t('Renew Session on {0}', platform.instanceName), instances.find(platform)),
    prompt: missing.prompt,
    password: true,
    invisible: 'remove',
    validate: requireClientSecret,
    submit: async (text) => {
      await missing.keep(text);
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

/** Returns `undefined` if the session cannot belong to an application. */
function missingSecret(
  { session }: StoredAccount,
  platform: PlatformUrl,
  clientSecrets: ClientSecrets,
): MissingSecret | undefined {
  const clientId = session?.clientId;
  if (clientId !== undefined)
    return {
      prompt: l10n.t(
        '{0} does not accept the saved client secret for client ID {1}. Enter it again; it is sent to {0} only.',
        platform.href,
        clientId,
      ),
      keep: (clientSecret) => clientSecrets.store(platform, { clientId, clientSecret }),
    };
  if (session?.api !== 'legacy') return undefined;
  return {
    prompt: l10n.t(
      '{0} does not accept the saved application secret. Enter it again; it is sent to {0} only.',
      platform.href,
    ),
    keep: (secret) => clientSecrets.storeApplicationSecret(platform, secret),
  };
}
