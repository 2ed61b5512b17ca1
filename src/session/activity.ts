import { EventEmitter } from 'node:events';

/** What is going on right now that the user should see. */
export class Activity {
  readonly #changes = new EventEmitter();
  readonly #running: string[] = [];

  /** In the user's words, as in `Signing in to demo…`; the latest of several. */
  get current(): string | undefined {
    return this.#running.at(-1);
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.#changes.on('change', listener);
    return { dispose: () => this.#changes.off('change', listener) };
  }

  async during<T>(description: string, work: () => Promise<T>): Promise<T> {
    this.#running.push(description);
    this.#changes.emit('change');
    try {
      return await work();
    } finally {
      this.#running.splice(this.#running.lastIndexOf(description), 1);
      this.#changes.emit('change');
    }
  }
}
