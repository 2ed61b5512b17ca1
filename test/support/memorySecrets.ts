import { setImmediate as turn } from 'node:timers/promises';
import type { Secrets } from '../../src/session/accountSecrets';

/** The secret storage that all windows of an editor share. Every operation takes a turn, so that windows interleave. */
export class MemorySecrets implements Secrets {
  readonly #values = new Map<string, string>();
  readonly #listeners = new Set<(key: string) => void>();
  /** Every operation that was done, as in `store zeyos.accounts`. */
  readonly operations: string[] = [];

  async get(key: string): Promise<string | undefined> {
    await turn();
    this.operations.push(`get ${key}`);
    return this.#values.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    await turn();
    this.operations.push(`store ${key}`);
    this.#values.set(key, value);
    this.#tell(key);
  }

  async delete(key: string): Promise<void> {
    await turn();
    this.operations.push(`delete ${key}`);
    if (this.#values.delete(key)) this.#tell(key);
  }

  /** As the editor does, it tells the window that wrote as well. */
  onDidChange(listener: (key: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** Everything that is stored, to look for a token in. */
  get text(): string {
    return [...this.#values.values()].join('\n');
  }

  #tell(key: string): void {
    for (const listener of this.#listeners) listener(key);
  }
}

/** The same secrets, but the `n`-th operation from now (the first is 1) fails, and is not done. */
export function failingAt(n: number, secrets: Secrets): Secrets {
  return interrupted(secrets, (count) => (count === n ? Promise.reject(new Error('the keyring is locked')) : undefined));
}

/** The same secrets, but the `n`-th operation and all later ones are never done nor answered: the window has crashed. */
export function crashingAt(n: number, secrets: Secrets): Secrets {
  return interrupted(secrets, (count) => (count >= n ? new Promise<never>(() => undefined) : undefined));
}

function interrupted(secrets: Secrets, interrupt: (count: number) => Promise<never> | undefined): Secrets {
  const seen = { count: 0 };
  const pass = <T>(operation: () => PromiseLike<T>): PromiseLike<T> => interrupt(++seen.count) ?? operation();
  return {
    get: (key) => pass(() => secrets.get(key)),
    store: (key, value) => pass(() => secrets.store(key, value)),
    delete: (key) => pass(() => secrets.delete(key)),
  };
}
