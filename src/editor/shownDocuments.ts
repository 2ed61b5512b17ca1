import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { EXTENSION_ID } from '../manifest';
import type { ReadOnlyDocuments } from './documents';

const MARKDOWN_EXTENSION = 'vscode.markdown-language-features';
/** The custom editor of the built-in Markdown extension shows the rendered text. */
const MARKDOWN_PREVIEW = 'vscode.markdown.preview.editor';

/** How long the editor may take to read a new text. It usually needs a few milliseconds. */
const LONGEST_WAIT_MS = 2_000;

interface Content {
  readonly markdown: string;
  readonly plain: string;
}

export class ShownDocuments {
  readonly #documents: ReadOnlyDocuments;
  readonly #clock: Clock;

  constructor(documents: ReadOnlyDocuments, clock: Clock) {
    this.#documents = documents;
    this.#clock = clock;
  }

  /** Shows a document rendered, in its tab if it has one; as plain text without the Markdown preview. */
  async show(uri: vscode.Uri, { markdown, plain }: Content): Promise<void> {
    if (hasPreview()) this.#documents.set(uri, markdown);
    if (!hasPreview() || !(await openRendered(uri))) {
      this.#documents.set(uri, plain);
      await vscode.languages.setTextDocumentLanguage(await vscode.workspace.openTextDocument(uri), 'plaintext');
      await vscode.window.showTextDocument(uri, { preview: true });
    }
    await this.#settle(uri);
  }

  async showBeside(uri: vscode.Uri, text: string): Promise<void> {
    this.#documents.set(uri, text);
    await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: true });
    await this.#settle(uri);
  }

  /** Does nothing if the document is not open. */
  update(uri: vscode.Uri, text: string): void {
    if (this.#documents.textOf(uri) !== undefined) this.#documents.set(uri, text);
  }

  /** Waits until the editor has read the new text. */
  async #settle(uri: vscode.Uri): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    const isCurrent = (): boolean => document.getText() === this.#documents.textOf(uri);
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
      this.#documents.repeat(uri);
    });
  }
}

/**
 * Without the extension that draws the preview, the editor would open an empty tab that loads forever. On the user's
 * side of a remote window, an extension cannot see those of the other side; there, the preview counts as present,
 * because it is built in.
 */
function hasPreview(): boolean {
  const { extensions, env, ExtensionKind } = vscode;
  const cannotSee =
    env.remoteName !== undefined && extensions.getExtension(EXTENSION_ID)?.extensionKind === ExtensionKind.UI;
  return cannotSee || extensions.getExtension(MARKDOWN_EXTENSION) !== undefined;
}

/** Resolves to whether the rendered view is open. */
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
