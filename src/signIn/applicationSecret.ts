import * as l10n from '@vscode/l10n';
import type { ClientSecrets } from '../session/storage/clientSecrets';
import type { InstanceStore } from '../session/storage/instanceStore';
import type { PlatformUrl } from '../zeyos/address/platform';
import { StorageError } from '../dialog/failure/errors';
import { promptRefusal } from '../dialog/failure/promptRefusal';
import { withProductionMark } from '../dialog/productionMark';
import { input } from '../dialog/prompts';

export interface ApplicationSecretServices {
  readonly clientSecrets: ClientSecrets;
  readonly instances: InstanceStore;
}

/**
 * An empty text deletes the saved secret.
 * @throws {StorageError}
 */
export async function keepApplicationSecret(
  typed: string,
  platform: PlatformUrl,
  clientSecrets: ClientSecrets,
): Promise<void> {
  try {
    if (typed) await clientSecrets.storeApplicationSecret(platform, typed);
    else await clientSecrets.deleteApplicationSecret(platform);
  } catch (cause) {
    throw new StorageError('change', { cause });
  }
}

/**
 * Asks for the application secret of a platform's legacy login.
 * @throws {vscode.CancellationError}
 */
export async function setApplicationSecret(
  platform: PlatformUrl,
  { clientSecrets, instances }: ApplicationSecretServices,
): Promise<'saved' | 'deleted'> {
  const isSaved = (await clientSecrets.getApplicationSecret(platform)) !== undefined;
  const typed = await input({
    title: withProductionMark(l10n.t('Application Secret for {0}', platform.instanceName), instances.find(platform)),
    prompt: isSaved
      ? l10n.t(
          'Secret of the application registered in ZeyOS for this editor. It replaces the saved one; leave it empty to delete that. It is sent to {0} only.',
          platform.href,
        )
      : l10n.t('Secret of the application registered in ZeyOS for this editor. It is sent to {0} only.', platform.href),
    password: true,
    invisible: 'remove',
    validate: (text) => (isSaved || text ? undefined : l10n.t('Enter the application secret.')),
    submit: (text) =>
      keepApplicationSecret(text, platform, clientSecrets).then(
        () => undefined,
        (error: unknown) => promptRefusal(error, platform),
      ),
  });
  return typed ? 'saved' : 'deleted';
}
