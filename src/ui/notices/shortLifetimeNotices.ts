import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { SessionStore } from '../../session/storage/sessionStore';
import type { ShortLifetimes } from '../../session/tokens/shortLifetimes';
import { runCommand } from '../../dialog/ownCommand';
import { argumentFor } from '../commands/target/commandArgument';
import { notify } from '../../dialog/notifications';

/** Tells the user, once for each account, that its access tokens expire faster than they are renewed. */
export class ShortLifetimeNotices {
  readonly #store: SessionStore;
  readonly #shortLifetimes: ShortLifetimes;
  readonly #disposable: vscode.Disposable;
  readonly #told = new Set<string>();

  constructor(services: { store: SessionStore; shortLifetimes: ShortLifetimes }) {
    this.#store = services.store;
    this.#shortLifetimes = services.shortLifetimes;
    this.#disposable = vscode.Disposable.from(services.shortLifetimes.onDidChange(() => this.#tell()));
    this.#tell();
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #tell(): void {
    for (const id of this.#shortLifetimes.ids) {
      const stored = this.#store.find(id);
      if (!stored || this.#told.has(id)) continue;
      this.#told.add(id);
      const message = l10n.t(
        '{0} issues tokens that are valid for less than a minute. The session for {1} is renewed once a minute at most, so for part of the time there is no valid token. Ask your ZeyOS administrator for a longer lifetime.',
        stored.platform.label,
        stored.account.userName,
      );
      notify('warning', message, {
        [l10n.t('Introspect Token')]: () => runCommand('zeyos.introspectToken', argumentFor(stored)),
      });
    }
  }
}
