import type { Memento } from '../../src/session/storage/secretStorage';

/** The editor’s global state in memory. Pass the same object on to simulate a restart. */
export class MemoryMemento implements Memento {
  readonly #values = new Map<string, unknown>();

  get(key: string): unknown {
    return this.#values.get(key);
  }

  update(key: string, value: unknown): Promise<void> {
    this.#values.set(key, structuredClone(value));
    return Promise.resolve();
  }
}
