import * as l10n from '@vscode/l10n';
import type { ClientSecrets } from '../session/storage/clientSecrets';
import type { InstanceStore } from '../session/storage/instanceStore';
import type { MissingClientSecrets } from '../session/tokens/missingClientSecrets';
import type { Revocations } from '../session/tokens/revocations';
import type { StoredAccount } from '../session/model/session';
import { withProductionMark } from '../dialog/productionMark';
import { input } from '../dialog/prompts';
import { requireClientSecret } from './clientPrompts';

export interface RevocationSecretServices {
  readonly revocations: Revocations;
  readonly missingClientSecrets: MissingClientSecrets;
  readonly clientSecrets: ClientSecrets;
  readonly instances: InstanceStore;
}

/**
 * Asks for the client secret, and revokes. Resolves to whether no revocation is pending. If the server cannot be
 * reached, the secret is kept for a later try.
 * @throws {vscode.CancellationError}
 * @throws if the secret storage does not save the secret
 */
export async function revokeWithSecret(
  stored: StoredAccount,
  clientId: string,
  { revocations, missingClientSecrets, clientSecrets, instances }: RevocationSecretServices,
): Promise<boolean> {
  const { platform } = stored;
  let isRevoked = false;
  await input({
    title: withProductionMark(l10n.t('Revoke Token on {0}', platform.instanceName), instances.find(platform)),
    prompt: l10n.t(
      'Client secret for client ID {0}, to revoke the token for {1}. It is sent to {2} only.',
      clientId,
      stored.account.userName,
      platform.href,
    ),
    password: true,
    invisible: 'remove',
    validate: requireClientSecret,
    submit: async (text) => {
      await clientSecrets.store(platform, { clientId, clientSecret: text });
      isRevoked = await revocations.settleAccount(stored.id);
      // Other accounts may need the same secret.
      void revocations.settle((other) => other.equals(platform));
      return missingClientSecrets.clientIdFor(stored) === undefined
        ? undefined
        : { message: l10n.t('{0} does not accept this client secret. Check it in ZeyOS.', platform.label) };
    },
  });
  return isRevoked;
}
