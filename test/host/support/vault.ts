import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { MemoryMemento } from '../../support/memoryMemento';

/** A real extension context with a real secret storage. Its extension has no other purpose. */
export class Vault {
  /** Replaces the editor’s global state, to which a closed graph may still write. */
  memory = new MemoryMemento();
  readonly #keys = new Set<string>();

  private constructor(readonly context: vscode.ExtensionContext) {}

  static async open(): Promise<Vault> {
    const extension = vscode.extensions.getExtension<vscode.ExtensionContext>('zeyos-samples.zeyos-test-context');
    assert.ok(extension, 'the extension that lends its context is not installed');
    const vault = new Vault(await extension.activate());
    // The oldest editor cannot list keys.
    vault.secrets.onDidChange(({ key }) => vault.#keys.add(key));
    return vault;
  }

  get secrets(): vscode.SecretStorage {
    return this.context.secrets;
  }

  async contents(): Promise<Readonly<Record<string, string>>> {
    const entries = await Promise.all(
      [...this.#keys].sort().map(async (key) => [key, await this.secrets.get(key)] as const),
    );
    return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
  }

  async empty(): Promise<void> {
    const keys = [...this.#keys];
    this.#keys.clear();
    await Promise.all(keys.map((key) => this.secrets.delete(key)));
    this.memory = new MemoryMemento();
    for (const key of this.context.workspaceState.keys()) await this.context.workspaceState.update(key, undefined);
  }
}
