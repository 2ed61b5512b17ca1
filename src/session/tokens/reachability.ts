import { Changes } from '../../base/changes';

/** Which instances could not be reached when last tried. It says nothing about their sessions. */
export class Reachability {
  readonly #changes = new Changes();
  readonly #unreachable = new Set<string>();

  /** @param instance the canonical platform URL */
  isReachable(instance: string): boolean {
    return !this.#unreachable.has(instance);
  }

  /** Canonical platform URLs. */
  get unreachable(): readonly string[] {
    return [...this.#unreachable];
  }

  get onDidChange(): Changes['onDidChange'] {
    return this.#changes.onDidChange;
  }

  /** Passes a call's outcome on, having taken note of whether there was an answer. */
  async watch<T>(instance: string, call: Promise<T>): Promise<T> {
    try {
      const answer = await call;
      this.#note(instance, true);
      return answer;
    } catch (error) {
      const isReachable = await tellsReachable(error);
      if (isReachable !== undefined) this.#note(instance, isReachable);
      throw error;
    }
  }

  #note(instance: string, reachable: boolean): void {
    const changed = reachable ? this.#unreachable.delete(instance) : !this.#unreachable.has(instance);
    if (!reachable) this.#unreachable.add(instance);
    if (changed) this.#changes.fire();
  }
}

/**
 * Whether a failed call says that the server can be reached: it said no, not here, or not so fast; `undefined` if it says neither. The classes
 * of failures are loaded at the first one.
 */
async function tellsReachable(error: unknown): Promise<boolean | undefined> {
  const { HttpError, OAuthError, isInconclusive } = await import('../../zeyos/errors.js');
  const isAnswer =
    error instanceof OAuthError || (error instanceof HttpError && [404, 405, 429].includes(error.status));
  return isAnswer ? true : isInconclusive(error) ? false : undefined;
}
