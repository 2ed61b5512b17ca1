import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SecretStorage } from '../../../src/session/storage/secretStorage';
import { MemoryMemento } from '../../support/memoryMemento';

/** A real extension context with a real secret storage. Its extension has no other purpose. */
export class Vault {
  /** Replaces the editor’s global state, to which a closed graph may still write. */
  memento = new MemoryMemento();
  /** The secret storage of {@link context}. */
  readonly secrets: SecretStorage;
  /**
   * All keys that were stored. The oldest editor cannot list keys, and reports a change later than the end of its
   * write.
   */
  readonly #keys = new Set<string>();

  private constructor(readonly context: vscode.ExtensionContext) {
    const { secrets } = context;
    this.secrets = {
      get: (key) => secrets.get(key),
      store: (key, value) => {
        this.#keys.add(key);
        return secrets.store(key, value);
      },
      delete: (key) => secrets.delete(key),
    };
  }

  static async open(): Promise<Vault> {
    const extension = vscode.extensions.getExtension<vscode.ExtensionContext>('zeyos-samples.zeyos-test-context');
    assert.ok(extension, 'the extension that lends its context is not installed');
    return new Vault(await extension.activate());
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
    this.memento = new MemoryMemento();
    for (const key of this.context.workspaceState.keys()) await this.context.workspaceState.update(key, undefined);
  }
}
