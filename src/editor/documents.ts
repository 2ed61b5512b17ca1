import * as vscode from 'vscode';

/** Documents to read, each kept as long as it is open and until its next content. */
export class ReadOnlyDocuments implements vscode.TextDocumentContentProvider {
  readonly #scheme: string;
  readonly #gone: string;
  readonly #contents = new Map<string, string>();
  readonly #changes = new vscode.EventEmitter<vscode.Uri>();
  readonly #disposable: vscode.Disposable;

  readonly onDidChange = this.#changes.event;

  /** @param gone what stands in a document whose content is no longer there, as after a restart */
  constructor(scheme: string, gone: string) {
    this.#scheme = scheme;
    this.#gone = gone;
    this.#disposable = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument(
        ({ uri }) => uri.scheme === scheme && this.#contents.delete(uri.toString()),
      ),
      this.#changes,
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#contents.get(uri.toString()) ?? this.#gone;
  }

  /** @param name the document's, without its ending; `query` tells those of one name apart */
  async show(name: string, content: string, query = ''): Promise<void> {
    const uri = vscode.Uri.from({ scheme: this.#scheme, path: `/${name.replaceAll('/', '∕')}.md`, query });
    this.#contents.set(uri.toString(), content);
    this.#changes.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}
