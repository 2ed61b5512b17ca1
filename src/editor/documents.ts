import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { EXTENSION_ID } from '../manifest';

const MARKDOWN_EXTENSION = 'vscode.markdown-language-features';
/** The custom editor of the built-in Markdown extension. It shows the rendered text instead of a text editor. */
const MARKDOWN_PREVIEW = 'vscode.markdown.preview.editor';

/** How long to wait until the editor has read a new text, in milliseconds. It usually takes a few. */
const LONGEST_WAIT_MS = 2_000;

interface Content {
  readonly markdown: string;
  /** Text for an editor without a Markdown preview. */
  readonly plain: string;
}

/** Read-only documents. Each content is kept until its document closes or gets a new one. */
export class ReadOnlyDocuments implements vscode.TextDocumentContentProvider {
  readonly scheme: string;
  /** The text of a document whose content is lost, as after a restart. */
  readonly gone: string;
  readonly #clock: Clock;
  readonly #contents = new Map<string, string>();
  readonly #changes = new vscode.EventEmitter<vscode.Uri>();
  readonly #disposable: vscode.Disposable;

  readonly onDidChange = this.#changes.event;

  constructor(scheme: string, gone: string, clock: Clock) {
    this.scheme = scheme;
    this.gone = gone;
    this.#clock = clock;
    this.#disposable = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === scheme && !isOpen(uri)) this.#contents.delete(uri.toString());
      }),
      this.#changes,
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#contents.get(uri.toString()) ?? this.gone;
  }

  /**
   * @param name the name of the document, without extension
   * @param query distinguishes documents of the same name
   */
  uri(name: string, ending: 'md' | 'json', query: string): vscode.Uri {
    return vscode.Uri.from({ scheme: this.scheme, path: `/${name.replaceAll('/', '∕')}.${ending}`, query });
  }

  /** Shows a document rendered, in its tab if it has one, or as plain text if the editor has no Markdown preview. */
  async show(uri: vscode.Uri, { markdown, plain }: Content): Promise<void> {
    if (hasPreview()) this.#set(uri, markdown);
    if (!hasPreview() || !(await openRendered(uri))) {
      this.#set(uri, plain);
      await vscode.languages.setTextDocumentLanguage(await vscode.workspace.openTextDocument(uri), 'plaintext');
      await vscode.window.showTextDocument(uri, { preview: true });
    }
    await this.#settle(uri);
  }

  /** Shows text unrendered, in the group beside the active one. */
  async showBeside(uri: vscode.Uri, text: string): Promise<void> {
    this.#set(uri, text);
    await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: true });
    await this.#settle(uri);
  }

  /** Replaces the text of an open document. */
  update(uri: vscode.Uri, text: string): void {
    if (this.#contents.has(uri.toString())) this.#set(uri, text);
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #set(uri: vscode.Uri, text: string): void {
    this.#contents.set(uri.toString(), text);
    this.#changes.fire(uri);
  }

  /** Waits until the editor has read the new text of a document. */
  async #settle(uri: vscode.Uri): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    const isCurrent = (): boolean => document.getText() === this.#contents.get(uri.toString());
    if (isCurrent()) return;
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        alarm.dispose();
        subscription.dispose();
        resolve();
      };
      const alarm = this.#clock.at(this.#clock.now() + LONGEST_WAIT_MS, finish);
      const subscription = vscode.workspace.onDidChangeTextDocument(() => {
        if (isCurrent()) finish();
      });
      // The editor ignores a change of a document that is closing, and opens it again with its last text.
      this.#changes.fire(uri);
    });
  }
}

/** Tells whether a document is open. When its language changes, the editor closes and opens it again. */
function isOpen(uri: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
}

/**
 * Tells whether the editor has a Markdown preview. Without that extension, the editor would open an empty tab that
 * loads forever. An extension on the user's side of a remote window cannot see the extensions of the other side; the
 * preview counts as present there, because it is built in.
 */
function hasPreview(): boolean {
  const { extensions, env, ExtensionKind } = vscode;
  const cannotSee =
    env.remoteName !== undefined && extensions.getExtension(EXTENSION_ID)?.extensionKind === ExtensionKind.UI;
  return cannotSee || extensions.getExtension(MARKDOWN_EXTENSION) !== undefined;
}

/** Opens the rendered view, and resolves to whether it is open. */
async function openRendered(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.commands.executeCommand('vscode.openWith', uri, MARKDOWN_PREVIEW, { preview: true });
  } catch {
    return false;
  }
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(({ input }) => input instanceof vscode.TabInputCustom && input.uri.toString() === uri.toString());
}
