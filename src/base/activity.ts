import { Changes } from './changes';

/** What is going on right now that the user should see. */
export class Activity {
  readonly #changes = new Changes();
  readonly #running: string[] = [];

  /** In the user's words, as in `Signing in to demo…`; the latest of several. */
  get current(): string | undefined {
    return this.#running.at(-1);
  }

  get onDidChange(): Changes['onDidChange'] {
    return this.#changes.onDidChange;
  }

  async during<T>(description: string, work: () => Promise<T>): Promise<T> {
    this.#running.push(description);
    this.#changes.fire();
    try {
      return await work();
    } finally {
      this.#running.splice(this.#running.lastIndexOf(description), 1);
      this.#changes.fire();
    }
  }
}
