import { lazy } from './lazy';

/** A part of the extension that is loaded at its first use. */
export class Part<T extends object> {
  readonly #load: () => Promise<T>;
  #loaded: T | undefined;
  #isDisposed = false;

  /** @param load imports the module and builds the part; after a failure, the next use tries again */
  constructor(load: () => Promise<T>) {
    this.#load = lazy(async () => {
      const loaded = await load();
      this.#loaded = loaded;
      if (this.#isDisposed) dispose(loaded);
      return loaded;
    });
  }

  get(): Promise<T> {
    return this.#load();
  }

  /** For events that do not concern an unused part. */
  get loaded(): T | undefined {
    return this.#loaded;
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#loaded) dispose(this.#loaded);
  }
}

function dispose(part: object): void {
  (part as Partial<{ dispose(): void }>).dispose?.();
}
