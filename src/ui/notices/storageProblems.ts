import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { NewerVersionError } from '../../session/storage/serialization';
import type { StoredAccount } from '../../session/model/session';
import type { SessionStore } from '../../session/storage/sessionStore';
import { sessionsUnreadText } from '../../editor/sessionsUnreadText';
import { runCommand } from '../../dialog/ownCommand';
import { argumentFor } from '../commands/target/commandArgument';
import { notify } from '../../dialog/notifications';
import { newerVersionText } from '../words/words';

/**
 * Tells the user, once and in the window with the focus, that the secret storage has lost sessions or cannot be read.
 */
export class StorageProblems {
  readonly #store: SessionStore;
  readonly #disposable: vscode.Disposable;
  #told: ReadonlySet<string> = new Set();
  #toldUnsaved: ReadonlySet<string> = new Set();

  constructor(store: SessionStore) {
    this.#store = store;
    this.#disposable = vscode.Disposable.from(
      store.onDidChange(() => {
        this.#tell();
        this.#tellUnsaved();
      }),
      vscode.window.onDidChangeWindowState(() => this.#tell()),
    );
    this.#tell();
    this.#tellUnsaved();
  }

  /** The first read failed: no account is known, though sessions may be stored. */
  unreadable(error: unknown): void {
    const message =
      error instanceof NewerVersionError
        ? sessionsUnreadText(error)
        : l10n.t(
            "The editor's secret storage cannot be read, so you are not signed in to ZeyOS here. Check your system's keyring, then reload the window.",
          );
    notify('error', message, {
      [l10n.t('Reload Window')]: () => vscode.commands.executeCommand('workbench.action.reloadWindow'),
      [l10n.t('Diagnose')]: () => runCommand('zeyos.diagnose'),
      [l10n.t('Show Log')]: () => runCommand('zeyos.showLog'),
    });
  }

  /** No account is known until the first read ends. */
  late(): void {
    const message = l10n.t(
      "Your system's keyring does not answer, so you are not signed in to ZeyOS here yet. Look for a window in which your system asks for the keyring password; your sessions appear as soon as it answers.",
    );
    notify('warning', message, {
      [l10n.t('Diagnose')]: () => runCommand('zeyos.diagnose'),
      [l10n.t('Show Log')]: () => runCommand('zeyos.showLog'),
    });
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #tell(): void {
    if (!vscode.window.state.focused) return;
    const lost = this.#store.accounts.filter((stored) => stored.lost);
    const untold = lost.filter(({ id }) => !this.#told.has(id));
    this.#told = new Set(lost.map(({ id }) => id));
    const [first] = untold;
    if (first)
      notify('warning', lostMessage(untold), {
        ...signInAction(untold, first),
        [l10n.t('Diagnose')]: () => runCommand('zeyos.diagnose'),
      });
  }

  /** Only this window has the session, so it tells the user even without the focus. */
  #tellUnsaved(): void {
    const unsaved = this.#store.accounts.filter((stored) => stored.unsaved && stored.session);
    const untold = unsaved.filter(({ id }) => !this.#toldUnsaved.has(id));
    this.#toldUnsaved = new Set(unsaved.map(({ id }) => id));
    if (untold.length > 0)
      notify('warning', unsavedMessage(untold), { [l10n.t('Diagnose')]: () => runCommand('zeyos.diagnose') });
  }
}

function unsavedMessage(unsaved: readonly StoredAccount[]): string {
  const labels = unsaved.map(({ account }) => account.label).join(', ');
  return unsaved.some((stored) => stored.unsaved === 'late')
    ? l10n.t(
        "The session for {0} is not saved yet, because your system's keyring does not answer. You stay signed in, but the session is lost if this window closes first. Saving it is retried automatically; look for a window in which your system asks for the keyring password.",
        labels,
      )
    : l10n.t(
        "The session for {0} is not saved yet, because the secret storage rejects it. You stay signed in, but the session is lost if this window closes first. Saving it is retried automatically; check your system's keyring.",
        labels,
      );
}

function lostMessage(lost: readonly StoredAccount[]): string {
  const labels = lost.map(({ account }) => account.label).join(', ');
  return lost.some(({ isNewer }) => isNewer)
    ? newerVersionText(labels)
    : l10n.t(
        "The credentials for {0} are no longer in the secret storage, although you did not sign out. Sign in again. If this happens every time you start the editor, your system's keyring is missing.",
        labels,
      );
}

function signInAction(lost: readonly StoredAccount[], first: StoredAccount): Readonly<Record<string, () => unknown>> {
  if (lost.length > 1) return { [l10n.t('Show Sessions')]: () => runCommand('zeyos.showSessions') };
  return { [l10n.t('Sign In Again')]: () => runCommand('zeyos.signIn', argumentFor(first)) };
}
