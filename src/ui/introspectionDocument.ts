import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { StoredAccount } from '../session/session';
import type { Introspection } from '../session/tokens';
import { introspectionMarkdown } from './introspectionReport';
import { ReadOnlyDocuments } from './readOnlyDocuments';

/** Read-only documents with what a server said about a token; one for each account, replaced by the next answer. */
export class IntrospectionDocuments {
  readonly #documents = new ReadOnlyDocuments('zeyos-introspection', l10n.t('This result is no longer available. Run "ZeyOS: Introspect Token" again.'));

  /** @param secrets what must not be seen in it, should the server quote it */
  show(stored: StoredAccount, introspection: Introspection, secrets: readonly string[]): Promise<void> {
    return this.#documents.show(stored.account.label, introspectionMarkdown(stored, introspection, secrets, vscode.env.language), stored.id);
  }

  dispose(): void {
    this.#documents.dispose();
  }
}
