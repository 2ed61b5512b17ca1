import * as vscode from 'vscode';

/** Each content is kept until its document closes or gets a new one. */
export class ReadOnlyDocuments implements vscode.TextDocumentContentProvider {
  readonly scheme: string;
  /** Shown if the content is lost, as after a restart. */
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
   * @param name without extension
   * @param query distinguishes documents of the same name
   */
  uri(name: string, ending: 'md' | 'json', query: string): vscode.Uri {
    return vscode.Uri.from({ scheme: this.scheme, path: `/${name.replaceAll('/', '∕')}.${ending}`, query });
  }

  textOf(uri: vscode.Uri): string | undefined {
    return this.#contents.get(uri.toString());
  }

  set(uri: vscode.Uri, text: string): void {
    this.#contents.set(uri.toString(), text);
    this.#changes.fire(uri);
  }

  /** Makes the editor read the text again. */
  repeat(uri: vscode.Uri): void {
    this.#changes.fire(uri);
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}

/** When the language of a document changes, the editor closes and opens it again. */
function isOpen(uri: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
}
