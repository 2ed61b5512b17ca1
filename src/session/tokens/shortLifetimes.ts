import { Changes } from '../../base/changes';

/** The accounts whose tokens live shorter than the interval of automatic renewals. */
export class ShortLifetimes {
  readonly #changes = new Changes();
  readonly #ids = new Set<string>();

  get onDidChange(): Changes['onDidChange'] {
    return this.#changes.onDidChange;
  }

  get ids(): readonly string[] {
    return [...this.#ids];
  }

  note(id: string): void {
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    this.#changes.fire();
  }
}
