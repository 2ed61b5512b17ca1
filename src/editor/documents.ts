import * as vscode from 'vscode';

/** Read-only documents. Each content is kept until its document closes or gets a new one. */
export class ReadOnlyDocuments implements vscode.TextDocumentContentProvider {
  readonly scheme: string;
  /** The text of a document whose content is lost, as after a restart. */
  readonly gone: string;
  readonly #contents = new Map<string, string>();
  readonly #changes = new vscode.EventEmitter<vscode.Uri>();
  readonly #disposable: vscode.Disposable;

  readonly onDidChange = this.#changes.event;

  constructor(scheme: string, gone: string) {
    this.scheme = scheme;
    this.gone = gone;
    this.#disposable = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === scheme && !isOpen(uri)) this.#contents.delete(uri.toString());
      }),
      this.#changes,
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.textOf(uri) ?? this.gone;
  }

  /**
   * @param name the name of the document, without extension
   * @param query distinguishes documents of the same name
   */
  uri(name: string, ending: 'md' | 'json', query: string): vscode.Uri {
    return vscode.Uri.from({ scheme: this.scheme, path: `/${name.replaceAll('/', '∕')}.${ending}`, query });
  }

  /** The text of a document, unless it has none in this window. */
  textOf(uri: vscode.Uri): string | undefined {
    return this.#contents.get(uri.toString());
  }

  /** Gives a document a text. */
  set(uri: vscode.Uri, text: string): void {
    this.#contents.set(uri.toString(), text);
    this.#changes.fire(uri);
  }

  /** Has the editor take up the text of a document once more. */
  repeat(uri: vscode.Uri): void {
    this.#changes.fire(uri);
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}

/** Tells whether a document is open. When its language changes, the editor closes and opens it again. */
function isOpen(uri: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
}
