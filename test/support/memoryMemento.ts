import type { Memory } from '../../src/session/storage/accountSecrets';

/** What an editor remembers for an extension; hand the same one on to have it outlive a restart. */
export class MemoryMemento implements Memory {
  readonly #values = new Map<string, unknown>();

  get(key: string): unknown {
    return this.#values.get(key);
  }

  update(key: string, value: unknown): Promise<void> {
    this.#values.set(key, structuredClone(value));
    return Promise.resolve();
  }
}
