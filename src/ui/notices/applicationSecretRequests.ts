import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { StoredAccount } from '../../session/model/session';
import { setApplicationSecret, type ApplicationSecretServices } from '../../signIn/applicationSecret';
import { InstanceFailure } from '../../dialog/failure/instanceFailure';
import { runCommand } from '../../dialog/ownCommand';
import type { GroupedLog } from '../../base/log';
import { type PlatformUrl } from '../../zeyos/address/platform';
import type { TokenInfo } from '../../zeyos/api';
import { argumentFor } from '../commands/target/commandArgument';
import { notify } from '../../dialog/notifications';
import { showFailure } from '../../dialog/report';

/**
 * Asks for the application secret, and offers a command that makes it take effect.
 * @param stored the account whose notice asked for the secret
 * @throws {vscode.CancellationError}
 * @throws {InstanceFailure} the secret storage failed
 */
export async function changeApplicationSecret(
  platform: PlatformUrl,
  stored: StoredAccount | undefined,
  services: ApplicationSecretServices,
): Promise<void> {
  const outcome = await setApplicationSecret(platform, services).catch((error: unknown) => {
    throw error instanceof vscode.CancellationError ? error : new InstanceFailure(platform, error);
  });
  const message =
    outcome === 'saved'
      ? l10n.t('The application secret for {0} has been saved. It takes effect with the next token.', platform.label)
      : l10n.t(
          'The application secret for {0} has been deleted. The next token will belong to no application.',
          platform.label,
        );
  const action = stored?.session
    ? { [l10n.t('Renew Token')]: () => runCommand('zeyos.renewToken', argumentFor(stored)) }
    : { [l10n.t('Sign In')]: () => runCommand('zeyos.signIn', { instance: platform.href }) };
  notify('information', message, action);
}

/**
 * Tells the user, once for each account, that the API rejects an active legacy token, which may have to belong to an
 * application.
 */
export class ApplicationSecretRequests {
  readonly #services: ApplicationSecretServices;
  readonly #log: GroupedLog;
  readonly #told = new Set<string>();

  constructor(services: ApplicationSecretServices & { log: GroupedLog }) {
    this.#services = services;
    this.#log = services.log;
  }

  /** Notes that the API rejected another extension's token that the server calls active. */
  note(stored: StoredAccount, told: TokenInfo): void {
    // A pasted token comes from no login.
    const isFromLogin = stored.session?.api === 'legacy' && stored.session.method !== 'token';
    const hasApplication = told.active && told.application !== undefined;
    if (!isFromLogin || hasApplication || this.#told.has(stored.id)) return;
    this.#told.add(stored.id);
    const platform = stored.platform;
    const message = l10n.t(
      '{0} says that the token for {1} is active, but its API refuses it. The API may accept only tokens of an application that is registered in ZeyOS.',
      platform.label,
      stored.account.userName,
    );
    notify('warning', message, { [l10n.t('Set Application Secret')]: () => this.#change(platform, stored) });
  }

  async #change(platform: PlatformUrl, stored: StoredAccount): Promise<void> {
    await this.#log.during('setApplicationSecret', async () => {
      try {
        await changeApplicationSecret(platform, stored, this.#services);
      } catch (error) {
        showFailure(error, this.#log, () => this.#change(platform, stored));
      }
    });
  }
}
