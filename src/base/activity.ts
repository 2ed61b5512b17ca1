import { Changes } from './changes';

/** The running operations that the user should see. */
export class Activity {
  readonly #changes = new Changes();
  readonly #running: string[] = [];

  /** The latest operation, such as `Signing in to demo…`. */
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
