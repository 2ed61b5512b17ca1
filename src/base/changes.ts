/** An event without data: listeners read the new state themselves. */
export class Changes {
  readonly #listeners = new Set<() => void>();

  readonly onDidChange = (listener: () => void): { dispose(): void } => {
    // A function of its own each time, so that one who listens twice is told twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    return { dispose: () => this.#listeners.delete(own) };
  };

  /** One listener's failure is nobody else's: it goes to the editor's log as an unhandled rejection. */
  fire(): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as it was thrown
        void Promise.reject(error);
      }
    }
  }
}
