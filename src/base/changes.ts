/** An event without data: listeners read the new state. */
export class Changes {
  readonly #listeners = new Set<() => void>();

  readonly onDidChange = (listener: () => void): { dispose(): void } => {
    // A listener that is added twice is called twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    return { dispose: () => this.#listeners.delete(own) };
  };

  /** A listener's error does not stop the others. The editor logs it as an unhandled rejection. */
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
