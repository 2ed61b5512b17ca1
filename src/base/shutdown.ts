/** The tasks to finish before the editor ends the extension. The editor waits for some seconds. */
export class Shutdown {
  readonly #tasks = new Set<() => unknown>();

  add(task: () => unknown): { dispose(): void } {
    this.#tasks.add(task);
    return { dispose: () => this.#tasks.delete(task) };
  }

  /** Never rejects. */
  async run(): Promise<void> {
    await Promise.allSettled([...this.#tasks].map((task) => Promise.resolve().then(task)));
  }
}
