import { HttpError, OAuthError, isInconclusive } from '../../zeyos/errors';
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
      if (isAnswer(error)) this.#note(instance, true);
      else if (isInconclusive(error)) this.#note(instance, false);
      throw error;
    }
  }

  #note(instance: string, reachable: boolean): void {
    const changed = reachable ? this.#unreachable.delete(instance) : !this.#unreachable.has(instance);
    if (!reachable) this.#unreachable.add(instance);
    if (changed) this.#changes.fire();
  }
}

/** What only a server says that was reached: no, not here, or not so fast. */
function isAnswer(error: unknown): boolean {
  return error instanceof OAuthError || (error instanceof HttpError && [404, 405, 429].includes(error.status));
}
