import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { StoredAccount } from '../../session/model/session';
import type { SessionStore } from '../../session/storage/sessionStore';
import { InstanceFailure } from '../../dialog/failure/instanceFailure';
import { revokeWithSecret, type RevocationSecretServices } from '../../signIn/revocationSecret';
import type { GroupedLog } from '../../base/log';
import { notify } from '../../dialog/notifications';
import { showFailure } from '../../dialog/report';

/**
 * Asks for the client secret, and tells the user whether the token was revoked.
 * @throws {vscode.CancellationError}
 * @throws {InstanceFailure} the secret storage failed
 */
export async function enterRevocationSecret(
  stored: StoredAccount,
  clientId: string,
  services: RevocationSecretServices,
): Promise<void> {
  const platform = stored.platform;
  const isRevoked = await revokeWithSecret(stored, clientId, services).catch((error: unknown) => {
    throw error instanceof vscode.CancellationError ? error : new InstanceFailure(platform, error);
  });
  const message = isRevoked
    ? l10n.t('The token for {0} has been revoked.', stored.account.label)
    : l10n.t(
        'The client secret has been saved. The token for {0} is revoked as soon as possible.',
        stored.account.label,
      );
  notify('information', message);
}

/** Tells the user that a token cannot be revoked without the client secret: once for each account and window. */
export class RevocationSecretRequests {
  readonly #services: RevocationSecretServices;
  readonly #store: SessionStore;
  readonly #log: GroupedLog;
  readonly #disposable: vscode.Disposable;
  readonly #told = new Set<string>();

  constructor(services: RevocationSecretServices & { store: SessionStore; log: GroupedLog }) {
    this.#services = services;
    this.#store = services.store;
    this.#log = services.log;
    this.#disposable = vscode.Disposable.from(
      services.missingClientSecrets.onDidChange(() => this.#tell()),
      vscode.window.onDidChangeWindowState(() => this.#tell()),
    );
    this.#tell();
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #tell(): void {
    if (!vscode.window.state.focused) return;
    for (const stored of this.#store.accounts) {
      const clientId = this.#services.missingClientSecrets.clientIdFor(stored);
      if (clientId === undefined || this.#told.has(stored.id)) continue;
      this.#told.add(stored.id);
      const message = l10n.t(
        'The token for {0} on {1} could not be revoked: the client secret for client ID {2} is needed. Until then the token stays valid.',
        stored.account.userName,
        stored.platform.label,
        clientId,
      );
      notify('warning', message, { [l10n.t('Enter Client Secret')]: () => this.#enter(stored, clientId) });
    }
  }

  async #enter(stored: StoredAccount, clientId: string): Promise<void> {
    await this.#log.during('enterClientSecret', async () => {
      try {
        await enterRevocationSecret(stored, clientId, this.#services);
      } catch (error) {
        showFailure(error, this.#log, () => this.#enter(stored, clientId));
      }
    });
  }
}
