import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { StoredAccount } from '../session/session';
import type { Introspection } from '../session/tokens';
import { introspectionMarkdown } from './introspectionReport';

const SCHEME = 'zeyos-introspection';

/** Read-only documents with what a server said about a token; one for each account, replaced by the next answer. */
export class IntrospectionDocuments implements vscode.TextDocumentContentProvider {
  readonly #contents = new Map<string, string>();
  readonly #changes = new vscode.EventEmitter<vscode.Uri>();
  readonly #disposable: vscode.Disposable;

  readonly onDidChange = this.#changes.event;

  constructor() {
    this.#disposable = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => uri.scheme === SCHEME && this.#contents.delete(uri.toString())),
      this.#changes,
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#contents.get(uri.toString()) ?? l10n.t('This answer is no longer here. Run "ZeyOS: Introspect Token" again.');
  }

  async show(stored: StoredAccount, introspection: Introspection): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${stored.account.label.replaceAll('/', '∕')}.md`, query: stored.id });
    this.#contents.set(uri.toString(), introspectionMarkdown(stored, introspection, vscode.env.language));
    this.#changes.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}
