/** An event without data: listeners read the new state themselves. */
export class Changes {
  readonly #listeners = new Set<() => void>();

  readonly onDidChange = (listener: () => void): { dispose(): void } => {
    // Wraps the listener, so that one that is added twice is called twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    return { dispose: () => this.#listeners.delete(own) };
  };

  /**
   * Calls every listener. If one throws, the others are called all the same, and the editor logs the error as an
   * unhandled rejection.
   */
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
