import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { RejectedClientSecrets } from '../../session/tokens/rejectedClientSecrets';
import type { StoredAccount } from '../../session/model/session';
import { runCommand } from '../../dialog/ownCommand';
import { argumentFor } from '../commands/target/commandArgument';
import { notify } from '../../dialog/notifications';

/** Tells the user that a session needs the client secret: once, in the window with the focus. */
export class SecretRequests {
  readonly #rejectedClientSecrets: RejectedClientSecrets;
  readonly #active: () => StoredAccount | undefined;
  readonly #disposable: vscode.Disposable;
  #told: string | undefined;

  constructor(rejectedClientSecrets: RejectedClientSecrets, active: () => StoredAccount | undefined) {
    this.#rejectedClientSecrets = rejectedClientSecrets;
    this.#active = active;
    this.#disposable = vscode.Disposable.from(
      rejectedClientSecrets.onDidChange(() => this.#tell()),
      vscode.window.onDidChangeWindowState(() => this.#tell()),
    );
    this.#tell();
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #tell(): void {
    const stored = this.#active();
    const token = stored?.session?.accessToken?.value;
    if (!stored || !this.#rejectedClientSecrets.has(stored) || token === this.#told || !vscode.window.state.focused)
      return;
    this.#told = token;
    const { label } = stored.platform;
    const message =
      stored.session?.api === 'legacy'
        ? l10n.t(
            '{0} no longer accepts the application secret, so the session for {1} cannot be renewed.',
            label,
            stored.account.userName,
          )
        : l10n.t(
            '{0} no longer accepts the client secret for client ID {1}, so the session for {2} cannot be renewed.',
            label,
            stored.session?.clientId ?? '',
            stored.account.userName,
          );
    notify('warning', message, {
      [l10n.t('Enter Client Secret')]: () => runCommand('zeyos.renewToken', argumentFor(stored)),
    });
  }
}
